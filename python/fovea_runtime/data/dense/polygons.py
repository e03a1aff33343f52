"""Polygons to masks."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


def polygons_mask(polygons: Iterable[NDArray[np.float32]], height: int, width: int) -> Mask:
    """The union of polygons, bool (H, W).

    A polygon is (K, 2): x and y of its corners in pixels, where the first pixel reaches from 0 to 1.
    A pixel belongs to it where its centre lies inside by the even-odd rule; pycocotools may differ
    by pixels at the edge.
    """
    mask = np.zeros((height, width), np.bool_)
    for polygon in polygons:
        mask |= _mask(polygon.astype(np.float64), height, width)
    return mask


def _mask(polygon: NDArray[np.float64], height: int, width: int) -> Mask:
    x0, y0 = polygon.T
    x1, y1 = np.roll(polygon, -1, axis=0).T
    # An edge crosses the rows whose centres y + 1/2 lie in [lowest, highest).
    first = np.clip(np.ceil(np.minimum(y0, y1) - 0.5), 0, height).astype(np.int64)
    last = np.clip(np.ceil(np.maximum(y0, y1) - 0.5), 0, height).astype(np.int64)
    counts = last - first
    edges = np.repeat(np.arange(len(polygon)), counts)
    rows = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + first[edges]
    share = (rows + 0.5 - y0[edges]) / (y1 - y0)[edges]
    crossings = x0[edges] + share * (x1 - x0)[edges]
    # Every pixel whose centre lies right of a crossing changes sides.
    columns = np.clip(np.floor(crossings - 0.5) + 1, 0, width).astype(np.int64)
    changes = np.zeros((height, width + 1), np.int64)
    np.add.at(changes, (rows, columns), 1)
    return (np.cumsum(changes, axis=1)[:, :width] & 1).astype(np.bool_)
