"""A shared kernel on another grid: cells keep their meaning.

The rule, along each axis and from the middle tap outwards: **a new cell takes the mean of the old
kernel over the taps that both have; a cell with no such tap starts at zero.**
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from fovea_runtime.reparam.convolution import distance
from fovea_runtime.reparam.grid import Cells, Grid


@dataclass(frozen=True)
class Resized:
    """The weight (C, A', B'), in float64, and what became of a channel's zones.

    Of the new ones `copied` have the value of one old zone, `averaged` the mean of several, and
    `added` start at zero; `grown` are those of the first two that reach beyond the old kernel.
    `dropped` are old ones of which no tap is left. `change` is how far the expanded kernels are
    apart, relative to the old one, in the Frobenius norm.
    """

    weight: Tensor
    copied: int
    averaged: int
    added: int
    grown: int
    dropped: int
    change: float


def resize(weight: Tensor, old: Grid, new: Grid) -> Resized:
    """Carries a weight (C, A, B) from one grid to another.

    A kernel that the new grid can hold stays the same kernel.
    """
    rows, columns = _common(old.rows, new.rows), _common(old.columns, new.columns)
    taps = rows.sum(1)[:, None] * columns.sum(1)
    # Counts times float32 are exact in float64, and the mean of equal values is that value.
    sums = rows.double() @ weight.double() @ columns.double().T
    resized = weight.double() if old == new else sums / taps.clamp(min=1)
    sources = (rows > 0).sum(1)[:, None] * (columns > 0).sum(1)
    size = torch.tensor(new.rows)[:, None] * torch.tensor(new.columns)
    left = (rows.sum(0) > 0)[:, None] & (columns.sum(0) > 0)
    return Resized(
        resized,
        copied=int((sources == 1).sum()),
        averaged=int((sources > 1).sum()),
        added=int((sources == 0).sum()),
        grown=int(((taps > 0) & (taps < size)).sum()),
        dropped=int((~left).sum()),
        change=distance(new.expand(resized), old.expand(weight.double())),
    )


def _common(old: Cells, new: Cells) -> Tensor:
    """How many taps each new cell shares with each old one, both axes around one middle: (A', A)."""
    counts = torch.zeros(len(new), len(old), dtype=torch.int64)
    owner = dict(_cells_by_tap(old))
    for tap, cell in _cells_by_tap(new):
        if tap in owner:
            counts[cell, owner[tap]] += 1
    return counts


def _cells_by_tap(cells: Cells) -> list[tuple[int, int]]:
    """Each tap, counted from the middle, with the index of its cell."""
    owners = [index for index, size in enumerate(cells) for _ in range(size)]
    middle = len(owners) // 2
    return [(tap - middle, cell) for tap, cell in enumerate(owners)]
