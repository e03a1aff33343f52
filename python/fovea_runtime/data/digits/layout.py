"""Where things go in a scene of a given size."""

from dataclasses import dataclass

MAX_DIGITS = 3
SMALLEST_SIDE = 8
"""Pixels; a scan has 8×8."""


@dataclass(frozen=True)
class Layout:
    """A scene's measures, in pixels.

    The scene is cut into `digits` lanes, one above the other, of `lane` rows each; every lane holds
    one digit of at most `digit` × `digit` pixels, on a lattice of `lattice` pixels. `mark` ×
    `mark_height` is the mark at the left or right border that names the lane asked for, and
    `fragment` the side of a piece of clutter.
    """

    height: int
    width: int
    digits: int
    lane: int
    digit: int
    lattice: int
    mark: int
    mark_height: int
    fragment: int
    fragments: int

    @property
    def rows(self) -> int:
        """Places for a digit within its lane, from the top down."""
        return (self.lane - self.digit) // self.lattice + 1

    @property
    def columns(self) -> int:
        """Places for a digit between the columns of the marks, from left to right."""
        return (self.width - 2 * self.mark - self.digit) // self.lattice + 1


def layout(height: int, width: int) -> Layout:
    """The layout of a `height` × `width` scene.

    Raises:
        ValueError: a side is shorter than 8 pixels.
    """
    if min(height, width) < SMALLEST_SIDE:
        raise ValueError(
            f"digits: a scene of {height}×{width} pixels is too small: both sides need at least "
            f"{SMALLEST_SIDE} pixels"
        )
    short = min(height, width)
    mark = max(1, short // 12)
    digit = min(max(SMALLEST_SIDE, short // MAX_DIGITS), height, width - 2 * mark)
    digits = max(1, min(MAX_DIGITS, height // digit))
    return Layout(
        height=height,
        width=width,
        digits=digits,
        lane=height // digits,
        digit=digit,
        lattice=max(1, digit // 4),
        mark=mark,
        mark_height=max(2, digit // 2),
        fragment=max(2, digit // 2),
        fragments=max(1, min(12, (height * width) // (3 * digit * digit))),
    )
