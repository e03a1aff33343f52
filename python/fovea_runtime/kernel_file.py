"""Emitted kernel files: where they are, which code they hold, and how they are loaded."""

import hashlib
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

_OPERATOR = re.compile(r'^(_OPERATOR = "\w+)"$', re.MULTILINE)


@dataclass(frozen=True)
class KernelFile:
    """A kernel file; files with the same code have the same `hash`, whatever their header says."""

    path: Path
    text: str
    hash: str

    @property
    def name(self) -> str:
        return self.path.stem

    def load(self) -> ModuleType:
        """Runs the file as a module of its own.

        Raises:
            Exception: whatever the file raises.
        """
        name = f"fovea_kernel_{self.hash}"
        # Copies of a file share their operators. What is verified must be this very text, so
        # it gets operators that no other text has.
        text = _OPERATOR.sub(rf'\g<1>_{self.hash[:16]}"', self.text)
        module = ModuleType(name)
        module.__file__ = str(self.path)
        sys.modules[name] = module
        exec(compile(text, str(self.path), "exec"), module.__dict__)  # noqa: S102 - a kernel file's own code
        return module


class TargetError(Exception):
    """A target that is no kernel file and no generated package."""


def find_kernel_files(targets: list[Path]) -> list[KernelFile]:
    """The kernel files named, and those of the packages named; one for each hash.

    Raises:
        TargetError: a target is neither, or cannot be read.
    """
    found: dict[str, KernelFile] = {}
    for target in targets:
        for path in _paths(target):
            kernel = _read(path)
            found.setdefault(kernel.hash, kernel)
    return list(found.values())


def _paths(target: Path) -> list[Path]:
    if target.is_file() and target.suffix == ".py":
        return [target]
    manifest = target / "manifest.json"
    if not manifest.is_file():
        raise TargetError(f"{target} is no kernel file (.py) and no generated package")
    try:
        kernels = json.loads(manifest.read_text(encoding="utf-8"))["kernels"]
        return [target / kernel["path"] for kernel in kernels]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TargetError(f"{manifest} cannot be read: {error!r}") from error


def _read(path: Path) -> KernelFile:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise TargetError(f"{path} cannot be read: {error}") from error
    code = _without_header(text)
    for name in ("ROWS", "COLUMNS", "METHODS"):
        if f"\n{name}: " not in code:
            raise TargetError(f"{path} is no kernel file of fovea: it has no {name}")
    return KernelFile(path, text, hashlib.sha256(code.encode()).hexdigest())


def _without_header(text: str) -> str:
    """The code after the comment block at the file's head, which names source and command."""
    lines = text.splitlines(keepends=True)
    first = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return "".join(lines[first:])
