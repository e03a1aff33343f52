"""What the definitions share."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn


class LayerNorm2d(nn.LayerNorm):
    """LayerNorm over the channels of a map (N, C, H, W)."""

    def forward(self, input: Tensor) -> Tensor:
        mean = input.mean(1, keepdim=True)
        variance = ((input - mean) ** 2).mean(1, keepdim=True)
        normal = (input - mean) / (variance + self.eps).sqrt()
        return normal * self.weight[:, None, None] + self.bias[:, None, None]


class Depthwise(nn.Conv2d):
    """A depthwise convolution that keeps the map's size."""

    def __init__(self, channels: int, height: int, width: int, *, bias: bool, stride: int = 1):
        padding = (height // 2, width // 2)
        kernel = (height, width)
        super().__init__(channels, channels, kernel, stride, padding, groups=channels, bias=bias)


def conv_norm(conv: nn.Conv2d, *, relu: bool = False) -> nn.Sequential:
    """A convolution and its BatchNorm under the names `conv` and `bn`."""
    parts = nn.Sequential()
    parts.add_module("conv", conv)
    parts.add_module("bn", nn.BatchNorm2d(conv.out_channels))
    if relu:
        parts.add_module("nonlinear", nn.ReLU())
    return parts


@torch.no_grad()
def randomise(model: nn.Module, seed: int = 0) -> None:
    """Weights, norms, statistics, biases and layer scales at which a mistake in any of them shows.

    Matrices and kernels keep the size of what goes through them; scales are near 1 and not 1e-6.
    """
    source = torch.Generator().manual_seed(seed)
    for name, value in model.state_dict().items():
        if name.endswith("num_batches_tracked"):
            value.copy_(torch.randint(1, 9999, (), generator=source))
            continue
        noise = torch.randn(value.shape, generator=source, dtype=torch.float64)
        if name.endswith(("running_var", "gamma")):
            value.copy_(0.5 + noise.abs())
        elif value.ndim > 1:
            value.copy_(noise / value[0].numel() ** 0.5)
        elif name.endswith("weight"):
            value.copy_(1 + 0.3 * noise)
        else:
            value.copy_(0.3 * noise)


def parameters(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


def relative_error(seen: Tensor, wanted: Tensor) -> float:
    """Largest difference over the largest value."""
    return ((seen.double() - wanted.double()).abs().max() / wanted.double().abs().max()).item()


def same(seen: Mapping[str, Tensor], wanted: Mapping[str, Tensor]) -> bool:
    """Whether two state dicts have the same keys, in any order, and the same bits."""
    return seen.keys() == wanted.keys() and all(
        seen[key].dtype == wanted[key].dtype and torch.equal(seen[key], wanted[key])
        for key in wanted
    )
