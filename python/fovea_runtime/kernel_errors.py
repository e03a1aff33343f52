"""How far the methods of a kernel file are from float64: forward and all gradients."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from types import ModuleType

import torch
import torch.nn.functional as F
from torch import Tensor

LIMITS = {"float16": 2e-3, "bfloat16": 1e-2, "float32": 1e-5, "float64": 1e-12}
"""Largest ||out - reference|| / ||reference|| for each dtype."""

HALVES_AND_FLOATS = ("float16", "bfloat16", "float32")
"""Dtypes of the Triton kernels; Triton's interpreter computes bfloat16 wrongly."""


@dataclass(frozen=True)
class Case:
    """One map to convolve; `mean` is that of its values, `layout` how it lies in memory."""

    shape: tuple[int, int, int, int]
    mean: float = 0.0
    layout: str = "contiguous"


# Off the powers of two and the tile sizes, height unlike width, one image and one channel, maps
# smaller than the kernel and of one pixel.
CASES = (
    Case((2, 3, 12, 17)),
    Case((1, 2, 35, 41), mean=1.0),
    Case((3, 1, 5, 9), mean=1.0, layout="strided"),
    Case((2, 4, 8, 7), layout="channels_last"),
    Case((1, 2, 1, 6), layout="expanded"),
    # Several outputs: a single one may be the small difference of convolution and bias.
    Case((2, 3, 1, 1)),
)
INTERPRETER_CASES = {"float16": Case((2, 1, 5, 9)), "float32": Case((1, 1, 34, 3), mean=1.0)}
"""For Triton's interpreter, which takes a second or two for each; the second has two tiles."""


@dataclass
class Findings:
    """What was seen of one kernel."""

    errors: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)
    """Method, then dtype, then "forward" or a gradient: the worst relative error."""
    failures: list[str] = field(default_factory=list)
    """What is wrong, in words."""
    notes: list[str] = field(default_factory=list)
    """What was not run, or how."""

    def add(self, method: str, dtype: str, errors: dict[str, float], where: str) -> None:
        worst = self.errors.setdefault(method, {}).setdefault(dtype, {})
        for quantity, error in errors.items():
            known = worst.setdefault(quantity, error)
            if math.isnan(error) or error > known:  # nothing is greater than a NaN: it stays
                worst[quantity] = error
            if not error <= LIMITS[dtype]:
                self.failures.append(
                    f"{method} {dtype}: {quantity} is off by {error:.2e} on {where}, "
                    f"limit {LIMITS[dtype]:.0e}"
                )


def measure(
    kernel: ModuleType,
    methods: dict[str, tuple[str, ...]],
    device: str,
    cases: tuple[Case, ...],
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
                inputs = _inputs(kernel, case, getattr(torch, dtype), device)
                exact = tuple(tensor.double() for tensor in inputs)
                wanted = _differentiate(partial(_definition, kernel), exact)
                for method in (name for name, dtypes in methods.items() if dtype in dtypes):
                    _measure_one(kernel, method, dtype, case, inputs, wanted, findings, repeat)


def measure_auto(
    kernel: ModuleType, device: str, cases: tuple[Case, ...], findings: Findings
) -> None:
    """Method "auto" runs everywhere, and is bit for bit the method that it names."""
    for case in cases:
        for dtype in LIMITS:
            x, weight, _, _ = _inputs(kernel, case, getattr(torch, dtype), device)
            name = kernel.which_method(x, weight).partition(":")[0]
            seen = kernel.peripheral_conv2d(x, weight)
            if not torch.equal(seen, kernel.peripheral_conv2d(x, weight, method=name)):
                findings.failures.append(f"auto {dtype}: is not {name} on {case.shape}")


def _measure_one(
    kernel: ModuleType,
    method: str,
    dtype: str,
    case: Case,
    inputs: tuple[Tensor, ...],
    wanted: dict[str, Tensor],
    findings: Findings,
    repeat: bool,
) -> None:
    where = f"{case.shape}, mean {case.mean:g}, {case.layout}"

    run = partial(kernel.peripheral_conv2d, method=method)
    before = [tensor.clone() for tensor in inputs]
    try:
        seen = _differentiate(run, inputs)
        again = _differentiate(run, inputs) if repeat else seen
    except Exception as error:  # noqa: BLE001 - whatever the kernel raises is the finding
        findings.failures.append(f"{method} {dtype}: {type(error).__name__} on {where}: {error}")
        return
    for quantity, tensor in seen.items():
        if tensor.dtype != inputs[0].dtype or tensor.shape != wanted[quantity].shape:
            findings.failures.append(
                f"{method} {dtype}: {quantity} is {tensor.dtype} {tuple(tensor.shape)} on {where}"
            )
            return
        if not torch.equal(tensor, again[quantity]):
            findings.failures.append(f"{method} {dtype}: {quantity} changes from run to run")
    if not all(map(torch.equal, before, inputs)):
        findings.failures.append(f"{method} {dtype}: an input was changed on {where}")
    errors = {quantity: _error(tensor, wanted[quantity]) for quantity, tensor in seen.items()}
    findings.add(method, dtype, errors, where)


def _inputs(
    kernel: ModuleType, case: Case, dtype: torch.dtype, device: str
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """x, weight, bias and the output's gradient; seeded, and small enough for float16."""
    generator = torch.Generator().manual_seed(0)

    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator, dtype=torch.float64)

    channels, height, width = case.shape[1:]
    x = normal(*case.shape) + case.mean
    gradient = (normal(*case.shape) + case.mean) / (height * width) ** 0.5
    weight = normal(channels, len(kernel.ROWS), len(kernel.COLUMNS)) / sum(kernel.ROWS) ** 0.5
    bias = normal(channels)
    x, weight, bias, gradient = (t.to(device, dtype) for t in (x, weight, bias, gradient))
    return _laid_out(x, case.layout), weight, bias, _laid_out(gradient, case.layout)


def _laid_out(tensor: Tensor, layout: str) -> Tensor:
    if layout == "strided":
        return torch.stack((tensor, tensor), -1).flatten(-2)[..., ::2]
    if layout == "expanded":
        return tensor[:, :1].expand_as(tensor)
    if layout == "channels_last":
        return tensor.contiguous(memory_format=torch.channels_last)
    return tensor


def _definition(kernel: ModuleType, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """The operator by its definition, from the cells alone."""
    rows = [cell for cell, size in enumerate(kernel.ROWS) for _ in range(size)]
    columns = [cell for cell, size in enumerate(kernel.COLUMNS) for _ in range(size)]
    taps = weight[:, rows][:, :, columns].unsqueeze(1)
    padding = (len(rows) // 2, len(columns) // 2)
    return F.conv2d(x.contiguous(), taps, bias, padding=padding, groups=x.shape[1])


def _differentiate(
    run: Callable[[Tensor, Tensor, Tensor], Tensor], inputs: tuple[Tensor, ...]
) -> dict[str, Tensor]:
    x, weight, bias, gradient = inputs
    leaves = [tensor.detach().requires_grad_() for tensor in (x, weight, bias)]
    y = run(*leaves)
    for_x, for_weight, for_bias = torch.autograd.grad(y, leaves, gradient)
    return {
        "forward": y.detach(),
        "input_gradient": for_x,
        "weight_gradient": for_weight,
        "bias_gradient": for_bias,
    }


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
