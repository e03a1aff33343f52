"""From an experiment's `data` to its source."""

from pathlib import Path
from typing import Any

from fovea_runtime.data.source import Source

_IMAGE_AUGMENTATION = {
    "flip": 0,
    "cropScale": 1,
    "randAugment": False,
    "colorJitter": 0,
    "erasing": 0,
}
"""Augmentation of single images, with the values that turn it off."""


def open_source(experiment: dict[str, Any]) -> Source:
    """The source of an experiment's images, at the network's input size.

    Raises:
        ValueError: the data cannot be used with this network, or cannot be found.
    """
    data, network = experiment["data"], experiment["network"]
    side = network["input"]["size"]
    size = (side, side) if isinstance(side, int) else (side[0], side[1])
    channels = network["input"]["channels"]
    augment = experiment["recipe"]["augment"]
    # Each source has heavy imports of its own.
    if data["type"] == "digits":
        from fovea_runtime.data.digits.source import DigitsSource

        return DigitsSource(
            train=data["train"],
            test=data["test"],
            channels=channels,
            size=size,
            seed=experiment["seed"],
            notes=_unused(augment),
        )
    if data["type"] == "image_folder":
        from fovea_runtime.data.image_folder import ImageFolderSource

        return ImageFolderSource(
            root=Path(data["root"]).expanduser(),
            train=data["train"],
            validation=data["validation"],
            workers=data["workers"],
            channels=channels,
            size=size,
            seed=experiment["seed"],
            augment=augment,
        )
    raise ValueError(f"data.type is {data['type']!r}; allowed are 'digits' and 'image_folder'")


def _unused(augment: dict[str, Any]) -> list[str]:
    on = [name for name, off in _IMAGE_AUGMENTATION.items() if augment[name] != off]
    if not on:
        return []
    names = ", ".join(f"augment.{name}" for name in on)
    return [f"{names}: not used with digits, whose scenes vary by themselves"]
