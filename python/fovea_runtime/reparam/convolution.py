"""What a mixer computes, as one depthwise convolution with a constant a channel."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from fovea_runtime.reparam.grid import Grid, centred

EPS: float = nn.BatchNorm2d(1).eps
"""What BatchNorm adds to the variance: PyTorch's default, which every family here leaves."""


@dataclass(frozen=True)
class Convolution:
    """Kernel (C, h, w) and constant (C,), in float64."""

    kernel: Tensor
    bias: Tensor

    def first(self, channels: int) -> "Convolution":
        return Convolution(self.kernel[:channels], self.bias[:channels])

    def within(self, sides: tuple[int, int]) -> "Convolution":
        """With a larger or a smaller kernel around the same middle."""
        return Convolution(centred(self.kernel, sides), self.bias)


def convolution_of(state: Mapping[str, Tensor], name: str, grid: Grid | None) -> Convolution:
    """A layer of a mixer in eval mode, its norm folded: (w γ/σ, β - μ γ/σ) (RepLKNet, 3.1).

    `grid` is that of a large kernel, None for the small branch.
    """
    weight = state[f"{name}.weight"].double()
    kernel = weight[:, 0] if grid is None else grid.expand(weight)
    norm = f"{name}_norm"
    if f"{norm}.weight" in state:
        variance = state[f"{norm}.running_var"].double()
        scale = state[f"{norm}.weight"].double() / (variance + EPS).sqrt()
        bias = state[f"{norm}.bias"].double() - state[f"{norm}.running_mean"].double() * scale
        return Convolution(kernel * scale[:, None, None], bias)
    own = state.get(f"{name}.bias")
    return Convolution(kernel, kernel.new_zeros(len(kernel)) if own is None else own.double())


def summed(parts: Iterable[Convolution]) -> Convolution:
    """Parallel convolutions as one, as large as the largest along each axis."""
    parts = list(parts)
    sides = (
        max(part.kernel.shape[1] for part in parts),
        max(part.kernel.shape[2] for part in parts),
    )
    kernel = torch.stack([centred(part.kernel, sides) for part in parts]).sum(0)
    return Convolution(kernel, torch.stack([part.bias for part in parts]).sum(0))


def distance(seen: Tensor, wanted: Tensor) -> float:
    """What of kernels (C, h, w) is lost: relative, in the Frobenius norm. 0 where there was nothing."""
    sides = (
        max(seen.shape[1], wanted.shape[1]),
        max(seen.shape[2], wanted.shape[2]),
    )
    lost = (centred(seen, sides) - centred(wanted, sides)).norm().item()
    whole = wanted.norm().item()
    return lost / whole if lost > 0 and whole > 0 else lost
