"""The device a run trains on, and what it can do."""

from typing import Any

import torch

_TYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}


def choose_device(requested: str) -> torch.device:
    """The device for `auto`, `cpu`, `cuda` or `cuda:N`.

    Raises:
        ValueError: the word is none of these, or there is no such device here.
    """
    if requested == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if requested == "cpu":
        return torch.device("cpu")
    if requested.partition(":")[0] != "cuda":
        raise ValueError(f"device {requested!r}: allowed are auto, cpu and cuda")
    if not torch.cuda.is_available():
        raise ValueError(
            f"device {requested!r}: torch {torch.__version__} sees no CUDA device here"
        )
    device = torch.device(requested)
    if device.index is not None and device.index >= torch.cuda.device_count():
        raise ValueError(
            f"device {requested!r}: there are {torch.cuda.device_count()} CUDA devices"
        )
    return device


def device_of(requested: str, local_rank: int) -> torch.device:
    """The device of process `local_rank` of a machine: of several GPUs, each process has its own.

    Raises:
        ValueError: see `choose_device`; or there are more processes than GPUs.
    """
    device = choose_device(requested)
    if device.type == "cpu" or (local_rank == 0 and device.index is not None):
        return device
    if device.index is not None:
        raise ValueError(
            f"device {requested!r} is one GPU, and this is process {local_rank} of this machine: "
            "ask for 'cuda', and each process takes one"
        )
    count = torch.cuda.device_count()
    if local_rank >= count:
        raise ValueError(
            f"process {local_rank} of this machine has no GPU: there are {count}; "
            f"start at most {count} processes (--nproc {count})"
        )
    return torch.device("cuda", local_rank)


def describe_device(device: torch.device) -> str:
    """`cpu`, or `cuda` with the GPU's name."""
    return "cpu" if device.type == "cpu" else f"{device} ({torch.cuda.get_device_name(device)})"


def autocast_dtype(amp: Any, device: torch.device) -> torch.dtype | None:
    """The type that a recipe's `amp` computes in, or none.

    Raises:
        ValueError: the device cannot train in it.
    """
    if amp is False:
        return None
    if amp == "fp16" and device.type == "cpu":
        raise ValueError("recipe.amp is 'fp16', which needs a GPU: on a CPU take 'bf16' or false")
    if amp == "bf16" and device.type == "cuda":
        with torch.cuda.device(device):
            if not torch.cuda.is_bf16_supported(including_emulation=False):
                raise ValueError(
                    f"recipe.amp is 'bf16', which {torch.cuda.get_device_name(device)} lacks: "
                    "take 'fp16' or false"
                )
    return _TYPES[amp]
