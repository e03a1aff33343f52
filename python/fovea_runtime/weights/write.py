"""Writing weights: whole or not at all."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from fovea_runtime.files import write_atomically
from fovea_runtime.weights.mistake import UNWRITABLE, WeightsMistake

SAFETENSORS = ".safetensors"


def write_safetensors(path: Path, state: dict[str, Tensor], notes: Mapping[str, str]) -> None:
    """A safetensors file; `notes` go into its header.

    Raises:
        WeightsMistake: the disk refuses.
    """

    def write(temporary: Path) -> None:
        # safetensors makes files that nobody else can read; this one is like any other.
        temporary.touch()
        mode = temporary.stat().st_mode
        save_file(state, temporary, {"format": "pt", **notes})
        temporary.chmod(mode)

    _write(path, write)


def write_torch(path: Path, content: object) -> None:
    """What `torch.save` writes.

    Raises:
        WeightsMistake: the disk refuses.
    """
    _write(path, lambda temporary: torch.save(content, temporary))


def _write(path: Path, write: Callable[[Path], object]) -> None:
    missing = [each for each in path.parents if not each.exists()]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, write)
    except Exception as error:  # the disk, torch and safetensors each have their own
        with suppress(OSError):
            for folder in missing:
                folder.rmdir()
        raise WeightsMistake(
            UNWRITABLE,
            f"{path} cannot be written: {_reason(error)}",
            value=str(path),
            fix="free some space, or name a file that you can write",
        ) from error


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)
