"""Many names in two arrays."""

import os
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray


class Names:
    """Names by number.

    A list of a million Python strings is copied, page by page, into every process that is forked
    from this one, because looking at a string writes to its reference count; two arrays are not.

    Args:
        text: the bytes of all names, one after the other.
        ends: where each of them ends in `text`.
    """

    def __init__(self, text: NDArray[np.uint8], ends: NDArray[np.int64]) -> None:
        self.text = text
        self.ends = ends

    @classmethod
    def of(cls, names: Iterable[str]) -> "Names":
        """Packs names; what is no UTF-8 in them is kept as the file system has it."""
        encoded = [os.fsencode(name) for name in names]
        ends = np.cumsum([len(each) for each in encoded], dtype=np.int64)
        return cls(np.frombuffer(b"".join(encoded), np.uint8), ends)

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, index: int) -> str:
        if not 0 <= index < len(self.ends):
            raise IndexError(index)
        first = int(self.ends[index - 1]) if index > 0 else 0
        return os.fsdecode(self.text[first : int(self.ends[index])].tobytes())
