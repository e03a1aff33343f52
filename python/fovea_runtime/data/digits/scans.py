"""scikit-learn's scanned digits, parted into training and held-out ones, at several sizes."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Split = Literal["train", "test"]

CLASSES = 10
HELD_OUT_EVERY = 5
"""Every fifth scan of a class is held out."""
SIZES = 4
"""Sizes a digit is drawn at, from four fifths of the largest to the largest."""
INK = 64
"""From this brightness (of 255) on a pixel belongs to the digit."""


@dataclass(frozen=True)
class Scans:
    """Scans of one split, drawn at `SIZES` sizes in boxes of the largest.

    `images` (SIZES, M, side, side) uint8, 0 to 255; `ink` the same shape, bool; `boxes`
    (SIZES, M, 4) int16, the tight box (left, top, right, bottom) of the ink, right and bottom
    exclusive; `first` and `count` (10,): the scans of class c are `first[c]` to
    `first[c] + count[c]` - 1.
    """

    images: NDArray[np.uint8]
    ink: NDArray[np.bool_]
    boxes: NDArray[np.int16]
    first: NDArray[np.int64]
    count: NDArray[np.int64]


@lru_cache(maxsize=8)
def scans(split: Split, side: int) -> Scans:
    """The scans of a split; the largest size is `side` × `side` pixels."""
    originals, counts = _originals(split)
    images = np.zeros((SIZES, len(originals), side, side), np.uint8)
    for index, size in enumerate(np.linspace(0.8 * side, side, SIZES).round().astype(int)):
        margin = (side - size) // 2
        images[index, :, margin : margin + size, margin : margin + size] = _resized(originals, size)
    ink = images >= INK
    return Scans(
        images=images,
        ink=ink,
        boxes=_boxes(ink),
        first=np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64),
        count=counts,
    )


def _originals(split: Split) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """8×8 scans sorted by class, 0 to 255, each as bright as it can be; and how many a class."""
    from sklearn.datasets import load_digits  # loads in a quarter of a second; not for image_folder

    bunch: Any = load_digits()
    parts, counts = [], []
    for label in range(CLASSES):
        of_class = bunch.images[bunch.target == label]
        held_out = np.arange(len(of_class)) % HELD_OUT_EVERY == HELD_OUT_EVERY - 1
        part = of_class[held_out if split == "test" else ~held_out]
        parts.append(part)
        counts.append(len(part))
    images = np.concatenate(parts)
    brightest = images.max(axis=(1, 2), keepdims=True)
    return (images / brightest * 255).round().astype(np.uint8), np.array(counts, np.int64)


def _resized(originals: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    return np.stack(
        [
            np.asarray(Image.fromarray(scan).resize((size, size), Image.Resampling.BICUBIC))
            for scan in originals
        ]
    )


def _boxes(ink: NDArray[np.bool_]) -> NDArray[np.int16]:
    rows, columns = np.any(ink, axis=-1), np.any(ink, axis=-2)
    top, left = np.argmax(rows, axis=-1), np.argmax(columns, axis=-1)
    bottom = ink.shape[-2] - np.argmax(np.flip(rows, axis=-1), axis=-1)
    right = ink.shape[-1] - np.argmax(np.flip(columns, axis=-1), axis=-1)
    return np.stack([left, top, right, bottom], axis=-1).astype(np.int16)
