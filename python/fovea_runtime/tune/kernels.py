"""Every case of a kernel file: each planned map, dtype and batch."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

import torch

from fovea_runtime.bench.case import DTYPES, Case
from fovea_runtime.bench.clock import Clock
from fovea_runtime.bench.gate import dtype_text
from fovea_runtime.kernel_file import KernelFile, TargetError
from fovea_runtime.tune.device import Compiler, DeviceTrials
from fovea_runtime.tune.search import BrokenDefaultError, Found, search

Map = tuple[int, int]
"""Height and width."""

USUAL_CHANNELS = 64
"""Channels of a kernel whose network nobody names."""


@dataclass(frozen=True)
class Wanted:
    """What is tuned, and with what."""

    arch: str
    dtypes: tuple[str, ...]
    """Of `DTYPES`."""
    batches: tuple[int, ...]
    """Powers of two."""
    channels: Mapping[tuple[str, Map], int]
    """Channels by kernel and map."""
    clock: Clock
    compiler: Compiler
    device: str = "cuda"


@dataclass
class Results:
    """What a document tells, and which kernels are wrong."""

    entries: list[dict[str, Any]]
    cases: list[dict[str, Any]]
    failures: list[str]


def tune_kernels(files: list[KernelFile], wanted: Wanted) -> Results:
    """Searches case by case, and tells of each on stderr.

    Raises:
        TargetError: no file plans Triton kernels for a map.
    """
    results = Results([], [], [])
    tasks = list(_tasks(files, wanted, results.failures))
    if not tasks and not results.failures:
        raise TargetError("no kernel plans Triton kernels for a map: there is nothing to tune")
    for number, (file, kernel, case) in enumerate(tasks, 1):
        height, width = case.shape[2:]
        words = f"{file.name} {dtype_text(case.dtype)} {height}x{width} batch {case.shape[0]}"
        try:
            with closing(_trials(kernel, case, wanted)) as trials:
                found = search(trials.defaults(), trials)
        except (BrokenDefaultError, torch.OutOfMemoryError) as error:
            results.failures.append(f"{words}: {error}")
            _tell(f"[{number}/{len(tasks)}] {words}: FAILED: {error}")
            continue
        results.entries.append(_entry(wanted.arch, case, found))
        results.cases.append(_record(file, case, found))
        _tell(f"[{number}/{len(tasks)}] {words}: {found.default:.4f} -> {found.tuned:.4f} ms")
    return results


def _tasks(
    files: list[KernelFile], wanted: Wanted, failures: list[str]
) -> Iterator[tuple[KernelFile, ModuleType, Case]]:
    """One for each key of a table: the same grids on the same map are the same kernel."""
    seen: set[object] = set()
    for file in files:
        try:
            kernel = file.load()
        except Exception as error:  # noqa: BLE001 - whatever the file raises is the finding
            failures.append(f"{file.path} cannot be run: {type(error).__name__}: {error}")
            continue
        # A file that is older than the name has none.
        maps: tuple[Map, ...] = getattr(kernel, "MAPS", ())
        for size, dtype, batch in itertools.product(maps, wanted.dtypes, wanted.batches):
            key = (kernel.ROWS, kernel.COLUMNS, size, dtype, batch)
            if key in seen:
                continue
            seen.add(key)
            channels = wanted.channels.get((file.name, size), USUAL_CHANNELS)
            shape = (batch, channels, *size)
            yield (
                file,
                kernel,
                Case(kernel.ROWS, kernel.COLUMNS, shape, DTYPES[dtype], wanted.device),
            )


def _trials(kernel: ModuleType, case: Case, wanted: Wanted) -> DeviceTrials:
    batch, channels, height, width = case.shape
    # The least batch that an entry holds for: no tile of images is full.
    least = replace(case, shape=(batch // 2 + 1, channels, height, width))
    cases = [case] if least == case else [case, least]
    return DeviceTrials(kernel, cases, wanted.clock, wanted.compiler)


def _entry(arch: str, case: Case, found: Found) -> dict[str, Any]:
    """As `TunedEntry` of src/plan/triton/tuned.ts has it."""
    return {
        "arch": arch,
        "dtype": dtype_text(case.dtype),
        "map": list(case.shape[2:]),
        "rows": list(case.rows),
        "columns": list(case.columns),
        "batch": case.shape[0],
        "launches": found.launches,
    }


def _record(file: KernelFile, case: Case, found: Found) -> dict[str, Any]:
    batch, channels, *size = case.shape
    return {
        "kernel": file.name,
        "dtype": dtype_text(case.dtype),
        "map": size,
        "batch": batch,
        "channels": channels,
        "default": found.default,
        "tuned": found.tuned,
        "candidates": found.candidates,
        "dropped": dict(sorted(found.dropped.items())),
    }


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
