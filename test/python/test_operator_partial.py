"""Partial convolution: the first channels are convolved, the others pass."""

from __future__ import annotations

import pytest
import torch
from emitted_kernels import CPU_METHODS, LIMITS, PAIRS, inputs, kernel
from torch import Tensor

NAME = "asymmetric"


def leaves(dtype: torch.dtype = torch.float64) -> tuple[Tensor, Tensor, Tensor]:
    x, weight, _ = inputs(PAIRS[NAME], (2, 5, 7, 8), dtype)
    bias = torch.linspace(-1, 1, 3, dtype=dtype)
    return x.requires_grad_(), weight[:3].clone().requires_grad_(), bias.requires_grad_()


@pytest.mark.parametrize("dtype", LIMITS, ids=str)
@pytest.mark.parametrize("method", ("auto", *CPU_METHODS))
def test_is_the_convolution_beside_what_passes(method: str, dtype: torch.dtype) -> None:
    module = kernel(NAME)
    x, weight, bias = leaves(dtype)
    y = module.partial_peripheral_conv2d(x, weight, bias, method=method)
    alone = module.peripheral_conv2d(x[:, :3], weight, bias, method=method)
    assert torch.equal(y[:, :3], alone)
    assert torch.equal(y[:, 3:], x[:, 3:])
    assert (y.shape, y.dtype, y.is_contiguous()) == (x.shape, dtype, True)
    gradient = torch.randn(y.shape, dtype=torch.float64).to(dtype)
    seen = torch.autograd.grad(y, (x, weight, bias), gradient)
    wanted = torch.autograd.grad(alone, (x, weight, bias), gradient[:, :3])
    assert torch.equal(seen[0][:, :3], wanted[0][:, :3])
    assert torch.equal(seen[0][:, 3:], gradient[:, 3:])
    assert all(map(torch.equal, seen[1:], wanted[1:]))


@pytest.mark.parametrize("method", CPU_METHODS)
def test_gradients_and_their_gradients_by_differences(method: str) -> None:
    def run(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        return kernel(NAME).partial_peripheral_conv2d(x, weight, bias, method=method)

    x, weight, bias = leaves()
    x = x.detach()[:1, :, :4, :4].clone().requires_grad_()
    assert torch.autograd.gradcheck(run, (x, weight, bias))
    assert torch.autograd.gradgradcheck(run, (x, weight, bias))


@pytest.mark.parametrize("channels", [1, 5])
def test_one_channel_and_all_of_them(channels: int) -> None:
    module = kernel(NAME)
    x, weight, _ = inputs(PAIRS[NAME], (2, 5, 7, 8), torch.float64)
    y = module.partial_peripheral_conv2d(x, weight[:channels])
    assert torch.equal(
        y[:, :channels], module.peripheral_conv2d(x[:, :channels], weight[:channels])
    )


def test_autocast_casts_what_passes_too() -> None:
    x, weight, bias = leaves(torch.float32)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        y = kernel(NAME).partial_peripheral_conv2d(x, weight, bias)
    assert y.dtype == torch.bfloat16
    assert torch.equal(y[:, 3:], x[:, 3:].to(torch.bfloat16))


def test_the_module_convolves_its_channels_of_a_wider_map() -> None:
    module = kernel(NAME).PeripheralConv2d(3, bias=True)
    x = torch.randn(2, 5, 6, 6)
    y = module(x, partial=True)
    assert module.which_method(x) == module.which_method(x[:, :3])
    assert torch.equal(y[:, :3], module(x[:, :3].contiguous()))
    assert torch.equal(y[:, 3:], x[:, 3:])


@pytest.mark.parametrize("method", ("auto", *CPU_METHODS))
@pytest.mark.parametrize(
    ("weight", "bias", "words"),
    [
        (torch.zeros(6, 6, 3), None, r"weight has shape \(6, 6, 3\).*from 1 to 5.*\(2, 5, 7, 8\)"),
        (torch.zeros(0, 6, 3), None, r"weight has shape \(0, 6, 3\).*from 1 to 5"),
        (torch.zeros(3, 3, 6), None, r"weight has shape \(3, 3, 6\).*\(g, 6, 3\)"),
        (torch.zeros(3, 6, 3), torch.zeros(5), r"bias has shape \(5,\).*3.*\(2, 5, 7, 8\)"),
    ],
)
def test_bad_arguments(weight: Tensor, bias: Tensor | None, words: str, method: str) -> None:
    x = torch.zeros(2, 5, 7, 8)
    with pytest.raises(ValueError, match=words):
        kernel(NAME).partial_peripheral_conv2d(x, weight, bias, method=method)


def test_nothing_in_gives_nothing_out() -> None:
    x, weight, bias = leaves(torch.float32)
    y = kernel(NAME).partial_peripheral_conv2d(x[:0], weight, bias)
    (for_weight,) = torch.autograd.grad(y.sum(), weight)
    assert y.shape == (0, 5, 7, 8) and not for_weight.any()
