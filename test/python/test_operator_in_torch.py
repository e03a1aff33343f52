"""The emitted operator inside PyTorch: registration, compilation, autocast, vmap, modules."""

from __future__ import annotations

import copy
import importlib
import io
import pickle
import subprocess
import sys

import pytest
import torch
from emitted_kernels import CPU_METHODS, LIMITS, PAIRS, inputs, kernel, kernel_path, load
from torch import Tensor
from torch._subclasses import FakeTensorMode
from torch.autograd import forward_ad
from torch.utils.checkpoint import checkpoint
from torch.utils.flop_counter import FlopCounterMode

PAIR = PAIRS["asymmetric"]
OWN_METHODS = ("auto", "dense", "boxes", "fft")
"""Those that run in the registered operators."""


def leaves(
    shape: tuple[int, ...] = (2, 3, 9, 10), dtype: torch.dtype = torch.float32
) -> tuple[Tensor, Tensor, Tensor]:
    x, weight, _ = inputs(PAIR, shape, dtype)
    bias = torch.linspace(-1, 1, shape[1], dtype=dtype)
    return x.requires_grad_(), weight.requires_grad_(), bias.requires_grad_()


def run(x: Tensor, weight: Tensor, bias: Tensor | None = None, *, method: str = "auto") -> Tensor:
    return kernel("asymmetric").peripheral_conv2d(x, weight, bias, method=method)


@pytest.mark.parametrize("method", OWN_METHODS)
def test_operators_are_registered_soundly(method: str) -> None:
    module = kernel("asymmetric")
    x, weight, bias = leaves((2, 2, 6, 7))
    for flipped in (False, True):
        for added in (bias, None):
            torch.library.opcheck(module._convolve_op, (x, weight, added, flipped, method, True))
    gradient = x.detach().clone().requires_grad_()
    for needed in ((True, True), (True, False), (False, True)):
        arguments = (x, weight, gradient, None, None, method, *needed)
        torch.library.opcheck(module._gradients_op, arguments)


def test_the_operator_that_keeps_spectra_is_registered_soundly() -> None:
    module = kernel("asymmetric")
    x, weight, bias = leaves((2, 2, 6, 7))
    for added in (bias, None):
        torch.library.opcheck(module._convolve_keeping_op, (x, weight, added))
    kept = module._convolve_keeping_op(x.detach(), weight.detach(), None)[1:]
    gradient = x.detach().clone().requires_grad_()
    arguments = (x, weight, gradient, *kept, "fft", True, True)
    torch.library.opcheck(module._gradients_op, arguments)


@pytest.mark.parametrize("method", ("auto", *CPU_METHODS))
@pytest.mark.parametrize("dynamic", [False, True])
def test_compiles_without_a_break(method: str, dynamic: bool) -> None:
    torch.compiler.reset()
    eager = kernel("asymmetric").peripheral_conv2d
    compiled = torch.compile(eager, fullgraph=True, dynamic=dynamic, backend="aot_eager")
    for shape in ((2, 3, 9, 10), (2, 3, 14, 11)):
        tensors = leaves(shape)
        seen, wanted = (f(*tensors, method=method) for f in (compiled, eager))
        torch.testing.assert_close(seen, wanted)
        for a, b in zip(
            torch.autograd.grad(seen.sum(), tensors),
            torch.autograd.grad(wanted.sum(), tensors),
            strict=True,
        ):
            torch.testing.assert_close(a, b)


def test_compiles_with_inductor() -> None:
    torch.compiler.reset()
    module = kernel("asymmetric").PeripheralConv2d(3, bias=True)
    x, _, _ = leaves()
    compiled = torch.compile(module, fullgraph=True)
    torch.testing.assert_close(compiled(x), module(x))


@pytest.mark.parametrize("method", ("auto", *CPU_METHODS))
def test_exports_with_dynamic_sizes(method: str) -> None:
    module = kernel("asymmetric").PeripheralConv2d(3, bias=True, method=method)
    x, _, _ = leaves()
    dims = {"x": {0: torch.export.Dim("n"), 2: torch.export.Dim("h"), 3: torch.export.Dim("w")}}
    program = torch.export.export(module, (x.detach(),), dynamic_shapes=dims)
    saved = io.BytesIO()
    torch.export.save(program, saved)
    saved.seek(0)
    other, _, _ = leaves((3, 3, 20, 7))
    torch.testing.assert_close(torch.export.load(saved).module()(other), module(other))


