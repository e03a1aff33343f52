"""How long a call takes, on a CPU and on a GPU."""

import math
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple, Protocol

import torch

Called = Callable[[], object]


class Sample(NamedTuple):
    """Milliseconds a call."""

    wall: float
    processor: float | None
    """CPU time of all threads together; None on a GPU."""


class Clock(Protocol):
    """Warms calls up and takes samples of them."""

    def prepare(self, call: Called, *, owns_graph: bool) -> tuple[Called, float]:
        """What is to be sampled in the call's place, and about how many milliseconds it takes."""
        ...

    def sample(self, call: Called, estimate: float) -> Sample: ...


class CpuClock:
    """Enough calls in a row that the timer's own time does not show."""

    SAMPLE = 3.0
    """Milliseconds that a sample takes at least, about."""

    def prepare(self, call: Called, *, owns_graph: bool) -> tuple[Called, float]:
        del owns_graph
        # The gate has called it already: what is made once is made.
        return call, self.sample(call, math.inf).wall

    def sample(self, call: Called, estimate: float) -> Sample:
        calls = max(1, min(100, math.ceil(self.SAMPLE / max(estimate, 1e-6))))
        processor, wall = time.process_time_ns(), time.perf_counter_ns()
        for _ in range(calls):
            call()
        wall, processor = time.perf_counter_ns() - wall, time.process_time_ns() - processor
        return Sample(wall / calls / 1e6, processor / calls / 1e6)


class CudaClock:
    """Events around single calls, the L2 cache overwritten before each."""

    CALLS = 5
    """Calls a sample, which is their median."""

    SHORT = 0.010
    """Milliseconds below which launching would show: such calls are replayed as a CUDA graph."""

    def __init__(self) -> None:
        cache = torch.cuda.get_device_properties().L2_cache_size
        self._scratch = torch.empty(max(2 * cache, 2**28), dtype=torch.int8, device="cuda")

    def prepare(self, call: Called, *, owns_graph: bool) -> tuple[Called, float]:
        for _ in range(3):
            call()
        estimate = self.sample(call, 0).wall
        if estimate >= self.SHORT or owns_graph:
            return call, estimate
        replay = _captured(call)
        if replay is None:
            return call, estimate
        return replay, self.sample(replay, 0).wall

    def sample(self, call: Called, estimate: float) -> Sample:
        del estimate
        events = [
            (torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True))
            for _ in range(self.CALLS)
        ]
        for start, stop in events:
            self._scratch.zero_()
            start.record()
            call()
            stop.record()
        torch.cuda.synchronize()
        return Sample(statistics.median(start.elapsed_time(stop) for start, stop in events), None)


def make_clock(device: str) -> Clock:
    return CudaClock() if device == "cuda" else CpuClock()


def _captured(call: Called) -> Called | None:
    """The call as a CUDA graph, or None where it cannot be captured."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            call()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    try:
        with torch.cuda.graph(graph):
            call()
    except RuntimeError:
        torch.cuda.synchronize()
        return None
    return graph.replay
