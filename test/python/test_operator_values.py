"""What is not finite, and what is huge: how far it goes, and that it is said."""

from __future__ import annotations

import re

import pytest
import torch
from emitted_kernels import PAIRS, inputs, kernel

NAME = "asymmetric"  # 11x7: the middle tap reaches 5 rows and 3 columns


def reached(shape: tuple[int, ...], row: int, column: int) -> torch.Tensor:
    """Pixels whose kernel covers one pixel."""
    found = torch.zeros(shape, dtype=torch.bool)
    found[row - 5 : row + 6, column - 3 : column + 4] = True
    return found


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("method", ["reference", "dense", "boxes"])
def test_direct_methods_keep_a_value_that_is_not_finite_to_its_receptive_field(
    method: str, value: float
) -> None:
    x, weight, _ = inputs(PAIRS[NAME], (2, 2, 20, 20), torch.float32)
    x[1, 0, 10, 10] = value
    y = kernel(NAME).peripheral_conv2d(x, weight, method=method)
    wrong = ~y.isfinite()
    assert torch.equal(wrong[1, 0], reached((20, 20), 10, 10))
    wrong[1, 0] = False
    assert not wrong.any()


def test_fft_spreads_it_over_the_plane_and_says_so() -> None:
    module = kernel("peripheral_51")
    x, weight, _ = inputs(PAIRS["peripheral_51"], (2, 2, 56, 56), torch.float32)
    x[1, 0, 10, 10] = float("nan")
    y = module.peripheral_conv2d(x, weight, method="fft")
    wrong = y.isnan()
    assert wrong[1, 0].all()
    wrong[1, 0] = False
    assert not wrong.any()
    said = module.which_method(x, weight)
    assert re.match(r"fft: .*NaN.*spreads", said)


def test_sizes_beyond_32_bits() -> None:
    module = kernel(NAME)
    x = torch.empty(3, 2, 20000, 20000, device="meta")
    weight = torch.empty(2, 6, 3, device="meta")
    assert x.numel() > 2**31
    for method in ("auto", "dense", "boxes", "fft"):
        assert module.peripheral_conv2d(x, weight, method=method).shape == x.shape


def test_two_thousand_million_elements_between_two_images() -> None:
    x, weight, _ = inputs(PAIRS[NAME], (2, 1, 9, 9), torch.float32)
    far = torch.empty(2**31 + 81).as_strided(x.shape, (2**31, 81, 9, 1))
    far.copy_(x)
    for method in ("reference", "dense", "boxes", "fft"):
        run = kernel(NAME).peripheral_conv2d
        assert torch.equal(run(far, weight, method=method), run(x, weight, method=method))
