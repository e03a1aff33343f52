"""The projection of dense kernels onto sharing grids: least squares, and what is kept of a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from definitions.parts import randomise, relative_error
from fovea_runtime.reparam.constants import embedding_for
from fovea_runtime.reparam.convolution import Convolution, convolution_of, distance, summed
from fovea_runtime.reparam.grid import Grid, centred
from fovea_runtime.reparam.project_weights import ProjectRequest, project_weights
from fovea_runtime.weights.mistake import WeightsMistake
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from weights_files import export_to, known, module_of, package_of

GRIDS = [
    Grid((1, 2, 1, 1, 2), (2, 1, 2)),
    Grid((3, 1, 1, 2), (2, 1, 1, 1, 4)),
    Grid((1,) * 5, (1,) * 7),
    Grid((5,), (3,)),
    Grid((2, 2, 1, 1, 1, 2, 2), (2, 2, 1, 1, 1, 2, 2)),
]
"""Symmetric and not, square and not, with everything and nothing shared."""


def expansion(grid: Grid) -> np.ndarray:
    """The matrix from a channel's weights to its taps, written down tap by tap."""
    height, width = grid.sides
    matrix = np.zeros((height * width, len(grid.rows) * len(grid.columns)))
    row_of = np.repeat(np.arange(len(grid.rows)), grid.rows)
    column_of = np.repeat(np.arange(len(grid.columns)), grid.columns)
    for i in range(height):
        for j in range(width):
            matrix[i * width + j, row_of[i] * len(grid.columns) + column_of[j]] = 1
    return matrix


