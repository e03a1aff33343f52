"""What takes turns: fovea's data, the reading of their bytes, and torchvision's loader."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset, RandomSampler
from torchvision.datasets import ImageFolder

from fovea_runtime.bench_data.opening import Opened, Request
from fovea_runtime.data.classified import image_mode
from fovea_runtime.data.cut import Cut
from fovea_runtime.data.feed import Feed, Split
from fovea_runtime.data.folders import named_path
from fovea_runtime.data.image_transforms import train_transform
from fovea_runtime.data.unreadable import Unreadable
from fovea_runtime.data.workers import start_worker

Contestant = Callable[[int], Iterator[Any]]
"""Gives so many batches."""


def ours(opened: Opened, batch: int) -> Contestant:
    """Decoded and augmented batches, as training gets them."""
    return lambda count: opened.batches(0, count, Cut(batch))


def floor(opened: Feed[Any], batch: int, workers: int) -> Contestant:
    """The bytes of as many items, read in an order as random and thrown away: nothing is decoded."""
    return _loaded(_Bytes(opened.train), batch, workers, collate=sum)


def peer(request: Request, folder: ImageFolder, workers: int) -> Contestant:
    """torchvision's `ImageFolder` and PyTorch's `DataLoader`, with the very same transform."""
    if request.experiment is None:
        raise TypeError("a folder of classes belongs to an experiment")
    size = request.experiment["network"]["input"]["size"]
    channels = request.experiment["network"]["input"]["channels"]
    sides = (size, size) if isinstance(size, int) else (size[0], size[1])
    augment = request.experiment["recipe"]["augment"]
    folder.transform = train_transform(channels, sides, augment)
    folder.loader = _Load(image_mode(request.data["type"], channels))
    return _loaded(folder, request.batch, workers, collate=None)


def open_peer(request: Request) -> ImageFolder | None:
    """torchvision's folder of the training images; None where it has no reader of the data.

    Raises:
        OSError: torchvision takes other folders for classes, and one of them is empty.
    """
    if request.data["type"] != "image_folder":
        return None
    root = named_path(request.data["root"])
    # Both, as ours opens both.
    ImageFolder(str(root / request.data["validation"]))
    return ImageFolder(str(root / request.data["train"]))


def _loaded(
    dataset: Dataset[Any], batch: int, workers: int, *, collate: Callable[[Any], Any] | None
) -> Contestant:
    def batches(count: int) -> Iterator[Any]:
        return iter(
            DataLoader(
                dataset,
                batch_size=batch,
                sampler=RandomSampler(
                    dataset,  # pyright: ignore[reportArgumentType] - it has a length
                    replacement=True,
                    num_samples=count * batch,
                    generator=torch.Generator().manual_seed(0),
                ),
                num_workers=workers,
                collate_fn=collate,
                worker_init_fn=start_worker,
            )
        )

    return batches


class _Bytes(Dataset[int]):
    """How many bytes were read for an item."""

    def __init__(self, split: Split) -> None:
        self._split = split

    def __len__(self) -> int:
        return len(self._split)

    def __getitem__(self, number: int) -> int:
        try:
            return len(self._split.items.read(int(self._split.known[number])))
        except Unreadable:
            return 0


class _Load:
    """Pillow's image in the mode that ours has."""

    def __init__(self, mode: str) -> None:
        self._mode = mode

    def __call__(self, path: str) -> Image.Image:
        with open(path, "rb") as file:
            return Image.open(file).convert(self._mode)
