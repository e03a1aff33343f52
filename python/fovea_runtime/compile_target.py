"""Architectures and dtypes that kernels are compiled for, and a driver that stands for a GPU of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from triton.backends.compiler import GPUTarget


@dataclass(frozen=True)
class Architecture:
    capability: int
    """Ten times the compute capability."""
    shared: int
    """Bytes of shared memory that one block can have, as the CUDA programming guide lists them."""


ARCHITECTURES = {
    "sm_80": Architecture(80, 163 * 1024),
    "sm_86": Architecture(86, 99 * 1024),
    "sm_89": Architecture(89, 99 * 1024),
    "sm_90": Architecture(90, 227 * 1024),
    "sm_100": Architecture(100, 227 * 1024),
    "sm_120": Architecture(120, 99 * 1024),
}

DTYPES = {"bf16": "bfloat16", "fp16": "float16", "fp32": "float32"}
"""Dtypes by Triton's names, as torch calls them."""


class _Driver:
    """As much of Triton's driver as specialising and compiling ask for."""

    def __init__(self, architecture: Architecture) -> None:
        self._capability = architecture.capability

    def get_current_target(self) -> GPUTarget:
        from triton.backends.compiler import GPUTarget

        return GPUTarget("cuda", self._capability, 32)

    def get_current_device(self) -> int:
        # Triton keeps a kernel's target by device: every architecture is a device of its own.
        return self._capability

    def get_current_stream(self, device: int) -> int:
        return 0


def use_architecture(name: str) -> None:
    """Lets Triton compile for one of ARCHITECTURES in this process from now on."""
    from triton.runtime.driver import driver

    driver.set_active(cast("Any", _Driver(ARCHITECTURES[name])))
