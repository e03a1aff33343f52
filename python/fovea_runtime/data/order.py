"""The order of training images: a function of (seed, epoch), so that any step can be gone to."""

from collections.abc import Iterator

import numpy as np

from fovea_runtime.data.cut import Cut
from fovea_runtime.randomness import Purpose, seed_sequence

Key = tuple[int, int]
"""An epoch, and the index of an image in it."""


def steps_per_epoch(size: int, batch: int) -> int:
    """Whole batches in an epoch; what is left over waits for another epoch's order. At least 1."""
    return max(1, size // batch)


def piece_keys(seed: int, size: int, cut: Cut, start: int, stop: int) -> Iterator[list[Key]]:
    """For each step from `start` to `stop` - 1 (counted from 0) the images of each own piece."""
    per_epoch = steps_per_epoch(size, cut.batch)
    epoch, order = -1, np.empty(0, np.int64)
    for step in range(start, stop):
        if step // per_epoch != epoch:
            epoch = step // per_epoch
            order = np.random.default_rng(seed_sequence(seed, Purpose.ORDER, epoch)).permutation(
                size
            )
        first = (step % per_epoch) * cut.batch
        for piece in cut.own:
            begin = first + piece * cut.size
            yield [(epoch, int(index)) for index in order[begin : begin + cut.size]]
