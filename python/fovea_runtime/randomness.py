"""Random generators, seeded anew for each purpose and place.

No generator's state is carried from one step to the next, so that a run that resumes at any step
draws what a run that was never stopped draws there.
"""

import random
from enum import IntEnum

import numpy as np
import torch


class Purpose(IntEnum):
    """Keeps the streams apart that are drawn from one seed."""

    WEIGHTS = 0
    ORDER = 1
    STEP = 2
    SAMPLE = 3
    SPARSITY = 4


def seed_sequence(seed: int, purpose: Purpose, *place: int) -> np.random.SeedSequence:
    """The seeds of a purpose at a place, such as an epoch and an index."""
    return np.random.SeedSequence((seed, int(purpose), *place))


def seed_everything(seed: int, purpose: Purpose, *place: int) -> None:
    """Seeds the global generators of torch (all devices), NumPy and Python."""
    torch.manual_seed(_seed_others(seed, purpose, *place))


def seed_processor(seed: int, purpose: Purpose, *place: int) -> None:
    """As `seed_everything`, but no accelerator's generator: for the transforms of images.

    torch looks for devices for longer than all the rest takes.
    """
    torch.default_generator.manual_seed(_seed_others(seed, purpose, *place))


def _seed_others(seed: int, purpose: Purpose, *place: int) -> int:
    """Seeds NumPy's generator and Python's; returns torch's seed."""
    words = seed_sequence(seed, purpose, *place).generate_state(2, np.uint64)
    np.random.seed(int(words[1] & np.uint64(0xFFFFFFFF)))
    random.seed(int(words[1]))
    return int(words[0] >> np.uint64(1))
