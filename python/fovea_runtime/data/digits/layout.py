"""Where things go in a scene of a given size."""

from dataclasses import dataclass

MAX_DIGITS = 3
SMALLEST_SIDE = 8
"""Pixels; a scan has 8×8."""


@dataclass(frozen=True)
class Layout:
    """A scene's measures, in pixels. Digits stand in rows of their own, none above another's row.

    `mark` is the width of the mark at the left or right border that names the row asked for,
    `mark_height` its height, `digit` the largest side of a digit, `fragment` the side of a piece
    of clutter.
    """

    height: int
    width: int
    mark: int
    mark_height: int
    digit: int
    digits: int
    fragment: int
    fragments: int

    @property
    def free_rows(self) -> int:
        """Rows that no digit needs; they are spread at random between the digits."""
        return self.height - self.digits * self.digit


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
    mark = max(1, short // 16)
    digit = min(max(SMALLEST_SIDE, short // 4), height, width - 2 * mark)
    return Layout(
        height=height,
        width=width,
        mark=mark,
        mark_height=min(max(2, digit // 2), digit),
        digit=digit,
        digits=max(1, min(MAX_DIGITS, height // digit)),
        fragment=max(2, digit // 2),
        fragments=max(1, min(12, (height * width) // (10 * digit * digit))),
    )
