"""How large the square is that holds most of the contributions."""

from dataclasses import dataclass

import numpy as np

from fovea_runtime.erf.contribution import Scores

THRESHOLDS = (20, 30, 50, 99)
"""Percent of all contributions."""


@dataclass(frozen=True)
class Square:
    """The smallest centred square with more than a share of the contributions.

    `side` is in pixels, `ratio` its area over that of the image.
    """

    side: int
    ratio: float


def squares(scores: Scores) -> dict[int, Square] | None:
    """A square for each of THRESHOLDS; None where nothing contributes.

    The square of side 2i + 1 has its middle at (H // 2, W // 2) and the ratio (2i + 1)² / (H · W).
    In an image of even sides none reaches the first row: where all of the image is needed, the
    ratio is 1.
    """
    total = scores.sum()
    if total <= 0:
        return None
    height, width = scores.shape
    rows = np.abs(np.arange(height) - height // 2)
    columns = np.abs(np.arange(width) - width // 2)
    # The contributions by their distance from the middle, in the maximum norm.
    distance = np.maximum(rows[:, None], columns[None, :])
    held = np.cumsum(np.bincount(distance.ravel(), weights=scores.ravel()))
    found = {}
    for percent in THRESHOLDS:
        # The last one holds all, whatever the sums' rounding.
        reached = np.flatnonzero(held > percent / 100 * total)
        radius = int(reached[0]) if len(reached) else len(held) - 1
        side = 2 * radius + 1
        found[percent] = Square(
            side=min(side, max(height, width)), ratio=min(1.0, side**2 / (height * width))
        )
    return found


def in_decades(scores: Scores) -> Scores:
    """log10(1 + score) over its largest value, 0 to 1: what RepLKNet's figures and ratios show."""
    logarithms = np.log10(1 + scores)
    largest = logarithms.max()
    return logarithms / largest if largest > 0 else logarithms
