"""COCO's run lengths: masks column by column, as the lengths of runs of 0 and 1 by turns."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_FIRST = 48
"""The character that stands for 0 in a compressed string."""


def uncompressed(text: str) -> list[int]:
    """The runs of a compressed string.

    A number is written in groups of five bits, the lowest first, a sixth bit saying that another
    group follows; from the fourth number on it is the difference to the one two places before.

    Raises:
        ValueError: the text ends within a number, or has characters that there are not.
    """
    runs: list[int] = []
    value = shift = 0
    for character in text:
        group = ord(character) - _FIRST
        if not 0 <= group < 64:
            raise ValueError(f"{character!r} is in no run-length string")
        value |= (group & 0x1F) << shift
        shift += 5
        if group & 0x20:
            continue
        if group & 0x10:
            value -= 1 << shift
        runs.append(value + (runs[-2] if len(runs) > 2 else 0))
        value = shift = 0
    if shift > 0:
        raise ValueError("the run-length string is cut off")
    return runs


def runs_mask(
    runs: Sequence[int] | NDArray[np.int64], height: int, width: int
) -> NDArray[np.bool_]:
    """The mask, bool (H, W). The first run is of 0.

    Raises:
        ValueError: the runs are not as long as the mask.
    """
    lengths = np.asarray(runs, np.int64)
    if (lengths < 0).any() or lengths.sum() != height * width:
        raise ValueError(f"the runs cover {lengths.sum()} pixels and the mask has {height * width}")
    values = np.arange(len(lengths)) % 2 == 1
    return np.repeat(values, lengths).reshape(width, height).T
