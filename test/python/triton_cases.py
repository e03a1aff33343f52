"""Runs method "triton" in Triton's interpreter; prints the worst relative error of each case.

A process of its own, because TRITON_INTERPRET is read when triton is first imported. Takes a list
of `[grid, shape, dtype, mean, plan]` as JSON on stdin and prints a list of answers.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

os.environ["TRITON_INTERPRET"] = "1"

import torch
from emitted_kernels import PAIRS, definition, inputs, kernel, relative_error, worst_error


def refusal(name: str, dtype: torch.dtype) -> str:
    x, weight, _ = inputs(PAIRS[name], (1, 1, 3, 3), dtype)
    try:
        kernel(name).peripheral_conv2d(x, weight, method="triton")
    except NotImplementedError as error:
        return str(error)
    return "it ran"


def answer(name: str, shape: list[int], dtype: str, mean: float, _plan: str) -> dict[str, object]:
    x, weight, gradient = inputs(PAIRS[name], tuple(shape), getattr(torch, dtype), mean)
    plan = kernel(name)._plan(x)
    # Not contiguous, so that addresses must not be taken for granted.
    x = x.transpose(2, 3).contiguous().transpose(2, 3)
    torch.use_deterministic_algorithms(True)  # fills new memory with NaN
    error, results = worst_error(name, x, weight, gradient, "triton")
    again = kernel(name).peripheral_conv2d(x, weight, method="triton")
    torch.use_deterministic_algorithms(False)
    return {
        "plan": plan,
        "error": error,
        "dtypes": [str(result.dtype) for result in results],
        "repeats": torch.equal(again, results[0]),
    }


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


PARTIAL: dict[str, tuple[str, tuple[int, int, int, int]]] = {
    "general": ("asymmetric", (2, 5, 6, 7)),
    "direct": ("one_row_cell", (2, 5, 6, 7)),
    "gemm": ("asymmetric", (3, 5, 5, 9)),
    "chained": ("asymmetric", (3, 5, 17, 16)),
    "planes": ("asymmetric", (2, 5, 66, 5)),
}
"""Grid and x for each plan; two of the five channels are convolved."""


def partial(name: str, shape: tuple[int, int, int, int]) -> dict[str, object]:
    module, pair = kernel(name), PAIRS[name]
    x, weight, gradient = inputs(pair, shape, torch.float16, 1.0)
    weight = weight[:2].clone()
    bias = torch.tensor([1.0, -2.0], dtype=torch.float16)
    leaves = [tensor.clone().requires_grad_() for tensor in (x, weight, bias)]
    launches = []
    _count_launches(module, launches)
    torch.use_deterministic_algorithms(True)
    y = module.partial_peripheral_conv2d(*leaves, method="triton")
    together = len(launches)
    launches.clear()
    seen = torch.autograd.grad(y, leaves, gradient)
    launches.clear()
    module.peripheral_conv2d(x[:, :2], weight, bias, method="triton")
    torch.use_deterministic_algorithms(False)
    exact = [tensor.double().requires_grad_() for tensor in (x[:, :2], weight, bias)]
    wanted = definition(exact[0], exact[1], pair) + exact[2][:, None, None]
    gradients = torch.autograd.grad(wanted, exact, gradient[:, :2].double())
    found = (y[:, :2], seen[0][:, :2], *seen[1:])
    return {
        "plan": module._plan(x),
        "passed": torch.equal(y[:, 2:], x[:, 2:]),
        "gradient_passed": torch.equal(seen[0][:, 2:], gradient[:, 2:]),
        "error": max(map(relative_error, found, (wanted, *gradients))),
        "launches": together,
        "launches_alone": len(launches),
    }


def _count_launches(module: Any, launches: list[str]) -> None:
    """Has every kernel of the module note its name when it is launched."""
    for name, value in list(vars(module).items()):
        if name.endswith("_kernel") and hasattr(value, "run") and not hasattr(value, "noted"):
            value.noted = True

            def run(*args: Any, _run: Any = value.run, _name: str = name, **words: Any) -> Any:
                launches.append(_name)
                return _run(*args, **words)

            value.run = run


def far_apart(name: str, shape: tuple[int, int, int, int]) -> float:
    """The error where the second image lies 2^31 elements behind the first."""
    x, weight, _ = inputs(PAIRS[name], shape, torch.float16)
    size = x[0].numel()
    # Memory that is not touched is not taken.
    far = torch.empty(2**31 + size, dtype=torch.float16)
    view = far.as_strided(x.shape, (2**31, *x.stride()[1:]))
    view.copy_(x)
    run = kernel(name).peripheral_conv2d
    near = run(x, weight, method="triton")
    return (run(view, weight, method="triton") - near).abs().max().item()


def nan_spread() -> dict[str, int]:
    """How many results that a NaN cannot reach are NaN."""
    x, weight, _ = inputs(PAIRS["one_row_cell"], (1, 1, 9, 9), torch.float16)
    x[0, 0, 4, 4] = float("nan")
    reached = torch.zeros(9, 9, dtype=torch.bool)
    reached[3:6, 4] = True  # a kernel of 3x1
    direct = kernel("one_row_cell").peripheral_conv2d(x, weight, method="triton")[0, 0].isnan()
    assert direct[reached].all()
    x, weight, _ = inputs(PAIRS["asymmetric"], (3, 2, 34, 33), torch.float16)
    x[1, 1, 0, 0] = float("nan")
    chained = kernel("asymmetric").peripheral_conv2d(x, weight, method="triton").isnan()
    assert chained[1, 1, 0, 0]
    chained[1, 1] = False
    return {
        "direct_elsewhere": int(direct[~reached].sum()),
        "chained_other_planes": int(chained.sum()),
    }


def said() -> dict[str, str]:
    x, _, _ = inputs(PAIRS["asymmetric"], (1, 2, 17, 16), torch.float16)
    plan = kernel("asymmetric")._triton_plan
    return {
        "planned": plan(x),
        "unplanned": plan(x.new_zeros(1, 2, 17, 17)),
        "channels_last": plan(x.to(memory_format=torch.channels_last)),
    }


if __name__ == "__main__":
    shapes: dict[str, tuple[int, int, int, int]] = {
        "general": (2, 1, 6, 7),
        "gemm": (2, 1, 5, 9),
        "chained": (2, 1, 34, 33),
        "planes": (2, 1, 66, 5),
    }
    print(
        json.dumps(
            {
                "cases": [answer(*case) for case in json.load(sys.stdin)],
                "partial": {plan: partial(*case) for plan, case in PARTIAL.items()},
                "far_apart": {
                    plan: far_apart("asymmetric", shape) for plan, shape in shapes.items()
                },
                "said": said(),
                "nan": nan_spread(),
                "bfloat16": refusal("dense_7", torch.bfloat16),
                "float64": refusal("dense_7", torch.float64),
                "second": second_derivative(),
            }
        )
    )
