"""Scenes: several digits, one of them asked for by a mark at the border, among clutter."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fovea_runtime.data.digits.draws import Draws
from fovea_runtime.data.digits.layout import Layout, layout
from fovea_runtime.data.digits.scans import CLASSES, SIZES, Scans, Split, scans

_SPLITS: dict[Split, int] = {"train": 0, "test": 1}
_BACKGROUND = 48
"""Brightest background, of 255."""
_NOISE = 24
"""Range of the noise a pixel."""


@dataclass(frozen=True)
class Scenes:
    """N scenes with all that the three tasks need; D digits in each.

    `images` (N, H, W) uint8; `labels` (N,) int64, the class asked for; `masks` (N, H, W) uint8,
    0 for what is no digit and 1 + class on a digit's ink; `boxes` (N, D, 4) int16, (left, top,
    right, bottom) in pixels, right and bottom exclusive; `box_labels` (N, D) int64; `asked` (N,)
    int64, which of the D digits is asked for.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    masks: NDArray[np.uint8]
    boxes: NDArray[np.int16]
    box_labels: NDArray[np.int64]
    asked: NDArray[np.int64]


def scenes(seed: int, split: Split, indices: NDArray[np.int64], height: int, width: int) -> Scenes:
    """The scenes of the given numbers, (N,).

    Scene i depends on (seed, split, i, height, width) alone. Held-out scenes are composed from
    held-out scans.

    Raises:
        ValueError: a side is shorter than 8 pixels.
    """
    plan = layout(height, width)
    bank = scans(split, plan.digit)
    draws = Draws((seed, _SPLITS[split], height, width), indices)
    images = (
        draws.below(1, _BACKGROUND).astype(np.uint8)[:, :, None].repeat(height, 1).repeat(width, 2)
    )
    _scatter_fragments(images, draws, bank, plan)
    placed = _place_digits(draws, plan, bank, images)
    _mark(images, draws, plan, placed)
    noise = draws.octets(height * width).reshape(images.shape) % _NOISE
    # The brightest give way, so that the sum stays within a byte.
    np.copyto(images, np.minimum(images, 255 - _NOISE) + noise)
    return placed


def _place_digits(draws: Draws, plan: Layout, bank: Scans, images: NDArray[np.uint8]) -> Scenes:
    count, digits, side = len(images), plan.digits, plan.digit
    scene = np.arange(count)[:, None]
    # Different classes, so that without the mark no digit is more likely asked for than another.
    classes = draws.uniform(CLASSES).argsort(axis=1, kind="stable")[:, :digits]
    size = draws.below(digits, SIZES)
    scan = bank.first[classes] + (draws.uniform(digits) * bank.count[classes]).astype(np.int64)
    top = np.arange(digits) * plan.lane + draws.below(digits, plan.rows) * plan.lattice
    left = plan.mark + draws.below(digits, plan.columns) * plan.lattice
    strength = 0.7 + 0.3 * draws.uniform(digits)

    rows = (top[..., None] + np.arange(side))[..., :, None]
    columns = (left[..., None] + np.arange(side))[..., None, :]
    at = (scene[..., None, None], rows, columns)
    patches = (bank.images[size, scan] * strength[..., None, None]).astype(np.uint8)
    images[at] = np.maximum(images[at], patches)
    masks = np.zeros_like(images)
    masks[at] = np.where(bank.ink[size, scan], (classes + 1).astype(np.uint8)[..., None, None], 0)
    corner = np.stack([left, top, left, top], axis=-1)
    asked = draws.below(1, digits)[:, 0]
    return Scenes(
        images=images,
        labels=classes[scene[:, 0], asked],
        masks=masks,
        boxes=(bank.boxes[size, scan] + corner).astype(np.int16),
        box_labels=classes,
        asked=asked,
    )


def _scatter_fragments(images: NDArray[np.uint8], draws: Draws, bank: Scans, plan: Layout) -> None:
    """Clutter: pieces of scans, fainter than a digit, anywhere."""
    count, pieces, side = len(images), plan.fragments, plan.fragment
    steps = np.arange(side)
    scan = draws.below(pieces, bank.images.shape[1])
    cut_top = draws.below(pieces, plan.digit - side + 1)
    cut_left = draws.below(pieces, plan.digit - side + 1)
    top = draws.below(pieces, plan.height - side + 1)
    left = draws.below(pieces, plan.width - side + 1)
    strength = 0.3 + 0.3 * draws.uniform(pieces)
    cut = bank.images[
        SIZES - 1,
        scan[..., None, None],
        (cut_top[..., None] + steps)[..., :, None],
        (cut_left[..., None] + steps)[..., None, :],
    ]
    pieces_drawn = (cut * strength[..., None, None]).astype(np.uint8)
    for piece in range(pieces):
        at = (
            np.arange(count)[:, None, None],
            (top[:, piece, None] + steps)[:, :, None],
            (left[:, piece, None] + steps)[:, None, :],
        )
        images[at] = np.maximum(images[at], pieces_drawn[:, piece])


def _mark(images: NDArray[np.uint8], draws: Draws, plan: Layout, placed: Scenes) -> None:
    """A bright bar at the left or right border, beside the rows of the digit asked for."""
    scene = np.arange(len(images))
    box = placed.boxes[scene, placed.asked].astype(np.int64)
    middle = (box[:, 1] + box[:, 3]) // 2
    top = np.clip(middle - plan.mark_height // 2, 0, plan.height - plan.mark_height)
    left = draws.below(1, 2)[:, 0] * (plan.width - plan.mark)
    rows = (top[:, None] + np.arange(plan.mark_height))[:, :, None]
    columns = (left[:, None] + np.arange(plan.mark))[:, None, :]
    images[scene[:, None, None], rows, columns] = 255
