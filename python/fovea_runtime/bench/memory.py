"""Bytes that a call has in use at its peak, beyond what was in use before."""

import gc
from collections.abc import Iterator
from typing import Any

import torch
from torch.profiler import ProfilerActivity, profile

from fovea_runtime.bench.clock import Called


def peak_memory(device: str, call: Called) -> int:
    """Additional bytes at the peak of one call, its results among them.

    On a GPU the allocator's own peak. On a CPU the running sum of the allocations and releases
    that PyTorch's allocator reports: operators' temporaries and oneDNN's scratch are among them,
    work space that MKL allocates for itself is not.
    """
    return _on_cuda(call) if device == "cuda" else _on_cpu(call)


def _on_cuda(call: Called) -> int:
    torch.cuda.synchronize()
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    call()
    torch.cuda.synchronize()
    return torch.cuda.max_memory_allocated() - before


def _on_cpu(call: Called) -> int:
    # What is freed in there must have been allocated in there.
    gc.collect()
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiler:
        call()
    used = peak = 0
    for _, change in sorted(_changes(profiler), key=lambda each: each[0]):
        used += change
        peak = max(peak, used)
    return peak


def _changes(profiler: profile) -> Iterator[tuple[int, int]]:
    """When memory was taken or given back, in nanoseconds, and how many bytes."""
    if profiler.profiler is None or profiler.profiler.kineto_results is None:
        raise RuntimeError("PyTorch's profiler gives no results")
    events: list[Any] = profiler.profiler.kineto_results.events()
    for event in events:
        if event.name() == "[memory]":
            yield event.start_ns(), event.nbytes()
