"""How far the methods of a kernel file are from float64: forward and all gradients."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import ModuleType

import torch
from torch import Tensor

from fovea_runtime.kernel_cases import Case
from fovea_runtime.kernel_definition import definition
from fovea_runtime.kernel_findings import LIMITS, Findings
from fovea_runtime.kernel_inputs import Inputs, make_inputs

Operator = Callable[[Tensor, Tensor, Tensor | None], Tensor]
"""From x, weight and bias."""

_OF_MAPS = ("forward", "input_gradient")


def measure(
    kernel: ModuleType,
    methods: dict[str, tuple[str, ...]],
    device: str,
    cases: Iterable[Case],
    findings: Findings,
    *,
    repeat: bool = True,
) -> None:
    """Runs each method in the dtypes named for it on every case, with `repeat` twice.

    New memory is filled with NaN first, so an element that is not written shows.
    """
    with _poisoned_memory():
        for case in cases:
            for dtype in dict.fromkeys(name for names in methods.values() for name in names):
                inputs = make_inputs(kernel, case, getattr(torch, dtype), device)
                wanted = _differentiate(partial(definition, kernel), _exact(inputs))
                for method in (name for name, dtypes in methods.items() if dtype in dtypes):
                    run = partial(_operator(kernel, case), method=method)
                    _Trial(method, dtype, case, findings).hold(run, inputs, wanted, repeat=repeat)


def measure_auto(
    kernel: ModuleType, device: str, cases: Iterable[Case], findings: Findings
) -> None:
    """Method "auto" runs everywhere, and is bit for bit the method that it names."""
    for case, dtype, training in itertools.product(cases, LIMITS, (False, True)):
        x, weight, bias, _ = make_inputs(kernel, case, getattr(torch, dtype), device)
        weight.requires_grad_(training)
        name = kernel.which_method(x[:, : weight.shape[0]], weight).partition(":")[0]
        run = _operator(kernel, case)
        if not torch.equal(run(x, weight, bias), run(x, weight, bias, method=name)):
            findings.failures.append(f"auto {dtype}: is not {name} on {case}")


def _operator(kernel: ModuleType, case: Case) -> Callable[..., Tensor]:
    return kernel.peripheral_conv2d if case.convolved is None else kernel.partial_peripheral_conv2d


@dataclass(frozen=True)
class _Trial:
    """One method in one dtype on one case."""

    method: str
    dtype: str
    case: Case
    findings: Findings

    def hold(
        self, run: Operator, inputs: Inputs, wanted: dict[str, Tensor], *, repeat: bool
    ) -> None:
        """Holds what `run` gives against `wanted`, which knows the convolved channels only."""
        before = _copies(inputs)
        try:
            seen = _differentiate(run, inputs)
            again = _differentiate(run, inputs) if repeat else seen
        except Exception as error:  # noqa: BLE001 - whatever the kernel raises is the finding
            self._fail(f"{type(error).__name__}: {error}")
            return
        if not all(map(torch.equal, before, _copies(inputs))):
            self._fail("an input was changed")
        errors = {}
        for name, tensor in seen.items():
            quantity = name if self.case.convolved is None else f"partial_{name}"
            if not torch.equal(tensor, again[name]):
                self._fail(f"{quantity} changes from run to run")
            if not self._fits(quantity, tensor, inputs.x if name in _OF_MAPS else wanted[name]):
                continue
            if name in _OF_MAPS:
                tensor = self._convolved(
                    quantity, tensor, inputs.x if name == "forward" else inputs.gradient
                )
            errors[quantity] = _error(tensor, wanted[name])
        self.findings.add(self.method, self.dtype, errors, self.case)

    def _fits(self, quantity: str, tensor: Tensor, like: Tensor) -> bool:
        fits = tensor.dtype == getattr(torch, self.dtype) and tensor.shape == like.shape
        if not fits:
            self._fail(f"{quantity} is {tensor.dtype} {tuple(tensor.shape)}")
        return fits

    def _convolved(self, quantity: str, tensor: Tensor, source: Tensor) -> Tensor:
        """The convolved channels; the others must be those of `source`, bit for bit."""
        channels = self.case.convolved
        if channels is None:
            return tensor
        if not torch.equal(tensor[:, channels:], source[:, channels:]):
            self._fail(f"{quantity} changes the channels that it should copy")
        return tensor[:, :channels]

    def _fail(self, what: str) -> None:
        self.findings.failures.append(f"{self.method} {self.dtype}: {what} on {self.case}")


def _copies(inputs: Inputs) -> list[Tensor]:
    return [tensor.clone() for tensor in inputs if tensor is not None]


def _exact(inputs: Inputs) -> Inputs:
    """The convolved channels in float64."""
    x, weight, bias, gradient = inputs
    channels = weight.shape[0]
    return Inputs(
        x[:, :channels].double(),
        weight.double(),
        None if bias is None else bias.double(),
        gradient[:, :channels].double(),
    )


def _differentiate(run: Operator, inputs: Inputs) -> dict[str, Tensor]:
    x, weight, bias, gradient = inputs
    leaves = {"input_gradient": x, "weight_gradient": weight}
    if bias is not None:
        leaves["bias_gradient"] = bias
    leaves = {name: tensor.detach().requires_grad_() for name, tensor in leaves.items()}
    y = run(leaves["input_gradient"], leaves["weight_gradient"], leaves.get("bias_gradient"))
    gradients = torch.autograd.grad(y, list(leaves.values()), gradient)
    return {"forward": y.detach(), **dict(zip(leaves, gradients, strict=True))}


def _error(seen: Tensor, wanted: Tensor) -> float:
    difference = (seen.double() - wanted).norm()
    scale = wanted.norm()
    return (difference / scale if scale > 0 else difference).item()


@contextmanager
def _poisoned_memory() -> Iterator[None]:
    before = torch.are_deterministic_algorithms_enabled()
    torch.use_deterministic_algorithms(True, warn_only=True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before)
