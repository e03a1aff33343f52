"""What the launching code of a kernel file would have Triton compile."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from types import ModuleType
from typing import Any, TypeVar
from unittest import mock

import torch
from torch import Tensor
from triton import knobs

from fovea_runtime.compile_target import ARCHITECTURES, DTYPES, use_architecture
from fovea_runtime.kernel_file import KernelFile

T = TypeVar("T")

UNPLANNED = (37, 41)
"""A map that no file plans for; nothing about it is a multiple of 16."""

# What is passed to a kernel specialises it where it is 1 or 16 divides it: small and large batches
# differ in the images that one program takes.
_BATCHES, _CHANNELS = (64, 256), 48
_ODD = (1, 6)


@dataclass
class Launch:
    """One specialisation of one jit function, and the calls that lead to it."""

    file: KernelFile
    function: str
    """The jit function's name."""
    arch: str
    specialisation: str
    """As Triton writes it for `JITFunction.preload`."""
    dtypes: list[str] = field(default_factory=list)
    maps: list[tuple[int, int]] = field(default_factory=list)


def find_launches(file: KernelFile, arches: Iterable[str], dtypes: Iterable[str]) -> list[Launch]:
    """Runs the file's launching code on tensors without data; nothing is compiled or launched.

    Raises:
        Exception: whatever the file raises.
    """
    module = file.load()
    found: dict[tuple[str, str, str], Launch] = {}
    for arch in arches:
        use_architecture(arch)
        for dtype in dtypes:
            for shape in _shapes(module):
                calls = partial(_call_everything, module, shape, getattr(torch, DTYPES[dtype]))
                with _capability(arch):
                    specialisations = _specialisations(calls)
                for function, specialisation in specialisations:
                    launch = found.setdefault(
                        (arch, function, specialisation),
                        Launch(file, function, arch, specialisation),
                    )
                    _add(launch.dtypes, dtype)
                    _add(launch.maps, shape[2:])
    return list(found.values())


def _add(seen: list[T], value: T) -> None:
    if value not in seen:
        seen.append(value)


def _capability(arch: str) -> AbstractContextManager[object]:
    """Lets launching code that asks for the GPU's compute capability hear the architecture's."""
    capability = divmod(ARCHITECTURES[arch].capability, 10)
    return mock.patch.object(torch.cuda, "get_device_capability", lambda *_: capability)


class _Tensor(torch.Tensor):
    """Without data, and on a GPU for whoever asks."""

    @property
    def is_cuda(self) -> bool:  # pyright: ignore[reportIncompatibleVariableOverride]
        return True


def _shapes(module: ModuleType) -> list[tuple[int, int, int, int]]:
    """(N, C, H, W) for every map that the file plans for, and for one that it does not."""
    batches = dict.fromkeys([*_BATCHES, *(key[-1] for key in getattr(module, "_TUNED", ()))])
    maps = [*getattr(module, "MAPS", ()), UNPLANNED]
    shapes = [(batch, _CHANNELS, *size) for size in maps for batch in batches]
    return [*shapes, (*_ODD, *UNPLANNED)]


def _call_everything(
    module: ModuleType, shape: tuple[int, int, int, int], dtype: torch.dtype
) -> None:
    """All that launches kernels, on all channels of x and on the first half of them."""
    convolve, differentiate = module._IMPLEMENTATIONS["triton"]
    batch, channels, height, width = shape

    def new(*sizes: int) -> Tensor:
        return torch.empty(sizes, dtype=dtype, device="meta").as_subclass(_Tensor)

    weight, bias = new(channels, len(module.ROWS), len(module.COLUMNS)), new(channels)
    for held in (channels, 2 * channels):
        x = new(batch, held, height, width)
        gradient = new(batch, held, height, width)
        convolve(x, weight, None, False)
        convolve(x, weight, bias, False)
        convolve(x, weight, None, True)
        for needed in ((True, True), (True, False), (False, True)):
            differentiate(x, weight, gradient, None, needed)


def _specialisations(call: Callable[[], None]) -> list[tuple[str, str]]:
    """The launches of a call, in order, each as a jit function's name and a specialisation."""
    runtime = knobs.runtime
    found: list[tuple[str, str]] = []

    def note(*, fn: Any, compile: Any, **_: object) -> bool:
        found.append((fn.jit_function.fn.__name__, compile["specialization_data"]))
        return True  # Triton then neither compiles nor launches.

    before = runtime.jit_cache_hook
    runtime.jit_cache_hook = note
    try:
        call()
    finally:
        runtime.jit_cache_hook = before
    return found


def describe(launch: Launch, function: Any) -> dict[str, Any]:
    """The specialisation by argument: types, constants, and which ones 16 divides.

    Args:
        launch: what was found.
        function: the jit function itself.
    """
    data = json.loads(launch.specialisation)
    names = function.arg_names
    return {
        "signature": {k: v for k, v in data["signature"].items() if v != "constexpr"},
        "constants": {
            ".".join([names[first], *map(str, rest)]): value
            for (first, *rest), value in zip(
                data["constant_keys"], data["constant_vals"], strict=True
            )
        },
        "divisible_by_16": [
            names[first]
            for (first, *_), attributes in zip(data["attrs_keys"], data["attrs_vals"], strict=True)
            if ["tt.divisibility", 16] in attributes
        ],
        "num_warps": data["options"]["num_warps"],
        "num_stages": data["options"]["num_stages"],
    }
