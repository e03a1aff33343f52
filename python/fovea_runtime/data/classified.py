"""Stored images with class labels, through timm's transforms."""

from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from fovea_runtime.data.decode import decode
from fovea_runtime.data.feed import Feed, Split
from fovea_runtime.data.image_transforms import eval_transform, train_transform
from fovea_runtime.data.source import Batch
from fovea_runtime.data.unreadable import Ledger

_MODES = {1: "L", 3: "RGB"}
SAME = "data.train and data.validation share images: what is evaluated was trained on"


class LabelledImages(Protocol):
    """Encoded images by number, with a class each."""

    @property
    def labels(self) -> NDArray[np.int32]: ...

    @property
    def problems(self) -> dict[int, str]:
        """What is plainly wrong with some of them."""
        ...

    @property
    def digest(self) -> str:
        """What tells them from others; see `Source.fingerprint`."""
        ...

    def __len__(self) -> int: ...

    def name(self, index: int) -> str: ...

    def read(self, index: int) -> bytes: ...


class ClassifiedFeed(Feed[Batch]):
    """Images with class labels, at the network's input size.

    Args:
        kind: the data's name, for messages.
        corrupt: how many files may be unreadable.
        augment: the recipe's.

    Raises:
        ValueError: the network takes neither 1 nor 3 channels, more files than allowed are plainly
            unreadable, or none is left.
    """

    def __init__(
        self,
        kind: str,
        train: LabelledImages,
        held_out: LabelledImages,
        *,
        classes: int,
        corrupt: int,
        workers: int,
        pinned: bool,
        channels: int,
        size: tuple[int, int],
        seed: int,
        augment: dict[str, Any],
    ) -> None:
        self.classes = classes
        self._digests = {"train": train.digest, "test": held_out.digest}
        mode = image_mode(kind, channels)
        ledger = Ledger(corrupt)
        known = [known_of(kind, images, ledger) for images in (train, held_out)]
        super().__init__(
            Split(
                _Decoded(train, mode), _OfImage(train_transform(channels, size, augment)), known[0]
            ),
            Split(_Decoded(held_out, mode), _OfImage(eval_transform(channels, size)), known[1]),
            collate=_stack,
            ledger=ledger,
            seed=seed,
            workers=workers,
            pinned=pinned,
        )

    def fingerprint(self) -> dict[str, str]:
        """See `Source.fingerprint`."""
        return dict(self._digests)


def image_mode(kind: str, channels: int) -> str:
    """Pillow's mode for images of so many channels.

    Raises:
        ValueError: there is none.
    """
    if channels not in _MODES:
        raise ValueError(
            f"{kind}: images have 1 or 3 channels, and the network takes {channels}: "
            "write input: { channels: 3, … }"
        )
    return _MODES[channels]


def known_of(kind: str, images: LabelledImages, ledger: Ledger) -> NDArray[np.int64]:
    """The numbers of the images that nothing is plainly wrong with; the others are noted.

    Raises:
        ValueError: there are more of the others than allowed, or nothing else.
    """
    for index, problem in images.problems.items():
        ledger.add(images.name(index), problem, "it is left out")
    numbers = np.arange(len(images), dtype=np.int64)
    known = np.delete(numbers, list(images.problems))
    if len(known) == 0:
        raise ValueError(f"{kind}: no image can be read: {ledger.named()}")
    return known


class _Decoded:
    """Pillow's image and the class label, by number."""

    def __init__(self, images: LabelledImages, mode: str) -> None:
        self._images = images
        self._mode = mode

    def __len__(self) -> int:
        return len(self._images)

    def name(self, index: int) -> str:
        return self._images.name(index)

    def read(self, index: int) -> bytes:
        return self._images.read(index)

    def load(self, index: int) -> tuple[Image.Image, int]:
        return decode(self._images.read(index), self._mode), int(self._images.labels[index])


class _OfImage:
    """A transform of the image; the label stays."""

    def __init__(self, transform: Any) -> None:
        self._transform = transform

    def __call__(self, item: tuple[Image.Image, int]) -> tuple[Tensor, int]:
        image, label = item
        return self._transform(image), label


def _stack(samples: list[tuple[Tensor, int]]) -> Batch:
    images, labels = zip(*samples, strict=True)
    return torch.stack(images), torch.tensor(labels, dtype=torch.int64)
