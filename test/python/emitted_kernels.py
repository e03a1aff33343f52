"""Kernel files for the tests, emitted once, and what they are compared with."""

from __future__ import annotations

import atexit
import functools
import importlib.util
import json
import math
import random
import shutil
import subprocess
import sys
import tempfile
from itertools import accumulate
from pathlib import Path
from types import ModuleType

import torch
import torch.nn.functional as F
from torch import Tensor

ROOT = Path(__file__).resolve().parents[2]
LIMITS = {torch.float16: 2e-3, torch.bfloat16: 1e-2, torch.float32: 1e-5, torch.float64: 1e-12}
CPU_METHODS = ("reference", "dense", "boxes", "fft")
PERIPHERAL_51 = (9, 8, 4, 2, 1, 1, 1, 1, 1, 2, 4, 8, 9)
PERIPHERAL_13 = (2, 2, 1, 1, 1, 1, 1, 2, 2)

Pair = tuple[tuple[int, ...], tuple[int, ...]]


def _random_cells(source: random.Random) -> tuple[int, ...]:
    while True:
        cells = tuple(source.randint(1, 4) for _ in range(source.randint(1, 6)))
        if sum(cells) % 2:
            return cells


def _pairs() -> dict[str, Pair]:
    source = random.Random(20240501)
    return {
        "asymmetric": ((2, 1, 1, 3, 3, 1), (1, 2, 4)),
        "peripheral_51": (PERIPHERAL_51, PERIPHERAL_51),
        "peripheral_13": (PERIPHERAL_13, PERIPHERAL_13),
        "dense_7": ((1,) * 7, (1,) * 7),
        "tall_stripe": ((1,) * 51, (1,) * 5),
        "one_row_cell": ((3,), (1,)),
        "one_tap": ((1,), (1,)),
        **{f"random_{i}": (_random_cells(source), _random_cells(source)) for i in range(6)},
    }


PAIRS = _pairs()
MAPS: dict[str, tuple[tuple[int, int], ...]] = {
    # Products over the batch, whole planes in a tile (some several images at a time), planes
    # larger than a tile.
    "asymmetric": ((5, 9), (17, 16), (12, 40), (34, 33), (3, 70), (66, 5)),
    "peripheral_51": ((7, 6), (18, 17), (34, 33), (2, 66)),
    "peripheral_13": ((8, 11), (20, 15)),
    "dense_7": ((6, 34), (5, 65), (66, 4)),
    "tall_stripe": ((9, 4), (40, 8)),
    **{f"random_{i}": ((6, 7), (19, 18), (4, 65)) for i in range(6)},
}
"""Map sizes that the Triton kernels are planned for."""


@functools.cache
def _emitted() -> dict[str, dict[str, str]]:
    folder = tempfile.mkdtemp(prefix="fovea-kernels-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    wanted = {
        name: {"rows": rows, "columns": columns, "maps": MAPS.get(name, ())}
        for name, (rows, columns) in PAIRS.items()
    }
    command = [
        ROOT / "node_modules/.bin/jiti",
        "test/support/emit-kernels.ts",
        folder,
        json.dumps(wanted),
    ]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def kernel_path(name: str) -> Path:
    return Path(_emitted()[name]["path"])


def kernel_hash(name: str) -> str:
    """The hash that a package's manifest gives the kernel."""
    return _emitted()[name]["hash"]


@functools.cache
def kernel(name: str) -> ModuleType:
    """The kernel file of `PAIRS[name]`, imported."""
    return load(kernel_path(name), f"emitted_{name}")


def load(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def expand(weight: Tensor, pair: Pair) -> Tensor:
    """The kernel (C, k_h, k_w), zone by zone."""
    rows, columns = pair
    dense = weight.new_zeros(weight.shape[0], sum(rows), sum(columns))
    for a, (end, height) in enumerate(zip(accumulate(rows), rows, strict=True)):
        for b, (stop, width) in enumerate(zip(accumulate(columns), columns, strict=True)):
            zone = dense[:, end - height : end, stop - width : stop]
            zone += weight[:, a, b, None, None]
    return dense


def definition(x: Tensor, weight: Tensor, pair: Pair) -> Tensor:
    """The operator in float64, differentiable."""
    dense = expand(weight.double(), pair).unsqueeze(1)
    padding = (sum(pair[0]) // 2, sum(pair[1]) // 2)
    return F.conv2d(x.double(), dense, padding=padding, groups=x.shape[1])


def inputs(
    pair: Pair, shape: tuple[int, ...], dtype: torch.dtype, mean: float = 0.0, seed: int = 0
) -> tuple[Tensor, Tensor, Tensor]:
    """x, weight and the output's gradient, small enough for float16."""
    generator = torch.Generator().manual_seed(seed)
    draw = functools.partial(torch.randn, generator=generator, dtype=torch.float64)
    x = draw(shape) + mean
    gradient = (draw(shape) + mean) / max(1, shape[2] * shape[3]) ** 0.5
    weight = draw(shape[1], len(pair[0]), len(pair[1])) / sum(pair[0]) ** 0.5
    return x.to(dtype), weight.to(dtype), gradient.to(dtype)


def relative_error(seen: Tensor, wanted: Tensor) -> float:
    scale = wanted.norm()
    difference = (seen.double() - wanted).norm()
    return (difference / scale if scale > 0 else difference).item()


def worst_error(
    name: str, x: Tensor, weight: Tensor, gradient: Tensor, method: str
) -> tuple[float, tuple[Tensor, ...]]:
    """Largest relative error of forward, input gradient and weight gradient; and these three."""
    exact_x, exact_weight = x.double().requires_grad_(), weight.double().requires_grad_()
    exact = definition(exact_x, exact_weight, PAIRS[name])
    wanted = torch.autograd.grad(exact, (exact_x, exact_weight), gradient.double())
    x, weight = x.detach().requires_grad_(), weight.detach().requires_grad_()
    y = kernel(name).peripheral_conv2d(x, weight, method=method)
    seen = (y, *torch.autograd.grad(y, (x, weight), gradient))
    errors = [relative_error(s, w) for s, w in zip(seen, (exact, *wanted), strict=True)]
    # A NaN must not hide behind max().
    return (float("nan") if any(map(math.isnan, errors)) else max(errors)), seen
