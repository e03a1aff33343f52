"""Whether all processes of a distributed training have the same masks."""

import hashlib
from collections.abc import Mapping

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor


def digest(masks: Mapping[str, Tensor], step: int) -> bytes:
    """SHA-256 over a step and all masks, names and shapes included."""
    found = hashlib.sha256(str(step).encode())
    for name in sorted(masks):
        bits = masks[name]
        found.update(f"{name}{tuple(bits.shape)}".encode())
        found.update(np.packbits(bits.cpu().numpy()).tobytes())
    return found.digest()


def check_agreement(masks: Mapping[str, Tensor], step: int) -> None:
    """Compares the masks of all processes; alone it does nothing.

    Every process of the default group has to call it.

    Raises:
        RuntimeError: on every process, where one has other masks than the first.
    """
    if not (dist.is_available() and dist.is_initialized()) or dist.get_world_size() == 1:
        return
    device = _device()
    mine = torch.frombuffer(bytearray(digest(masks, step)), dtype=torch.uint8).to(device)
    found = [torch.empty_like(mine) for _ in range(dist.get_world_size())]
    dist.all_gather(found, mine)
    others = [rank for rank, each in enumerate(found) if not torch.equal(each, found[0])]
    if others:
        raise RuntimeError(
            f"sparsity: after step {step} the masks of rank {', '.join(map(str, others))} are not "
            "those of rank 0; all processes need the same seed, weights and (averaged) gradients"
        )


def _device() -> torch.device:
    """Where the default group's backend can send from: NCCL knows no CPU."""
    if "nccl" in dist.get_backend():
        return torch.device("cuda", torch.cuda.current_device())
    return torch.device("cpu")
