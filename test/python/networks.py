"""Feature networks: their names, and weights and images that leave no mistake unseen."""

from __future__ import annotations

import re
import warnings
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


def image(network: dict, batch: int = 2, size: int | tuple[int, int] | None = None) -> Tensor:
    """A normal image, by default of the network's own size, in float64."""
    size = network["input"]["size"] if size is None else size
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


def rounding(network: dict, dtype: torch.dtype) -> float:
    """Relative error that a half type may make of a network's features.

    A fresh layer scale silences ConvNeXt's blocks: what is seen is stem and downsamplings, some
    four roundings. RepLKNet's blocks have none and are heard in full: some thirty roundings.
    """
    return 13 * torch.finfo(dtype).eps if network["block"]["type"] == "replknet" else 0.02


def quiet_fuse(model: nn.Module) -> nn.Module:
    """fuse() without its warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fuse()


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
