"""From an experiment's `data` to its source."""

from typing import Any

from fovea_runtime.data.folders import named_path
from fovea_runtime.data.source import Source

_IMAGE_AUGMENTATION = {
    "flip": 0,
    "cropScale": 1,
    "randAugment": False,
    "colorJitter": 0,
    "erasing": 0,
}
"""Augmentation of single images, with the values that turn it off."""
_CORRUPT = 10
"""Unreadable files that are allowed where a record of an older version says nothing."""


def open_source(experiment: dict[str, Any], *, pinned: bool = False) -> Source:
    """The source of an experiment's images, at the network's input size.

    Args:
        pinned: whether batches lie in page-locked memory; for training on a GPU.

    Raises:
        ValueError: the data cannot be used with this network, or cannot be found, or do not fill a
            batch.
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
    stored: dict[str, Any] = {
        "corrupt": data.get("corrupt", _CORRUPT),
        "workers": data["workers"],
        "pinned": pinned,
        "channels": channels,
        "size": size,
        "seed": experiment["seed"],
        "augment": augment,
    }
    if data["type"] == "image_folder":
        from fovea_runtime.data.image_folder import ImageFolderSource

        source = ImageFolderSource(
            root=named_path(data["root"]),
            train=data["train"],
            validation=data["validation"],
            **stored,
        )
    elif data["type"] == "webdataset":
        from fovea_runtime.data.webdataset import WebDatasetSource

        source = WebDatasetSource(
            train=data["train"],
            validation=data["validation"],
            classes=data["classes"],
            train_size=data["trainSize"],
            **stored,
        )
    else:
        raise ValueError(
            f"data.type is {data['type']!r}; classification takes 'digits', 'image_folder' and "
            "'webdataset'"
        )
    source.require(experiment["recipe"]["batch"])
    return source


def _unused(augment: dict[str, Any]) -> list[str]:
    on = [name for name, off in _IMAGE_AUGMENTATION.items() if augment[name] != off]
    if not on:
        return []
    names = ", ".join(f"augment.{name}" for name in on)
    return [f"{names}: not used with digits, whose scenes vary by themselves"]
