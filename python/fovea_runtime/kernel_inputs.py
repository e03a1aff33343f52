"""Values for a case, and how they lie in memory."""

import math
from types import ModuleType
from typing import NamedTuple

import torch
from torch import Tensor

from fovea_runtime.kernel_cases import Case

_LARGEST = 5_000.0
"""Standard deviation that no result passes, so that float16 never overflows."""


class Inputs(NamedTuple):
    """The arguments of one convolution; g of the C channels are convolved."""

    x: Tensor
    """(N, C, H, W)."""
    weight: Tensor
    """(g, rows, columns)."""
    bias: Tensor | None
    """(g,)."""
    gradient: Tensor
    """The output's: (N, C, H, W)."""


def make_inputs(kernel: ModuleType, case: Case, dtype: torch.dtype, device: str) -> Inputs:
    """Seeded values, laid out as the case says."""
    generator = torch.Generator().manual_seed(0)

    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator, dtype=torch.float64)

    channels = case.shape[1] if case.convolved is None else case.convolved
    weight_scale, gradient_scale = _scales(kernel, case)
    x = normal(*case.shape) + case.mean
    gradient = (normal(*case.shape) + case.gradient_mean) * gradient_scale
    weight = normal(channels, len(kernel.ROWS), len(kernel.COLUMNS)) * weight_scale
    if case.mean > 1:
        # Else a result may be a small difference of large numbers, and its norm no measure.
        weight = weight.abs()
    x, weight, bias, gradient = (
        tensor.to(device, dtype) for tensor in (x, weight, normal(channels), gradient)
    )
    parameters = "window" if case.layout == "window" else "contiguous"
    return Inputs(
        _laid_out(x, case.layout),
        _laid_out(weight, parameters),
        _laid_out(bias, parameters) if case.bias else None,
        _laid_out(gradient, case.gradient_layout),
    )


def _scales(kernel: ModuleType, case: Case) -> tuple[float, float]:
    """Standard deviations of weight and gradient."""
    images, _, height, width = case.shape
    pixels = images * height * width
    size = max(case.mean, 1.0)
    # Beyond the map's sides taps see nothing.
    taps = min(sum(kernel.ROWS), height) * min(sum(kernel.COLUMNS), width)
    cell = min(max(kernel.ROWS), height) * min(max(kernel.COLUMNS), width)
    sums = size * cell * (case.gradient_mean * pixels + math.sqrt(pixels))
    return (
        min(1 / math.sqrt(sum(kernel.ROWS)), _LARGEST / (size * taps)),
        min(1 / math.sqrt(height * width), _LARGEST / sums),
    )


def _laid_out(tensor: Tensor, layout: str) -> Tensor:
    """The same values with other strides. What lies between them is NaN, and must not be read."""
    shape = tensor.shape
    if layout == "strided":
        return _nan(tensor, (*shape[:-1], 2 * shape[-1]))[..., ::2].copy_(tensor)
    if layout == "expanded":
        return tensor[:, :1].expand_as(tensor)
    if layout == "channels_last":
        return tensor.contiguous(memory_format=torch.channels_last)
    if layout == "channels":
        larger = _nan(tensor, (shape[0], shape[1] + 3, *shape[2:]))
        return larger[:, : shape[1]].copy_(tensor)
    if layout == "window":
        larger = _nan(tensor, tuple(size + 3 for size in shape))
        return larger[tuple(slice(1, size + 1) for size in shape)].copy_(tensor)
    return tensor


def _nan(like: Tensor, shape: tuple[int, ...]) -> Tensor:
    return like.new_full(shape, float("nan"))
