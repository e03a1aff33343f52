"""What a kernel file launches during a call, and whether it spills."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from types import ModuleType
from typing import Any
from unittest import mock


def launches_of(kernel: ModuleType, call: Callable[[], object]) -> dict[str, int]:
    """Runs a call of a kernel file.

    Returns:
        The launches that it asks `_launch` for, in their order, and the spilled 32-bit registers
        a thread of what they ran, as the CUDA driver tells them.

    Raises:
        Exception: whatever compiling or launching raises.
    """
    spills: dict[str, int] = {}
    asked = ""
    launch = kernel._launch

    def ask(x: Any, name: str) -> dict[str, Any]:
        nonlocal asked
        asked = name
        spills.setdefault(name, 0)
        return launch(x, name)

    def note(compiled: Any) -> None:
        # A kernel is launched right after its launch is asked for.
        spills[asked] = max(spills[asked], compiled.n_spills)

    with mock.patch.object(kernel, "_launch", ask), _noting(note):
        call()
    return spills


def _noting(note: Callable[[Any], None]) -> AbstractContextManager[object]:
    """Hands on every compiled kernel that Triton launches."""
    try:
        from triton.runtime.jit import JITFunction
    except ImportError:
        return nullcontext()
    run = JITFunction.run

    def noted(self: Any, *args: Any, **options: Any) -> Any:
        compiled = run(self, *args, **options)
        note(compiled)
        return compiled

    return mock.patch.object(JITFunction, "run", noted)
