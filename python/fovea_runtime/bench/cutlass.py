"""RepLKNet's implicit GEMM, a CUDA extension that has to be compiled from its own sources."""

import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from torch import Tensor

from fovea_runtime.bench.candidate import Run
from fovea_runtime.bench.case import Case
from fovea_runtime.bench.peers import expansion

VARIABLE = "FOVEA_REPLKNET_EXTENSION"
_MODULE = "_depthwise_conv2d_implicit_gemm_C"
_FOLDER = Path("examples/19_large_depthwise_conv2d_torch_extension")
_SUFFIXES = {torch.float32: "fp32", torch.float16: "fp16"}


class UnavailableError(Exception):
    """The extension cannot run here; the message says why."""


def replknet_cutlass(case: Case) -> Run:
    """The extension's forward, input gradient and weight gradient on the expanded kernel.

    Raises:
        UnavailableError: no nvcc, no sources, a failed build, or a case that it does not take.
    """
    suffix = _SUFFIXES.get(case.dtype)
    if suffix is None:
        raise UnavailableError("it computes in float32 and float16 only")
    extension: Any = _load()
    expand = expansion(case)

    class Convolution(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Tensor, taps: Tensor) -> Tensor:
            ctx.save_for_backward(x, taps)
            return getattr(extension, f"forward_{suffix}")(x, taps)

        @staticmethod
        def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor]:
            x, taps = ctx.saved_tensors
            gradient = gradients[0].contiguous()
            for_x = getattr(extension, f"backward_data_{suffix}")(gradient, taps)
            for_taps = getattr(extension, f"backward_filter_{suffix}")(gradient, x, taps)
            return for_x, for_taps.to(taps.dtype)

    def run(x: Tensor, weight: Tensor) -> Tensor:
        return Convolution.apply(x, expand(weight).unsqueeze(1).contiguous())

    return run


def _load() -> ModuleType:
    if _MODULE in sys.modules:
        return sys.modules[_MODULE]
    if shutil.which("nvcc") is None:
        raise UnavailableError("nvcc is not on PATH, and the extension has to be compiled")
    sources = _sources()
    built = sources / "build" / "fovea"
    command = [
        *(sys.executable, "setup.py", "build_ext"),
        *("--build-lib", str(built), "--build-temp", str(built / "temporary")),
    ]
    done = subprocess.run(command, cwd=sources, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        words = (done.stderr or done.stdout).strip().splitlines() or ["it says nothing"]
        raise UnavailableError(f"its build fails in {sources}: {words[-1]}")
    sys.path.insert(0, str(built))
    try:
        return importlib.import_module(_MODULE)
    except ImportError as error:
        raise UnavailableError(f"it cannot be imported: {error}") from error
    finally:
        sys.path.remove(str(built))


def _sources() -> Path:
    named = os.environ.get(VARIABLE, "")
    if not named:
        raise UnavailableError(
            f"{VARIABLE} is not set: give it the path of a checkout of MegEngine/cutlass"
        )
    for folder in (Path(named), Path(named) / _FOLDER):
        if (folder / "setup.py").is_file() and (folder / "frontend.cpp").is_file():
            return folder
    raise UnavailableError(f"{VARIABLE} is {named}, which holds no {_FOLDER}/setup.py")
