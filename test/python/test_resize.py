"""Kernels on other grids: cells keep their meaning."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from definitions.parts import relative_error
from fovea_runtime.reparam.grid import Grid
from fovea_runtime.reparam.resize import resize
from fovea_runtime.reparam.resize_weights import ResizeRequest, resize_weights
from fovea_runtime.weights.mistake import WeightsMistake
from networks import randomise
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from weights_files import known, module_of, package_of


def halves(*outwards: int) -> Grid:
    """A square grid from a half, outermost cell first, as the paper prints them."""
    cells = (*outwards, *outwards[-2::-1])
    return Grid(cells, cells)


PELK_51 = halves(9, 8, 4, 2, 1, 1, 1)
"""k = 51 with a centre of 5 (PeLK, table 6)."""
PELK_51_C7 = halves(8, 8, 4, 2, 1, 1, 1, 1)
PELK_61 = halves(14, 8, 4, 2, 1, 1, 1)
PELK_31 = halves(7, 4, 2, 1, 1, 1)


def weights(grid: Grid, channels: int = 2) -> Tensor:
    generator = torch.Generator().manual_seed(7)
    return torch.randn(channels, *grid.cells, generator=generator)


@pytest.mark.parametrize("grid", [PELK_51, PELK_31, Grid((3, 1, 1, 2), (1, 1, 3)), halves(1, 1, 1)])
def test_the_same_grid_gives_the_same_bits(grid: Grid) -> None:
    weight = weights(grid)
    weight[0, 0, 0] = -0.0
    seen = resize(weight, grid, grid)
    assert torch.equal(seen.weight.float().view(torch.int32), weight.view(torch.int32))
    cells = len(grid.rows) * len(grid.columns)
    assert (seen.copied, seen.averaged, seen.added, seen.dropped) == (cells, 0, 0, 0)
    assert (seen.grown, seen.change) == (0, 0)


def test_an_outermost_cell_that_grows_or_shrinks_keeps_its_value() -> None:
    weight = weights(PELK_51)
    longer = resize(weight, PELK_51, PELK_61)
    assert torch.equal(longer.weight.float(), weight)
    # All 13 x 13 zones but the inner 11 x 11 reach out of the old kernel.
    assert (longer.copied, longer.grown, longer.added) == (169, 48, 0)
    assert longer.change > 0
    back = resize(longer.weight.float(), PELK_61, PELK_51)
    assert torch.equal(back.weight.float(), weight)
    assert (back.copied, back.grown, back.dropped) == (169, 0, 0)


def test_cells_beyond_the_old_kernel_start_at_zero() -> None:
    weight = weights(PELK_31)
    seen = resize(weight, PELK_31, PELK_51)
    wanted = torch.zeros(2, 13, 13)
    wanted[:, 1:-1, 1:-1] = weight
    assert torch.equal(seen.weight.float(), wanted)
    assert (seen.copied, seen.averaged, seen.added) == (121, 0, 48)


def test_cells_that_the_new_kernel_lacks_are_dropped() -> None:
    weight = weights(PELK_51)
    seen = resize(weight, PELK_51, PELK_31)
    assert torch.equal(seen.weight.float(), weight[:, 1:-1, 1:-1])
    assert (seen.copied, seen.added, seen.dropped) == (121, 0, 169 - 121)


def test_another_centre_averages_what_its_cells_cover() -> None:
    """From a centre of 5 to one of 7 along one axis, written out tap by tap from the middle."""
    rows, column = PELK_51.rows, (1,)
    weight = torch.arange(13.0).view(1, 13, 1)
    seen = resize(weight, Grid(rows, column), Grid(PELK_51_C7.rows, column)).weight[0, :, 0]
    # Old cells from the middle out: taps 0, 1, 2, 3-4, 5-8, 9-16, 17-25 (values 6, 7, …, 12).
    # New: 0, 1, 2, 3, 4-5, 6-9, 10-17, 18-25.
    wanted = [6, 7, 8, 9, (9 + 10) / 2, (3 * 10 + 11) / 4, (7 * 11 + 12) / 8, 12]
    assert seen[7:].tolist() == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize(
    "old, new",
    [
        (PELK_51, PELK_51_C7),
        (PELK_51_C7, PELK_51),
        (PELK_31, PELK_61),
        (Grid((3, 1, 1, 2), (2, 1, 1, 1, 4)), Grid((2, 2, 1), (5, 1, 1))),
        (halves(1, 1, 1), halves(3, 1)),
    ],
)
def test_a_cell_is_the_mean_over_the_taps_of_both_kernels(old: Grid, new: Grid) -> None:
    """The rule by brute force: on a plane that holds both, tap by tap."""
    weight = weights(old)
    side = 81
    planes = [torch.full((2, side, side), float("nan"), dtype=torch.float64) for _ in range(2)]
    kernels = [
        old.expand(weight.double()),
        new.expand(torch.arange(float(new.cells[0] * new.cells[1])).view(1, *new.cells).double()),
    ]
    for plane, kernel in zip(planes, kernels, strict=True):
        row, column = ((side - length) // 2 for length in kernel.shape[1:])
        plane[:, row : row + kernel.shape[1], column : column + kernel.shape[2]] = kernel
    seen = resize(weight, old, new).weight.flatten(1)
    for zone in range(seen.shape[1]):
        both = (planes[1] == zone) & ~planes[0].isnan()
        taps = planes[0][both].view(2, -1)
        wanted = taps.mean(1) if taps.numel() else torch.zeros(2, dtype=torch.float64)
        torch.testing.assert_close(seen[:, zone], wanted, rtol=1e-12, atol=1e-12)


def test_symmetric_kernels_stay_symmetric() -> None:
    weight = weights(PELK_51)
    weight = weight + weight.flip(1)
    weight = weight + weight.flip(2)
    seen = resize(weight, PELK_51, PELK_51_C7).weight
    assert torch.equal(seen, seen.flip(1))
    assert torch.equal(seen, seen.flip(2))


def test_a_finer_grid_keeps_the_kernel() -> None:
    finer = Grid((5, 5, 4, 4, 4, 2, 2, 2, 1, 1, 1, 1, 1, 2, 4, 8, 4, 5, 5), PELK_51.columns)
    assert finer.sides == (61, 51)
    weight = weights(PELK_51)
    seen = resize(weight, PELK_51, finer)
    assert seen.change == 0
    dense = resize(weight, PELK_51, Grid.dense(51, 51))
    assert torch.equal(dense.weight, PELK_51.expand(weight.double()))


def source_of(network: str, folder: Path) -> tuple[nn.Module, Path]:
    model = module_of(network).create_model(num_classes=6).eval()
    randomise(model)
    save_file(model.state_dict(), folder / "own.safetensors")
    return model, folder / "own.safetensors"


def carry(source: str, to: str, path: Path, **more: Any) -> tuple[dict[str, Tensor], dict]:
    out = path.parent / "out.safetensors"
    asked = {"average": False, "known": known(), **more}
    report = resize_weights(
        ResizeRequest(
            source=path, package=package_of(source), to_package=package_of(to), out=out, **asked
        )
    )
    return load_file(out), report


@pytest.mark.parametrize("network", ["short_kernels", "odd_slak", "odd_replknet", "holds_convnext"])
def test_to_itself_is_the_identity(network: str, tmp_path: Path) -> None:
    model, path = source_of(network, tmp_path)
    state, report = carry(network, network, path)
    wanted = model.state_dict()
    assert state.keys() == wanted.keys()
    assert all(torch.equal(state[key], wanted[key]) for key in wanted)
    assert all(layer["change"] == 0 for layer in report["layers"])
    assert report["classes"] == 6


def test_a_network_with_finer_cells_computes_the_same(tmp_path: Path) -> None:
    model, path = source_of("short_kernels", tmp_path)
    state, report = carry("short_kernels", "long_kernels", path)
    other = module_of("long_kernels").create_model(num_classes=6).eval()
    other.load_state_dict(state, strict=True)
    generator = torch.Generator().manual_seed(3)
    for size in ((32, 32), (45, 28)):
        x = torch.randn(2, 3, *size, generator=generator)
        with torch.no_grad():
            assert relative_error(other.float()(x), model.float()(x)) < 1e-5
            exact = relative_error(other.double()(x.double()), model.double()(x.double()))
            assert exact < 1e-12
    assert {layer["change"] for layer in report["layers"]} == {0}
    layer = report["layers"][0]
    assert (layer["layer"], layer["from"], layer["kernel"]) == (
        "stages.0.blocks.0.mixer.large",
        [13, 13],
        [21, 21],
    )
    assert (layer["copied"], layer["added"]) == (81, 121 - 81)


def test_an_embedding_is_cropped_and_padded_with_zeros(tmp_path: Path) -> None:
    model, path = source_of("short_kernels", tmp_path)
    state, _ = carry("short_kernels", "long_kernels", path)
    old = model.state_dict()["stages.0.embedding"]
    new = state["stages.0.embedding"]
    assert torch.equal(new[:, 4:-4, 4:-4], old)
    assert new.abs().sum() == pytest.approx(old.abs().sum().item(), rel=1e-6)
    save_file(state, tmp_path / "long.safetensors")
    back, report = carry("long_kernels", "short_kernels", tmp_path / "long.safetensors")
    assert all(torch.equal(back[key], tensor.float()) for key, tensor in model.state_dict().items())
    assert report["layers"][0]["dropped"] == 121 - 81


def test_two_packages_may_have_one_name(tmp_path: Path) -> None:
    """Before and after a change of the user's one file."""
    _, path = source_of("short_kernels", tmp_path)
    after = tmp_path / "after" / "short_kernels"
    shutil.copytree(package_of("long_kernels"), after)
    timm = sys.modules.get("timm")
    out = tmp_path / "out.safetensors"
    resize_weights(
        ResizeRequest(
            source=path,
            package=package_of("short_kernels"),
            to_package=after,
            out=out,
            average=False,
            known=known(),
        )
    )
    assert load_file(out)["stages.0.blocks.0.mixer.large.weight"].shape[1:] == (11, 11)
    assert sys.modules.get("timm") is timm


