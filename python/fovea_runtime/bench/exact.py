"""The operator and its gradients in float64, fast enough to check every case in full."""

import torch
import torch.nn.functional as F
from torch import Tensor

from fovea_runtime.bench.case import Case, Inputs

_KEPT_NUMBERS = 2**26
"""About as many float64 numbers are kept for the backward at a time."""


def exact(case: Case, inputs: Inputs) -> dict[str, Tensor]:
    """Forward (N, C, H, W), input gradient (N, C, H, W) and weight gradient (C, A_h, A_w).

    Row by row of the kernel, as products with the Toeplitz matrix along the width: PyTorch's own
    float64 convolution takes ten seconds where this takes one.
    """
    batch, channels, height, width = case.shape
    kept_a_channel = batch * height * width * (2 * case.reach[0] + 1)
    step = max(1, _KEPT_NUMBERS // kept_a_channel)
    parts = [_exact(case, inputs, slice(c, c + step)) for c in range(0, channels, step)]
    forward, for_x, for_weight = zip(*parts, strict=True)
    return {
        "forward": torch.cat(forward, 1),
        "input_gradient": torch.cat(for_x, 1),
        "weight_gradient": torch.cat(for_weight),
    }


def _exact(case: Case, inputs: Inputs, channels: slice) -> tuple[Tensor, Tensor, Tensor]:
    x = inputs.x[:, channels].double().requires_grad_()
    weight = inputs.weight[channels].double().requires_grad_()
    y = _convolve(case, x, weight)
    gradient = inputs.gradient[:, channels].double()
    for_x, for_weight = torch.autograd.grad(y, (x, weight), gradient)
    return y.detach(), for_x, for_weight


def _convolve(case: Case, x: Tensor, weight: Tensor) -> Tensor:
    height, width = case.shape[2:]
    reach_h, reach_w = case.reach
    rows, columns = case.reaching_cells
    taps = F.pad(weight[:, rows][:, :, columns], (width - 1 - reach_w,) * 2)
    toeplitz = taps.unfold(2, width, 1)  # [C, taps, W - 1 - q, u]
    maps = F.pad(x, (0, 0, reach_h, reach_h))
    y = torch.zeros_like(x)
    for tap in range(2 * reach_h + 1):
        y = y + maps[:, :, tap : tap + height] @ toeplitz[:, tap].mT
    return y.flip(3)
