"""Masks of annotated objects as short bytes, drawn when they are asked for."""

import numpy as np
from numpy.typing import NDArray

from fovea_runtime.data.dense.polygons import polygons_mask
from fovea_runtime.data.dense.run_lengths import runs_mask, uncompressed

_POLYGONS, _RUNS = 0, 1


def pack_shape(segmentation: object, height: int, width: int) -> bytes:
    """COCO's `segmentation` (polygons, or run lengths as numbers or compressed) as bytes.

    Raises:
        ValueError: it is none, or of an image of another size.
    """
    if isinstance(segmentation, list):
        return _packed_polygons(segmentation)
    if not isinstance(segmentation, dict) or not {"counts", "size"} <= segmentation.keys():
        raise ValueError("its segmentation is neither polygons nor run lengths")
    if list(segmentation["size"]) != [height, width]:
        raise ValueError(
            f"its mask is {_sides(segmentation['size'])} and the image {height}×{width}"
        )
    counts = segmentation["counts"]
    runs = uncompressed(counts) if isinstance(counts, str) else counts
    if not all(isinstance(run, int) and run >= 0 for run in runs) or sum(runs) != height * width:
        raise ValueError(f"its run lengths do not cover the image's {height}×{width} pixels")
    return np.array([_RUNS, *runs], np.int32).tobytes()


def draw_shape(packed: bytes, height: int, width: int) -> NDArray[np.bool_]:
    """The mask of a packed shape, bool (H, W)."""
    words = np.frombuffer(packed, np.int32)
    if words[0] == _RUNS:
        return runs_mask(words[1:].astype(np.int64), height, width)
    lengths = words[2 : 2 + words[1]]
    corners = words[2 + words[1] :].view(np.float32).reshape(-1, 2)
    return polygons_mask(np.split(corners, np.cumsum(lengths)[:-1]), height, width)


def _packed_polygons(polygons: list[object]) -> bytes:
    arrays: list[NDArray[np.float32]] = []
    for polygon in polygons:
        try:
            corners = np.array(polygon, np.float32)
        except (TypeError, ValueError) as error:
            raise ValueError("a polygon of it is no list of numbers") from error
        if corners.ndim != 1 or len(corners) % 2 == 1 or len(corners) < 6:
            raise ValueError("a polygon of it has fewer than three corners, or half a corner")
        if not np.isfinite(corners).all():
            raise ValueError("a polygon of it has a corner that is no number")
        arrays.append(corners)
    if not arrays:
        raise ValueError("it has no mask, and others have")
    lengths = [len(corners) // 2 for corners in arrays]
    head = np.array([_POLYGONS, len(arrays), *lengths], np.int32)
    return head.tobytes() + np.concatenate(arrays).tobytes()


def _sides(size: object) -> str:
    return "×".join(map(str, size)) if isinstance(size, list | tuple) else repr(size)
