"""Runs method "triton" in Triton's interpreter; prints the worst relative error of each case.

A process of its own, because TRITON_INTERPRET is read when triton is first imported. Takes a list
of `[grid, shape, dtype, mean]` as JSON on stdin and prints a list of answers.
"""

from __future__ import annotations

import json
import os
import sys

os.environ["TRITON_INTERPRET"] = "1"

import torch
from emitted_kernels import PAIRS, inputs, kernel, worst_error


def refusal(name: str, dtype: torch.dtype) -> str:
    x, weight, _ = inputs(PAIRS[name], (1, 1, 3, 3), dtype)
    try:
        kernel(name).peripheral_conv2d(x, weight, method="triton")
    except NotImplementedError as error:
        return str(error)
    return "it ran"


def answer(name: str, shape: list[int], dtype: str, mean: float) -> dict[str, object]:
    x, weight, gradient = inputs(PAIRS[name], tuple(shape), getattr(torch, dtype), mean)
    # Not contiguous, so that addresses must not be taken for granted.
    x = x.transpose(2, 3).contiguous().transpose(2, 3)
    torch.use_deterministic_algorithms(True)  # fills new memory with NaN
    error, results = worst_error(name, x, weight, gradient, "triton")
    torch.use_deterministic_algorithms(False)
    return {"error": error, "dtypes": [str(result.dtype) for result in results]}


def second_derivative() -> float:
    """Of float32: sum((dy/dw)^2) by w, against the dense method."""
    x, weight, gradient = inputs(PAIRS["asymmetric"], (1, 1, 4, 5), torch.float32)

    def derivative(method: str) -> torch.Tensor:
        a, b = x.detach().requires_grad_(), weight.detach().requires_grad_()
        y = kernel("asymmetric").peripheral_conv2d(a, b, method=method)
        (for_x,) = torch.autograd.grad(y, a, gradient, create_graph=True)
        return torch.autograd.grad(for_x.pow(2).sum(), b)[0]

    seen, wanted = derivative("triton"), derivative("dense")
    return ((seen - wanted).norm() / wanted.norm()).item()


if __name__ == "__main__":
    print(
        json.dumps(
            {
                "cases": [answer(*case) for case in json.load(sys.stdin)],
                "bfloat16": refusal("dense_7", torch.bfloat16),
                "float64": refusal("dense_7", torch.float64),
                "second": second_derivative(),
            }
        )
    )
