"""What is called in each direction: inference, and forward with both gradients."""

from collections.abc import Callable
from types import ModuleType

import torch
from torch import Tensor

from fovea_runtime.bench.candidate import Candidate
from fovea_runtime.bench.case import Inputs

DIRECTIONS = ("forward", "forward_backward")
QUANTITIES = {
    "forward": ("forward",),
    "forward_backward": ("forward", "input_gradient", "weight_gradient"),
}
"""What each direction computes."""

Call = Callable[[], dict[str, Tensor]]


def make_call(candidate: Candidate, inputs: Inputs, direction: str) -> Call:
    """A call without arguments that returns the direction's quantities.

    Args:
        inputs: in the candidate's layout.
    """
    if direction == "forward":
        return lambda: {"forward": _infer(candidate, inputs)}
    leaves = _leaves(inputs)
    return lambda: _train(candidate, leaves, inputs.gradient)


def chosen_method(kernel: ModuleType, inputs: Inputs, direction: str) -> str:
    """The method that "auto" takes in this direction, a colon, and why."""
    if direction == "forward":
        with torch.no_grad():
            return kernel.which_method(inputs.x, inputs.weight)
    return kernel.which_method(*_leaves(inputs))


def _leaves(inputs: Inputs) -> tuple[Tensor, Tensor]:
    return inputs.x.detach().requires_grad_(), inputs.weight.detach().requires_grad_()


def _infer(candidate: Candidate, inputs: Inputs) -> Tensor:
    with torch.no_grad():
        return candidate.run(inputs.x, inputs.weight)


def _train(
    candidate: Candidate, leaves: tuple[Tensor, Tensor], gradient: Tensor
) -> dict[str, Tensor]:
    y = candidate.run(*leaves)
    for_x, for_weight = torch.autograd.grad(y, leaves, gradient)
    return {"forward": y.detach(), "input_gradient": for_x, "weight_gradient": for_weight}
