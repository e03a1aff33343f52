"""RepLKNet (Ding et al., CVPR 2022, section 4.1), with the names of DingXiaoH/RepLKNet-pytorch."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn

from definitions.parts import Depthwise, conv_norm

DEPTHS = (2, 2, 18, 2)
B31 = (DEPTHS, (128, 256, 512, 1024), (31, 29, 27, 13))
L31 = (DEPTHS, (192, 384, 768, 1536), (31, 29, 27, 13))
XL = (DEPTHS, (256, 512, 1024, 2048), (27, 27, 27, 13))


def pointwise(before: int, after: int, *, relu: bool = False) -> nn.Sequential:
    return conv_norm(nn.Conv2d(before, after, 1, bias=False), relu=relu)


def depthwise(channels: int, stride: int) -> nn.Sequential:
    return conv_norm(Depthwise(channels, 3, 3, bias=False, stride=stride), relu=True)


class LargeKernel(nn.Module):
    """A large depthwise convolution and a small one beside it, each with its BatchNorm, summed."""

    def __init__(self, channels: int, kernel: int, small: int | None) -> None:
        super().__init__()
        self.lkb_origin = conv_norm(Depthwise(channels, kernel, kernel, bias=False))
        self.small_conv = (
            None if small is None else conv_norm(Depthwise(channels, small, small, bias=False))
        )

    def forward(self, x: Tensor) -> Tensor:
        y = self.lkb_origin(x)
        return y if self.small_conv is None else y + self.small_conv(x)


class RepLKBlock(nn.Module):
    """BatchNorm, 1x1 with ReLU, the large kernel, ReLU, 1x1, beside a shortcut."""

    def __init__(self, channels: int, inner: int, kernel: int, small: int | None) -> None:
        super().__init__()
        self.pw1 = pointwise(channels, inner, relu=True)
        self.pw2 = pointwise(inner, channels)
        self.large_kernel = LargeKernel(inner, kernel, small)
        self.prelkb_bn = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        y = self.large_kernel(self.pw1(self.prelkb_bn(x)))
        return x + self.pw2(y.relu())


class ConvFFN(nn.Module):
    """BatchNorm, 1x1 to four times the channels, GELU, 1x1, beside a shortcut."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.preffn_bn = nn.BatchNorm2d(channels)
        self.pw1 = pointwise(channels, 4 * channels)
        self.pw2 = pointwise(4 * channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.pw2(nn.functional.gelu(self.pw1(self.preffn_bn(x))))


class Stage(nn.Module):
    """RepLKBlock and ConvFFN in turn."""

    def __init__(
        self, depth: int, channels: int, inner: int, kernel: int, small: int | None
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        for _ in range(depth):
            self.blocks += [RepLKBlock(channels, inner, kernel, small), ConvFFN(channels)]

    def forward(self, x: Tensor) -> Tensor:
        for block in self.blocks:
            x = block(x)
        return x


class RepLKNet(nn.Module):
    """A stem of four convolutions, stages, and transitions of two convolutions between them."""

    def __init__(
        self,
        depths: Sequence[int],
        channels: Sequence[int],
        kernels: Sequence[int],
        *,
        small: int | None = 5,
        ratio: float = 1,
        images: int = 3,
        classes: int = 1000,
    ) -> None:
        super().__init__()
        first, last = channels[0], channels[-1]
        entry = nn.Conv2d(images, first, 3, 2, 1, bias=False)
        self.stem = nn.ModuleList(
            [
                conv_norm(entry, relu=True),
                depthwise(first, 1),
                pointwise(first, first, relu=True),
                depthwise(first, 2),
            ]
        )
        self.stages = nn.ModuleList(
            Stage(depth, width, int(width * ratio), kernel, small)
            for depth, width, kernel in zip(depths, channels, kernels, strict=True)
        )
        self.transitions = nn.ModuleList(
            nn.Sequential(pointwise(before, after, relu=True), depthwise(after, 2))
            for before, after in pairwise(channels)
        )
        self.norm = nn.BatchNorm2d(last)
        self.head = nn.Linear(last, classes)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.stem:
            x = layer(x)
        for index, stage in enumerate(self.stages):
            x = stage(x if index == 0 else self.transitions[index - 1](x))
        return self.head(self.norm(x).mean((2, 3)))
