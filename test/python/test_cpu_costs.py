"""What `fovea plan` puts the CPU methods at is what a kernel file chooses by."""

from __future__ import annotations

import json
import subprocess

import pytest
from emitted_kernels import PAIRS, ROOT, kernel

SHAPES = [(4, 46, 56, 56), (1, 3, 14, 14), (64, 8, 7, 7), (3, 2, 1, 90), (2, 1, 33, 5)]


@pytest.fixture(scope="module")
def planned() -> dict[tuple[str, tuple[int, ...]], dict[str, dict[str, float]]]:
    cases = [(name, shape) for name in PAIRS for shape in SHAPES]
    wanted = [
        {"rows": PAIRS[name][0], "columns": PAIRS[name][1], "shape": shape} for name, shape in cases
    ]
    command = [
        ROOT / "node_modules/.bin/jiti",
        "test/support/emit-cpu-costs.ts",
        json.dumps(wanted),
    ]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return dict(zip(cases, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("name", PAIRS)
def test_the_planner_and_the_kernel_file_agree(planned, name: str, training: bool) -> None:
    for shape in SHAPES:
        wanted = kernel(name)._costs(shape, training)
        seen = planned[name, shape]["training" if training else "forward"]
        assert seen == pytest.approx(wanted, rel=1e-12), shape
        assert list(seen) == list(wanted), "methods in the order in which equal ones are taken"
