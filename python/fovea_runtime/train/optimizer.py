"""The optimizer of a recipe."""

from typing import Any

from timm.optim._optim_factory import create_optimizer_v2
from torch import nn
from torch.optim import Optimizer


def make_optimizer(model: nn.Module, recipe: dict[str, Any]) -> Optimizer:
    """AdamW through timm, without decay of vectors, biases and embeddings."""
    return create_optimizer_v2(
        model, opt=recipe["optimizer"], lr=recipe["lr"], weight_decay=recipe["weightDecay"]
    )
