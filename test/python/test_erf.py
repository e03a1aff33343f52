"""Effective receptive fields against closed forms, finite differences and direct computation."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
import timm
import torch
from fovea_runtime.erf import measure as measuring
from fovea_runtime.erf.area import THRESHOLDS, in_decades, squares
from fovea_runtime.erf.contribution import contribution, mean_contribution
from fovea_runtime.erf.images import image_files, photographs, read_images
from fovea_runtime.erf.last_map import Stage
from fovea_runtime.erf.measure import measure
from fovea_runtime.erf.request import ErfRequest
from fovea_runtime.package import load_package
from fovea_runtime.subject.request import SubjectRequest
from fovea_runtime.weights.mistake import WeightsMistake
from network_run import PACKAGE
from PIL import Image
from timm.data.constants import IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD
from torch import Tensor, nn
from torch.nn import functional
from torchvision import transforms


def by_definition(scores: np.ndarray) -> dict[int, float]:
    """Area ratios by trying one square after the other."""
    height, width = scores.shape
    found = {}
    for percent in THRESHOLDS:
        for i in range(max(height, width)):
            top, left = max(0, height // 2 - i), max(0, width // 2 - i)
            inside = scores[top : height // 2 + i + 1, left : width // 2 + i + 1]
            if inside.sum() / scores.sum() > percent / 100:
                found[percent] = min(1.0, (2 * i + 1) ** 2 / (height * width))
                break
    return found


@pytest.mark.parametrize("size", [1, 2, 9, 10, 31, 64])
def test_ratios_are_the_definition(size: int) -> None:
    generator = np.random.default_rng(size)
    distance = np.hypot(*(np.indices((size, size)) - size // 2))
    for reach in (0.5, 3, 100):
        scores = generator.random((size, size)) * np.exp(-distance / reach)
        found = squares(scores)
        assert found is not None
        assert {t: each.ratio for t, each in found.items()} == by_definition(scores)
        assert all(1 <= each.side <= size for each in found.values())


@pytest.mark.parametrize(("kernel", "size"), [(5, 17), (11, 20), (31, 64)])
def test_a_convolution_of_ones_has_a_square_field(kernel: int, size: int) -> None:
    """Its contributions are the channels' number in a square, so that ratios are closed forms."""
    conv = nn.Conv2d(3, 2, kernel, padding=kernel // 2, bias=True)
    nn.init.ones_(conv.weight)
    assert conv.bias is not None
    nn.init.constant_(conv.bias, 1000.0)
    scores = contribution(conv, torch.randn(1, 3, size, size))
    middle, reach = size // 2, kernel // 2
    wanted = np.zeros((size, size))
    wanted[middle - reach : middle + reach + 1, middle - reach : middle + reach + 1] = 6
    assert np.array_equal(scores, wanted)
    found = squares(scores)
    assert found is not None
    for percent, square in found.items():
        side = next(side for side in range(1, kernel + 1, 2) if side**2 / kernel**2 > percent / 100)
        assert (square.side, square.ratio) == (side, side**2 / size**2)


def test_negative_outputs_and_gradients_do_not_count() -> None:
    conv = nn.Conv2d(1, 2, 3, padding=1, bias=False)
    rows = torch.tensor([[1.0, -2, 3], [-4, 5, -6], [7, -8, 9]])
    conv.weight.data = torch.stack([rows, -rows])[:, None]
    # Every pixel is one: the first channel's sum is positive, the second one's is not.
    scores = contribution(conv, torch.ones(1, 1, 5, 5))
    wanted = np.zeros((5, 5))
    wanted[1:4, 1:4] = rows.clamp(min=0).numpy()
    assert np.array_equal(scores, wanted)


def test_the_centre_of_an_even_map_is_right_and_below_of_the_middle() -> None:
    conv = nn.Conv2d(1, 1, 2, stride=2, bias=False)
    nn.init.ones_(conv.weight)
    for size, first in ((8, 4), (6, 2)):
        scores = contribution(conv, torch.ones(1, 1, size, size))
        assert np.argwhere(scores).tolist() == [
            [first + i, first + j] for i in range(2) for j in range(2)
        ]


def test_stacked_kernels_against_finite_differences() -> None:
    torch.manual_seed(2)
    net = nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1),
        nn.GELU(),
        nn.Conv2d(4, 4, 3, stride=2, padding=1),
        nn.Tanh(),
        nn.Conv2d(4, 3, 3, padding=1),
    ).double()
    image = torch.randn(1, 2, 7, 6, dtype=torch.float64)

    def centre(x: Tensor) -> float:
        found = net(x).detach().numpy()[0]
        return float(np.maximum(found[:, found.shape[1] // 2, found.shape[2] // 2], 0).sum())

    wanted = np.zeros((7, 6))
    step = 1e-6
    for channel, row, column in np.ndindex(2, 7, 6):
        moved = torch.zeros_like(image)
        moved[0, channel, row, column] = step
        slope = (centre(image + moved) - centre(image - moved)) / (2 * step)
        wanted[row, column] += max(slope, 0)
    assert wanted.max() > 0
    assert contribution(net, image) == pytest.approx(wanted, abs=1e-8)


def test_a_peripheral_kernel_is_uniform_within_its_zones() -> None:
    kernels = load_package(PACKAGE).model
    module = next(
        module
        for module in kernels.create_model().modules()
        if type(module).__name__ == "PeripheralConv2d"
    )
    weight = torch.randn(module.weight.shape, generator=torch.Generator().manual_seed(4))
    module.weight.data = weight.abs() + 0.1
    size = 41
    scores = contribution(module, torch.ones(1, weight.shape[0], size, size))
    # The kernel by its definition: every tap of a zone is the zone's weight.
    source = __import__(type(module).__module__, fromlist=["ROWS"])
    dense = np.repeat(module.weight.detach().double().sum(0).numpy(), source.ROWS, axis=0)
    dense = np.repeat(dense, source.COLUMNS, axis=1)
    assert max(source.ROWS) > 1
    top, left = (size // 2 - side // 2 for side in dense.shape)
    wanted = np.zeros((size, size))
    wanted[top : top + dense.shape[0], left : left + dense.shape[1]] = dense
    assert scores == pytest.approx(wanted, rel=1e-4, abs=1e-4)


def test_the_mean_leaves_out_what_is_not_finite() -> None:
    def last_map(x: Tensor) -> Tensor:
        return x * x / x.detach().amax().clamp(max=3)

    images = [torch.full((1, 1, 3, 3), float(value)) for value in (1, 0, 2)]
    scores, count, left_out = mean_contribution(last_map, images)
    assert (count, left_out) == (2, 1)
    assert scores is not None
    # d(x²/m)/dx = 2x/m at the middle: 2 for both.
    assert scores[1, 1] == 2
    assert scores.sum() == 2
    assert mean_contribution(last_map, [images[1]]) == (None, 0, 1)


def test_decades_are_the_logarithm_over_its_largest() -> None:
    assert in_decades(np.array([[0.0, 9], [99, 0]])).tolist() == [[0, 0.5], [1, 0]]
    assert in_decades(np.zeros((2, 2))).tolist() == [[0, 0], [0, 0]]
    assert squares(np.zeros((3, 3))) is None


def peer(name: str, model: str, channels: int = 3) -> SubjectRequest:
    declared = {
        "kind": "timm",
        "name": name,
        "model": model,
        "input": {"channels": channels, "size": None},
        "dropPath": 0,
        "classes": 10,
    }
    return SubjectRequest(None, None, declared, None, None)


def asked(*subjects: SubjectRequest, **more: Any) -> dict[str, Any]:
    options = {"images": None, "count": 2, "size": 64, "out": None, "device": "cpu", "known": []}
    return measure(ErfRequest(subjects=list(subjects), **{**options, **more}))


def resnet_map(model: Any, x: Tensor) -> Tensor:
    x = model.maxpool(model.act1(model.bn1(model.conv1(x))))
    return model.layer4(model.layer3(model.layer2(model.layer1(x))))


def swin_map(model: Any, x: Tensor) -> Tensor:
    return model.layers(model.patch_embed(x)).permute(0, 3, 1, 2)


def vit_map(model: Any, x: Tensor) -> Tensor:
    tokens = model._pos_embed(model.patch_embed(x))
    tokens = model.blocks(tokens)[:, model.num_prefix_tokens :]
    side = math.isqrt(tokens.shape[1])
    return tokens.transpose(1, 2).unflatten(2, (side, side))


@pytest.mark.parametrize(
    ("model", "last_map", "size"),
    [
        ("test_resnet", resnet_map, 65),
        ("swin_tiny_patch4_window7_224", swin_map, 64),
        ("test_vit", vit_map, 64),
    ],
)
def test_a_model_of_timm_by_hand(model: str, last_map: Any, size: int, tmp_path: Path) -> None:
    torch.manual_seed(6)
    more = {} if model == "test_resnet" else {"img_size": size}
    theirs = timm.create_model(model, num_classes=10, **more).eval()
    torch.save(theirs.state_dict(), tmp_path / "theirs.pth")
    subject = SubjectRequest("mine", None, peer("x", model).peer, tmp_path / "theirs.pth", None)
    report = asked(subject, size=size, out=tmp_path / "out")
    [row] = report["models"]
    scores = np.load(tmp_path / "out" / "mine.npy")
    wanted = np.zeros((size, size))
    for image in photographs(2, 3, size):
        x = image.clone().requires_grad_()
        found = last_map(theirs, x)[0]
        found[:, found.shape[1] // 2, found.shape[2] // 2].clamp(min=0).sum().backward()
        assert x.grad is not None
        wanted += x.grad.clamp(min=0).sum((0, 1)).double().numpy() / 2
    assert scores == pytest.approx(wanted, rel=1e-3, abs=1e-6 * wanted.max())
    assert {int(t): ratio for t, ratio in row["ratios"].items()} == by_definition(scores)
    logarithms = np.log10(scores + 1)
    assert {int(t): r for t, r in row["log_ratios"].items()} == by_definition(logarithms)
    assert (row["images"], row["weights"]) == (2, str(tmp_path / "theirs.pth"))


def test_a_network_of_ours_by_hand() -> None:
    subject = SubjectRequest(None, PACKAGE, None, None, None)
    report = asked(subject, size=48, count=1)
    [row] = report["models"]
    torch.manual_seed(0)
    model = load_package(PACKAGE).create_model().eval()
    [image] = photographs(1, 1, 48)
    x = image.requires_grad_()
    found = model.stages(model.stem(x))[0]
    found[:, found.shape[1] // 2, found.shape[2] // 2].clamp(min=0).sum().backward()
    assert x.grad is not None
    scores = x.grad.clamp(min=0).sum((0, 1)).double().numpy()
    assert {int(t): ratio for t, ratio in row["ratios"].items()} == by_definition(scores)
    assert (row["name"], row["weights"], row["size"]) == ("pelk_digits", None, 48)


def test_images_are_those_of_the_authors_script(tmp_path: Path) -> None:
    generator = np.random.default_rng(3)
    for name in ("b.jpg", "a.png", "sub/c.png"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(generator.integers(0, 255, (50, 33, 3), dtype=np.uint8)).save(path)
    (tmp_path / "notes.txt").write_text("no image", "utf-8")
    files = image_files(tmp_path, 2)
    assert [path.name for path in files] == ["a.png", "b.jpg"]
    assert len(image_files(tmp_path, 50)) == 3
    theirs = transforms.Compose(
        [
            transforms.Resize((40, 40), interpolation=transforms.InterpolationMode.BICUBIC),
            transforms.ToTensor(),
            transforms.Normalize(IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD),
        ]
    )
    for path, image in zip(files, read_images(files, 3, 40), strict=True):
        assert torch.allclose(image[0], theirs(Image.open(path)), atol=1e-6)
    [grey] = read_images(files[:1], 1, 40)
    pixels = transforms.ToTensor()(Image.open(files[0]).resize((40, 40), Image.Resampling.BICUBIC))
    mean, std = np.mean(IMAGENET_DEFAULT_MEAN), np.mean(IMAGENET_DEFAULT_STD)
    assert torch.allclose(grey[0, 0], (pixels.mean(0) - mean) / std, atol=1e-6)


def test_photographs_are_the_same_at_every_call_and_differ() -> None:
    first, again = (list(photographs(4, 3, 32)) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert len({float(image.sum()) for image in first}) == 4
    assert [len(list(photographs(count, 5, 8))) for count in (1, 3)] == [1, 3]


def test_figures_of_each_and_of_all(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "figures"
    own = SubjectRequest("a-run", PACKAGE, None, None, None)
    report = asked(own, peer("b_peer", "test_resnet", 1), out=out, size=48)
    names = {path.name for path in out.iterdir()}
    endings = ("npy", "png", "svg")
    each = {f"{name}.{ending}" for name in ("a-run", "b_peer") for ending in endings}
    assert names == each | {"side-by-side.png", "side-by-side.svg"}
    listed = [path for row in report["models"] for path in row["files"]] + report["files"]
    assert sorted(listed) == sorted(str(path) for path in out.iterdir())
    assert Image.open(out / "a-run.png").size == (48, 48)
    width, height = Image.open(out / "side-by-side.png").size
    assert width > 2 * height * 0.9
    tags: dict[str, list[Any]] = {}
    for element in ElementTree.parse(out / "side-by-side.svg").iter():
        tags.setdefault(element.tag.rpartition("}")[2], []).append(element)
    words = [element.text for element in tags["text"]]
    assert "a-run, untrained" in words
    assert "b_peer, untrained" in words
    for row in report["models"]:
        assert f"r(50%) {100 * row['ratios']['50']:.1f}%" in words
    # A heat map and a scale of colours each.
    assert len(tags["image"]) == 4
    bright = np.asarray(Image.open(out / "a-run.png")).astype(int).sum(2)
    scores = np.load(out / "a-run.npy")
    assert bright.flat[scores.argmax()] == bright.max()


def test_fewer_images_than_asked_for_are_told(tmp_path: Path) -> None:
    Image.new("L", (20, 20), 90).save(tmp_path / "one.png")
    report = asked(peer("p", "test_resnet"), images=tmp_path, count=5)
    assert report["source"] == {"folder": str(tmp_path), "images": 1}
    assert report["models"][0]["images"] == 1


def refused(*subjects: SubjectRequest, **more: Any) -> WeightsMistake:
    with pytest.raises(WeightsMistake) as caught:
        asked(*subjects, **more)
    return caught.value


OWN = SubjectRequest(None, PACKAGE, None, None, None)


def test_mistakes_are_told_with_their_fix(tmp_path: Path) -> None:
    (tmp_path / "bad.png").write_bytes(b"no image")
    (tmp_path / "empty").mkdir()
    assert "at least 8x8 is wanted" in refused(OWN, size=7).message
    assert "bad.png" in refused(OWN, images=tmp_path).message
    assert "no image in it" in refused(OWN, images=tmp_path / "empty").message
    assert "no such folder" in refused(OWN, images=tmp_path / "absent").message
    assert refused(OWN, out=tmp_path / "bad.png").code == "FOV0051"
    assert refused(peer("p", "vit_tiny_patch16_224"), peer("q", "nothing")).code == "FOV0062"


def test_a_size_that_does_not_fit_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def last_map(x: Tensor) -> Tensor:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr(measuring, "last_stage", lambda subject: Stage(last_map, ""))
    mistake = refused(OWN, size=64)
    assert (mistake.code, mistake.fix) == ("FOV0040", "write --size 32")


def test_nothing_that_contributes_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = Stage(lambda x: -functional.relu(x), "")
    monkeypatch.setattr(measuring, "last_stage", lambda subject: silent)
    report = asked(OWN)
    assert not report["passed"]
    assert report["models"][0]["ratios"] is None
    assert "nothing contributes to the middle of the last map" in report["models"][0]["notes"]


def test_no_gradient_of_a_weight_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    made = measuring.last_stage

    def last_stage(subject: Any) -> Stage:
        stage = made(subject)

        def last_map(x: Tensor) -> Tensor:
            seen.extend(parameter.requires_grad for parameter in subject.model.parameters())
            return stage.last_map(x)

        return Stage(last_map, stage.source)

    monkeypatch.setattr(measuring, "last_stage", last_stage)
    asked(OWN, count=1)
    assert seen
    assert not any(seen)
