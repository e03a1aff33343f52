"""Where exports are put: whole, or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from fovea_runtime.files import file_sha256
from fovea_runtime.weights.mistake import UNWRITABLE, WeightsMistake


@contextmanager
def staging(out: Path) -> Iterator[Path]:
    """A folder beside `out` to write in, gone afterwards; folders that were made for nothing too.

    Raises:
        WeightsMistake: the disk refuses, here or inside.
    """
    missing = [each for each in out.parents if not each.exists()]
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".tmp", dir=out.parent))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise WeightsMistake(
            UNWRITABLE,
            f"{out} cannot be written: {error.strerror or error}",
            value=str(out),
            fix="free some space, or name a place that you can write to",
        ) from error
    finally:
        with suppress(OSError):
            for parent in missing:
                parent.rmdir()


def put(written: Path, out: Path) -> list[Path]:
    """Moves what lies beside `written`, or in it where it is a folder, to `out`; sorted.

    Files that are there already are replaced one by one.
    """
    if written.is_dir():
        source, target = written, out
        out.mkdir(exist_ok=True)
    else:
        source, target = written.parent, out.parent
    mode = _usual_mode(source)
    moved = []
    for file in sorted(source.iterdir()):
        # safetensors makes files that nobody else can read; these are like any other.
        file.chmod(mode)
        with file.open("rb+") as opened:
            os.fsync(opened.fileno())
        moved.append(file.replace(target / file.name))
    return moved


def described(file: Path) -> dict[str, Any]:
    """Path, size in bytes and SHA-256."""
    return {"path": str(file), "bytes": file.stat().st_size, "sha256": file_sha256(file)}


def _usual_mode(folder: Path) -> int:
    probe = folder / ".mode"
    probe.touch()
    mode = probe.stat().st_mode
    probe.unlink()
    return mode
