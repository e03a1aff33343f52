"""Polygons and run lengths against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from fovea_runtime.data.dense.polygons import polygons_mask
from fovea_runtime.data.dense.run_lengths import runs_mask, uncompressed
from fovea_runtime.data.dense.shapes import draw_shape, pack_shape
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from written_data import compressed, run_lengths

Corners = list[tuple[float, float]]


def inside(x: float, y: float, corners: Corners) -> bool:
    """The even-odd rule, a point at a time: a ray to the left."""
    odd = False
    for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (y0 <= y) != (y1 <= y) and x0 + (y - y0) / (y1 - y0) * (x1 - x0) < x:
            odd = not odd
    return odd


def by_definition(corners: Corners, height: int, width: int) -> NDArray[np.bool_]:
    return np.array(
        [[inside(j + 0.5, i + 0.5, corners) for j in range(width)] for i in range(height)]
    )


def drawn(corners: Corners, height: int, width: int) -> NDArray[np.bool_]:
    return polygons_mask([np.array(corners, np.float32)], height, width)


SHAPES: list[Corners] = [
    [(0, 0), (4, 0), (4, 4), (0, 4)],
    [(1.2, 0.7), (8.9, 2.1), (6.3, 9.4)],
    [(-3, -3), (20, -3), (20, 20), (-3, 20)],
    [(0.1, 5), (9.9, 5.2), (5, 0.3), (5, 9.8)],  # crosses itself
    [(2, 2), (2, 2), (2, 2)],
    [(0, 3), (9, 3), (4, 3)],  # no area
    [(1, 1), (9, 1), (9, 9), (1, 9), (1, 1)],  # closed
    [(-5, 2.2), (3.3, 2.2), (3.3, 7.7), (-5, 7.7)],
]


@pytest.mark.parametrize("corners", SHAPES)
def test_a_polygon_covers_the_pixels_whose_centres_it_holds(corners: Corners) -> None:
    corners = [(float(np.float32(x)), float(np.float32(y))) for x, y in corners]
    assert np.array_equal(drawn(corners, 9, 11), by_definition(corners, 9, 11))


# Quarters that are no halves: no corner and no edge meets a pixel's centre by chance of rounding.
sides = st.integers(-8, 60).map(lambda n: n / 4 + 1 / 8)


@given(st.lists(st.tuples(sides, sides), min_size=3, max_size=8))
@settings(max_examples=200)
def test_any_polygon(corners: Corners) -> None:
    ours, theirs = drawn(corners, 12, 10), by_definition(corners, 12, 10)
    # A slanted edge may meet a centre all the same, where rounding decides.
    for i, j in np.argwhere(ours != theirs):
        nearest = min(
            abs((j + 0.5 - x0) * (y1 - y0) - (i + 0.5 - y0) * (x1 - x0))
            for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True)
        )
        assert nearest < 1e-9


def test_several_polygons_are_one_mask() -> None:
    first, second = SHAPES[0], [(2.0, 2.0), (7.0, 2.0), (7.0, 7.0), (2.0, 7.0)]
    both = polygons_mask([np.array(each, np.float32) for each in (first, second)], 9, 9)
    assert np.array_equal(both, drawn(first, 9, 9) | drawn(second, 9, 9))
    assert both.sum() == 16 + 25 - 4


@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 2**32))
@settings(max_examples=200)
def test_run_lengths_come_back(height: int, width: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    mask = random.random((height, width)) < random.random()
    runs = run_lengths(mask)
    assert uncompressed(compressed(runs)) == runs
    assert np.array_equal(runs_mask(runs, height, width), mask)
    for counts in (runs, compressed(runs)):
        packed = pack_shape({"size": [height, width], "counts": counts}, height, width)
        assert np.array_equal(draw_shape(packed, height, width), mask)


@given(st.lists(st.integers(0, 400_000), min_size=1, max_size=20))
@settings(max_examples=200)
def test_strings_of_long_runs(runs: list[int]) -> None:
    assert uncompressed(compressed(runs)) == runs


def test_strings_decoded_by_hand() -> None:
    # "1" is 49 - 48; the fourth number is a difference to the second; "n" is 62: 30, and more to come.
    assert uncompressed("1234") == [1, 2, 3, 6]
    assert uncompressed("n0") == [30]
    assert uncompressed("O") == [-1]


def test_polygons_are_packed_whole() -> None:
    polygons = [[0, 0, 4, 0, 4, 4, 0, 4], [1.25, 0.75, 8.875, 2.125, 6.375, 9.375]]
    expected = drawn(SHAPES[0], 10, 12) | drawn(
        [(1.25, 0.75), (8.875, 2.125), (6.375, 9.375)], 10, 12
    )
    assert np.array_equal(draw_shape(pack_shape(polygons, 10, 12), 10, 12), expected)


@pytest.mark.parametrize(
    ("segmentation", "why"),
    [
        ([], "no mask"),
        ([[0, 0, 1, 1]], "three corners"),
        ([[0, 0, 1, 1, 2]], "half a corner"),
        ([[0, 0, 1, 1, 2, float("nan")]], "no number"),
        ([["a"] * 6], "no list of numbers"),
        ([0, 0, 1, 1, 2, 2], "three corners"),
        ("text", "neither"),
        (None, "neither"),
        ({"counts": [36]}, "neither"),
        ({"size": [5, 6], "counts": [30]}, "mask is 5×6 and the image 6×6"),
        ({"size": [6, 6], "counts": [30]}, "do not cover"),
        ({"size": [6, 6], "counts": [40, -4]}, "do not cover"),
        ({"size": [6, 6], "counts": "é"}, "in no run-length string"),
        ({"size": [6, 6], "counts": "n"}, "cut off"),
    ],
)
def test_what_is_no_mask_says_why(segmentation: object, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        pack_shape(segmentation, 6, 6)
