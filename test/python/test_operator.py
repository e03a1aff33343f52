"""The emitted operator against its definition: values and gradients, on the CPU."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from emitted_kernels import (
    CPU_METHODS,
    LIMITS,
    PAIRS,
    PERIPHERAL_51,
    Pair,
    definition,
    expand,
    inputs,
    kernel,
    worst_error,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils._python_dispatch import TorchDispatchMode

SHAPES = ((2, 3, 12, 17), (1, 2, 35, 26), (1, 1, 1, 1), (2, 2, 1, 9), (3, 1, 6, 1), (1, 2, 5, 64))


def four_loops(x: np.ndarray, weight: np.ndarray, pair: Pair) -> np.ndarray:
    """y[n,c,p,q] = sum over all taps of the weight of the tap's zone times the pixel under it."""
    cells = [[a for a, size in enumerate(axis) for _ in range(size)] for axis in pair]
    middle = [len(axis) // 2 for axis in cells]
    height, width = x.shape[2:]
    y = np.zeros(x.shape)
    for p, q, i, j in itertools.product(
        range(height), range(width), range(len(cells[0])), range(len(cells[1]))
    ):
        row, column = p + i - middle[0], q + j - middle[1]
        if 0 <= row < height and 0 <= column < width:
            y[:, :, p, q] += weight[:, cells[0][i], cells[1][j]] * x[:, :, row, column]
    return y


@pytest.mark.parametrize("name", ["asymmetric", "peripheral_13", "one_row_cell", "random_0"])
@pytest.mark.parametrize("method", CPU_METHODS)
def test_is_the_definition(name: str, method: str) -> None:
    x, weight, _ = inputs(PAIRS[name], (2, 2, 6, 9), torch.float64)
    seen = kernel(name).peripheral_conv2d(x, weight, method=method)
    np.testing.assert_allclose(
        seen.numpy(), four_loops(x.numpy(), weight.numpy(), PAIRS[name]), atol=1e-12
    )


@pytest.mark.parametrize("dtype", LIMITS, ids=str)
@pytest.mark.parametrize("method", CPU_METHODS)
@pytest.mark.parametrize("name", PAIRS)
def test_values_and_gradients_stay_within_the_limits(
    name: str, method: str, dtype: torch.dtype
) -> None:
    for shape, mean in itertools.product(SHAPES, (0.0, 1.0)):
        x, weight, gradient = inputs(PAIRS[name], shape, dtype, mean)
        error, results = worst_error(name, x, weight, gradient, method)
        assert error <= LIMITS[dtype], (shape, mean)
        assert all(result.dtype == dtype for result in results)
        assert results[0].is_contiguous()


@settings(max_examples=60)
@given(
    name=st.sampled_from(sorted(PAIRS)),
    method=st.sampled_from(("auto", *CPU_METHODS)),
    dtype=st.sampled_from(list(LIMITS)),
    shape=st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 40), st.integers(1, 40)),
    layout=st.sampled_from(("contiguous", "channels_last", "strided", "transposed", "expanded")),
    seed=st.integers(0, 1000),
)
def test_any_shape_and_strides(
    name: str, method: str, dtype: torch.dtype, shape: tuple[int, ...], layout: str, seed: int
) -> None:
    x, weight, gradient = inputs(PAIRS[name], shape, dtype, seed=seed)
    arrange = {
        "contiguous": lambda t: t,
        "channels_last": lambda t: t.contiguous(memory_format=torch.channels_last),
        "strided": lambda t: torch.stack((t, t), -1).flatten(-2)[..., ::2],
        "transposed": lambda t: t.transpose(2, 3).contiguous().transpose(2, 3),
        "expanded": lambda t: t[:1, :, :, :1].expand_as(t),
    }[layout]
    x, gradient = arrange(x), arrange(gradient)
    error, _ = worst_error(
        name, x, weight.transpose(1, 2).contiguous().transpose(1, 2), gradient, method
    )
    assert error <= LIMITS[dtype]


