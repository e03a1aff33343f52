"""ADE20K's layout of the scene parsing challenge, ADEChallengeData2016."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torchvision.transforms import v2

from fovea_runtime.data.decode import decode
from fovea_runtime.data.dense.sample_feed import SampleFeed
from fovea_runtime.data.dense.segmentation_transform import (
    Labelled,
    SegmentationTransform,
    SegmentationView,
)
from fovea_runtime.data.feed import Split
from fovea_runtime.data.folder_files import list_images
from fovea_runtime.data.folder_index import FolderIndex, index_folder
from fovea_runtime.data.folders import require_folder
from fovea_runtime.data.unreadable import Ledger, Unreadable, listed

_KIND = "ade20k"
CLASSES = 150


def open_ade20k(
    root: Path,
    *,
    crop: int,
    corrupt: int,
    seed: int,
    workers: int,
    pinned: bool = False,
) -> SampleFeed:
    """`images/{training,validation}/*.jpg` and `annotations/{training,validation}/*.png`.

    Samples are `SegmentationSample`s. A stored 0 is what belongs to no class: it does not count;
    1 to 150 are the classes 0 to 149.

    Args:
        crop: side of the training crops in pixels, and the shorter side in evaluation.

    Raises:
        ValueError: an image has no mask or a mask no image, masks are of another kind, or more
            than `corrupt` files cannot be used.
    """
    require_folder(_KIND, root, "name the folder ADEChallengeData2016 in data.root")
    ledger = Ledger(corrupt)
    train = _Masked(root, "training")
    held_out = _Masked(root, "validation")
    return SampleFeed(
        _KIND,
        Split(train, SegmentationTransform(crop), train.known(ledger)),
        Split(held_out, SegmentationView(crop), held_out.known(ledger)),
        class_names=[str(number) for number in range(1, CLASSES + 1)],
        ledger=ledger,
        seed=seed,
        workers=workers,
        pinned=pinned,
    )


class _Masked:
    """Images with their masks, by number."""

    def __init__(self, root: Path, split: str) -> None:
        self._images = _index(root / "images" / split)
        self._masks = _index(root / "annotations" / split)
        self._pairs = _pairs(self._images, self._masks)
        if len(self._pairs) > 0:
            self._look_at_first()

    def __len__(self) -> int:
        return len(self._images)

    def name(self, index: int) -> str:
        return self._images.name(index)

    def read(self, index: int) -> bytes:
        return self._images.read(index) + self._masks.read(int(self._pairs[index]))

    def load(self, index: int) -> Labelled:
        """The image and its mask.

        Raises:
            Unreadable: one of them is broken, or they do not fit.
        """
        image = v2.functional.pil_to_tensor(decode(self._images.read(index), "RGB"))
        stored = self._stored(index)
        if stored.shape != image.shape[1:]:
            raise Unreadable(
                f"its mask is {stored.shape[0]}×{stored.shape[1]} pixels, the image "
                f"{image.shape[1]}×{image.shape[2]}"
            )
        # 0 becomes 255: reduce_zero_label.
        return image, torch.from_numpy(stored - np.uint8(1))

    def known(self, ledger: Ledger) -> NDArray[np.int64]:
        """The numbers of the images that can be used; the others are noted.

        Raises:
            ValueError: there are more of the others than allowed.
        """
        known: list[int] = []
        for index in range(len(self)):
            problem = self._problem(index)
            if problem is None:
                known.append(index)
            else:
                ledger.add(self.name(index), problem, "it is left out")
        return np.array(known, np.int64)

    def _problem(self, index: int) -> str | None:
        pair = int(self._pairs[index])
        if index in self._images.problems:
            return self._images.problems[index]
        if pair in self._masks.problems:
            return f"its mask {self._masks.name(pair)}: {self._masks.problems[pair]}"
        image, mask = self._images.sizes[index], self._masks.sizes[pair]
        if (image == mask).all() or not image.any() or not mask.any():
            return None
        return f"its mask is {mask[0]}×{mask[1]} pixels, the image {image[0]}×{image[1]}"

    def _stored(self, index: int) -> NDArray[np.uint8]:
        pair = int(self._pairs[index])
        # A palette is there for the eye: the indices are the classes.
        image = decode(self._masks.read(pair), None)
        where = f"its mask {self._masks.name(pair)}"
        if image.mode not in ("L", "P"):
            raise Unreadable(f"{where} is in colour ({image.mode}), and not one number a pixel")
        stored = np.array(image, np.uint8)
        if (most := int(stored.max(initial=0))) > CLASSES:
            raise Unreadable(f"{where} has the class {most}, and there are {CLASSES}")
        return stored

    def _look_at_first(self) -> None:
        """Masks of another kind are all of that kind: the first shows it before the first step."""
        if 0 in self._images.problems or int(self._pairs[0]) in self._masks.problems:
            return
        try:
            self._stored(0)
        except Unreadable as error:
            raise ValueError(
                f"{_KIND}: {self.name(0)}: {error}: take the masks of ADEChallengeData2016, which "
                "are not those of the full ADE20K"
            ) from error


def _index(folder: Path) -> FolderIndex:
    require_folder(_KIND, folder, "copy it from the archive ADEChallengeData2016.zip")
    try:
        index = index_folder(folder, list_images)
    except OSError as error:
        raise ValueError(f"{_KIND}: {folder} cannot be used: {error}") from error
    if len(index) == 0:
        raise ValueError(f"{_KIND}: there are no images in {folder}: copy them from the archive")
    return index


def _pairs(images: FolderIndex, masks: FolderIndex) -> NDArray[np.int32]:
    """The number of each image's mask: files of the same name up to the ending."""
    places = {Path(masks.names[i]).stem: i for i in range(len(masks))}
    stems = [Path(images.names[i]).stem for i in range(len(images))]
    known = set(stems)
    for what, other, lone in (
        (
            "mask",
            masks.folder,
            [images.name(i) for i, stem in enumerate(stems) if stem not in places],
        ),
        (
            "image",
            images.folder,
            [masks.name(i) for stem, i in places.items() if stem not in known],
        ),
    ):
        if lone:
            raise ValueError(
                f"{_KIND}: {len(lone)} files have no {what} in {other}: {listed(lone, 3)}: "
                "copy the missing ones from the archive, or remove these"
            )
    return np.array([places[stem] for stem in stems], np.int32)