@pytest.mark.parametrize("method", ("auto", *CPU_METHODS))
def test_fake_and_meta_tensors(method: str) -> None:
    with FakeTensorMode():
        x, weight, bias = leaves()
        y = run(x, weight, bias, method=method)
        (gradient,) = torch.autograd.grad(y.sum(), weight)
        assert (y.shape, y.dtype, gradient.shape) == (x.shape, x.dtype, weight.shape)
    x, weight, _ = (tensor.to("meta") for tensor in leaves())
    assert run(x, weight, method=method).device.type == "meta"


@pytest.mark.parametrize("method", ("auto", *CPU_METHODS))
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16], ids=str)
def test_autocast_casts_as_for_conv2d(method: str, dtype: torch.dtype) -> None:
    x, weight, bias = leaves()
    mixed = x.detach().to(dtype).requires_grad_()
    with torch.autocast("cpu", dtype=dtype):
        y = run(mixed, weight, bias, method=method)
        assert kernel("asymmetric").which_method(mixed, weight)
        double = [tensor.double() for tensor in (x, weight, bias)]
        assert run(*double, method=method).dtype == torch.float64
    assert y.dtype == dtype
    wanted = run(*(tensor.to(dtype) for tensor in (x, weight, bias)), method=method)
    assert torch.equal(y, wanted)
    gradients = torch.autograd.grad(y.sum(), (mixed, weight, bias))
    assert [gradient.dtype for gradient in gradients] == [dtype, torch.float32, torch.float32]
    # What is summed in float32 stays there: autocast must not reach into the methods.
    exact = run(*(tensor.to(dtype).double() for tensor in (x, weight, bias)))
    assert (y.double() - exact).norm() / exact.norm() < LIMITS[dtype] / 2


@pytest.mark.parametrize("method", ("auto", *CPU_METHODS))
@pytest.mark.parametrize("dims", [(0, 0), (1, None), (None, 0), (4, 2)])
def test_vmap(method: str, dims: tuple[int | None, int | None]) -> None:
    x = torch.randn(2, 3, 6, 7, dtype=torch.float64)
    weight = torch.randn(3, len(PAIR[0]), len(PAIR[1]), dtype=torch.float64)
    stacks = [
        (torch.stack([tensor, 2 * tensor, -tensor], dim) if dim is not None else tensor)
        for tensor, dim in zip((x, weight), dims, strict=True)
    ]
    factors = [torch.tensor([1.0, 1.0, 1.0] if d is None else [1.0, 2.0, -1.0]) for d in dims]
    seen = torch.func.vmap(lambda x, w: run(x, w, method=method), dims)(*stacks)
    wanted = (factors[0] * factors[1]).double()[:, None, None, None, None] * run(x, weight)
    torch.testing.assert_close(seen, wanted)


def test_vmap_of_a_gradient_by_autograd() -> None:
    x, weight, _ = leaves(dtype=torch.float64)
    y = run(x, weight, method="fft")
    directions = torch.randn(4, *y.shape, dtype=torch.float64)
    seen = torch.autograd.grad(y, (x, weight), directions, is_grads_batched=True, retain_graph=True)
    for i, direction in enumerate(directions):
        wanted = torch.autograd.grad(y, (x, weight), direction, retain_graph=True)
        for batched, single in zip(seen, wanted, strict=True):
            torch.testing.assert_close(batched[i], single)


@pytest.mark.parametrize("method", OWN_METHODS)
def test_forward_mode_is_refused_and_never_zero(method: str) -> None:
    x, weight, _ = (tensor.detach() for tensor in leaves())
    with forward_ad.dual_level():
        dual = forward_ad.make_dual(x, x)
        with pytest.raises(NotImplementedError, match=f'"{method}".*"reference"'):
            run(dual, weight, method=method)
        _, tangent = forward_ad.unpack_dual(run(dual, weight, method="reference"))
        torch.testing.assert_close(tangent, run(x, weight))
    with pytest.raises(NotImplementedError, match="forward-mode"):
        torch.func.jvp(lambda w: run(x, w, method=method), (weight,), (weight,))