@pytest.mark.parametrize("method", CPU_METHODS)
def test_gradients_and_their_gradients_by_differences(method: str) -> None:
    x, weight, _ = inputs(PAIRS["asymmetric"], (2, 2, 4, 5), torch.float64)
    bias = torch.randn(2, dtype=torch.float64, requires_grad=True)
    leaves = (x.requires_grad_(), weight.requires_grad_(), bias)

    def run(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        return kernel("asymmetric").peripheral_conv2d(x, weight, bias, method=method)

    assert torch.autograd.gradcheck(run, leaves)
    assert torch.autograd.gradgradcheck(run, leaves)


@pytest.mark.parametrize("method", ("dense", "boxes", "fft"))
def test_third_derivatives(method: str) -> None:
    pair = PAIRS["asymmetric"]
    x, weight, _ = inputs(pair, (1, 2, 5, 6), torch.float64)

    def third(run) -> torch.Tensor:
        w = weight.detach().requires_grad_()
        total = run(x, w).pow(4).sum()
        for _ in range(3):
            (gradient,) = torch.autograd.grad(total, w, create_graph=True)
            total = gradient.pow(2).sum()
        return total

    run = kernel("asymmetric").peripheral_conv2d
    seen = third(lambda x, w: run(x, w, method=method))
    torch.testing.assert_close(seen, third(lambda x, w: definition(x, w, pair)), rtol=1e-10, atol=0)


@pytest.mark.parametrize("name", PAIRS)
def test_expand_copies_and_shrink_is_its_adjoint(name: str) -> None:
    rows, columns = PAIRS[name]
    module = kernel(name)
    assert (rows, columns) == (module.ROWS, module.COLUMNS)
    assert module.KERNEL == (sum(rows), sum(columns))
    weight = torch.randn(3, len(rows), len(columns), dtype=torch.float64, requires_grad=True)
    dense = torch.randn(3, sum(rows), sum(columns), dtype=torch.float64, requires_grad=True)
    expanded = module.expand_kernel(weight)
    assert torch.equal(expanded, expand(weight, PAIRS[name]))
    assert expanded.data_ptr() != weight.data_ptr()
    (by_autograd,) = torch.autograd.grad((expanded * dense).sum(), weight)
    shrunk = module.shrink_gradient(dense)
    torch.testing.assert_close(shrunk, by_autograd, rtol=1e-13, atol=1e-13)
    (back,) = torch.autograd.grad((shrunk * weight.detach()).sum(), dense)
    assert torch.equal(back, expand(weight.detach(), PAIRS[name]))


def test_shrink_rounds_half_types_once() -> None:
    dense = torch.ones(1, 51, 51, dtype=torch.bfloat16)
    zones = torch.tensor(PERIPHERAL_51).outer(torch.tensor(PERIPHERAL_51))
    seen = kernel("peripheral_51").shrink_gradient(dense)
    assert torch.equal(seen[0], zones.to(torch.bfloat16))


@pytest.mark.parametrize("method", ("auto", *CPU_METHODS))
@pytest.mark.parametrize("shape", [(0, 3, 4, 5), (2, 0, 4, 5), (2, 3, 0, 5), (2, 3, 4, 0)])
def test_nothing_in_gives_nothing_out(method: str, shape: tuple[int, ...]) -> None:
    x, weight, _ = inputs(PAIRS["asymmetric"], shape, torch.float32)
    x.requires_grad_()
    weight.requires_grad_()
    y = kernel("asymmetric").peripheral_conv2d(x, weight, torch.zeros(shape[1]), method=method)
    for_x, for_weight = torch.autograd.grad(y.sum(), (x, weight))
    assert y.shape == for_x.shape == x.shape
    assert torch.equal(for_weight, torch.zeros_like(weight))


@pytest.mark.parametrize("dtype", LIMITS, ids=str)
@pytest.mark.parametrize("method", CPU_METHODS)
def test_leaves_inputs_and_state_alone_and_repeats_itself(method: str, dtype: torch.dtype) -> None:
    x, weight, gradient = inputs(PAIRS["peripheral_13"], (2, 3, 9, 20), dtype)
    before = [tensor.clone() for tensor in (x, weight, gradient)]
    generator, threads = torch.get_rng_state(), torch.get_num_threads()
    torch.use_deterministic_algorithms(True)  # fills new memory with NaN
    try:
        first = worst_error("peripheral_13", x, weight, gradient, method)
        second = worst_error("peripheral_13", x, weight, gradient, method)
    finally:
        torch.use_deterministic_algorithms(False)
    assert first[0] <= LIMITS[dtype]
    assert all(map(torch.equal, first[1], second[1]))
    assert all(map(torch.equal, before, (x, weight, gradient)))
    assert torch.equal(generator, torch.get_rng_state())
    assert (threads, torch.get_default_dtype()) == (torch.get_num_threads(), torch.float32)


def test_bias_is_added_and_has_its_gradient() -> None:
    x, weight, gradient = inputs(PAIRS["dense_7"], (2, 3, 8, 8), torch.float64)
    bias = torch.tensor([1.0, -2.0, 3.0], dtype=torch.float64, requires_grad=True)
    run = kernel("dense_7").peripheral_conv2d
    y = run(x, weight, bias)
    torch.testing.assert_close(
        y, run(x, weight) + bias.detach()[:, None, None], rtol=1e-14, atol=1e-14
    )
    (for_bias,) = torch.autograd.grad(y, bias, gradient)
    torch.testing.assert_close(for_bias, gradient.sum((0, 2, 3)))


@pytest.mark.parametrize("method", CPU_METHODS)
@pytest.mark.parametrize("dtype", (torch.float16, torch.bfloat16))
def test_half_types_are_rounded_once_where_convolution_and_bias_cancel(
    method: str, dtype: torch.dtype
) -> None:
    module = kernel("peripheral_13")
    # Seeded: a result that happens to be subnormal cannot be held to eps.
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(1, 2, 1, 1, generator=generator).to(dtype)
    weight = torch.randn(2, len(module.ROWS), len(module.COLUMNS), generator=generator).to(dtype)
    exact = module.peripheral_conv2d_reference(x.double(), weight.double())
    bias = (-0.99 * exact).flatten().to(dtype)
    wanted = exact + bias.double()[:, None, None]
    seen = module.peripheral_conv2d(x, weight, bias, method=method)
    assert seen.dtype == dtype
    assert ((seen - wanted).abs() / wanted.abs()).max() < torch.finfo(dtype).eps


@pytest.mark.parametrize("method", ("dense", "boxes", "fft"))
@pytest.mark.parametrize("needed", [(True, False), (False, True)])
def test_only_the_gradients_that_are_needed_are_computed(
    method: str, needed: tuple[bool, bool]
) -> None:
    module = kernel("asymmetric")
    x, weight, _ = inputs(PAIRS["asymmetric"], (1, 2, 5, 5), torch.float32)
    called: list[tuple[object, ...]] = []

    class Watch(TorchDispatchMode):
        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            called.append((str(func), *args))
            return func(*args, **(kwargs or {}))

    x.requires_grad_(needed[0])
    weight.requires_grad_(needed[1])
    y = module.peripheral_conv2d(x, weight, method=method)
    with Watch():
        y.sum().backward()
    (own,) = (call for call in called if str(call[0]).startswith("fovea"))
    assert "_gradients" in str(own[0]) and own[-2:] == needed
    assert (x.grad is not None, weight.grad is not None) == needed


def test_fft_keeps_its_transforms_for_the_gradients() -> None:
    module = kernel("peripheral_51")
    x, weight, gradient = inputs(PAIRS["peripheral_51"], (2, 3, 40, 44), torch.float32)
    transforms: list[str] = []

    class Watch(TorchDispatchMode):
        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            name = str(func)
            transforms.append("own" if name.startswith("fovea") else name)
            return func(*args, **(kwargs or {}))

    x.requires_grad_()
    weight.requires_grad_()
    with Watch():
        y = module.peripheral_conv2d(x, weight, method="fft")
        torch.autograd.grad(y, (x, weight), gradient, retain_graph=True)
    assert transforms.count("own") == 2
    spectra = [tensor.shape for tensor in y.grad_fn.saved_tensors if tensor.is_complex()]
    assert len(spectra) == 2 and spectra[0][:2] == (2, 3)


def test_lazily_negated_and_conjugated_inputs() -> None:
    x = torch.randn(1, 2, 8, 8, dtype=torch.complex64).conj().imag
    assert x.is_neg()
    _, weight, _ = inputs(PAIRS["asymmetric"], (1, 2, 8, 8), torch.float32)
    for method in CPU_METHODS:
        run = kernel("asymmetric").peripheral_conv2d
        assert torch.equal(
            run(x, weight, method=method), run(x.resolve_neg(), weight, method=method)
        )
