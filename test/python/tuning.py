"""What the tests of the search share: clocks that tell the time they are told, stand-in kernels."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from fovea_runtime.bench.clock import Called, Sample
from fovea_runtime.bench.rounds import Series
from fovea_runtime.kernel_file import KernelFile
from fovea_runtime.tune.search import Fault, Launches

Times = Callable[[Launches], float]
"""Milliseconds with these launches."""


class ScriptedTrials:
    """Times and faults as they are told; notes what is asked."""

    def __init__(
        self, times: Times, faults: Callable[[Launches, str | None], Fault | None]
    ) -> None:
        self._times = times
        self._faults = faults
        self.asked: list[tuple[str | None, Launches]] = []
        self.measured: list[list[Launches]] = []

    def fault(self, launches: Launches, name: str | None) -> Fault | None:
        self.asked.append((name, launches))
        return self._faults(launches, name)

    def measure(self, alternatives: Sequence[Launches]) -> list[Series]:
        self.measured.append(list(alternatives))
        # The device slows down from call to call: only what is measured together compares.
        drift = 2.0 ** (len(self.measured) % 16)
        return [Series({0: Sample(drift * self._times(each), None)}) for each in alternatives]


class ScriptedClock:
    """A call takes as long as the launches that a file holds after it make it take."""

    def __init__(self, kernel: Callable[[], ModuleType], times: Times, index: int) -> None:
        self._kernel = kernel
        self._times = times
        self._index = index

    def prepare(self, call: Called, *, owns_graph: bool) -> tuple[Called, float]:
        assert not owns_graph
        return call, self.sample(call, 0).wall

    def sample(self, call: Called, estimate: float) -> Sample:
        del estimate
        call()
        held: Mapping[str, Any] = self._kernel()._LAUNCHES
        return Sample(self._times({name: pair[self._index] for name, pair in held.items()}), None)


def kernel_file(path: Path) -> tuple[KernelFile, Callable[[], ModuleType]]:
    """A kernel file, and its module as soon as it is loaded."""
    text = path.read_text(encoding="utf-8")
    file = KernelFile(path, text, hashlib.sha256(text.encode()).hexdigest())
    return file, lambda: sys.modules[f"fovea_kernel_{file.hash}"]


STAND_IN = '''
"""Acts like a kernel file with two launches, and convolves with PyTorch."""

import torch
import torch.nn.functional as F

ROWS: tuple[int, ...] = (1, 2)
COLUMNS: tuple[int, ...] = (1, 1, 1)
METHODS: tuple[str, ...] = ("auto", "triton")
MAPS: tuple[tuple[int, int], ...] = ((5, 4), (6, 6))
_LAUNCHES = {
    "general": ({"BLOCK": 64, "num_warps": 4, "num_stages": 2}, {"BLOCK": 32, "num_warps": 4}),
    "weight_gradient": ({"BLOCK": 64, "num_warps": 8}, {"BLOCK": 32, "num_warps": 4}),
    "direct": ({"BLOCK": 1024}, {"BLOCK": 1024}),
}
_TUNED = {("sm_90", "float16", 5, 4, 2): {"general": {"BLOCK": 16}}}
UNWRITTEN = False


class OutOfResources(Exception):
    pass


def _launch(x, kernel):
    assert not _TUNED, "an older table answers"
    return dict(_LAUNCHES[kernel][x.dtype == torch.float32])


def _expand(weight):
    return weight[:, [0, 1, 1]].unsqueeze(1)


def _convolve(x, weight, bias, flipped):
    constants = _launch(x, "general")
    if constants["num_warps"] == 8:
        raise OutOfResources("shared memory")
    if constants["num_warps"] == 2:
        raise RuntimeError("does not\\n compile")
    y = F.conv2d(x.float(), _expand(weight).float(), padding=1, groups=x.shape[1])
    if UNWRITTEN and constants["BLOCK"] == 16 and torch.are_deterministic_algorithms_enabled():
        # Else new memory happens to hold what was there before.
        return torch.full_like(x, float("nan"))
    return y.to(x.dtype)


def _differentiate(x, weight, gradient, kept, needed):
    wrong = _launch(x, "weight_gradient")["BLOCK"] == 16
    a, b = (each.detach().float().requires_grad_() for each in (x, weight))
    with torch.enable_grad():
        y = F.conv2d(a, _expand(b), padding=1, groups=x.shape[1])
    for_x, for_weight = torch.autograd.grad(y, (a, b), gradient.float())
    return for_x.to(x.dtype), (for_weight * (2 if wrong else 1)).to(weight.dtype)


_IMPLEMENTATIONS = {"triton": (_convolve, _differentiate)}


class _Operator(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight):
        ctx.save_for_backward(x, weight)
        return _convolve(x, weight, None, False)

    @staticmethod
    def backward(ctx, gradient):
        return _differentiate(*ctx.saved_tensors, gradient, None, (True, True))


def peripheral_conv2d(x, weight, bias=None, *, method="auto"):
    assert method == "triton"
    return _Operator.apply(x, weight)
'''
