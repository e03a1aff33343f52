"""The Triton kernels in the interpreter, against float64."""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("triton")
# One process interprets all cases: its tests belong to one worker.
pytestmark = pytest.mark.xdist_group("interpreter")

LIMITS = {"float16": 2e-3, "float32": 1e-5}
CASES = (
    # The general kernel. Two tiles along each axis, more than one image and channel, on and off
    # the tile's size; a map wider than the kernel reaches from one tile.
    ("asymmetric", (1, 1, 35, 37), "float32", 0.0, "general"),
    ("asymmetric", (2, 2, 32, 3), "float16", 1.0, "general"),
    ("asymmetric", (3, 2, 5, 8), "float32", 1.0, "general"),
    ("asymmetric", (1, 3, 1, 1), "float32", 0.0, "general"),
    ("asymmetric", (1, 1, 2, 140), "float32", 1.0, "general"),
    # Maps smaller than the kernel, and maps that every cell reaches.
    ("peripheral_51", (1, 1, 7, 5), "float32", 0.0, "general"),
    ("peripheral_51", (1, 1, 34, 5), "float32", 1.0, "general"),
    ("tall_stripe", (1, 1, 9, 5), "float32", 0.0, "general"),
    ("dense_7", (2, 1, 5, 34), "float32", 0.0, "general"),
    # Kernels of few taps.
    ("one_row_cell", (2, 2, 4, 3), "float32", 1.0, "direct"),
    ("one_row_cell", (2, 2, 40, 31), "float16", 0.0, "direct"),
    ("one_tap", (1, 2, 3, 4), "float32", 0.0, "direct"),
    ("random_1", (1, 2, 6, 7), "float32", 0.0, "direct"),
    ("random_2", (1, 2, 6, 7), "float16", 1.0, "direct"),
    # Products over the batch, one tile of images and two.
    ("asymmetric", (3, 2, 5, 9), "float16", 1.0, "gemm"),
    ("asymmetric", (3, 2, 5, 9), "float32", 0.0, "gemm"),
    ("asymmetric", (70, 1, 3, 70), "float16", 0.0, "gemm"),
    ("peripheral_51", (2, 2, 7, 6), "float32", 1.0, "gemm"),
    ("peripheral_13", (1, 2, 8, 11), "float16", 0.0, "gemm"),
    ("tall_stripe", (1, 1, 9, 4), "float32", 0.0, "gemm"),
    ("random_0", (2, 2, 6, 7), "float32", 0.0, "gemm"),
    # Planes in a tile: four images, two and one a program, with images left over.
    ("asymmetric", (5, 1, 12, 40), "float16", 1.0, "chained"),
    ("asymmetric", (3, 2, 17, 16), "float16", 0.0, "chained"),
    ("asymmetric", (2, 2, 34, 33), "float16", 1.0, "chained"),
    ("peripheral_51", (3, 1, 18, 17), "float16", 1.0, "chained"),
    ("peripheral_51", (1, 2, 34, 33), "float16", 0.0, "chained"),
    ("peripheral_13", (2, 1, 20, 15), "float16", 0.0, "chained"),
    ("tall_stripe", (2, 1, 40, 8), "float16", 0.0, "chained"),
    ("random_3", (3, 1, 19, 18), "float16", 0.0, "chained"),
    ("random_5", (3, 1, 19, 18), "float16", 1.0, "chained"),
    # Planes larger than a tile, along each axis.
    ("asymmetric", (2, 2, 66, 5), "float16", 1.0, "planes"),
    ("dense_7", (3, 2, 5, 65), "float16", 0.0, "planes"),
    ("dense_7", (2, 1, 66, 4), "float16", 1.0, "planes"),
    ("random_0", (3, 1, 4, 65), "float16", 1.0, "planes"),
    ("random_4", (2, 2, 4, 65), "float16", 0.0, "planes"),
    ("random_5", (1, 1, 4, 65), "float16", 1.0, "planes"),
)


@functools.cache
def interpreted() -> dict[str, Any]:
    # Named, because PYTHONSAFEPATH keeps a script's own folder off the path.
    here = Path(__file__).parent
    path = os.pathsep.join(filter(None, [str(here), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, here / "triton_cases.py"],
        env={**os.environ, "PYTHONPATH": path},
        input=json.dumps(CASES),
        capture_output=True,
        text=True,
        check=False,
    )
    return json.loads(done.stdout) if done.returncode == 0 else {"failed": done.stderr}


def answers(what: str) -> Any:
    found = interpreted()
    assert "failed" not in found, found["failed"]
    return found[what]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_interpreted_kernels_stay_within_the_limits(case: tuple[Any, ...]) -> None:
    answer = answers("cases")[CASES.index(case)]
    assert answer["plan"] == case[4]
    assert answer["error"] <= LIMITS[case[2]]
    assert answer["dtypes"] == [f"torch.{case[2]}"] * 3
    assert answer["repeats"]


@pytest.mark.parametrize("plan", ["general", "direct", "gemm", "chained", "planes"])
def test_channels_that_are_not_convolved_pass_in_the_same_launch(plan: str) -> None:
    answer = answers("partial")[plan]
    assert answer["plan"] == plan
    assert answer["passed"] and answer["gradient_passed"]
    assert answer["error"] <= LIMITS["float16"]
    assert answer["launches"] == answer["launches_alone"]


def test_images_may_lie_further_apart_than_32_bits_count() -> None:
    assert answers("far_apart") == dict.fromkeys(("general", "gemm", "chained", "planes"), 0.0)


def test_what_runs_is_said() -> None:
    said = answers("said")
    assert re.search("chained kernel, planned for 17x16", said["planned"])
    assert re.search("general kernel, not planned for 17x17", said["unplanned"])
    assert re.search("copied into contiguous planes first .*MB", said["channels_last"])


def test_nans_stay_near_what_they_reach() -> None:
    """A NaN may spread over the tile that is computed together, and never to another plane."""
    assert answers("nan") == {"direct_elsewhere": 0, "chained_other_planes": 0}


def test_interpreted_second_derivatives() -> None:
    assert answers("second") < 1e-5


def test_dtypes_that_the_kernels_do_not_take_are_refused_by_name() -> None:
    assert re.search("triton.*bfloat16.*TRITON_INTERPRET", answers("bfloat16"))
    assert re.search("triton.*float64", answers("float64"))
