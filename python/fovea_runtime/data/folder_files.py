"""Which files lie in a folder, and whether a list of them from before still holds."""

import os
from dataclasses import dataclass
from pathlib import Path

from fovea_runtime.data.index_cache import Stamp, stamp

ENDINGS = (".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp")
"""Endings of images, as torchvision's `ImageFolder` takes them; capitals count as small letters."""


@dataclass(frozen=True)
class Listing:
    """Images below a folder.

    `names` are paths from the folder; `labels` are numbers of `classes`, one for each name.
    `stamps` are those of every folder that was looked into, by its path from the folder.
    """

    classes: list[str]
    names: list[str]
    labels: list[int]
    stamps: dict[str, Stamp]


def list_classes(folder: Path) -> Listing:
    """One class a folder in `folder`, and the images anywhere below it.

    Classes and images have the order of torchvision's `ImageFolder`. Folders whose names begin with
    a dot are left out.
    """
    stamps = {"": stamp(folder)}
    classes = folders_in(folder)
    names: list[str] = []
    labels: list[int] = []
    for label, name in enumerate(classes):
        below = _images_below(folder, name, stamps)
        names += below
        labels += [label] * len(below)
    return Listing(classes, names, labels, stamps)


def list_images(folder: Path) -> Listing:
    """The images in `folder` itself; it counts as one class without a name."""
    stamps = {"": stamp(folder)}
    with os.scandir(folder) as entries:
        names = sorted(each.name for each in entries if is_image(each.name))
    return Listing([""], names, [0] * len(names), stamps)


def holds_still(folder: Path, stamps: dict[str, Stamp]) -> bool:
    """Whether no entry was added to these folders, removed or renamed since."""
    return all(stamp(folder / name) == before for name, before in stamps.items())


def folders_in(folder: Path) -> list[str]:
    """Names of the folders in a folder, in order, without hidden ones."""
    with os.scandir(folder) as entries:
        return sorted(each.name for each in entries if each.is_dir() and each.name[0] != ".")


def is_image(name: str) -> bool:
    """Whether a file has the ending of an image; macOS's `._` files have none of their own."""
    return name.lower().endswith(ENDINGS) and not name.startswith("._")


def _images_below(folder: Path, name: str, stamps: dict[str, Stamp]) -> list[str]:
    found: list[tuple[str, list[str]]] = []
    seen: set[tuple[int, int]] = set()
    waiting = [name]
    while waiting:
        here = waiting.pop()
        path = folder / here
        place = path.stat()
        # A link to a folder above would lead in circles.
        if (place.st_dev, place.st_ino) in seen:
            continue
        seen.add((place.st_dev, place.st_ino))
        stamps[here] = stamp(path)
        images: list[str] = []
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir():
                    waiting.append(f"{here}/{entry.name}")
                elif is_image(entry.name):
                    images.append(entry.name)
        found.append((here, sorted(images)))
    return [f"{here}/{image}" for here, images in sorted(found) for image in images]