def test_the_average_of_a_run_is_taken_on_request(tmp_path: Path) -> None:
    model, _ = source_of("short_kernels", tmp_path)
    average = {key: tensor * 0.5 for key, tensor in model.state_dict().items()}
    torch.save({"model": model.state_dict(), "ema": average, "step": 3}, tmp_path / "last.pt")
    state, report = carry("short_kernels", "short_kernels", tmp_path / "last.pt", average=True)
    assert report["average"]
    assert torch.equal(state["head.linear.weight"], average["head.linear.weight"])


def test_another_frame_is_refused_by_its_keys(tmp_path: Path) -> None:
    _, path = source_of("short_kernels", tmp_path)
    with pytest.raises(WeightsMistake, match="other_frame differs from short_kernels") as caught:
        carry("short_kernels", "other_frame", path)
    lines = caught.value.lines
    assert "extra: stages.0.blocks.0.mixer.small.weight (3, 1, 3, 3)" in lines
    assert "extra: stages.0.blocks.1.expand.weight (32, 8)" in lines
    assert not any("large.weight" in line and "blocks.0" in line for line in lines)
    assert not (tmp_path / "out.safetensors").exists()


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    _, path = source_of("long_kernels", tmp_path)
    with pytest.raises(WeightsMistake, match="does not fit short_kernels") as caught:
        carry("short_kernels", "long_kernels", path)
    assert any(line.startswith("misshapen: stages.0.embedding") for line in caught.value.lines)
