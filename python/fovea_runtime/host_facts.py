"""What arithmetic runs on: all that is known to change the bits of a loss beside the code."""

import os
import platform
import re
from pathlib import Path
from typing import Any

import torch

VARIABLES = (
    "ATEN_CPU_CAPABILITY",
    "CUBLAS_WORKSPACE_CONFIG",
    "CUDA_VISIBLE_DEVICES",
    "DNNL_MAX_CPU_ISA",
    "MKL_CBWR",
    "MKL_ENABLE_INSTRUCTIONS",
    "MKL_NUM_THREADS",
    "NVIDIA_TF32_OVERRIDE",
    "OMP_NUM_THREADS",
    "ONEDNN_MAX_CPU_ISA",
    "OPENBLAS_CORETYPE",
    "OPENBLAS_NUM_THREADS",
    "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE",
)
"""Variables of the environment that libraries choose their code or their threads by."""


def host_facts(device: torch.device) -> dict[str, str]:
    """What `run_start.host` says: the processor, its threads, libraries and flags; on CUDA the GPUs.

    A variable of `VARIABLES` is there where it is set.
    """
    facts = {
        "processor": _processor(),
        "architecture": platform.machine(),
        "cpu_capability": torch.backends.cpu.get_cpu_capability(),
        "threads": str(torch.get_num_threads()),
        **_libraries(torch.__config__.show()),
        "float32_matmul": torch.get_float32_matmul_precision(),
        "deterministic": str(torch.are_deterministic_algorithms_enabled()).lower(),
    }
    if device.type == "cuda":
        facts |= _cuda()
    return facts | {name: os.environ[name] for name in VARIABLES if name in os.environ}


def _processor() -> str:
    """The processor's model, with the numbers that tell two of one name apart.

    Its architecture alone where the system does not tell it.
    """
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8", errors="replace")
    except OSError:
        lines = ""
    said = dict(re.findall(r"^([\w ]+?)\s*:\s*(.+)$", lines, re.MULTILINE))
    if "model name" not in said:
        return platform.processor() or platform.machine()
    numbers = [said[name] for name in ("cpu family", "model", "stepping") if name in said]
    return f"{said['model name']} ({'-'.join(numbers)})" if numbers else said["model name"]


def _libraries(built: str) -> dict[str, str]:
    """Which BLAS and oneDNN torch was built with, from what it says of itself."""
    facts: dict[str, str] = {}
    blas = re.search(r"BLAS_INFO=(\w+)", built)
    mkl = re.search(r"Math Kernel Library Version (\S+)", built)
    onednn = re.search(r"MKL-DNN v(\S+)", built)
    if blas:
        facts["blas"] = f"{blas[1]} {mkl[1]}" if mkl and blas[1] == "mkl" else blas[1]
    if onednn:
        backend: Any = torch.backends.mkldnn
        facts["onednn"] = onednn[1] if backend.enabled else f"{onednn[1]}, off"
    return facts


def _cuda() -> dict[str, str]:
    gpus = [torch.cuda.get_device_name(each) for each in range(torch.cuda.device_count())]
    convolution: Any = torch.backends.cudnn
    return {
        "gpus": ", ".join(gpus),
        "cuda": str(torch.version.cuda),
        "cudnn": str(torch.backends.cudnn.version()),
        "cudnn_benchmark": str(torch.backends.cudnn.benchmark).lower(),
        "cudnn_deterministic": str(torch.backends.cudnn.deterministic).lower(),
        "matmul_precision": str(torch.backends.cuda.matmul.fp32_precision),
        "conv_precision": str(convolution.conv.fp32_precision),
    }
