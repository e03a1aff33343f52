"""Large kernels of generated networks: their grids, and the branches that merge into them."""

from dataclasses import dataclass
from itertools import accumulate

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Grid:
    """Taps of each cell along both axes of a shared kernel (PeLK, equation 1)."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]

    @property
    def kernel(self) -> tuple[int, int]:
        """Height and width in taps."""
        return sum(self.rows), sum(self.columns)

    @property
    def taps(self) -> Tensor:
        """To how many taps each weight of a channel is copied: (A · B,)."""
        return (torch.tensor(self.rows)[:, None] * torch.tensor(self.columns)).flatten()

    def cells_below(self, height: int, width: int) -> Tensor:
        """On which weight of a channel each tap of a kernel in the middle falls: (height · width,).

        Raises:
            ValueError: such a kernel does not lie inside, or has no middle tap.
        """
        sides = self.kernel
        if height % 2 == 0 or width % 2 == 0 or height > sides[0] or width > sides[1]:
            raise ValueError(
                f"a branch of {height}x{width} taps does not lie in the middle of a kernel of "
                f"{sides[0]}x{sides[1]}; odd sides no longer than the kernel's are wanted"
            )
        rows = _cells_of_taps(self.rows, height)
        columns = _cells_of_taps(self.columns, width)
        return (rows[:, None] * len(self.columns) + columns).flatten()


def grid_of(module: nn.Module) -> Grid | None:
    """The grid of an emitted `PeripheralConv2d`, whose Python module holds ROWS and COLUMNS."""
    weight = getattr(module, "weight", None)
    if not isinstance(weight, nn.Parameter) or weight.ndim != 3:
        return None
    for kind in type(module).__mro__:
        names = getattr(vars(kind).get("forward"), "__globals__", {})
        if "ROWS" in names and "COLUMNS" in names and "KERNEL" in names:
            return Grid(tuple(names["ROWS"]), tuple(names["COLUMNS"]))
    return None


@dataclass(frozen=True)
class Merge:
    """A branch's weight (C, 1, b, b) that `fuse()` adds to the middle of a kernel's (C, A, B)."""

    kernel: nn.Parameter
    branch: nn.Parameter
    cells: Tensor
    """For each tap of the branch the weight of the kernel that it falls on: (b · b,)."""


def merges_of(module: nn.Module) -> list[Merge]:
    """What `fuse()` of an emitted mixer merges: the square into the large kernel or the tall stripe.

    Raises:
        ValueError: the branch does not lie inside of the kernel.
    """
    branch = getattr(module, "small", None)
    if not hasattr(module, "corner") or not isinstance(branch, nn.Conv2d):
        return []
    for name in ("large", "tall"):
        kernel = getattr(module, name, None)
        grid = grid_of(kernel) if isinstance(kernel, nn.Module) else None
        if grid is not None:
            assert isinstance(kernel, nn.Module)
            weight = kernel.weight
            assert isinstance(weight, nn.Parameter)
            added = branch.weight
            assert isinstance(added, nn.Parameter)
            return [Merge(weight, added, grid.cells_below(*added.shape[2:]))]
    return []


def _cells_of_taps(cells: tuple[int, ...], taps: int) -> Tensor:
    """The cells of the `taps` taps in the middle of an axis."""
    first = (sum(cells) - taps) // 2
    ends = torch.tensor(list(accumulate(cells)))
    return torch.bucketize(torch.arange(first, first + taps), ends, right=True)
