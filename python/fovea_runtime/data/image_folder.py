"""ImageNet's layout: a folder a class."""

from pathlib import Path
from typing import Any

import numpy as np

from fovea_runtime.data.classified import SAME, ClassifiedFeed
from fovea_runtime.data.folder_files import ENDINGS, is_image, list_classes
from fovea_runtime.data.folder_index import FolderIndex, index_folder
from fovea_runtime.data.folders import require_folder
from fovea_runtime.data.unreadable import listed

_KIND = "image_folder"


class ImageFolderSource(ClassifiedFeed):
    """`root/<train>/<class>/<image>` and `root/<validation>/<class>/<image>`.

    Classes and images are numbered as torchvision's `ImageFolder` numbers them. `augment` is the
    recipe's. The augmentation of an image is a function of (seed, epoch, index), for any number of
    workers and processes. The list of files is kept in the cache folder.

    Args:
        corrupt: how many files may be unreadable; see `Feed`.
        pinned: whether batches go to a GPU.

    Raises:
        ValueError: a folder is missing or without images, the two folders hold other classes, more
            files than allowed are plainly unreadable, or the network takes neither 1 nor 3
            channels.
    """

    def __init__(
        self,
        *,
        root: Path,
        train: str,
        validation: str,
        workers: int,
        channels: int,
        size: tuple[int, int],
        seed: int,
        augment: dict[str, Any],
        corrupt: int = 10,
        pinned: bool = False,
    ) -> None:
        images = _open(root, train, "train")
        held_out = _open(root, validation, "validation")
        _require_same_classes(images, held_out)
        super().__init__(
            _KIND,
            images,
            held_out,
            classes=len(images.classes),
            corrupt=corrupt,
            workers=workers,
            pinned=pinned,
            channels=channels,
            size=size,
            seed=seed,
            augment=augment,
        )
        if images.folder == held_out.folder:
            self.notes.append(SAME)


def _open(root: Path, name: str, option: str) -> FolderIndex:
    folder = root / name
    fix = "name the folder that holds those of training and validation in data.root"
    if root.is_dir():
        fix = f"name the one with the images in data.{option}"
    require_folder(_KIND, folder, fix)
    try:
        index = index_folder(folder, list_classes)
    except OSError as error:
        raise ValueError(f"{_KIND}: {folder} cannot be used: {error}") from error
    if not index.classes:
        raise ValueError(_without_classes(folder))
    filled = np.unique(index.labels)
    empty = np.setdiff1d(np.arange(len(index.classes)), filled).tolist()
    if empty:
        names = [index.classes[label] for label in empty]
        raise ValueError(
            f"{_KIND}: there is no image in {len(names)} of the {len(index.classes)} class folders "
            f"of {folder}: {listed(names)}: remove them or fill them with images ending in "
            f"{', '.join(ENDINGS)}"
        )
    return index


def _without_classes(folder: Path) -> str:
    images = sum(is_image(entry.name) for entry in folder.iterdir())
    if images == 0:
        return f"{_KIND}: {folder} is empty: put a folder of images there for each class"
    return (
        f"{_KIND}: {folder} holds {images} images and no class folders: "
        "move the images of each class into a folder of its own there"
    )


def _require_same_classes(train: FolderIndex, held_out: FolderIndex) -> None:
    differing = sorted(set(train.classes) ^ set(held_out.classes))
    if not differing:
        return
    lacking = [
        f"{index.folder} lacks {listed(lacks)}"
        for index in (train, held_out)
        if (lacks := [name for name in differing if name not in index.classes])
    ]
    raise ValueError(
        f"{_KIND}: {train.folder} and {held_out.folder} must hold the same classes, and "
        f"{listed(differing)} {'is' if len(differing) == 1 else 'are'} not in both: "
        f"{'; '.join(lacking)}: add the missing folders, or remove or rename the others"
    )
