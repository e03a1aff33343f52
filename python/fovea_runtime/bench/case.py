"""What is measured: one kernel on one shape, dtype and device."""

from dataclasses import dataclass

import torch
from torch import Tensor

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


@dataclass(frozen=True)
class Case:
    """A pair of sharing grids on maps of `shape` (N, C, H, W)."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    shape: tuple[int, int, int, int]
    dtype: torch.dtype
    device: str

    @property
    def kernel(self) -> tuple[int, int]:
        """Taps (height, width)."""
        return sum(self.rows), sum(self.columns)

    @property
    def reach(self) -> tuple[int, int]:
        """Largest offsets from the middle tap that can meet data."""
        height, width = self.shape[2:]
        return min(self.kernel[0] // 2, height - 1), min(self.kernel[1] // 2, width - 1)

    @property
    def reaching_cells(self) -> tuple[list[int], list[int]]:
        """The row cell and the column cell of every tap that can meet data, in their order."""
        reach_h, reach_w = self.reach
        return _reaching(self.rows, reach_h), _reaching(self.columns, reach_w)

    @property
    def reaching_taps(self) -> tuple[slice, slice]:
        """Where those taps lie in the whole kernel."""
        (height, width), (reach_h, reach_w) = self.kernel, self.reach
        return _middle(height, reach_h), _middle(width, reach_w)


@dataclass(frozen=True)
class Inputs:
    """x and the output's gradient (N, C, H, W), the weight (C, A_h, A_w)."""

    x: Tensor
    weight: Tensor
    gradient: Tensor

    def channels_last(self) -> "Inputs":
        """The same values, maps with their channels last."""
        x, gradient = (
            tensor.contiguous(memory_format=torch.channels_last)
            for tensor in (self.x, self.gradient)
        )
        return Inputs(x, self.weight, gradient)


def make_inputs(case: Case) -> Inputs:
    """Seeded random tensors, scaled so that float16 cannot overflow."""
    generator = torch.Generator().manual_seed(0)

    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator)

    channels, height, width = case.shape[1:]
    x = normal(*case.shape)
    weight = normal(channels, len(case.rows), len(case.columns)) / case.kernel[0] ** 0.5
    gradient = normal(*case.shape) / (height * width) ** 0.5
    return Inputs(*(tensor.to(case.device, case.dtype) for tensor in (x, weight, gradient)))


def _reaching(cells: tuple[int, ...], reach: int) -> list[int]:
    taps = [cell for cell, size in enumerate(cells) for _ in range(size)]
    return taps[_middle(len(taps), reach)]


def _middle(size: int, reach: int) -> slice:
    return slice(size // 2 - reach, size // 2 + reach + 1)
