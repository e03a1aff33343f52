"""Colours of heat maps."""

import numpy as np
from numpy.typing import NDArray

_ANCHORS = np.array(
    [
        (10, 10, 34),
        (58, 22, 102),
        (128, 30, 108),
        (198, 48, 78),
        (240, 110, 44),
        (250, 190, 60),
        (254, 250, 210),
    ],
    np.float64,
)
"""Red, green and blue from 0 to 1 in equal steps: from dark to light, for any eye."""


def coloured(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Colours (…, 3) of values (…) from 0 to 1."""
    places = np.linspace(0, 1, len(_ANCHORS))
    bands = [np.interp(values, places, band) for band in _ANCHORS.T]
    return np.stack(bands, axis=-1).round().astype(np.uint8)