def test_functional_gradients_run_on_the_reference_or_fail_aloud() -> None:
    x, weight, _ = (tensor.detach() for tensor in leaves())
    gradient = torch.func.grad(lambda w: run(x, w, method="reference").sum())(weight)
    assert gradient.shape == weight.shape
    with pytest.raises(RuntimeError):
        torch.func.grad(lambda w: run(x, w, method="dense").sum())(weight)


@pytest.mark.parametrize("reentrant", [False, True])
def test_activation_checkpointing(reentrant: bool) -> None:
    x, weight, _ = leaves()
    wanted = torch.autograd.grad(run(x, weight).sum(), (x, weight))
    checkpoint(run, x, weight, use_reentrant=reentrant).sum().backward()
    torch.testing.assert_close((x.grad, weight.grad), wanted, rtol=0, atol=0)


def test_constants_made_in_inference_mode_serve_training() -> None:
    x, weight, _ = leaves((1, 3, 13, 29))
    with torch.inference_mode():
        run(x, weight, method="fft")
    run(x, weight, method="fft").sum().backward()
    assert weight.grad is not None


@pytest.mark.parametrize("method", OWN_METHODS)
def test_flops_are_counted_as_dense(method: str) -> None:
    x, weight, _ = leaves()
    with FlopCounterMode(display=False) as counter:
        y = run(x, weight, method=method)
    taps = sum(PAIR[0]) * sum(PAIR[1])
    assert counter.get_total_flops() == 2 * x.numel() * taps
    with counter:
        y.sum().backward()
    assert counter.get_total_flops() == 2 * 2 * x.numel() * taps


def test_module_copies_pickles_and_loads() -> None:
    module = kernel("asymmetric").PeripheralConv2d(4, bias=True, method="fft")
    x = torch.randn(1, 4, 8, 8)
    for other in (copy.deepcopy(module), pickle.loads(pickle.dumps(module))):
        assert torch.equal(other(x), module(x))
    fresh = kernel("asymmetric").PeripheralConv2d(4, bias=True, method="fft")
    fresh.load_state_dict(module.state_dict())
    assert torch.equal(fresh(x), module(x))
    assert list(module.state_dict()) == ["weight", "bias"]
    assert module.weight.shape == (4, len(PAIR[0]), len(PAIR[1]))
    assert 0.015 < module.weight.std().item() < 0.025
    assert torch.equal(module.bias, torch.zeros(4))
    assert "fft" in repr(module)
    assert module.which_method(x).startswith("fft: ")
    plain = kernel("asymmetric").PeripheralConv2d(4, dtype=torch.float64, device="meta")
    assert (plain.bias, plain.weight.dtype) == (None, torch.float64)


def test_copies_of_a_file_live_side_by_side() -> None:
    module = kernel("asymmetric")
    other = load(kernel_path("asymmetric"), "another_name")
    x, weight, _ = leaves()
    wanted = module.peripheral_conv2d(x, weight)
    assert torch.equal(other.peripheral_conv2d(x, weight), wanted)
    folder = str(kernel_path("asymmetric").parent)
    sys.path.insert(0, folder)
    try:
        reloaded = importlib.reload(importlib.import_module("asymmetric"))
    finally:
        sys.path.remove(folder)
    assert torch.equal(reloaded.peripheral_conv2d(x, weight), wanted)
    namespace: dict[str, object] = {"__name__": "executed"}
    path = kernel_path("asymmetric")
    exec(compile(path.read_text(), path, "exec"), namespace)  # noqa: S102 - our own file
    assert torch.equal(namespace["peripheral_conv2d"](x, weight), run(x, weight))  # type: ignore[operator]


def test_imports_and_runs_without_triton() -> None:
    code = f"""
import sys
sys.modules["triton"] = None
import importlib.util
spec = importlib.util.spec_from_file_location("kernel", {str(kernel_path("dense_7"))!r})
kernel = importlib.util.module_from_spec(spec)
spec.loader.exec_module(kernel)
import torch
layer = kernel.PeripheralConv2d(2)
x = torch.randn(1, 2, 5, 5)
for method in kernel.METHODS:
    try:
        kernel.peripheral_conv2d(x, layer.weight, method=method).sum().backward()
        print(method)
    except NotImplementedError as error:
        print("refused", error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert lines[:5] == ["auto", "reference", "dense", "boxes", "fft"]
    assert lines[5].startswith("refused") and "triton" in lines[5]
