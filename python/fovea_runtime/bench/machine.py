"""What the machine can do at best: measured, in the same process and with the same threads."""

import time
from collections.abc import Callable

import torch

from fovea_runtime.bench.gate import dtype_text

_ROUNDS = 7


def measure_machine(device: str, dtype: torch.dtype) -> dict[str, object]:
    """Bandwidth of a large copy, read and written, and speed of a large square matrix product.

    The best of seven, as limits are. On a CPU the product is in float32 whatever `dtype` is: half
    types are computed in float32 there.
    """
    matrix_dtype = dtype if device == "cuda" else torch.float32
    side = 8192 if device == "cuda" else 1024
    size = 2**30 if device == "cuda" else 2**27
    source = torch.ones(size, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    copy = _best(device, lambda: target.copy_(source))
    left = torch.randn(side, side, device=device).to(matrix_dtype)
    product = torch.empty_like(left)
    matrix = _best(device, lambda: torch.mm(left, left, out=product))
    return {
        "copy_bytes_per_second": 2 * size / copy,
        "matrix_flops_per_second": 2 * side**3 / matrix,
        "matrix_dtype": dtype_text(matrix_dtype),
    }


def _best(device: str, call: Callable[[], object]) -> float:
    """Seconds."""
    call()
    seconds = []
    for _ in range(_ROUNDS):
        _wait(device)
        start = time.perf_counter()
        call()
        _wait(device)
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def _wait(device: str) -> None:
    if device == "cuda":
        torch.cuda.synchronize()
