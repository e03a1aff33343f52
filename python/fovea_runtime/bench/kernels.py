"""The record of one kernel file."""

import sys
from dataclasses import dataclass

import torch

from fovea_runtime.bench.case import Case
from fovea_runtime.bench.clock import make_clock
from fovea_runtime.bench.gate import dtype_text
from fovea_runtime.bench.measure import Record, measure
from fovea_runtime.certificate import device_name, versions
from fovea_runtime.kernel_file import KernelFile
from fovea_runtime.kernel_findings import LIMITS

VERSION = 1
"""Goes up when a record's fields change their meaning."""


@dataclass(frozen=True)
class Settings:
    """How all kernels of one call are measured."""

    device: str
    dtype: torch.dtype
    rounds: int
    machine: Record
    """From `measure_machine`."""
    alone: bool = False
    """Whether `auto` is measured without peers and other methods."""


def bench_kernel(
    kernel: KernelFile, shapes: list[tuple[int, int, int, int]], settings: Settings
) -> Record:
    """Measures a kernel on each (N, C, H, W), and tells of each on stderr."""
    device, dtype = settings.device, settings.dtype
    record: Record = {
        "v": VERSION,
        "kernel": kernel.name,
        "hash": kernel.hash,
        "device": device,
        "device_name": device_name(device),
        "threads": torch.get_num_threads(),
        "versions": versions(),
        "limits": LIMITS,
        "machine": settings.machine,
        "shapes": [],
        "failures": [],
    }
    try:
        module = kernel.load()
        clock = make_clock(device)
        for shape in shapes:
            print(f"{kernel.name} on {shape} {dtype_text(dtype)}", file=sys.stderr)
            case = Case(module.ROWS, module.COLUMNS, shape, dtype, device)
            found = measure(
                module, case, settings.machine, clock, settings.rounds, alone=settings.alone
            )
            record["shapes"].append(found)
            record["failures"] += [
                f"{each['name']} on {shape}: {failure}"
                for each in found["candidates"]
                if each["kind"] == "own"
                for failure in each["failures"]
            ]
    except Exception as error:  # noqa: BLE001 - whatever the file raises is the finding
        record["failures"].append(f"{kernel.path} cannot be run: {type(error).__name__}: {error}")
    record["passed"] = not record["failures"]
    return record
