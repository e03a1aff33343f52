"""Imported checkpoints against independent definitions of each family, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import timm
import torch
from definitions import convnext, replknet, slak
from definitions.parts import parameters, randomise, relative_error, same
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from weights_files import as_published, export_to, import_from, import_state, module_of

ODD = ((2, 1, 3, 1), (8, 12, 16, 20))


@dataclass(frozen=True)
class Case:
    """A definition, the format of its files, the declared network that it is, and image sizes."""

    define: Callable[[], nn.Module]
    format: str
    network: str
    images: int
    sizes: tuple[tuple[int, int], ...]


SMALL = ((64, 64), (75, 110))
LARGE = ((64, 64), (96, 64))
PUBLISHED = {
    "slak_tiny": Case(lambda: slak.SLaK(*slak.TINY), "slak", "slak_tiny", 3, LARGE),
    "convnext_tiny": Case(
        lambda: convnext.ConvNeXt(*convnext.TINY), "convnext", "convnext_tiny", 3, LARGE
    ),
    "timm": Case(lambda: timm.create_model("convnext_tiny"), "timm", "convnext_tiny", 3, LARGE),
    "replknet_31b": Case(
        lambda: replknet.RepLKNet(*replknet.B31),
        "replknet",
        "replknet_31b",
        3,
        ((64, 64), (50, 77)),
    ),
}
VARIANTS = {
    "odd_slak": Case(
        lambda: _odd_slak(kernels=(15, 13, 11, 5), small=3), "slak", "odd_slak", 2, SMALL
    ),
    "whole_slak": Case(
        lambda: _odd_slak(kernels=(15, 13, 11, 7), decomposed=False), "slak", "whole_slak", 2, SMALL
    ),
    "odd_convnext": Case(
        lambda: convnext.ConvNeXt(*ODD, kernels=(11, 9, 7, 3), images=2, classes=7),
        "convnext",
        "odd_convnext",
        2,
        SMALL,
    ),
    "odd_timm": Case(
        lambda: timm.models.convnext.ConvNeXt(
            depths=ODD[0], dims=ODD[1], kernel_sizes=(11, 9, 7, 3), in_chans=2, num_classes=7
        ),
        "timm",
        "odd_convnext",
        2,
        SMALL,
    ),
    "odd_replknet": Case(lambda: _odd_replknet(small=3), "replknet", "odd_replknet", 2, SMALL),
    "bare_replknet": Case(
        lambda: _odd_replknet(small=None, ratio=1.5), "replknet", "bare_replknet", 2, SMALL
    ),
}
CASES = {**PUBLISHED, **VARIANTS}


def _odd_slak(**more: Any) -> nn.Module:
    return slak.SLaK(*ODD, images=2, classes=7, **more)


def _odd_replknet(**more: Any) -> nn.Module:
    return replknet.RepLKNet(*ODD, (15, 13, 11, 7), images=2, classes=7, **more)


def _images(channels: int, size: tuple[int, int]) -> Tensor:
    """Two images of their own colour and brightness each: noise alone is averaged away."""
    source = torch.Generator().manual_seed(1)
    colours = torch.randn(2, channels, 1, 1, generator=source)
    return (
        colours
        + torch.randn(2, channels, *size, generator=source)
        * torch.tensor([0.5, 2.0])[:, None, None, None]
    )


def _built(case: Case) -> nn.Module:
    model = case.define().eval()
    randomise(model)
    return model


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_outputs_are_those_of_the_definition(case: Case, tmp_path: Path) -> None:
    wanted = _built(case)
    content = as_published(case.format, wanted.state_dict())
    state, report = import_state(content, case.format, case.network, tmp_path)
    assert report["parameters"] == parameters(wanted)
    model = module_of(case.network).create_model().eval()
    model.load_state_dict(state, strict=True)
    for size in case.sizes:
        x = _images(case.images, size)
        with torch.no_grad():
            assert relative_error(model.float()(x), wanted.float()(x)) < 1e-5
            exact = model.double()(x.double()), wanted.double()(x.double())
            assert relative_error(*exact) < 1e-10
            # The images matter: constant logits would agree as well.
            assert exact[1].std(0).max() > 1e-3 * exact[1].abs().max()


@pytest.mark.parametrize("case", VARIANTS.values(), ids=VARIANTS.keys())
@pytest.mark.parametrize("ending", [".pth", ".safetensors"])
def test_an_export_is_the_checkpoint_again(case: Case, ending: str, tmp_path: Path) -> None:
    wanted = _built(case).state_dict()
    state, _ = import_state(as_published(case.format, wanted), case.format, case.network, tmp_path)
    exported = tmp_path / f"exported{ending}"
    export_to(tmp_path / "out.safetensors", case.format, case.network, exported)
    if ending == ".pth":
        content = torch.load(exported, weights_only=True)
        content = content["model"] if case.format in ("slak", "convnext") else content
        assert list(content) == list(wanted)
    else:
        content = load_file(exported)
    assert same(content, wanted)
    again = tmp_path / "again.safetensors"
    import_from(exported, case.format, case.network, again)
    assert same(load_file(again), state)


def test_safetensors_are_read_as_well(tmp_path: Path) -> None:
    case = CASES["odd_convnext"]
    wanted = _built(case).state_dict()
    save_file(wanted, tmp_path / "model.safetensors")
    out = tmp_path / "out.safetensors"
    import_from(tmp_path / "model.safetensors", case.format, case.network, out)
    from_torch, _ = import_state(wanted, case.format, case.network, tmp_path)
    assert same(load_file(out), from_torch)


def test_definitions_have_the_published_parameters() -> None:
    with torch.device("meta"):
        slaks = [parameters(slak.SLaK(*size)) for size in (slak.TINY, slak.SMALL, slak.BASE)]
        replknets = [
            replknet.RepLKNet(*replknet.B31),
            replknet.RepLKNet(*replknet.L31),
            replknet.RepLKNet(*replknet.XL, small=None, ratio=1.5),
        ]
        assert slaks == [50_703_838, 91_131_820, 157_950_792]
        assert [*map(parameters, replknets)] == [79_864_168, 172_671_016, 335_435_752]
        assert parameters(convnext.ConvNeXt(*convnext.TINY)) == 28_589_128