def kernels(grid: Grid, channels: int = 3, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(channels, *grid.sides, generator=generator)


@pytest.mark.parametrize("grid", GRIDS)
def test_projection_solves_the_least_squares(grid: Grid) -> None:
    kernel = kernels(grid)
    matrix = expansion(grid)
    wanted, *_ = np.linalg.lstsq(matrix, kernel.double().numpy().reshape(3, -1).T)
    seen = grid.project(kernel)
    np.testing.assert_allclose(seen.numpy().reshape(3, -1).T, wanted, rtol=0, atol=1e-12)
    lost = distance(grid.expand(seen), kernel.double())
    residue = matrix @ wanted - kernel.double().numpy().reshape(3, -1).T
    relative = np.linalg.norm(residue) / np.linalg.norm(kernel.double().numpy())
    assert lost == pytest.approx(relative, abs=1e-12)


@pytest.mark.parametrize("grid", GRIDS)
def test_what_the_grid_holds_comes_back_bit_for_bit(grid: Grid) -> None:
    generator = torch.Generator().manual_seed(1)
    weight = torch.randn(4, *grid.cells, generator=generator)
    expanded = grid.expand(weight)
    matrix = torch.from_numpy(expansion(grid))
    by_hand = (matrix @ weight.double().flatten(1).T).T.view(4, *grid.sides)
    assert torch.equal(expanded.double(), by_hand)
    assert torch.equal(grid.project(expanded).float(), weight)


def test_kernels_are_centred() -> None:
    kernel = torch.arange(15.0).view(1, 3, 5)
    wanted = torch.zeros(1, 7, 5)
    wanted[:, 2:5] = kernel
    assert torch.equal(centred(kernel, (7, 5)), wanted)
    assert torch.equal(centred(kernel, (1, 3)), kernel[:, 1:2, 1:4])
    assert torch.equal(centred(kernel, (3, 5)), kernel)


def test_parallel_parts_sum_to_one_convolution() -> None:
    """Stripes and a square with BatchNorms, computed by PyTorch, against one convolution."""
    torch.manual_seed(0)
    parts = {"tall": (7, 3), "wide": (3, 9), "small": (3, 3)}
    channels = 4
    model = nn.ModuleDict()
    for name, (height, width) in parts.items():
        padding = (height // 2, width // 2)
        model[name] = nn.Conv2d(
            channels, channels, (height, width), padding=padding, groups=channels, bias=False
        )
        model[f"{name}_norm"] = nn.BatchNorm2d(channels)
    model = model.double().eval()
    randomise(model)
    x = torch.randn(2, channels, 11, 12, dtype=torch.float64)
    wanted = sum(model[f"{name}_norm"](model[name](x)) for name in parts)
    state = model.state_dict()
    grids = {name: Grid.dense(*sides) for name, sides in parts.items()}
    for name in ("tall", "wide"):
        state[f"{name}.weight"] = state[f"{name}.weight"][:, 0]
    one = summed(convolution_of(state, n, None if n == "small" else grids[n]) for n in parts)
    assert one.kernel.shape == (channels, 7, 9)
    seen = depthwise(x, one)
    torch.testing.assert_close(seen, wanted, rtol=1e-10, atol=1e-10)


def depthwise(x: Tensor, one: Convolution) -> Tensor:
    padding = (one.kernel.shape[1] // 2, one.kernel.shape[2] // 2)
    return nn.functional.conv2d(
        x, one.kernel[:, None], one.bias, padding=padding, groups=x.shape[1]
    )


def test_an_embedding_stands_for_the_constants_of_all_blocks() -> None:
    grid = Grid((2, 1, 2), (3, 1, 1))
    generator = torch.Generator().manual_seed(2)
    weights = torch.randn(4, 5, 3, 3, generator=generator, dtype=torch.float64)
    constants = torch.randn(4, 5, generator=generator, dtype=torch.float64)
    h, missed = embedding_for(weights, constants, grid)
    assert h.shape == (5, 5, 5)
    taps = torch.stack([grid.expand(each) for each in weights])
    torch.testing.assert_close((taps * h).sum((2, 3)), constants, rtol=0, atol=1e-5)
    assert missed < 1e-5
    # The least norm of all that do, by NumPy, one channel at a time.
    for channel in range(5):
        equations = taps[:, channel].flatten(1).numpy()
        least = np.linalg.lstsq(equations, constants[:, channel].numpy())[0]
        np.testing.assert_allclose(h[channel].flatten().numpy(), least, atol=1e-5)


def test_constants_that_no_embedding_gives_are_told() -> None:
    grid = Grid((1, 1, 1), (1, 1, 1))
    weights = torch.ones(2, 1, 3, 3, dtype=torch.float64)
    constants = torch.tensor([[1.0], [3.0]], dtype=torch.float64)
    h, missed = embedding_for(weights, constants, grid)
    assert h.isfinite().all()
    assert missed == pytest.approx(1.0, abs=1e-6)


def source_of(network: str, folder: Path) -> tuple[nn.Module, Path]:
    """A network with random weights and statistics, and its file in our own layout."""
    model = module_of(network).create_model().eval()
    randomise(model)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("layer_scale"):
                parameter.uniform_(0.5, 1.5, generator=torch.Generator().manual_seed(4))
    save_file(model.state_dict(), folder / "own.safetensors")
    return model, folder / "own.safetensors"


def project(
    path: Path, file_format: str, network: str, folder: Path, **more: Any
) -> tuple[nn.Module, dict[str, Any]]:
    """Projects a file; returns the network with its weights loaded strictly, and the report."""
    asked = {"classes": None, "average": False, "known": known(), "source_package": None, **more}
    out = folder / "out.safetensors"
    report = project_weights(
        ProjectRequest(
            source=path, format=file_format, package=package_of(network), out=out, **asked
        )
    )
    model = module_of(network).create_model(num_classes=report["classes"]).eval()
    model.load_state_dict(load_file(out), strict=True)
    return model, report


def images(size: tuple[int, int]) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    return torch.randn(2, 2, *size, generator=generator) + torch.randn(
        2, 2, 1, 1, generator=generator
    )


@pytest.mark.parametrize(
    "source, file_format, target",
    [
        ("odd_convnext", "convnext", "holds_convnext"),
        ("odd_convnext", "timm", "holds_convnext"),
        ("odd_convnext", "fovea", "holds_convnext"),
        ("odd_slak", "slak", "holds_slak"),
        ("odd_slak", "fovea", "holds_slak"),
        ("odd_replknet", "replknet", "holds_replknet"),
        ("bare_replknet", "replknet", "holds_bare_replknet"),
    ],
)
def test_a_grid_that_holds_the_kernels_gives_the_same_outputs(
    source: str, file_format: str, target: str, tmp_path: Path
) -> None:
    model, own = source_of(source, tmp_path)
    path, more = own, {"source_package": package_of(source)}
    if file_format != "fovea":
        path, more = tmp_path / "theirs.pth", {}
        export_to(own, file_format, source, path)
    seen, report = project(path, file_format, target, tmp_path, **more)
    for size in ((64, 64), (75, 110)):
        x = images(size)
        with torch.no_grad():
            assert relative_error(seen(x), model(x)) < 2e-5
            exact = relative_error(seen.double()(x.double()), model.double()(x.double()))
            assert exact < 1e-5
            seen.float(), model.float()
    # The norms that stand in for biases are 1 up to a rounding.
    assert all(layer["error"] < 1e-6 and layer["dropped"] == 0 for layer in report["layers"])
    assert len(report["layers"]) == 7


def test_what_is_lost_is_reported_a_layer(tmp_path: Path) -> None:
    """ConvNeXt's 11, 9, 7, 3 on PeLK's grids: cut, shared, padded; each against NumPy."""
    model, own = source_of("odd_convnext", tmp_path)
    export_to(own, "convnext", "odd_convnext", tmp_path / "theirs.pth")
    seen, report = project(tmp_path / "theirs.pth", "convnext", "pelk_convnext", tmp_path)
    layers = {layer["layer"]: layer for layer in report["layers"]}
    for name, convolved in (
        ("stages.0.blocks.1.mixer", 3),
        ("stages.1.blocks.0.mixer", 4),
        ("stages.2.blocks.2.mixer", 8),
        ("stages.3.blocks.0.mixer", 7),
    ):
        large = seen.get_submodule(f"{name}.large")
        theirs = model.get_submodule(f"{name}.large").weight.detach().double()
        module = __import__(type(large).__module__, fromlist=["ROWS"])
        grid = Grid(module.ROWS, module.COLUMNS)
        height, width = grid.sides
        padded = torch.zeros(convolved, 31, 31, dtype=torch.float64)
        offset = (31 - theirs.shape[1]) // 2
        padded[:, offset : 31 - offset, offset : 31 - offset] = theirs[:convolved]
        row, column = (31 - height) // 2, (31 - width) // 2
        inside = padded[:, row : row + height, column : column + width]
        matrix = expansion(grid)
        wanted, *_ = np.linalg.lstsq(matrix, inside.flatten(1).numpy().T)
        np.testing.assert_allclose(
            large.weight.detach().flatten(1).numpy().T, wanted, rtol=0, atol=1e-6
        )
        kept = padded.clone()
        kept[:, row : row + height, column : column + width] = 0
        fitted = torch.from_numpy((matrix @ wanted).T.reshape(convolved, height, width).copy())
        lost = (kept.square().sum() + (fitted - inside).square().sum()).sqrt()
        layer = layers[f"{name}.large"]
        assert layer["error"] == pytest.approx((lost / padded.norm()).item(), abs=1e-6)
        assert layer["cropped"] == pytest.approx((kept.norm() / padded.norm()).item(), abs=1e-9)
        assert layer["channels"] == convolved
        assert layer["dropped"] == theirs.shape[0] - convolved
        assert layer["cells"] == [len(grid.rows), len(grid.columns)]
    # Kernels of 9 lose a ring in 7 taps; 3 fit into 9.
    assert layers["stages.1.blocks.0.mixer.large"]["cropped"] > 0.1
    assert layers["stages.3.blocks.0.mixer.large"]["cropped"] == 0


def test_a_new_branch_and_a_new_embedding_add_nothing(tmp_path: Path) -> None:
    _, own = source_of("odd_convnext", tmp_path)
    source = package_of("odd_convnext")
    seen, _ = project(own, "fovea", "holds_convnext", tmp_path, source_package=source)
    mixer = seen.stages[0].blocks[0].mixer
    x = torch.randn(4, 8, 9, 9)
    for training in (False, True):
        assert (mixer.train(training).small_norm(mixer.small(x)) == 0).all()
    assert (seen.stages[0].embedding == 0).all()
    assert (seen.stages[2].embedding == 0).all()
    # It can be trained: its norm's scale gets a gradient.
    mixer.train().small_norm(mixer.small(x)).square().sum().backward()
    (mixer.small_norm(mixer.small(x)) * x).sum().backward()
    assert mixer.small_norm.weight.grad.abs().sum() > 0


def test_a_norm_that_both_have_is_kept(tmp_path: Path) -> None:
    model, own = source_of("whole_slak", tmp_path)
    source = package_of("whole_slak")
    seen, report = project(own, "fovea", "pelk_slak", tmp_path, source_package=source)
    for name in ("large_norm", "small_norm", "small"):
        old = model.stages[0].blocks[0].mixer.get_submodule(name).state_dict()
        new = seen.stages[0].blocks[0].mixer.get_submodule(name).state_dict()
        for key, tensor in new.items():
            wanted = old[key] if tensor.ndim == 0 else old[key][: len(tensor)]
            assert torch.equal(tensor, wanted), (name, key)
    errors = [layer["error"] for layer in report["layers"]]
    # The last grid, 7 taps around a centre of 5, shares nothing.
    assert all(0.1 < error < 1 for error in errors[:-1])
    assert errors[-1] == 0


def test_a_norm_behind_folded_stripes_has_the_statistics_of_their_sum(tmp_path: Path) -> None:
    model, own = source_of("odd_slak", tmp_path)
    source = package_of("odd_slak")
    seen, _ = project(own, "fovea", "pelk_slak", tmp_path, source_package=source)
    old, new = (each.stages[0].blocks[1].mixer.double() for each in (model, seen))
    count = new.large.weight.shape[0]
    # The branch of 3 does not stay one of 5: three norms are folded.
    norms = [old.tall_norm, old.wide_norm, old.small_norm]
    variance = sum(norm.weight[:count] ** 2 for norm in norms)
    shift = sum(norm.bias[:count] for norm in norms)
    close = {"rtol": 1e-5, "atol": 1e-5}
    torch.testing.assert_close(new.large_norm.running_var, variance - 1e-5, **close)
    torch.testing.assert_close(new.large_norm.bias, shift, **close)
    torch.testing.assert_close(new.large_norm.weight, variance.sqrt(), **close)
    # Maps whose channels are noise around their running means keep their distribution in training.
    # Drawn for itself: what was drawn before depends on which tests made the packages.
    generator = torch.Generator().manual_seed(6)
    y = torch.randn(64, count, 9, 9, dtype=torch.float64, generator=generator)
    statistics = new.large_norm.running_mean, new.large_norm.running_var
    y = y * statistics[1].sqrt()[:, None, None] + statistics[0][:, None, None]
    trained, evaluated = new.large_norm.train()(y), new.large_norm.eval()(y)
    assert (trained - evaluated).abs().max() < 0.1 * evaluated.std()


def test_a_norm_that_is_off_leaves_a_finite_one(tmp_path: Path) -> None:
    model, own = source_of("odd_slak", tmp_path)
    mixer = model.stages[0].blocks[0].mixer
    with torch.no_grad():
        for leaf in ("tall_norm", "wide_norm", "small_norm"):
            mixer.get_submodule(leaf).weight[1] = 0
    save_file(model.state_dict(), own)
    source = package_of("odd_slak")
    seen, _ = project(own, "fovea", "pelk_slak", tmp_path, source_package=source)
    norm = seen.stages[0].blocks[0].mixer.large_norm
    assert norm.running_var[1] == pytest.approx(1, abs=2e-5)
    y = norm(seen.stages[0].blocks[0].mixer.large(torch.randn(1, 3, 9, 9)))[0, 1]
    wanted = sum(
        mixer.get_submodule(leaf).bias[1] for leaf in ("tall_norm", "wide_norm", "small_norm")
    )
    torch.testing.assert_close(y, wanted.expand(9, 9), rtol=1e-5, atol=1e-5)


def test_another_classifier(tmp_path: Path) -> None:
    _, own = source_of("odd_convnext", tmp_path)
    source = package_of("odd_convnext")
    seen, report = project(
        own, "fovea", "pelk_convnext", tmp_path, source_package=source, classes=3
    )
    assert report["classifier"] == "fresh"
    assert seen.head.linear.weight.shape == (3, 20)


@pytest.mark.parametrize(
    "source, file_format, target, words, lines",
    [
        ("odd_convnext", "convnext", "odd_slak", r"odd_slak has stripes \(stages\.0", ()),
        (
            "odd_convnext",
            "convnext",
            "pelk_slak",
            "does not fit pelk_slak",
            ("misshapen: downsample_layers.0.0.weight is (8, 2, 4, 4), wanted (10, 2, 4, 4)",),
        ),
        (
            "odd_convnext",
            "convnext",
            "holds_replknet",
            "does not fit holds_replknet",
            (
                "missing: stem.entry.conv.weight (8, 2, 3, 3)",
                "extra: downsample_layers.0.0.weight (8, 2, 4, 4)",
            ),
        ),
        ("odd_convnext", "slak", "pelk_convnext", "looks like ConvNeXt", ()),
        ("holds_convnext", "fovea", "pelk_convnext", "has a positional embedding", ()),
        ("odd_convnext", "fovea", "short_kernels", "does not fit short_kernels", ()),
    ],
)
def test_what_cannot_be_projected_is_named(
    source: str, file_format: str, target: str, words: str, lines: tuple[str, ...], tmp_path: Path
) -> None:
    _, own = source_of(source, tmp_path)
    path, more = own, {"source_package": package_of(source)}
    if file_format != "fovea":
        path, more = tmp_path / "theirs.pth", {}
        export_to(own, "convnext", source, path)
    with pytest.raises(WeightsMistake, match=words) as caught:
        project(path, file_format, target, tmp_path, **more)
    assert all(line in caught.value.lines for line in lines), caught.value.lines
    assert not (tmp_path / "out.safetensors").exists()


def test_a_missing_and_an_extra_key_of_a_mixer_are_named(tmp_path: Path) -> None:
    _, own = source_of("odd_slak", tmp_path)
    export_to(own, "slak", "odd_slak", tmp_path / "theirs.safetensors")
    state = load_file(tmp_path / "theirs.safetensors")
    gone = state.pop("stages.0.1.large_kernel.LoRA2.bn.running_var")
    state["stages.0.1.large_kernel.LoRA3.bn.running_var"] = gone
    kernel = "stages.2.0.large_kernel.LoRA1.conv.weight"
    state[kernel] = state[kernel][..., :1].contiguous()
    save_file(state, tmp_path / "broken.safetensors")
    with pytest.raises(WeightsMistake) as caught:
        project(tmp_path / "broken.safetensors", "slak", "pelk_slak", tmp_path)
    lines = caught.value.lines
    assert "missing: stages.0.1.large_kernel.LoRA2.bn.running_var (10)" in lines
    assert "extra: stages.0.1.large_kernel.LoRA3.bn.running_var (10)" in lines
    assert any(line.startswith(f"misshapen: {kernel}") for line in lines)


@pytest.mark.parametrize("value, words", [(-1.0, "negative"), (float("nan"), "no weights")])
def test_impossible_statistics_are_refused(value: float, words: str, tmp_path: Path) -> None:
    _, own = source_of("odd_slak", tmp_path)
    state = load_file(own)
    state["stages.0.blocks.0.mixer.tall_norm.running_var"][3] = value
    broken = tmp_path / "broken.safetensors"
    save_file(state, broken)
    with pytest.raises(WeightsMistake, match=words) as caught:
        project(broken, "fovea", "pelk_slak", tmp_path, source_package=package_of("odd_slak"))
    assert "stages.0.blocks.0.mixer.tall_norm.running_var has 1 of 10" in caught.value.lines[0]
