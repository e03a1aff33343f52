"""SLaK (Liu et al., ICLR 2023, section 4), with the names of VITA-Group/SLaK."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from definitions.parts import Depthwise, LayerNorm2d, conv_norm

KERNELS = (51, 49, 47, 13)
TINY = ((3, 3, 9, 3), (96, 192, 384, 768))
SMALL = ((3, 3, 27, 3), (96, 192, 384, 768))
BASE = ((3, 3, 27, 3), (128, 256, 512, 1024))


class LargeKernel(nn.Module):
    """k x n, n x k and n x n, each with its BatchNorm, summed; or k x k in place of the first two."""

    def __init__(self, channels: int, kernel: int, small: int, *, decomposed: bool) -> None:
        super().__init__()
        self.decomposed = decomposed
        if decomposed:
            self.LoRA1 = conv_norm(Depthwise(channels, kernel, small, bias=False))
            self.LoRA2 = conv_norm(Depthwise(channels, small, kernel, bias=False))
        else:
            self.lkb_origin = conv_norm(Depthwise(channels, kernel, kernel, bias=False))
        self.small_conv = conv_norm(Depthwise(channels, small, small, bias=False))

    def forward(self, x: Tensor) -> Tensor:
        large = self.LoRA1(x) + self.LoRA2(x) if self.decomposed else self.lkb_origin(x)
        return large + self.small_conv(x)


class Block(nn.Module):
    """ConvNeXt's block with the large kernel in place of the 7x7."""

    def __init__(self, channels: int, kernel: int, small: int, *, decomposed: bool) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.full((channels,), 1e-6))
        self.large_kernel = LargeKernel(channels, kernel, small, decomposed=decomposed)
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        self.pwconv1 = nn.Linear(channels, 4 * channels)
        self.pwconv2 = nn.Linear(4 * channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm(self.large_kernel(x).movedim(1, -1))
        y = self.gamma * self.pwconv2(nn.functional.gelu(self.pwconv1(y)))
        return x + y.movedim(-1, 1)


class SLaK(nn.Module):
    """ConvNeXt's frame, `factor` times as wide."""

    def __init__(
        self,
        depths: Sequence[int],
        widths: Sequence[int],
        kernels: Sequence[int] = KERNELS,
        *,
        small: int = 5,
        factor: float = 1.3,
        images: int = 3,
        classes: int = 1000,
        decomposed: bool = True,
    ) -> None:
        super().__init__()
        channels = [int(width * factor) for width in widths]
        first, last = channels[0], channels[-1]
        stem = nn.Sequential(nn.Conv2d(images, first, 4, 4), LayerNorm2d(first, eps=1e-6))
        self.downsample_layers = nn.ModuleList([stem])
        for before, after in pairwise(channels):
            patches = nn.Conv2d(before, after, 2, 2)
            self.downsample_layers.append(nn.Sequential(LayerNorm2d(before, eps=1e-6), patches))
        self.stages = nn.ModuleList(
            nn.Sequential(
                *(Block(width, kernel, small, decomposed=decomposed) for _ in range(depth))
            )
            for depth, width, kernel in zip(depths, channels, kernels, strict=True)
        )
        self.norm = nn.LayerNorm(last, eps=1e-6)
        self.head = nn.Linear(last, classes)

    def forward(self, x: Tensor) -> Tensor:
        for downsample, stage in zip(self.downsample_layers, self.stages, strict=True):
            x = stage(downsample(x))
        return self.head(self.norm(x.mean((2, 3))))
