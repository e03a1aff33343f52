"""Which constants a launch is tried with."""

import itertools
from collections.abc import Iterator, Mapping, Sequence

Launch = dict[str, int]
"""Constants of a launch, such as BLOCK and num_warps."""

Axes = Mapping[str, Sequence[int]]
"""Values by constant; every combination is tried."""

# What the kernels admit: `tl.dot` takes sides from 16 on, and the Toeplitz matrices of "planes" are
# as many rows long as 32 divides.
_TILES: dict[str, Axes] = {
    "general": {"BLOCK": (16, 32, 64)},
    "weight_gradient": {"BLOCK": (16, 32, 64)},
    "planned_weight_gradient": {},
    "direct": {"BLOCK": (256, 512, 1024, 2048)},
    "gemm": {"BLOCK_N": (16, 64, 128), "BLOCK_K": (16, 32, 64), "BLOCK_Q": (32, 64, 128)},
    "toeplitz": {"BLOCK": (16, 32, 64)},
    "chained": {},
    "boxes": {"BLOCK": (16, 32, 64), "LANES": (32, 64, 128)},
    "planes": {"BLOCK_M": (32, 64, 128), "BLOCK_K": (16, 32)},
    "planes_gradient": {"BLOCK": (32, 64, 128)},
}
_WARPS = (2, 4, 8)
_STAGES = (1, 2, 3, 4)
# Registers a thread at most: as many as eight warps can have, in which the largest tiles spill
# least, and what leaves room for twice as many programs.
_MOST_REGISTERS = 248
_REGISTERS = (128, _MOST_REGISTERS)


def rounds(name: str) -> list[Axes]:
    """What is varied together, one round after the other: tiles and warps, then the pipeline.

    Args:
        name: of a launch; of one that is unknown here, tiles stay as they are.
    """
    tiles = {**_TILES.get(name, {}), "num_warps": _WARPS, "maxnreg": (_MOST_REGISTERS,)}
    return [tiles, {"num_stages": _STAGES, "maxnreg": _REGISTERS}]


def variants(launch: Launch, axes: Axes) -> Iterator[Launch]:
    """The launch with each combination of the values, in a fixed order, itself left out.

    Constants that the launch does not have are not added to it.
    """
    own = {name: values for name, values in axes.items() if name in launch}
    for values in itertools.product(*own.values()):
        variant = {**launch, **dict(zip(own, values, strict=True))}
        if variant != launch:
            yield variant
