"""Checkpoints that do not fit, or fit only with a word about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from definitions import convnext, replknet, slak
from definitions.parts import randomise, same
from fovea_runtime.weights.layout import NotOfFamily
from fovea_runtime.weights.mistake import WeightsMistake
from fovea_runtime.weights.recognise import Recognised
from fovea_runtime.weights.sighting import sight
from safetensors import safe_open
from torch import Tensor, nn
from weights_files import export_to, import_from, import_state, known, module_of

ODD = ((2, 1, 3, 1), (8, 12, 16, 20))
KEY = "stages.2.1.pwconv1.weight"
HEAD = ("head.weight", "head.bias")


def odd_convnext(classes: int = 7) -> dict[str, Tensor]:
    model = convnext.ConvNeXt(*ODD, kernels=(11, 9, 7, 3), images=2, classes=classes)
    randomise(model)
    return model.state_dict()


def odd_slak() -> dict[str, Tensor]:
    model = slak.SLaK(*ODD, (15, 13, 11, 5), small=3, images=2, classes=7)
    randomise(model)
    return model.state_dict()


def odd_replknet() -> dict[str, Tensor]:
    model = replknet.RepLKNet(*ODD, (15, 13, 11, 7), small=3, images=2, classes=7)
    randomise(model)
    return model.state_dict()


def hollow(model_on_meta: nn.Module) -> dict[str, Tensor]:
    """A state dict of full shapes and no size: every value is the same zero."""
    return {
        key: torch.zeros((), dtype=value.dtype).expand(value.shape)
        for key, value in model_on_meta.state_dict().items()
    }


def mistake(
    content: object, file_format: str, network: str, folder: Path, **more: Any
) -> WeightsMistake:
    """The mistake of importing this; nothing may have been written."""
    out = folder / "out.safetensors"
    out.write_text("what stood here before")
    with pytest.raises(WeightsMistake) as raised:
        import_state(content, file_format, network, folder, **more)
    assert out.read_text() == "what stood here before"
    assert sorted(each.name for each in folder.iterdir()) == ["checkpoint.pth", "out.safetensors"]
    return raised.value


def test_each_key_that_does_not_agree_is_named_with_its_shapes(tmp_path: Path) -> None:
    state = odd_convnext()
    del state["norm.bias"]
    state["stages.0.0.grn.gamma"] = torch.ones(1, 1, 1, 32)
    state[KEY] = state[KEY].T
    state["step"] = 3  # pyright: ignore[reportArgumentType]
    found = mistake({"model": state}, "convnext", "odd_convnext", tmp_path)
    assert found.code == "FOV0082"
    assert "1 missing, 2 extra, 1 misshapen" in found.message
    assert found.lines == [
        "missing: norm.bias (20)",
        "extra: stages.0.0.grn.gamma (1, 1, 1, 32)",
        "extra: step a int",
        f"misshapen: {KEY} is (16, 64), wanted (64, 16)",
    ]


def test_every_key_counts(tmp_path: Path) -> None:
    whole = odd_replknet()
    renamed = {f"{key}_": value for key, value in whole.items()}
    found = mistake(renamed, "replknet", "odd_replknet", tmp_path)
    words = [tuple(line.split()[:2]) for line in found.lines]
    counters = {key for key in whole if key.endswith("num_batches_tracked")}
    assert words == [
        *(("missing:", key) for key in whole if key not in counters),
        *(("extra:", key) for key in renamed),
    ]
    for key in [*whole][::25]:
        state = {name: value for name, value in whole.items() if name != key}
        found = mistake(state, "replknet", "odd_replknet", tmp_path)
        assert [line.split()[:2] for line in found.lines] == [["missing:", key]]


SIZES = {
    "slak_tiny": ("slak", lambda: slak.SLaK(*slak.TINY)),
    "slak_small": ("slak", lambda: slak.SLaK(*slak.SMALL)),
    "slak_base": ("slak", lambda: slak.SLaK(*slak.BASE)),
    "replknet_31b": ("replknet", lambda: replknet.RepLKNet(*replknet.B31)),
    "replknet_31l": ("replknet", lambda: replknet.RepLKNet(*replknet.L31)),
    "replknet_xl": ("replknet", lambda: replknet.RepLKNet(*replknet.XL, small=None, ratio=1.5)),
    "convnext_tiny": ("convnext", lambda: convnext.ConvNeXt(*convnext.TINY)),
    "convnext_small": ("convnext", lambda: convnext.ConvNeXt((3, 3, 27, 3), convnext.TINY[1])),
    "convnext_base": ("convnext", lambda: convnext.ConvNeXt(*slak.BASE)),
}


def published(name: str) -> dict[str, Tensor]:
    with torch.device("meta"):
        model = SIZES[name][1]()
    return hollow(model)


@pytest.mark.parametrize("name", SIZES)
def test_a_published_checkpoint_is_recognised(name: str) -> None:
    file_format, _ = SIZES[name]
    seen = sight(published(name))
    assert seen is not None
    assert Recognised(Path("a.pth"), file_format, seen, known()).shipped_network() == name


def test_another_size_is_named(tmp_path: Path) -> None:
    content = {"model": published("slak_small")}
    found = mistake(content, "slak", "slak_tiny", tmp_path)
    assert "looks like SLaK (slak_small), not slak_tiny" in found.message
    assert found.fix == "did you mean --network slak_small?"
    assert "extra: stages.2.26.gamma (499)" in found.lines
    assert not any(line.startswith(("missing", "misshapen")) for line in found.lines)


def test_a_size_that_is_not_shipped_is_described(tmp_path: Path) -> None:
    found = mistake(odd_replknet(), "replknet", "replknet_31b", tmp_path)
    sizes = "depths 2, 1, 3, 1; channels 8, 12, 16, 20; kernels 15, 13, 11, 7"
    assert f"RepLKNet ({sizes}), not replknet_31b" in found.message
    with pytest.raises(WeightsMistake, match="channels 10, 15, 20, 26; kernels 15x3, 13x3"):
        seen = sight(odd_slak())
        Recognised(Path("a.pth"), "slak", seen, known()).shipped_network()


def test_another_family_is_named(tmp_path: Path) -> None:
    content = {"model": published("slak_small")}
    found = mistake(content, "slak", "replknet_31b", tmp_path)
    assert "replknet_31b is no SLaK" in found.message
    assert "its block is replknet, not convnext" in found.message
    assert "looks like SLaK (slak_small)" in found.message
    assert found.fix == "did you mean --network slak_small?"
    found = mistake(content, "slak", "convnext_tiny", tmp_path)
    assert "convnext_tiny is no SLaK" in found.message
    assert "--project" not in found.fix
    pelk = next(config for config in known() if config["name"] == "pelk_tiny")
    recognised = Recognised(Path("a.pth"), "slak", sight(published("slak_small")), known())
    found = recognised.other_family(pelk, NotOfFamily("its weights are shared"))
    assert found.fix.endswith("or --project starts pelk_tiny from this file's kernels")


@pytest.mark.parametrize(
    ("state", "said", "fix"),
    [
        (odd_convnext, "slak", "--format convnext"),
        (odd_slak, "convnext", "--format slak"),
        (odd_slak, "replknet", "--format slak"),
        (odd_replknet, "slak", "--format replknet"),
        (odd_convnext, "timm", "--format convnext"),
        (lambda: published("slak_base"), "replknet", "--format slak --network slak_base"),
        (lambda: odd_network("odd_slak"), "slak", "--format fovea"),
    ],
)
def test_another_format_is_named(state: Any, said: str, fix: str, tmp_path: Path) -> None:
    found = mistake(state(), said, "odd_slak", tmp_path)
    assert found.fix == f"write {fix}"


def test_something_else_altogether_is_accounted_for(tmp_path: Path) -> None:
    state = {"conv1.weight": torch.ones(64, 3, 7, 7), "fc.bias": torch.ones(10)}
    found = mistake({"state_dict": state}, "slak", "odd_slak", tmp_path)
    assert "extra: conv1.weight (64, 3, 7, 7)" in found.lines
    assert "missing: head.weight (7, 26)" in found.lines


def test_merged_branches_are_explained(tmp_path: Path) -> None:
    state = odd_replknet()
    large = "stages.0.blocks.0.large_kernel"
    for key in [each for each in state if each.startswith(large)]:
        del state[key]
    state |= {f"{large}.lkb_reparam.{leaf}": torch.ones(8) for leaf in ("weight", "bias")}
    found = mistake(state, "replknet", "odd_replknet", tmp_path)
    assert found.fix is not None and "before structural_reparam()" in found.fix


def test_another_classifier_is_asked_for(tmp_path: Path) -> None:
    state = odd_convnext(classes=5)
    found = mistake({"model": state}, "convnext", "odd_convnext", tmp_path)
    assert "has 5 classes, and odd_convnext wants 7" in found.message
    assert found.fix is not None and "--classes 7 starts a fresh" in found.fix
    assert "--classes 5 takes the file's" in found.fix
    assert found.lines == [
        "misshapen: head.weight is (5, 20), wanted (7, 20)",
        "misshapen: head.bias is (5), wanted (7)",
    ]
    del state["head.weight"], state["head.bias"]
    found = mistake({"model": state}, "convnext", "odd_convnext", tmp_path)
    assert "no whole classifier" in found.message


@pytest.mark.parametrize("classes", [7, 3])
def test_a_fresh_classifier_is_the_networks_own_and_repeatable(
    classes: int, tmp_path: Path
) -> None:
    checkpoint = odd_convnext(classes=5)
    before = torch.get_rng_state()
    state, report = import_state(checkpoint, "convnext", "odd_convnext", tmp_path, classes=classes)
    assert torch.equal(torch.get_rng_state(), before)
    again, _ = import_state(checkpoint, "convnext", "odd_convnext", tmp_path, classes=classes)
    assert same(state, again)
    assert (report["classifier"], report["seed"], report["classes"]) == ("fresh", 0, classes)
    assert report["left_out"] == ["head.weight (5, 20)", "head.bias (5)"]
    weight = state["head.linear.weight"]
    assert weight.shape == (classes, 20)
    module = module_of("odd_convnext")
    own = module.create_model(num_classes=classes).state_dict()
    ratio = weight.std() / own["head.linear.weight"].std()
    assert 0.7 < ratio < 1.4
    assert not state["head.linear.bias"].any()
    assert not own["head.linear.bias"].any()
    module.create_model(num_classes=classes).load_state_dict(state, strict=True)


def test_a_classifier_of_the_size_asked_for_is_kept(tmp_path: Path) -> None:
    checkpoint = odd_convnext(classes=5)
    state, report = import_state(checkpoint, "convnext", "odd_convnext", tmp_path, classes=5)
    assert torch.equal(state["head.linear.weight"], checkpoint["head.weight"])
    assert (report["classifier"], report["seed"], report["left_out"]) == ("imported", None, [])
    module_of("odd_convnext").create_model(num_classes=5).load_state_dict(state, strict=True)


def test_only_a_classifier_is_ever_left_out(tmp_path: Path) -> None:
    state = odd_convnext(classes=5)
    state["norm.weight"] = torch.ones(19)
    found = mistake({"model": state}, "convnext", "odd_convnext", tmp_path, classes=3)
    assert found.lines == ["misshapen: norm.weight is (19), wanted (20)"]


@pytest.mark.parametrize(
    ("dtype", "words"),
    [
        (torch.float16, "float16 tensors are cast to float32, exactly"),
        (torch.bfloat16, "bfloat16 tensors are cast to float32, exactly"),
        (torch.float64, "float64 tensors are cast to float32, rounded"),
    ],
)
def test_other_precisions_are_cast_and_told(dtype: torch.dtype, words: str, tmp_path: Path) -> None:
    cast = {
        key: value.to(dtype) if value.is_floating_point() else value
        for key, value in odd_slak().items()
    }
    state, report = import_state({"model": cast}, "slak", "odd_slak", tmp_path)
    floats = sum(value.is_floating_point() for value in cast.values())
    assert report["notes"] == [f"{floats} {words}"]
    assert {value.dtype for value in state.values()} == {torch.float32, torch.int64}
    assert torch.equal(state["head.linear.weight"], cast["head.weight"].float())
    tall = state["stages.0.blocks.0.mixer.tall.weight"]
    assert torch.equal(tall, cast["stages.0.0.large_kernel.LoRA1.conv.weight"][:, 0].float())


def test_values_that_are_no_weights_are_named(tmp_path: Path) -> None:
    state = odd_slak()
    state["norm.weight"][3] = torch.nan
    state["norm.bias"][:2] = -torch.inf
    state["head.bias"] = state["head.bias"].long()
    state["downsample_layers.0.0.bias"] = torch.full((10,), 1e300, dtype=torch.float64)
    counter = "stages.0.0.large_kernel.small_conv.bn.num_batches_tracked"
    state[counter] = torch.tensor(0.5)
    found = mistake({"model": state}, "slak", "odd_slak", tmp_path)
    assert sorted(found.lines) == [
        "downsample_layers.0.0.bias has values beyond float32",
        "head.bias is int64, not a floating-point weight",
        "norm.bias has 2 of 26 values that are NaN or Inf",
        "norm.weight has 1 of 26 values that are NaN or Inf",
        f"{counter} is 0.5, not a number of batches",
    ]


def test_tensors_that_share_memory_are_written_each(tmp_path: Path) -> None:
    plain = odd_convnext()
    flat = torch.cat([plain["norm.weight"], plain["norm.bias"]])
    views = {"norm.weight": flat[:20], "norm.bias": flat[20:], "head.bias": plain["head.bias"]}
    views["downsample_layers.0.1.bias"] = views["downsample_layers.0.1.weight"] = plain[
        "downsample_layers.0.1.weight"
    ]
    state, _ = import_state(plain | views, "convnext", "odd_convnext", tmp_path)
    assert torch.equal(state["head.norm.weight"], plain["norm.weight"])
    assert torch.equal(state["head.norm.bias"], plain["norm.bias"])
    assert torch.equal(state["stem.norm.weight"], state["stem.norm.bias"])


def test_tensors_of_other_kinds_are_named(tmp_path: Path) -> None:
    state = odd_convnext()
    state[KEY] = state[KEY].to_sparse()
    found = mistake({"model": state}, "convnext", "odd_convnext", tmp_path)
    assert found.lines == [f"misshapen: {KEY} is a sparse tensor, wanted (64, 16)"]


@pytest.mark.parametrize("prefix", ["module.", "_orig_mod.", "module._orig_mod."])
def test_prefixes_are_left_off(prefix: str, tmp_path: Path) -> None:
    plain = odd_convnext()
    wanted, _ = import_state(plain, "convnext", "odd_convnext", tmp_path)
    prefixed = {f"{prefix}{key}": value for key, value in plain.items()}
    state, report = import_state({"state_dict": prefixed}, "convnext", "odd_convnext", tmp_path)
    assert same(state, wanted)
    assert len(report["notes"]) == prefix.count(".")


@pytest.mark.parametrize(
    ("plain", "mean"), [("model", "model_ema"), ("state_dict", "state_dict_ema")]
)
def test_the_moving_average_is_taken_where_it_is_asked_for(
    plain: str, mean: str, tmp_path: Path
) -> None:
    weights = odd_convnext()
    average = {key: value * 2 for key, value in weights.items()}
    both = {plain: weights, "epoch": 3, mean: average}
    state, report = import_state(both, "convnext", "odd_convnext", tmp_path)
    assert torch.equal(state["head.linear.weight"], weights["head.weight"])
    assert (report["average"], report["left_out"]) == (False, ["epoch", mean])
    assert f"--ema takes the moving average ({mean})" in report["notes"][0]
    state, report = import_state(both, "convnext", "odd_convnext", tmp_path, average=True)
    assert torch.equal(state["head.linear.weight"], average["head.weight"])
    assert (report["average"], report["entry"], report["notes"]) == (True, mean, [])
    state, report = import_state({mean: average}, "convnext", "odd_convnext", tmp_path)
    assert torch.equal(state["head.linear.weight"], average["head.weight"])
    assert "holds only a moving average" in report["notes"][0]
    found = mistake({plain: weights}, "convnext", "odd_convnext", tmp_path, average=True)
    assert "holds no moving average" in found.message


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"epoch": 3, "args": None},
        {"model": {}},
        [1, 2],
        torch.ones(3),
        {1: 2},
        {"model": {0: torch.ones(3)}},
    ],
)
def test_a_file_without_weights_is_told(content: object, tmp_path: Path) -> None:
    found = mistake(content, "slak", "odd_slak", tmp_path)
    assert (found.code, "holds no weights" in found.message) == ("FOV0080", True)


def test_counters_may_be_absent_altogether(tmp_path: Path) -> None:
    whole = odd_replknet()
    counters = [key for key in whole if key.endswith("num_batches_tracked")]
    bare = {key: value for key, value in whole.items() if key not in counters}
    state, report = import_state(bare, "replknet", "odd_replknet", tmp_path)
    assert report["filled"] == counters
    wanted, _ = import_state(whole, "replknet", "odd_replknet", tmp_path)
    assert state.keys() == wanted.keys()
    for key, value in state.items():
        assert torch.equal(value, wanted[key]) or key.endswith("num_batches_tracked")
    floats = {**whole, **{key: whole[key].float() for key in counters}}
    assert same(import_state(floats, "replknet", "odd_replknet", tmp_path)[0], wanted)


def odd_network(name: str) -> dict[str, Tensor]:
    model = module_of(name).create_model()
    randomise(model)
    return model.state_dict()


def test_a_checkpoint_of_a_run_is_read(tmp_path: Path) -> None:
    weights = odd_network("odd_slak")
    average = {key: value + 1 for key, value in weights.items()}
    content = {"model": weights, "ema": average, "optimizer": {}, "step": 3, "sparsity": None}
    state, _ = import_state(content, "fovea", "odd_slak", tmp_path)
    assert same(state, weights)
    state, report = import_state(content, "fovea", "odd_slak", tmp_path, average=True)
    assert same(state, average)
    assert report["left_out"] == ["model", "optimizer", "step", "sparsity"]
    export_to(tmp_path / "checkpoint.pth", "slak", "odd_slak", tmp_path / "theirs.pth")
    back, _ = import_state(
        torch.load(tmp_path / "theirs.pth", weights_only=True), "slak", "odd_slak", tmp_path
    )
    assert same(back, weights)


def test_an_export_checks_what_it_reads(tmp_path: Path) -> None:
    source, out = tmp_path / "checkpoint.pth", tmp_path / "theirs.pth"

    def refused(content: object, file_format: str, network: str) -> WeightsMistake:
        torch.save(content, source)
        with pytest.raises(WeightsMistake) as raised:
            export_to(source, file_format, network, out)
        assert not out.exists()
        return raised.value

    assert (
        "not like a network in fovea's own layout"
        in refused(odd_slak(), "slak", "odd_slak").message
    )
    state = odd_network("odd_slak")
    assert "odd_slak is no ConvNeXt" in refused(state, "convnext", "odd_slak").message
    del state["stem.norm.bias"]
    assert refused(state, "slak", "odd_slak").lines == ["missing: stem.norm.bias (10)"]


def test_the_header_names_network_and_format(tmp_path: Path) -> None:
    import_state(odd_convnext(), "convnext", "odd_convnext", tmp_path)
    with safe_open(tmp_path / "out.safetensors", "pt") as file:
        header = {"format": "pt", "network": "odd_convnext", "imported": "convnext"}
        assert file.metadata() == header


def test_a_disk_that_refuses_is_told_and_left_as_it_was(tmp_path: Path) -> None:
    source = tmp_path / "checkpoint.pth"
    torch.save(odd_convnext(), source)
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WeightsMistake) as raised:
        import_from(source, "convnext", "odd_convnext", tmp_path / "file/new/out.safetensors")
    assert raised.value.code == "FOV0051"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["checkpoint.pth", "file"]
    out = tmp_path / "a/b/out.safetensors"
    import_from(source, "convnext", "odd_convnext", out)
    assert out.stat().st_mode == (tmp_path / "file").stat().st_mode
