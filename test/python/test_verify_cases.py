"""What kernels are verified on, on every device."""

from __future__ import annotations

import math
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import torch
from emitted_kernels import expand
from fovea_runtime import kernel_checks
from fovea_runtime.kernel_cases import (
    CASES,
    CUDA_CASES,
    Case,
    interpreted,
    planned_on_cuda,
)
from fovea_runtime.kernel_definition import definition
from fovea_runtime.kernel_findings import Findings
from fovea_runtime.kernel_inputs import make_inputs

MAPS = ((56, 56), (7, 7), (14, 14), (28, 28), (128, 128), (5, 9))
GRIDS: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...] = (
    ((1,), (1,)),
    ((9, 8, 4, 2, 1, 1, 1, 1, 1, 2, 4, 8, 9),) * 2,
    ((1,) * 51, (1,) * 5),
    ((341,) * 3, (341,) * 3),
)


def grid(rows: tuple[int, ...], columns: tuple[int, ...]) -> Any:
    return SimpleNamespace(ROWS=rows, COLUMNS=columns)


def sizes(cases: list[Case]) -> set[tuple[int, int]]:
    return {case.shape[2:] for case in cases}


def test_every_kind_of_input_is_among_the_cases() -> None:
    assert {case.mean for case in CASES} == {0, 1, 100}
    layouts = {"contiguous", "strided", "channels_last", "expanded", "channels", "window"}
    assert {case.layout for case in CASES} == layouts
    assert {case.shape[2:] == (1, 1) for case in CASES} == {True, False}
    assert any(case.shape[:2] == (1, 1) for case in CASES)
    assert {case.bias for case in CASES} == {True, False}
    assert any(case.convolved not in (None, case.shape[1]) for case in CASES)
    assert any(case.convolved == case.shape[1] for case in CASES)
    for side in (64, 128):
        assert any(max(case.shape[2:]) > side for case in CUDA_CASES)


def test_the_interpreter_takes_every_small_planned_map_in_half() -> None:
    cases, too_large = interpreted(MAPS)
    assert too_large == [(128, 128)]
    halves = [case for dtype, case in cases if dtype == "float16"]
    assert sizes(halves) >= {(5, 9), (7, 7), (14, 14), (28, 28), (56, 56)}
    assert {dtype for dtype, _ in cases} == {"float16", "float32"}
    unplanned = [case for _, case in cases if case.shape[2:] not in MAPS]
    assert {case.convolved is None for case in unplanned} == {True, False}
    assert any(case.mean == 100 for case in unplanned)
    assert interpreted(())[1] == []


def test_the_interpreter_is_spared_many_maps() -> None:
    maps = [(60, 60 + extra) for extra in range(9)]
    cases, too_large = interpreted(maps)
    assert too_large == maps[2:]
    assert sizes([case for _, case in cases]) >= set(maps[:2])


def test_planned_maps_on_cuda_have_batches_on_and_off_the_tiles() -> None:
    for size in MAPS:
        cases = [case for case in planned_on_cuda(MAPS) if case.shape[2:] == size]
        batches = {case.shape[0] for case in cases}
        assert 2 in batches
        assert any(batch % 2 for batch in batches)
        assert {case.convolved is None for case in cases} == {True, False}
    assert max(case.shape[0] for case in planned_on_cuda([(7, 7)])) > 128


