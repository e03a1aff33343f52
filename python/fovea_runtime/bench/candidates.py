"""Everything that is measured in one case: our methods, and the peers of kernels.md, section 3."""

from functools import partial
from types import ModuleType

from torch import Tensor

from fovea_runtime.bench.calls import DIRECTIONS, chosen_method
from fovea_runtime.bench.candidate import Candidate, Skipped
from fovea_runtime.bench.case import Case, Inputs
from fovea_runtime.bench.cutlass import UnavailableError, replknet_cutlass
from fovea_runtime.bench.peers import conv2d, toeplitz_bmm, torch_compile, torch_fft

_LARGEST_MATERIALISED_MAP = 16 * 16
"""Pixels: beyond, one channel's Toeplitz matrix outgrows the caches."""


def own(kernel: ModuleType, inputs: Inputs) -> list[Candidate]:
    """`auto`, and the methods that it does not take anyway in both directions."""
    taken = {chosen_method(kernel, inputs, direction).partition(":")[0] for direction in DIRECTIONS}
    others = [name for name in kernel.METHODS if name != "auto" and taken != {name}]
    return [
        Candidate(name, "own", partial(_own, kernel, method=name)) for name in ("auto", *others)
    ]


def peers(case: Case) -> list[Candidate | Skipped]:
    """Each peer, or why it is not measured."""
    return [
        Candidate("conv2d_nchw", "peer", conv2d(case)),
        Candidate("conv2d_channels_last", "peer", conv2d(case), channels_last=True),
        Candidate("torch_fft", "peer", torch_fft(case)),
        _toeplitz(case),
        _compiled(case),
        _cutlass(case),
    ]


def _own(kernel: ModuleType, x: Tensor, weight: Tensor, *, method: str) -> Tensor:
    return kernel.peripheral_conv2d(x, weight, method=method)


def _toeplitz(case: Case) -> Candidate | Skipped:
    height, width = case.shape[2:]
    if height * width > _LARGEST_MATERIALISED_MAP:
        reason = f"maps of {height}x{width}: the matrix is materialised up to 16x16 only"
        return Skipped("toeplitz_bmm", "peer", reason)
    return Candidate("toeplitz_bmm", "peer", toeplitz_bmm(case))


def _compiled(case: Case) -> Candidate | Skipped:
    if case.device != "cuda":
        reason = "it is measured on CUDA only: on a CPU it calls the same convolution"
        return Skipped("torch_compile", "peer", reason)
    return Candidate("torch_compile", "peer", torch_compile(case), owns_graph=True)


def _cutlass(case: Case) -> Candidate | Skipped:
    if case.device != "cuda":
        return Skipped("replknet_cutlass", "peer", "it is a CUDA extension")
    try:
        return Candidate("replknet_cutlass", "peer", replknet_cutlass(case))
    except UnavailableError as error:
        return Skipped("replknet_cutlass", "peer", str(error))
