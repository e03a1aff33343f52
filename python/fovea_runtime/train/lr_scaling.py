"""The learning rates of a recipe at its own batch."""

import math
from typing import Any


def effective_lr(recipe: dict[str, Any]) -> float:
    """The highest learning rate of a run: `lr`, scaled by `lrScaling` where there is one.

    `{"rule": "linear", "batch": B}` makes it lr · batch / B, and `"sqrt"` lr · √(batch / B), with
    the images of an optimizer step for `batch`, however many pieces and processes share them.
    """
    return recipe["lr"] * _factor(recipe)


def effective_min_lr(recipe: dict[str, Any]) -> float:
    """`minLr`, scaled as `effective_lr` is."""
    return recipe["minLr"] * _factor(recipe)


def _factor(recipe: dict[str, Any]) -> float:
    scaling = recipe["lrScaling"]
    if scaling is False:
        return 1.0
    ratio = recipe["batch"] / scaling["batch"]
    return math.sqrt(ratio) if scaling["rule"] == "sqrt" else ratio
