"""The launches that `fovea plan` counts are those that a kernel file makes."""

from __future__ import annotations

import json
import math
import re
import subprocess
from collections.abc import Iterator

import pytest
import torch
from emitted_kernels import MAPS, PAIRS, ROOT, inputs, kernel

triton = pytest.importorskip("triton")

BATCH, CHANNELS = 131, 3
DTYPES = {"half": torch.float16, "float": torch.float32}
NAMES = {"convolve": "general", "row_boxes": "boxes", "column_boxes": "boxes"}
CASES = [(name, map_, dtype) for name, maps in MAPS.items() for map_ in maps for dtype in DTYPES]

Launched = list[tuple[str, int]]


@pytest.fixture(scope="module")
def planned() -> dict[tuple[str, tuple[int, int], str], dict[str, list[list[object]]]]:
    sizes = {"batch": BATCH, "channels": CHANNELS}
    wanted = [
        {"rows": PAIRS[name][0], "columns": PAIRS[name][1], "map": map_, "dtype": dtype, **sizes}
        for name, map_, dtype in CASES
    ]
    script = [ROOT / "node_modules/.bin/jiti", "test/support/emit-launches.ts"]
    command = [*script, json.dumps(wanted)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return dict(zip(CASES, json.loads(done.stdout), strict=True))


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Launched]:
    """Kernels write down their names and programs, and do not run."""
    found: Launched = []

    def record(function, grid):
        name = function.fn.__name__.strip("_").removesuffix("_kernel")
        name = re.sub(r"^weight_gradient_\d+x\d+", "planned_weight_gradient", name)
        name = re.sub(r"_\d+x\d+", "", name)
        found.append((NAMES.get(name, name), math.prod(grid)))
        return lambda *_, **__: None

    monkeypatch.setattr(triton.runtime.jit.KernelInterface, "__getitem__", record)
    yield found


@pytest.mark.parametrize(("name", "map_", "dtype"), CASES)
def test_the_planner_counts_the_launches(planned, launched: Launched, name, map_, dtype) -> None:
    module = kernel(name)
    x, weight, gradient = inputs(PAIRS[name], (BATCH, CHANNELS, *map_), DTYPES[dtype])
    wanted = planned[name, map_, dtype]

    module._triton_convolve(x, weight, None, False)
    assert [list(each) for each in launched] == wanted["forward"]

    launched.clear()
    module._triton_gradients(x, weight, gradient, None, (True, True))
    assert [list(each) for each in launched] == wanted["gradients"]
