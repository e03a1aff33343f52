"""ConvNeXt (Liu et al., CVPR 2022, section 2), with the names of facebookresearch/ConvNeXt."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from definitions.parts import Depthwise, LayerNorm2d

TINY = ((3, 3, 9, 3), (96, 192, 384, 768))


class Block(nn.Module):
    """Depthwise 7x7, LayerNorm, two linear layers with GELU between, layer scale, shortcut."""

    def __init__(self, channels: int, kernel: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.full((channels,), 1e-6))
        self.dwconv = Depthwise(channels, kernel, kernel, bias=True)
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        self.pwconv1 = nn.Linear(channels, 4 * channels)
        self.pwconv2 = nn.Linear(4 * channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm(self.dwconv(x).movedim(1, -1))
        y = self.gamma * self.pwconv2(nn.functional.gelu(self.pwconv1(y)))
        return x + y.movedim(-1, 1)


class ConvNeXt(nn.Module):
    """Patches of 4x4 pixels, four stages with LayerNorm and patches of 2x2 between them."""

    def __init__(
        self,
        depths: Sequence[int],
        channels: Sequence[int],
        *,
        kernels: Sequence[int] | None = None,
        images: int = 3,
        classes: int = 1000,
    ) -> None:
        super().__init__()
        kernels = kernels or [7] * len(depths)
        first, last = channels[0], channels[-1]
        stem = nn.Sequential(nn.Conv2d(images, first, 4, 4), LayerNorm2d(first, eps=1e-6))
        self.downsample_layers = nn.ModuleList([stem])
        for before, after in pairwise(channels):
            patches = nn.Conv2d(before, after, 2, 2)
            self.downsample_layers.append(nn.Sequential(LayerNorm2d(before, eps=1e-6), patches))
        self.stages = nn.ModuleList(
            nn.Sequential(*(Block(width, kernel) for _ in range(depth)))
            for depth, width, kernel in zip(depths, channels, kernels, strict=True)
        )
        self.norm = nn.LayerNorm(last, eps=1e-6)
        self.head = nn.Linear(last, classes)

    def forward(self, x: Tensor) -> Tensor:
        for downsample, stage in zip(self.downsample_layers, self.stages, strict=True):
            x = stage(downsample(x))
        return self.head(self.norm(x.mean((2, 3))))
