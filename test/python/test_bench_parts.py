"""The parts of the benchmark: peers, turns, floor, memory, the extension that has to be built."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from emitted_kernels import LIMITS, PAIRS, definition, relative_error
from fovea_runtime.bench import cutlass
from fovea_runtime.bench.calls import DIRECTIONS, QUANTITIES, make_call
from fovea_runtime.bench.candidate import Candidate
from fovea_runtime.bench.candidates import peers
from fovea_runtime.bench.case import Case, Inputs, make_inputs
from fovea_runtime.bench.clock import Called, Sample
from fovea_runtime.bench.exact import exact
from fovea_runtime.bench.floor import direct_flops, floor_bytes
from fovea_runtime.bench.memory import peak_memory
from fovea_runtime.bench.rounds import take_turns
from torch import Tensor

SHAPES = ((2, 3, 9, 12), (1, 2, 1, 7), (3, 2, 16, 16), (1, 2, 20, 5))
GRIDS = ("asymmetric", "peripheral_13", "dense_7", "tall_stripe", "one_tap")


def truth(name: str, inputs: Inputs) -> dict[str, Tensor]:
    """From the definition, by PyTorch's float64 convolution."""
    x, weight = inputs.x.double().requires_grad_(), inputs.weight.double().requires_grad_()
    y = definition(x, weight, PAIRS[name])
    for_x, for_weight = torch.autograd.grad(y, (x, weight), inputs.gradient.double())
    return {"forward": y.detach(), "input_gradient": for_x, "weight_gradient": for_weight}


