"""`fovea fuse`: a checkpoint is fused, checked on real images and counted before it is written."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest
import torch
from fovea_runtime.reparam import fuse_weights as command
from fovea_runtime.reparam.fuse_weights import FuseRequest, fuse_weights, macs, quietly_fused
from fovea_runtime.reparam.images import digit_scenes, folder_images
from fovea_runtime.weights.mistake import WeightsMistake
from fovea_runtime.weights.package import Package
from networks import quiet_fuse, randomise
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from weights_files import known, module_of, package_of


def source_of(network: str, folder: Path, classes: int | None = None) -> tuple[nn.Module, Path]:
    more = {} if classes is None else {"num_classes": classes}
    model = module_of(network).create_model(**more).eval()
    randomise(model)
    save_file(model.state_dict(), folder / "own.safetensors")
    return model, folder / "own.safetensors"


def fuse(network: str, path: Path, **more: Any) -> dict[str, Any]:
    asked = {
        "average": False,
        "allow_dense": False,
        "images": None,
        "sizes": None,
        "known": known(),
        **more,
    }
    out = path.parent / "fused.safetensors"
    return fuse_weights(FuseRequest(source=path, package=package_of(network), out=out, **asked))


@pytest.mark.parametrize("network", ["short_kernels", "odd_slak", "odd_replknet", "odd_convnext"])
def test_what_is_written_loads_into_the_fused_network(network: str, tmp_path: Path) -> None:
    model, path = source_of(network, tmp_path, classes=5)
    report = fuse(network, path)
    assert report["passed"]
    assert report["classes"] == 5
    assert report["dense"] == []
    fused = module_of(network).create_model(num_classes=5).fuse()
    fused.load_state_dict(load_file(tmp_path / "fused.safetensors"), strict=True)
    channels = 3 if network == "short_kernels" else 2
    for size in ((64, 64), (75, 110)):
        x = torch.randn(2, channels, *size, generator=torch.Generator().manual_seed(2))
        with torch.no_grad():
            wanted = model(x)
            assert (fused(x) - wanted).norm() / wanted.norm() < 1e-5
    assert report["sizes"][0]["size"] == report["macs"]["size"]
    assert len({tuple(each["size"]) for each in report["sizes"]}) == 3
    assert all(0 <= each["error"] < 1e-5 for each in report["sizes"])
    with safe_open(tmp_path / "fused.safetensors", "pt") as file:
        metadata = file.metadata()
    assert metadata["network"] == network
    assert metadata["form"] == "fused"
    assert metadata["load"] == "create_model(num_classes=5).fuse().load_state_dict(…)"


@pytest.mark.parametrize("network", ["short_kernels", "odd_slak", "odd_replknet", "bare_replknet"])
def test_counts_are_those_of_the_card(network: str, tmp_path: Path) -> None:
    _, path = source_of(network, tmp_path)
    report = fuse(network, path)
    manifest = json.loads((package_of(network) / "manifest.json").read_text())
    assert report["params"]["before"] == manifest["params"]["dense"]
    assert report["params"]["after"] == manifest["params"]["merged"]


def test_multiply_adds_are_those_of_the_card(packages) -> None:
    for package in packages.values():
        if package.kind != "feature":
            continue
        each = Package(package.folder)
        size = each.config["input"]["size"]
        size = (size, size) if isinstance(size, int) else tuple(size)
        skeleton = each.skeleton(each.classes).eval()
        channels = each.config["input"]["channels"]
        before, after = (macs(one, channels, size) for one in (skeleton, quietly_fused(skeleton)))
        assert before == package.macs["dense"], package.name
        assert after <= before


def test_published_counts_of_a_merged_replknet() -> None:
    """RepLKNet-31B with all BatchNorms folded: 79,438,952 parameters, 15.354 GMACs at 224²."""
    skeleton = Package(package_of("replknet_31b")).skeleton(1000).eval()
    fused = quietly_fused(skeleton)
    assert sum(parameter.numel() for parameter in fused.parameters()) == 79_438_952
    assert round(macs(skeleton, 3, (224, 224)) / 1e9, 3) == 15.431
    assert round(macs(fused, 3, (224, 224)) / 1e9, 3) == 15.354


def test_a_merge_that_is_wrong_writes_nothing(tmp_path: Path, monkeypatch: Any) -> None:
    _, path = source_of("short_kernels", tmp_path)

    def wrong(model: nn.Module) -> nn.Module:
        fused = quietly_fused(model)
        fused.stages[1].blocks[0].mixer.large.bias.data[0] += 1e-2
        return fused

    monkeypatch.setattr(command, "quietly_fused", wrong)
    report = fuse("short_kernels", path)
    assert not report["passed"]
    assert report["out"] is None
    assert max(each["error"] for each in report["sizes"]) > 1e-5
    assert report["exact"] > 1e-5
    assert not (tmp_path / "fused.safetensors").exists()


def test_a_branch_wider_than_the_centre_is_refused(tmp_path: Path) -> None:
    model, path = source_of("wide_branches", tmp_path)
    with pytest.raises(WeightsMistake, match="break the sharing of 2 kernels") as caught:
        fuse("wide_branches", path)
    assert caught.value.code == "FOV0083"
    assert [line.split(":")[0] for line in caught.value.lines] == [
        "stages.0.blocks.0.mixer.large",
        "stages.0.blocks.1.mixer.large",
    ]
    assert "7x7 branch is wider" in caught.value.lines[0]
    assert not (tmp_path / "fused.safetensors").exists()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = fuse("wide_branches", path, allow_dense=True)
    assert [each["layer"] for each in report["dense"]] == [
        "stages.0.blocks.0.mixer.large",
        "stages.0.blocks.1.mixer.large",
    ]
    fused = quiet_fuse(module_of("wide_branches").create_model())
    fused.load_state_dict(load_file(tmp_path / "fused.safetensors"), strict=True)
    x = torch.randn(1, 3, 40, 32)
    torch.testing.assert_close(fused(x), model(x), rtol=1e-4, atol=1e-4)


def test_the_average_of_a_run_is_fused_on_request(tmp_path: Path) -> None:
    model, _ = source_of("short_kernels", tmp_path)
    average = module_of("short_kernels").create_model().eval()
    run = {"model": model.state_dict(), "ema": average.state_dict(), "step": 9}
    torch.save(run, tmp_path / "last.pt")
    report = fuse("short_kernels", tmp_path / "last.pt", average=True)
    assert report["average"]
    assert report["entry"] == "ema"
    state = load_file(tmp_path / "fused.safetensors")
    assert torch.equal(state["head.linear.weight"], average.head.linear.weight)


def test_a_fused_file_is_not_fused_again(tmp_path: Path) -> None:
    _, path = source_of("short_kernels", tmp_path)
    fuse("short_kernels", path)
    with pytest.raises(WeightsMistake, match="fused already"):
        fuse("short_kernels", tmp_path / "fused.safetensors")


def test_names_of_a_fused_network_do_not_make_a_file_its(tmp_path: Path) -> None:
    _, path = source_of("short_kernels", tmp_path)
    fuse("short_kernels", path)
    state = load_file(tmp_path / "fused.safetensors")
    # Another network's large kernels have the same names.
    name = next(name for name in state if name.endswith("mixer.large.weight"))
    state[name] = state[name][:, 1:, 1:].contiguous()
    save_file(state, tmp_path / "other.safetensors")
    with pytest.raises(WeightsMistake, match="does not fit short_kernels"):
        fuse("short_kernels", tmp_path / "other.safetensors")


@pytest.mark.parametrize("value, words", [(-0.5, "negative"), (float("inf"), "no weights")])
def test_impossible_statistics_are_refused(value: float, words: str, tmp_path: Path) -> None:
    model, _ = source_of("odd_replknet", tmp_path)
    state = model.state_dict()
    state["stages.2.blocks.1.ffn.expand.norm.running_var"][0] = value
    save_file(state, tmp_path / "broken.safetensors")
    with pytest.raises(WeightsMistake, match=words) as caught:
        fuse("odd_replknet", tmp_path / "broken.safetensors")
    assert "stages.2.blocks.1.ffn.expand.norm.running_var" in caught.value.lines[0]
    assert not (tmp_path / "fused.safetensors").exists()


def test_a_channel_that_never_changes_is_fused(tmp_path: Path) -> None:
    model, _ = source_of("odd_replknet", tmp_path)
    state = model.state_dict()
    state["stages.2.blocks.1.ffn.expand.norm.running_var"][0] = 0
    save_file(state, tmp_path / "still.safetensors")
    assert fuse("odd_replknet", tmp_path / "still.safetensors")["passed"]


def test_weights_of_another_network_are_named(tmp_path: Path) -> None:
    _, path = source_of("long_kernels", tmp_path)
    with pytest.raises(WeightsMistake, match="does not fit short_kernels") as caught:
        fuse("short_kernels", path)
    assert any("stages.0.embedding" in line for line in caught.value.lines)


def test_images_of_a_folder(tmp_path: Path) -> None:
    _, path = source_of("short_kernels", tmp_path)
    folder = tmp_path / "images" / "deeper"
    folder.mkdir(parents=True)
    for name, mode in (("b.png", "L"), ("a.jpg", "RGB"), ("c.png", "RGBA")):
        Image.effect_noise((50, 40), 60).convert(mode).save(folder / name)
    (folder / "notes.txt").write_text("no image")
    report = fuse(
        "short_kernels", path, images=tmp_path / "images", sizes=[(32, 32), (45, 64), (33, 47)]
    )
    assert [each["size"] for each in report["sizes"]] == [[32, 32], [45, 64], [33, 47]]
    assert [each["images"] for each in report["sizes"]] == [3, 3, 3]


def test_images_are_the_pixels_of_the_files(tmp_path: Path) -> None:
    pixels = torch.arange(8 * 6 * 3, dtype=torch.uint8).view(6, 8, 3)
    Image.fromarray(pixels.numpy()).save(tmp_path / "a.png")
    seen = folder_images(tmp_path, 4, 3, (6, 8))
    wanted = (pixels.permute(2, 0, 1).float() / 255 - 0.5) / 0.25
    torch.testing.assert_close(seen, wanted[None])


def test_scenes_are_those_of_digits() -> None:
    from fovea_runtime.data.digits.source import DigitsSource

    source = DigitsSource(train=1, test=4, channels=3, size=(64, 72), seed=0, notes=[])
    wanted, _ = next(iter(source.held_out(4)))
    assert torch.equal(digit_scenes(4, 3, (64, 72)), wanted)
    small = digit_scenes(2, 1, (20, 33))
    assert small.shape == (2, 1, 20, 33)
    assert small.std() > 0.2


@pytest.mark.parametrize(
    "more, words",
    [
        ({"images": Path("/nowhere/at/all")}, "there is no such folder"),
        ({"sizes": [(3, 64)]}, "--size 3x64: x is 3x64 pixels"),
    ],
)
def test_wrong_images_are_named(more: dict[str, Any], words: str, tmp_path: Path) -> None:
    _, path = source_of("short_kernels", tmp_path)
    with pytest.raises(WeightsMistake, match=words):
        fuse("short_kernels", path, **more)
    assert not (tmp_path / "fused.safetensors").exists()


def test_a_folder_of_other_things_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsMistake, match="no image in it"):
        folder_images(tmp_path, 4, 3, (8, 8))
    (tmp_path / "a.png").write_text("no image at all")
    with pytest.raises(WeightsMistake, match=r"a\.png: it cannot be read"):
        folder_images(tmp_path, 4, 3, (8, 8))
    with pytest.raises(WeightsMistake, match="the network takes 2"):
        folder_images(tmp_path, 4, 2, (8, 8))