@pytest.mark.parametrize("cells", GRIDS, ids=lambda cells: f"{sum(cells[0])}x{sum(cells[1])}")
@pytest.mark.parametrize("case", CASES, ids=str)
def test_inputs_lie_as_asked_and_fit_float16(case: Case, cells: Any) -> None:
    inputs = make_inputs(grid(*cells), case, torch.float16, "cpu")
    x, weight, bias, gradient = inputs
    assert x.shape == gradient.shape == case.shape
    assert weight.shape[0] == (case.convolved or case.shape[1])
    assert (bias is not None) == case.bias
    assert x.is_contiguous() == (case.layout == "contiguous" or x.numel() == max(x.shape))
    if case.layout in ("channels", "window", "strided"):
        around = x.as_strided((x.untyped_storage().nbytes() // 2,), (1,), 0)
        assert around.isnan().sum() == around.numel() - x.numel()
    if max(map(sum, cells)) > 101:
        return  # too slow for the definition; the scales are the same code
    leaves = [t.double().requires_grad_() for t in (x[:, : weight.shape[0]], weight)]
    y = definition(grid(*cells), leaves[0], leaves[1], None)
    gradients = torch.autograd.grad(y, leaves, gradient[:, : weight.shape[0]].double())
    for result in (y, *gradients):
        assert 1e-4 < result.abs().max() < torch.finfo(torch.float16).max / 2


@pytest.mark.parametrize("cells", GRIDS[:3], ids=lambda cells: f"{sum(cells[0])}x{sum(cells[1])}")
def test_the_definition_is_the_sum_over_zones(cells: Any) -> None:
    x = torch.randn(1, 2, 4, 6, dtype=torch.float64)
    weight = torch.randn(2, *map(len, cells), dtype=torch.float64)
    bias = torch.randn(2, dtype=torch.float64)
    kernel = expand(weight, cells)
    wanted = bias[:, None, None].expand(2, 4, 6).clone()
    middle_h, middle_w = (size // 2 for size in kernel.shape[1:])
    for p, q, i, j in torch.cartesian_prod(*map(torch.arange, (4, 6, 4, 6))).tolist():
        tap_h, tap_w = i - p + middle_h, j - q + middle_w
        if 0 <= tap_h < kernel.shape[1] and 0 <= tap_w < kernel.shape[2]:
            wanted[:, p, q] += kernel[:, tap_h, tap_w] * x[0, :, i, j]
    torch.testing.assert_close(definition(grid(*cells), x, weight, bias)[0], wanted)


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_what_runs_where(device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[tuple[str, str, Case]] = []

    def measure(module: ModuleType, methods: Any, on: str, cases: Any, *_: Any, **__: Any) -> None:
        assert on == device
        ran.extend((m, dtype, case) for m, ds in methods.items() for dtype in ds for case in cases)

    monkeypatch.setattr(kernel_checks, "measure", measure)
    monkeypatch.setattr(kernel_checks, "measure_auto", lambda *_: None)
    module = SimpleNamespace(
        HAS_TRITON=True,
        METHODS=("auto", "reference", "dense", "triton"),
        MAPS=MAPS,
        partial_peripheral_conv2d=None,
    )
    kernel: Any = SimpleNamespace(load=lambda: module, path=Path("k.py"))
    findings = kernel_checks.check(kernel, device)
    assert findings.failures == []
    dtypes = {dtype for method, dtype, _ in ran if method == "triton"}
    taken = sizes([case for method, _, case in ran if method == "triton"])
    assert {method for method, *_ in ran} == {"reference", "dense", "triton"}
    if device == "cuda":
        assert dtypes == {"float16", "bfloat16", "float32"}
        assert taken >= {*MAPS, *sizes([*CASES, *CUDA_CASES])}
        assert findings.notes == []
    else:
        assert dtypes == {"float16", "float32"}
        assert taken.isdisjoint(sizes(list(CUDA_CASES)))
        assert any("interpreter" in note for note in findings.notes)
        assert any("128x128" in note for note in findings.notes)


def test_findings_keep_the_worst_and_a_nan() -> None:
    findings = Findings()
    for error in (1e-7, 3e-6, 2e-6):
        findings.add("fft", "float32", {"forward": error}, Case((1, 1, 1, 1), mean=100))
    assert findings.errors == {"fft": {"float32": {"forward": 3e-6}}}
    assert findings.means == {"100": {"fft": {"float32": 3e-6}}}
    assert findings.failures == []
    for error in (math.nan, 1.0):
        findings.add("fft", "float32", {"forward": error}, Case((1, 1, 1, 1)))
    assert math.isnan(findings.errors["fft"]["float32"]["forward"])
    assert [("mean 0" in failure) for failure in findings.failures] == [True, True]
