"""Mixup and CutMix of a piece of a batch."""

from typing import Any

from timm.data.mixup import Mixup


def make_mixup(recipe: dict[str, Any], size: int, classes: int) -> Mixup | None:
    """timm's mixing of pieces of `size` images by a recipe's `augment`; nothing where it is off.

    Raises:
        ValueError: the images cannot be paired.
    """
    augment = recipe["augment"]
    if augment["mixup"] == 0 and augment["cutmix"] == 0:
        return None
    if size % 2 == 1:
        raise ValueError(
            f"mixup and cutmix pair the images of a piece of the batch, and it has {size}: "
            "take an even number"
        )
    return Mixup(
        mixup_alpha=augment["mixup"],
        cutmix_alpha=augment["cutmix"],
        label_smoothing=recipe["labelSmoothing"],
        num_classes=classes,
    )
