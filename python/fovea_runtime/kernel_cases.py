"""The tensors that kernels are verified on."""

import math
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

Map = tuple[int, int]
"""Height and width."""


@dataclass(frozen=True)
class Case:
    """One convolution, forward and backward."""

    shape: tuple[int, int, int, int]
    """x's: (N, C, H, W)."""
    mean: float = 0.0
    """Of x's values, whose standard deviation is 1."""
    gradient_mean: float = 0.0
    """Of the output's gradient, before it is scaled."""
    layout: str = "contiguous"
    """How x lies in memory (`kernel_inputs`)."""
    gradient_layout: str = "contiguous"
    """How the output's gradient lies in memory."""
    convolved: int | None = None
    """Channels that a partial convolution takes, and copies the others; None for a whole one."""
    bias: bool = True

    def __str__(self) -> str:
        taken = "" if self.convolved is None else f", {self.convolved} channels convolved"
        layouts = " and ".join(dict.fromkeys((self.layout, self.gradient_layout)))
        return f"{self.shape}, mean {self.mean:g}, {layouts}{taken}"


# Off the powers of two and the tile sizes, height unlike width, one image and one channel, maps
# smaller than the kernel and of one pixel. Where x and the gradient lie differently, a kernel
# cannot read one with the strides of the other.
CASES = (
    Case((2, 3, 12, 17)),
    Case((1, 2, 35, 41), mean=1.0, gradient_mean=1.0, bias=False),
    Case((3, 1, 5, 9), mean=1.0, layout="strided", gradient_layout="strided"),
    Case((2, 4, 8, 7), layout="channels_last", gradient_layout="channels_last", bias=False),
    Case((1, 2, 1, 6), layout="expanded", gradient_layout="expanded"),
    # Several outputs: a single one may be the small difference of convolution and bias.
    Case((2, 3, 1, 1)),
    Case((2, 3, 13, 19), mean=100.0, bias=False),
    Case((2, 2, 9, 14), mean=100.0, layout="channels", gradient_layout="window"),
    Case((1, 1, 11, 6), layout="window"),
    Case((2, 5, 10, 7), layout="channels", convolved=2, bias=False),
    Case((3, 2, 6, 13), mean=100.0, layout="window", gradient_layout="strided", convolved=2),
)

CUDA_CASES = (
    # Several tiles along both axes, and maps past 64 and 128.
    Case((2, 3, 70, 67)),
    Case((1, 2, 131, 150), mean=1.0, gradient_mean=1.0, layout="window", bias=False),
    Case((1, 1, 67, 135), mean=100.0, layout="channels", gradient_layout="window"),
    Case((2, 5, 66, 75), layout="channels", convolved=3),
)
"""Beside `CASES`, where there is a GPU to run them."""

_UNPLANNED = (
    ("float16", Case((2, 1, 5, 9), mean=100.0, layout="channels", gradient_layout="window")),
    # Two tiles along the height.
    ("float32", Case((1, 1, 34, 3), mean=1.0, layout="window", bias=False)),
    ("float32", Case((1, 3, 6, 4), layout="window", convolved=2)),
)
_SMALL_MAP = 16 * 16
# A map of 56x56 takes the interpreter two seconds in float16, and twice that in float32.
_LARGEST_INTERPRETED = {"float16": 64 * 64, "float32": 32 * 32}
_INTERPRETED_PIXELS = 2 * 64 * 64


def planned_on_cuda(maps: Iterable[Map]) -> list[Case]:
    """Every planned map with two images, and with as many as fill no tile of images or rows."""
    cases = []
    for height, width in maps:
        odd_batch = 131 if height * width <= _SMALL_MAP else 5
        cases += [
            Case((2, 3, height, width), mean=1.0),
            Case((odd_batch, 2, height, width), layout="channels", gradient_layout="window"),
            Case((2, 3, height, width), mean=100.0, layout="window", convolved=2),
        ]
    return cases


def interpreted(maps: Collection[Map]) -> tuple[list[tuple[str, Case]], list[Map]]:
    """What Triton's interpreter can take in seconds.

    Returns:
        Cases with their dtypes, float16 and float32 since the interpreter computes bfloat16
        wrongly: each planned map that is small enough, and maps that are not planned. And the
        planned maps that are too large.
    """
    small, pixels = [], 0
    for size in sorted(maps, key=math.prod):
        pixels += math.prod(size)
        if math.prod(size) <= max(_LARGEST_INTERPRETED.values()) and pixels <= _INTERPRETED_PIXELS:
            small.append(size)
    cases = [*_planned(small), *((dtype, _off_plan(case, maps)) for dtype, case in _UNPLANNED)]
    return cases, [size for size in maps if size not in small]


def _planned(maps: list[Map]) -> Iterator[tuple[str, Case]]:
    for size in maps:
        pixels = math.prod(size)
        images = 2 if pixels <= _SMALL_MAP else 1
        half = Case((images, 1, *size), layout="channels", gradient_layout="window", bias=False)
        # A map may have other kernels for float32 than for half types.
        for dtype, case in (
            ("float16", half),
            ("float32", Case((images, 1, *size), mean=1.0, layout="window")),
        ):
            if pixels <= _LARGEST_INTERPRETED[dtype]:
                yield dtype, case
    for size in maps[:1]:
        yield "float16", Case((1, 3, *size), layout="channels", convolved=2)


def _off_plan(case: Case, maps: Collection[Map]) -> Case:
    images, channels, height, width = case.shape
    while (height, width) in maps:
        width += 1
    return replace(case, shape=(images, channels, height, width))
