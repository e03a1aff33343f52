"""Sharing grids of a generated network's layers, and what they do to kernels."""

import sys
from dataclasses import dataclass

import torch
from torch import Tensor, nn

Cells = tuple[int, ...]


@dataclass(frozen=True)
class Grid:
    """Cell sizes in taps along each axis, from the first tap to the last; each sum is odd."""

    rows: Cells
    columns: Cells

    @classmethod
    def dense(cls, height: int, width: int) -> "Grid":
        """The grid of a kernel that shares nothing."""
        return cls((1,) * height, (1,) * width)

    @property
    def sides(self) -> tuple[int, int]:
        """Height and width of the kernel, in taps."""
        return sum(self.rows), sum(self.columns)

    @property
    def cells(self) -> tuple[int, int]:
        """Cells along each axis: the shape of a channel's weight."""
        return len(self.rows), len(self.columns)

    def expand(self, weight: Tensor) -> Tensor:
        """Every tap of a zone is the zone's weight: (C, A, B) -> (C, k_h, k_w) (PeLK, equation 1)."""
        rows = torch.tensor(self.rows, device=weight.device)
        columns = torch.tensor(self.columns, device=weight.device)
        return weight.repeat_interleave(rows, 1).repeat_interleave(columns, 2)

    def project(self, kernel: Tensor) -> Tensor:
        """The weight whose expansion is nearest to `kernel`, in least squares.

        kernel (C, k_h, k_w) -> (C, A, B), in float64. Zones do not overlap, so each weight is
        found by itself: the value with the least sum of squared distances to the taps of its zone
        is their mean. A kernel that the grid can hold comes back exactly.
        """
        channels = kernel.shape[0]
        kernel = kernel.double()
        by_rows = kernel.new_zeros(channels, len(self.rows), kernel.shape[2])
        by_rows.index_add_(1, _cell_of_tap(self.rows), kernel)
        sums = kernel.new_zeros(channels, *self.cells)
        sums.index_add_(2, _cell_of_tap(self.columns), by_rows)
        taps = torch.tensor(self.rows)[:, None] * torch.tensor(self.columns)
        return sums / taps


def grids_of(model: nn.Module) -> dict[str, Grid]:
    """The grid of each large kernel of a generated network, by the layer's name."""
    found: dict[str, Grid] = {}
    for name, module in model.named_modules():
        if callable(getattr(module, "which_method", None)):
            kernels = sys.modules[type(module).__module__]
            found[name] = Grid(kernels.ROWS, kernels.COLUMNS)
    return found


def centred(kernel: Tensor, sides: tuple[int, int]) -> Tensor:
    """The middle of a kernel (C, h, w), or the kernel amid zeros: (C, *sides). Sides are odd."""
    for axis, side in enumerate(sides, start=1):
        grow = (side - kernel.shape[axis]) // 2
        if grow < 0:
            kernel = kernel.narrow(axis, -grow, side)
        elif grow > 0:
            shape = list(kernel.shape)
            shape[axis] = grow
            zeros = kernel.new_zeros(shape)
            kernel = torch.cat((zeros, kernel, zeros), axis)
    return kernel


def _cell_of_tap(cells: Cells) -> Tensor:
    """For each tap of an axis, the index of its cell."""
    return torch.arange(len(cells)).repeat_interleave(torch.tensor(cells))
