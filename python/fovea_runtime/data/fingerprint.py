"""Digests of data: what tells that two runs were trained and evaluated on the same.

What a digest covers is in docs/provenance.md. It does not depend on where the data lies.
"""

import hashlib
import os
from collections.abc import Iterable
from concurrent.futures import Executor

import numpy as np
from numpy.typing import NDArray

from fovea_runtime.data.names import Names
from fovea_runtime.files import file_sha256

READ_WHOLE = 256 * 2**20
"""Files of so many bytes together are read whole for their digest; of more, names and sizes count."""
_FORM = b"fovea data 1"
"""Goes up when a digest covers other things: then none is equal to an older one."""


class Fingerprint:
    """SHA-256 of named parts; the same parts in another order or cut otherwise differ."""

    def __init__(self, kind: str) -> None:
        self._digest = hashlib.sha256(_FORM)
        self.add("kind", kind)

    def add(self, name: str, value: bytes | str | int | NDArray[np.generic]) -> None:
        """One part: bytes, a text, a number, or an array with its type and shape."""
        if isinstance(value, np.ndarray):
            portable = np.ascontiguousarray(value, value.dtype.newbyteorder("<"))
            name = f"{name} {value.dtype.name} {value.shape}"
            value = portable.tobytes()
        content = value if isinstance(value, bytes) else os.fsencode(str(value))
        self._digest.update(f"\n{name} {len(content)} ".encode())
        self._digest.update(content)

    def hexdigest(self) -> str:
        """64 hexadecimal digits."""
        return self._digest.hexdigest()


def add_files(
    to: Fingerprint, paths: Iterable[str], sizes: NDArray[np.int64], threads: Executor
) -> None:
    """The sizes of files, and what they hold where all of them are small together.

    A file that cannot be read counts as one without content.
    """
    to.add("sizes", sizes)
    whole = int(sizes.sum()) <= READ_WHOLE
    to.add("content", "whole" if whole else "sizes alone")
    if whole:
        to.add("contents", "".join(threads.map(_content, paths)))


def add_names(to: Fingerprint, names: Names) -> None:
    """Names in their order."""
    to.add("names", names.blobs.content)
    to.add("ends", names.blobs.ends)


def _content(path: str) -> str:
    try:
        return file_sha256(path)
    except OSError:
        return "-" * 64
