"""What a user would pick in place of a generated kernel, each written as well as it can be.

All take the shared weight, so that gradients are for the same parameters. The expansion is a
product with two 0/1 matrices: its backward is a product too, where indexing would scatter.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from fovea_runtime.bench.candidate import Run
from fovea_runtime.bench.case import Case


def conv2d(case: Case) -> Run:
    """`F.conv2d` of the expanded kernel without the taps that cannot meet data."""
    expand = expansion(case)
    padding, channels = case.reach, case.shape[1]

    def run(x: Tensor, weight: Tensor) -> Tensor:
        return F.conv2d(x, expand(weight).unsqueeze(1), padding=padding, groups=channels)

    return run


def torch_fft(case: Case) -> Run:
    """Two one-dimensional passes, so that rows of zeros are skipped on the way in and back."""
    expand = expansion(case, flipped=True)
    (height, width), (reach_h, reach_w) = case.shape[2:], case.reach
    length_h, length_w = fast_length(height + reach_h, 1), fast_length(width + reach_w, 2)
    rows, columns = slice(reach_h, reach_h + height), slice(reach_w, reach_w + width)

    def transform(tensor: Tensor) -> Tensor:
        return torch.fft.fft(torch.fft.rfft(tensor.float(), length_w), length_h, dim=-2)

    def run(x: Tensor, weight: Tensor) -> Tensor:
        maps, kernel = transform(x), transform(expand(weight))
        product = maps * kernel if torch.is_grad_enabled() else maps.mul_(kernel)
        columns_left = torch.fft.ifft(product, dim=-2)[:, :, rows]
        return torch.fft.irfft(columns_left, length_w)[..., columns].to(x.dtype)

    return run


def toeplitz_bmm(case: Case) -> Run:
    """One matrix product a channel with the materialised Toeplitz matrix (H * W, H * W)."""
    expand = expansion(case)
    batch, channels, height, width = case.shape
    pixels = height * width
    sides = tuple(
        size - 1 - reach
        for size, reach in zip((width, height), reversed(case.reach), strict=True)
        for _ in range(2)
    )

    def run(x: Tensor, weight: Tensor) -> Tensor:
        # [C, H - 1 - p, W - 1 - q, u, v]: pixels of y count backwards. In float32, in which the
        # backward then sums the diagonals: in half types it would lose too much.
        taps = F.pad(expand(weight).float(), sides)
        windows = taps.unfold(1, height, 1).unfold(2, width, 1).to(x.dtype)
        matrix = windows.reshape(channels, pixels, pixels)
        maps = x.reshape(batch, channels, pixels).transpose(0, 1)
        y = torch.bmm(maps, matrix.mT).transpose(0, 1)
        return y.flip(2).reshape(batch, channels, height, width)

    return run


def torch_compile(case: Case) -> Run:
    """The dense layer under `torch.compile(mode="max-autotune")`."""
    # Cases share their code, and PyTorch compiles one code only a few times.
    torch.compiler.reset()
    compiled = torch.compile(conv2d(case), mode="max-autotune", dynamic=False, fullgraph=True)

    def run(x: Tensor, weight: Tensor) -> Tensor:
        torch.compiler.cudagraph_mark_step_begin()
        return compiled(x, weight)

    return run


def fast_length(size: int, step: int) -> int:
    """Smallest multiple of `step` from `size` on that has no prime factor above 7."""
    length = -(-size // step) * step
    while True:
        rest = length
        for factor in (2, 3, 5, 7):
            while rest % factor == 0:
                rest //= factor
        if rest == 1:
            return length
        length += step


def expansion(case: Case, *, flipped: bool = False) -> Callable[[Tensor], Tensor]:
    """(C, A_h, A_w) to the taps that can meet data (C, h, w), by `flipped` in reverse order."""
    if max(*case.rows, *case.columns) == 1:
        rows, columns = case.reaching_taps
        if flipped:
            return lambda weight: weight[:, rows, columns].flip(1, 2)
        return lambda weight: weight[:, rows, columns]
    left, right = (
        _zeros_and_ones(case, taps[::-1] if flipped else taps, len(cells))
        for taps, cells in zip(case.reaching_cells, (case.rows, case.columns), strict=True)
    )
    return lambda weight: left @ (weight @ right.mT)


def _zeros_and_ones(case: Case, taps: list[int], cells: int) -> Tensor:
    return F.one_hot(torch.tensor(taps), cells).to(case.device, case.dtype)
