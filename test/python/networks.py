"""Feature networks: their names, and weights and images that leave no mistake unseen."""

from __future__ import annotations

import re
from typing import Any

import torch
from torch import Tensor, nn

FEATURES = [
    "plain_dense",
    "peripheral_branch",
    "masked",
    "striped",
    "rectangle",
    "wide_branch",
    "plain_branch",
    "shrunk",
    "every_mixer",
    "replknet",
    "replknet_peripheral",
    "replknet_plain",
    "convnext_in_convolutions",
]


def randomise(model: nn.Module) -> None:
    """Gives every parameter and statistic a value that a mistake in it would show."""
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            deviation = 0.05 if "embedding" in name else 0.3
            parameter.normal_(0.1, deviation, generator=generator)
        for name, buffer in model.named_buffers():
            if name.endswith("running_mean"):
                buffer.normal_(0.0, 0.5, generator=generator)
            elif name.endswith("running_var"):
                buffer.uniform_(0.5, 2.0, generator=generator)


def image(network: dict, batch: int = 2) -> Tensor:
    """A normal image of the network's own size, in float64."""
    size = network["input"]["size"]
    height, width = (size, size) if isinstance(size, int) else size
    generator = torch.Generator().manual_seed(5)
    shape = (batch, network["input"]["channels"], height, width)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def settled(model: nn.Module, x: Tensor) -> nn.Module:
    """The model in eval mode, its norms' statistics those of x."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 1.0
    with torch.no_grad():
        model.train()(x)
    return model.eval()


_OF_CONVNEXT = (
    (r"stem\.0\.", "stem.conv."),
    (r"stem\.1\.", "stem.norm."),
    (r"downsample\.0\.", "downsample.norm."),
    (r"downsample\.1\.", "downsample.conv."),
    (r"conv_dw\.", "mixer.large."),
    (r"mlp\.fc1\.", "expand."),
    (r"mlp\.fc2\.", "project."),
    (r"gamma$", "layer_scale"),
    (r"head\.fc\.", "head.linear."),
)


def our_name(name: str) -> str:
    """What a parameter of timm's ConvNeXt is called here."""
    for pattern, replacement in _OF_CONVNEXT:
        name = re.sub(pattern, replacement, name)
    return name


def from_convnext(state: dict[str, Tensor]) -> dict[str, Any]:
    """The state of timm's ConvNeXt under our names."""
    return {
        our_name(name): tensor.squeeze(1) if name.endswith("conv_dw.weight") else tensor
        for name, tensor in state.items()
    }
