"""The operator by its definition, independent of what a kernel file computes with."""

from types import ModuleType

import torch.nn.functional as F
from torch import Tensor


def definition(kernel: ModuleType, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """Convolves x (N, C, H, W) with weight (C, rows, columns), from the kernel's cells alone."""
    rows = [cell for cell, size in enumerate(kernel.ROWS) for _ in range(size)]
    columns = [cell for cell, size in enumerate(kernel.COLUMNS) for _ in range(size)]
    taps = weight[:, rows][:, :, columns].unsqueeze(1)
    padding = (len(rows) // 2, len(columns) // 2)
    return F.conv2d(x.contiguous(), taps, bias, padding=padding, groups=x.shape[1])
