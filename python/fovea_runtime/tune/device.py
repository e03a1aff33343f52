"""Launches of a kernel file, tried out where its tensors are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from types import ModuleType
from typing import Any

import torch
from torch import Tensor

from fovea_runtime.bench.candidate import Candidate
from fovea_runtime.bench.case import Case, Inputs, make_inputs
from fovea_runtime.bench.clock import Clock, CudaClock
from fovea_runtime.bench.exact import exact
from fovea_runtime.bench.gate import judge
from fovea_runtime.bench.rounds import Series, take_turns
from fovea_runtime.tune.search import BrokenDefaultError, Fault, Launches

_ROUNDS = 9
_OUT_OF_RESOURCES = ("OutOfResources", "OutOfMemoryError")

Compiler = Callable[[ModuleType, Callable[[], object]], dict[str, int]]
"""Runs a call and tells what it launched, and what of it spilled: `launches_of`."""


class KernelClock(CudaClock):
    """Replays every call as a CUDA graph: what the CPU takes to launch is not the kernels' time."""

    SHORT = float("inf")


class DeviceTrials:
    """Trials of one kernel file on one case, forward and both gradients.

    While they last `_LAUNCHES` of the file holds what is tried; `close` puts it back.
    """

    def __init__(
        self, kernel: ModuleType, cases: Sequence[Case], clock: Clock, compiler: Compiler
    ) -> None:
        """Makes inputs and the exact results.

        Args:
            cases: what is timed, then what is only held against float64.
        """
        self._kernel = kernel
        self._defaults = dict(kernel._LAUNCHES)
        # As a file has it: half types, then float32.
        self._class = int(cases[0].dtype == torch.float32)
        self._gates: list[tuple[Case, Inputs, dict[str, Tensor]]] = []
        for case in cases:
            inputs = make_inputs(case)
            self._gates.append((case, inputs, exact(case, inputs)))
        self._clock = clock
        self._compiler = compiler
        # An older table must not answer in the place of what is tried.
        getattr(kernel, "_TUNED", {}).clear()

    def defaults(self) -> Launches:
        """What the case launches, in the order in which it is asked for.

        Raises:
            BrokenDefaultError: it does not run.
        """
        try:
            asked = self._compiler(self._kernel, self._call)
        except Exception as error:  # whatever compiling raises, the default is broken
            raise BrokenDefaultError(_in_words(error)) from error
        return {name: dict(self._defaults[name][self._class]) for name in asked}

    def fault(self, launches: Launches, name: str | None) -> Fault | None:
        self._take(launches)
        try:
            spills = self._compiler(self._kernel, self._call)
            _synchronize()
        except Exception as error:  # noqa: BLE001 - whatever compiling raises is the finding
            # After an illegal access nothing can be told any more: then this raises.
            _synchronize()
            short = type(error).__name__ in _OUT_OF_RESOURCES
            return Fault("resources" if short else "compile", _in_words(error))
        if name is not None and spills.get(name, 0) > 0:
            return Fault("spills", f"{name} spills {spills[name]} registers a thread")
        candidate = Candidate("triton", "own", partial(_triton, self._kernel))
        for case, inputs, wanted in self._gates:
            with _poisoned_memory():
                verdict = judge(candidate, case, inputs, wanted)
            if verdict.skipped is not None or verdict.failures:
                return Fault("wrong", verdict.skipped or "; ".join(verdict.failures))
        return None

    def measure(self, alternatives: Sequence[Launches]) -> list[Series]:
        calls = {str(i): partial(self._run, each) for i, each in enumerate(alternatives)}
        series = take_turns(self._clock, calls, set(), _ROUNDS)
        return [series[name] for name in calls]

    def close(self) -> None:
        """Puts the file's own launches back."""
        self._kernel._LAUNCHES.update(self._defaults)

    def _run(self, launches: Launches) -> object:
        self._take(launches)
        return self._call()

    def _take(self, launches: Launches) -> None:
        for name, launch in launches.items():
            pair = list(self._defaults[name])
            pair[self._class] = launch
            self._kernel._LAUNCHES[name] = tuple(pair)

    def _call(self) -> object:
        convolve, differentiate = self._kernel._IMPLEMENTATIONS["triton"]
        _, inputs, _ = self._gates[0]
        y = convolve(inputs.x, inputs.weight, None, False)
        return y, differentiate(inputs.x, inputs.weight, inputs.gradient, None, (True, True))


def _triton(kernel: Any, x: Tensor, weight: Tensor) -> Tensor:
    return kernel.peripheral_conv2d(x, weight, method="triton")


@contextmanager
def _poisoned_memory() -> Iterator[None]:
    """Fills new memory with NaN, which else may hold the right results of another candidate."""
    before = torch.are_deterministic_algorithms_enabled()
    torch.use_deterministic_algorithms(True, warn_only=True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before)


def _in_words(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


def _synchronize() -> None:
    if torch.cuda.is_available():
        torch.cuda.synchronize()
