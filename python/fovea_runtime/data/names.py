"""Many names, or other short pieces of bytes, in two arrays."""

import os
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray


class Blobs:
    """Bytes by number.

    A list of a million Python objects is copied, page by page, into every process that is forked
    from this one, because looking at an object writes to its reference count; two arrays are not.

    Args:
        content: all of them, one after the other.
        ends: where each of them ends in `content`.
    """

    def __init__(self, content: NDArray[np.uint8], ends: NDArray[np.int64]) -> None:
        self.content = content
        self.ends = ends

    @classmethod
    def pack(cls, blobs: Iterable[bytes]) -> "Blobs":
        """Puts them into arrays."""
        kept = list(blobs)
        ends = np.cumsum([len(each) for each in kept], dtype=np.int64)
        return cls(np.frombuffer(b"".join(kept), np.uint8), ends)

    def __len__(self) -> int:
        return len(self.ends)

    def bytes_of(self, index: int) -> bytes:
        """The bytes of one."""
        if not 0 <= index < len(self.ends):
            raise IndexError(index)
        first = int(self.ends[index - 1]) if index > 0 else 0
        return self.content[first : int(self.ends[index])].tobytes()


class Names:
    """Names by number; what is no UTF-8 in them is kept as the file system has it."""

    def __init__(self, blobs: Blobs) -> None:
        self.blobs = blobs

    @classmethod
    def of(cls, names: Iterable[str]) -> "Names":
        """Puts them into arrays."""
        return cls(Blobs.pack(os.fsencode(name) for name in names))

    def __len__(self) -> int:
        return len(self.blobs)

    def __getitem__(self, index: int) -> str:
        return os.fsdecode(self.blobs.bytes_of(index))
