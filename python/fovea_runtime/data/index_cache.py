"""Arrays that take long to gather, kept in the cache folder.

A file that is missing, damaged or of another version is as good as none; one that cannot be written
costs its making the next time.
"""

import hashlib
import io
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fovea_runtime import __version__
from fovea_runtime.cache_directory import cache_directory
from fovea_runtime.files import write_atomically

VERSION = 2
"""Goes up when what is kept, or how it is gathered, changes."""
_SETTLED = 3.0
"""Seconds after which a file system gives a second change another time than the first: what was
touched later than that before it was looked at may change again without showing it."""

Arrays = dict[str, NDArray[Any]]
Stamp = tuple[int, int, int, int]
NO_STAMP: Stamp = (0, 0, 0, 0)


def stamp(path: str | Path) -> Stamp:
    """What changes with a file's content or a folder's entries; `NO_STAMP` where it is missing."""
    try:
        found = os.stat(path)
    except OSError:
        return NO_STAMP
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def is_settled(stamps: list[Stamp], now: float | None = None) -> bool:
    """Whether later changes of these files will show in their stamps."""
    latest = max((max(mtime, ctime) for _, mtime, ctime, _ in stamps), default=0)
    return latest / 1e9 < (time.time() if now is None else now) - _SETTLED


def load(kind: str, key: Any) -> Arrays | None:
    """The arrays that are kept for a key (anything JSON can say), or None."""
    try:
        content = _path(kind, key).read_bytes()
        digest, packed = content[:32], content[32:]
        if hashlib.sha256(packed).digest() != digest:
            return None
        with np.load(io.BytesIO(packed), allow_pickle=False) as found:
            return dict(found)
    except (OSError, ValueError):
        return None


def store(kind: str, key: Any, arrays: Arrays) -> None:
    """Keeps arrays; where that fails, stderr is told and nothing else happens."""
    path = _path(kind, key)
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    packed = buffer.getvalue()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(
            path, lambda file: file.write_bytes(hashlib.sha256(packed).digest() + packed)
        )
    except OSError as error:
        print(f"the index of the data is not kept: {path}: {error}", file=sys.stderr)


def packed_json(value: Any) -> NDArray[np.uint8]:
    """A value as an array of its JSON's bytes."""
    return np.frombuffer(json.dumps(value).encode("ascii"), np.uint8)


def unpacked_json(array: NDArray[Any]) -> Any:
    """The value that `packed_json` packed."""
    return json.loads(array.tobytes())


def _path(kind: str, key: Any) -> Path:
    text = json.dumps([VERSION, __version__, kind, key])
    name = hashlib.sha256(text.encode("ascii")).hexdigest()[:32]
    return cache_directory() / "data" / f"{kind}-{name}.index"
