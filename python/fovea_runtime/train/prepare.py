"""A network as a recipe wants it trained: device, memory format, statistics, kept activations."""

from typing import Any

import torch
from timm.layers.norm_act import convert_sync_batchnorm
from torch import nn


def prepare_model(model: nn.Module, recipe: dict[str, Any], device: torch.device) -> nn.Module:
    """`model` on `device`, with the recipe's `channelsLast`, `syncBatchNorm` and
    `checkpointActivations`.

    Raises:
        ValueError: the device or the network cannot do what is asked for.
    """
    if recipe["syncBatchNorm"]:
        if device.type != "cuda":
            raise ValueError(
                "recipe.syncBatchNorm is true, and torch has it for CUDA alone: "
                "take false on a CPU, or train on GPUs"
            )
        model = convert_sync_batchnorm(model)
    if recipe["checkpointActivations"]:
        keep_less: Any = getattr(model, "set_grad_checkpointing", None)
        if not callable(keep_less):
            raise ValueError(
                f"recipe.checkpointActivations is true, and {type(model).__name__} cannot compute "
                "its activations again: take false"
            )
        keep_less(True)
    if recipe["channelsLast"]:
        model = model.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    return model.to(device)
