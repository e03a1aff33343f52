"""Compiles one specialisation of a kernel and reads what it takes of a GPU."""

from __future__ import annotations

import functools
import re
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

from triton import knobs

from fovea_runtime.compile_target import use_architecture
from fovea_runtime.kernel_file import KernelFile
from fovea_runtime.kernel_launches import Launch, describe

Row = dict[str, Any]

_MATRIX_INSTRUCTIONS = {"wgmma": "wgmma.mma_async", "tcgen05": "tcgen05.mma", "mma": "mma.sync"}


def measure(launch: Launch) -> Row | str:
    """The launch's row of the report, or in words why it does not compile."""
    try:
        return _measure(launch)
    except Exception as error:  # noqa: BLE001 - Triton's own errors do not survive a pool of processes
        return f"{type(error).__name__}: {error}"


def _measure(launch: Launch) -> Row:
    use_architecture(launch.arch)
    function = getattr(_load(launch.file), launch.function)
    compiled = function.preload(launch.specialisation)
    cubin = next(
        Path(path) for name, path in compiled.metadata_group.items() if name.endswith(".cubin")
    )
    used = resource_usage(cubin, compiled.metadata.name)
    return {
        "kernel": launch.function,
        "arch": launch.arch,
        "registers": used["REG"],
        "spills": used["STACK"] + used["LOCAL"],
        "shared": compiled.metadata.shared,
        "mma": matrix_instruction(compiled.asm["ptx"]),
        "module": launch.file.name,
        "hash": launch.file.hash,
        "dtypes": launch.dtypes,
        "maps": launch.maps,
        **describe(launch, function),
        "cubin": str(cubin),
    }


@functools.cache
def _load(file: KernelFile) -> ModuleType:
    return file.load()


def resource_usage(cubin: Path, function: str) -> dict[str, int]:
    """cuobjdump's figures for a function: REG (a thread), STACK and LOCAL (bytes a thread), …

    Raises:
        subprocess.CalledProcessError: cuobjdump cannot read the file.
        ValueError: it does not list the function.
    """
    command = [knobs.nvidia.cuobjdump.path, "--dump-resource-usage", str(cubin)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    listed = re.search(rf"Function {re.escape(function)}:\s*(.*)", told)
    if listed is None:
        raise ValueError(f"cuobjdump lists no {function} in {cubin}: {told}")
    return {name: int(size) for name, size in re.findall(r"(\w+):(\d+)", listed[1])}


def matrix_instruction(ptx: str) -> str | None:
    """Which matrix instructions a kernel uses, if any."""
    for name, instruction in _MATRIX_INSTRUCTIONS.items():
        if instruction in ptx:
            return name
    return None
