"""Bad arguments are refused by name before any work; `auto` says what it takes."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from emitted_kernels import CPU_METHODS, LIMITS, PAIRS, inputs, kernel

GOOD: dict[str, Any] = {
    "x": torch.zeros(2, 3, 8, 9),
    "weight": torch.zeros(3, 6, 3),
    "bias": torch.zeros(3),
    "method": "auto",
}
SHAPE = r"\(2, 3, 8, 9\)"


@pytest.mark.parametrize("method", ("auto", *CPU_METHODS))
@pytest.mark.parametrize(
    ("argument", "value", "error", "words"),
    [
        ("x", torch.zeros(3, 8, 9), ValueError, r"x has shape \(3, 8, 9\).*\(N, C, H, W\)"),
        ("x", torch.zeros(1, 2, 3, 8, 9), ValueError, r"x has shape \(1, 2, 3, 8, 9\)"),
        ("x", torch.zeros(2, 4, 8, 9), ValueError, r"weight .*\(3, 6, 3\).*4.*\(2, 4, 8, 9\)"),
        ("x", torch.zeros(2, 3, 8, 9, dtype=torch.int64), TypeError, "x has dtype torch.int64"),
        ("x", torch.zeros(2, 3, 8, 9, dtype=torch.bool), TypeError, "x has dtype torch.bool"),
        ("x", torch.zeros(2, 3, 8, 9, dtype=torch.complex64), TypeError, "x has .*complex64"),
        ("x", torch.zeros(2, 3, 8, 9).to(torch.float8_e4m3fn), TypeError, "x has .*float8"),
        ("x", [[1.0]], TypeError, "x must be a tensor, not list"),
        ("x", None, TypeError, "x must be a tensor, not NoneType"),
        ("x", torch.zeros(2, 3, 8, 9, dtype=torch.float64), TypeError, "weight .*float32.*float64"),
        ("weight", torch.zeros(3, 6), ValueError, rf"weight has shape \(3, 6\).*{SHAPE}"),
        ("weight", torch.zeros(4, 6, 3), ValueError, rf"weight has shape \(4, 6, 3\).*{SHAPE}"),
        ("weight", torch.zeros(3, 3, 6), ValueError, r"weight has shape \(3, 3, 6\).*\(C, 6, 3\)"),
        ("weight", torch.zeros(3, 11, 7), ValueError, r"weight has shape \(3, 11, 7\)"),
        (
            "weight",
            torch.zeros(3, 6, 3, dtype=torch.int8),
            TypeError,
            "weight has dtype torch.int8",
        ),
        (
            "weight",
            torch.zeros(3, 6, 3).half(),
            TypeError,
            "weight has dtype torch.float16.*float32",
        ),
        ("weight", torch.zeros(3, 6, 3, device="meta"), ValueError, "weight is on meta.*cpu"),
        ("weight", 1.0, TypeError, "weight must be a tensor, not float"),
        ("bias", torch.zeros(4), ValueError, rf"bias has shape \(4,\).*3.*{SHAPE}"),
        ("bias", torch.zeros(3, 1), ValueError, r"bias has shape \(3, 1\)"),
        ("bias", torch.zeros(3).double(), TypeError, "bias has dtype torch.float64.*float32"),
        ("bias", torch.zeros(3, device="meta"), ValueError, "bias is on meta.*cpu"),
        ("bias", True, TypeError, "bias must be a tensor, not bool"),
    ],
)
def test_bad_arguments(
    argument: str, value: object, error: type[Exception], words: str, method: str
) -> None:
    arguments = {**GOOD, "method": method, argument: value}
    with pytest.raises(error, match=words):
        kernel("asymmetric").peripheral_conv2d(
            arguments["x"], arguments["weight"], arguments["bias"], method=arguments["method"]
        )


def test_unknown_methods_are_told_the_known_ones() -> None:
    module = kernel("asymmetric")
    assert module.METHODS == ("auto", "reference", "dense", "boxes", "fft", "triton")
    words = "'winograd'.*auto, reference, dense, boxes, fft, triton"
    with pytest.raises(ValueError, match=words):
        module.peripheral_conv2d(GOOD["x"], GOOD["weight"], method="winograd")
    with pytest.raises(ValueError, match=words):
        module.PeripheralConv2d(3, method="winograd")


def test_expand_and_shrink_check_their_arguments() -> None:
    module = kernel("asymmetric")
    with pytest.raises(ValueError, match=r"weight has shape \(3, 11, 7\).*\(C, 6, 3\)"):
        module.expand_kernel(torch.zeros(3, 11, 7))
    with pytest.raises(ValueError, match=r"dense has shape \(3, 6, 3\).*\(C, 11, 7\)"):
        module.shrink_gradient(torch.zeros(3, 6, 3))
    with pytest.raises(TypeError, match="dense has dtype"):
        module.shrink_gradient(torch.zeros(3, 11, 7, dtype=torch.int32))


@pytest.mark.parametrize(
    ("channels", "error"), [(-1, ValueError), (2.0, TypeError), (True, TypeError)]
)
def test_module_checks_channels(channels: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="channels"):
        kernel("asymmetric").PeripheralConv2d(channels)


def test_triton_is_refused_on_a_cpu_by_name() -> None:
    x, weight = GOOD["x"], GOOD["weight"]
    with pytest.raises((ValueError, NotImplementedError), match="triton.*CUDA"):
        kernel("asymmetric").peripheral_conv2d(x, weight, method="triton")


@pytest.mark.parametrize("dtype", LIMITS, ids=str)
@pytest.mark.parametrize("name", ["asymmetric", "peripheral_51", "dense_7"])
@pytest.mark.parametrize("shape", [(1, 2, 1, 1), (2, 2, 7, 7), (1, 2, 40, 44)])
def test_auto_is_the_method_it_names(name: str, shape: tuple[int, ...], dtype: torch.dtype) -> None:
    module = kernel(name)
    x, weight, gradient = inputs(PAIRS[name], shape, dtype)
    x.requires_grad_()
    weight.requires_grad_()
    method, colon, why = module.which_method(x, weight).partition(": ")
    assert method in module.METHODS and method != "auto" and colon and why

    def results(method: str) -> tuple[torch.Tensor, ...]:
        y = module.peripheral_conv2d(x, weight, method=method)
        return y, *torch.autograd.grad(y, (x, weight), gradient)

    assert all(map(torch.equal, results("auto"), results(method)))


@pytest.mark.parametrize(
    ("name", "side", "forward", "training"),
    [
        ("peripheral_51", 56, "fft", "fft"),
        ("peripheral_51", 112, "fft", "fft"),
        ("dense_7", 56, "dense", "dense"),
        ("peripheral_13", 7, "dense", "dense"),
        ("dense_7", 28, "dense", "dense"),
        ("tall_stripe", 28, "dense", "dense"),
    ],
)
def test_auto_takes_what_was_measured_faster(
    name: str, side: int, forward: str, training: str
) -> None:
    x, weight, _ = inputs(PAIRS[name], (4, 64, side, side), torch.float32)
    assert kernel(name).which_method(x, weight).startswith(f"{forward}: ")
    weight.requires_grad_()
    assert kernel(name).which_method(x, weight).startswith(f"{training}: ")
    with torch.no_grad():
        assert kernel(name).which_method(x, weight).startswith(f"{forward}: ")