@pytest.mark.parametrize("name", GRIDS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_peers_and_truth_are_the_operator(name: str, dtype: torch.dtype) -> None:
    for shape in SHAPES:
        case = Case(*PAIRS[name], shape, dtype, "cpu")
        inputs = make_inputs(case)
        wanted = truth(name, inputs)
        for quantity, tensor in exact(case, inputs).items():
            assert relative_error(tensor, wanted[quantity]) < 1e-12, quantity
        measured = [peer for peer in peers(case) if isinstance(peer, Candidate)]
        assert len(measured) == (4 if shape[2] * shape[3] <= 256 else 3)
        for peer in measured:
            layout = inputs.channels_last() if peer.channels_last else inputs
            for direction in DIRECTIONS:
                seen = make_call(peer, layout, direction)()
                assert set(seen) == set(QUANTITIES[direction])
                for quantity, tensor in seen.items():
                    error = relative_error(tensor, wanted[quantity])
                    assert error <= LIMITS[dtype], (peer.name, shape, quantity)


def test_truth_is_the_same_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case(*PAIRS["asymmetric"], (2, 5, 6, 7), torch.float32, "cpu")
    inputs = make_inputs(case)
    whole = exact(case, inputs)
    monkeypatch.setattr("fovea_runtime.bench.exact._KEPT_NUMBERS", 1)
    for quantity, tensor in exact(case, inputs).items():
        assert relative_error(tensor, whole[quantity]) < 1e-14, quantity


class ScriptedClock:
    """Calls take as long as they say; each sample takes a little longer than the one before."""

    def __init__(self) -> None:
        self.order: list[float] = []

    def prepare(self, call: Called, *, owns_graph: bool) -> tuple[Called, float]:
        del owns_graph
        return call, self._milliseconds(call)

    def sample(self, call: Called, estimate: float) -> Sample:
        self.order.append(estimate)
        return Sample(estimate * (1 + len(self.order)), None)

    def _milliseconds(self, call: Callable[[], object]) -> float:
        milliseconds = call()
        assert isinstance(milliseconds, float)
        return milliseconds


def test_candidates_take_turns() -> None:
    clock = ScriptedClock()
    calls: dict[str, Called] = {"a": lambda: 1.0, "b": lambda: 2.0, "slow": lambda: 200.0}
    series = take_turns(clock, calls, set(), 12)
    assert clock.order[:3] == [1.0, 2.0, 200.0]
    assert clock.order[3:5] == [2.0, 1.0]  # the next round begins with the next candidate
    assert [len(series[name].samples) for name in calls] == [12, 12, 3]
    assert sorted(series["slow"].samples) == [0, 4, 8]
    spread = series["a"].spread()
    assert (spread["rounds"], spread["min"], spread["processor"]) == (12, 2.0, None)
    pairs = [
        series["slow"].samples[round_].wall / series["a"].samples[round_].wall
        for round_ in (0, 4, 8)
    ]
    assert series["slow"].ratio(series["a"]) == sorted(pairs)[1]


@pytest.mark.parametrize("name", GRIDS)
def test_floor_counts_what_has_to_be_done(name: str) -> None:
    shape = (2, 3, 9, 5)
    case = Case(*PAIRS[name], shape, torch.bfloat16, "cpu")
    ones = torch.ones(1, 1, *shape[2:], dtype=torch.float64)
    taps = torch.ones(1, 1, *case.kernel, dtype=torch.float64)
    padding = (case.kernel[0] // 2, case.kernel[1] // 2)
    met = int(F.conv2d(ones, taps, padding=padding).sum())
    assert direct_flops(case, "forward") == 2 * 6 * met
    assert direct_flops(case, "forward_backward") == 6 * 6 * met
    weights = 3 * len(case.rows) * len(case.columns)
    assert floor_bytes(case, "forward") == 2 * (2 * math.prod(shape) + weights)
    assert floor_bytes(case, "forward_backward") == 2 * (5 * math.prod(shape) + 3 * weights)


def test_peak_memory_counts_temporaries() -> None:
    x = torch.ones(2**16)

    def call() -> Tensor:
        doubled = x * 2
        tripled = x * 3
        return doubled + tripled

    assert peak_memory("cpu", call) == 3 * x.nbytes
    assert peak_memory("cpu", lambda: x.exp_()) == 0
    # One operator's own scratch: the convolution rearranges its input.
    maps, kernel = torch.ones(1, 8, 32, 32), torch.ones(8, 1, 31, 31)
    convolved = peak_memory("cpu", lambda: F.conv2d(maps, kernel, padding=15, groups=8))
    assert convolved > maps.nbytes


SETUP = """
import pathlib, sys
built = pathlib.Path(sys.argv[sys.argv.index("--build-lib") + 1])
built.mkdir(parents=True)
built.joinpath("_depthwise_conv2d_implicit_gemm_C.py").write_text('''
import torch.nn.functional as F
from torch.nn.grad import conv2d_input, conv2d_weight
def settings(w):
    return dict(padding=(w.shape[2] // 2, w.shape[3] // 2), groups=len(w))
def forward_fp32(x, w):
    return F.conv2d(x, w, **settings(w))
def backward_data_fp32(g, w):
    return conv2d_input(g.shape, w, g, **settings(w))
def backward_filter_fp32(g, x, w):
    return conv2d_weight(x, w.shape, g, **settings(w))
''')
"""


def test_extension_is_built_from_its_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case(*PAIRS["asymmetric"], (2, 3, 9, 12), torch.float32, "cpu")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(cutlass.VARIABLE, raising=False)
    with pytest.raises(cutlass.UnavailableError, match="float32 and float16 only"):
        cutlass.replknet_cutlass(replace(case, dtype=torch.bfloat16))
    with pytest.raises(cutlass.UnavailableError, match="nvcc"):
        cutlass.replknet_cutlass(case)
    nvcc = tmp_path / "nvcc"
    nvcc.touch(0o755)
    with pytest.raises(cutlass.UnavailableError, match=f"{cutlass.VARIABLE} is not set"):
        cutlass.replknet_cutlass(case)
    monkeypatch.setenv(cutlass.VARIABLE, str(tmp_path))
    with pytest.raises(cutlass.UnavailableError, match="holds no"):
        cutlass.replknet_cutlass(case)
    folder = tmp_path / "examples/19_large_depthwise_conv2d_torch_extension"
    folder.mkdir(parents=True)
    (folder / "frontend.cpp").touch()
    (folder / "setup.py").write_text("raise SystemExit('no such compiler')")
    with pytest.raises(cutlass.UnavailableError, match="no such compiler"):
        cutlass.replknet_cutlass(case)
    (folder / "setup.py").write_text(SETUP)
    peer = Candidate("replknet_cutlass", "peer", cutlass.replknet_cutlass(case))
    monkeypatch.delitem(sys.modules, "_depthwise_conv2d_implicit_gemm_C")
    inputs = make_inputs(case)
    wanted = truth("asymmetric", inputs)
    for quantity, tensor in make_call(peer, inputs, "forward_backward")().items():
        assert relative_error(tensor, wanted[quantity]) < 1e-6, quantity
