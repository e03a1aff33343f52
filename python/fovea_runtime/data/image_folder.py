"""ImageNet's layout through torchvision's `ImageFolder` and timm's transforms."""

import signal
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from timm.data.constants import IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD
from timm.data.transforms_factory import create_transform
from torch import Tensor
from torch.utils.data import DataLoader, Dataset
from torchvision.datasets import ImageFolder
from torchvision.transforms import InterpolationMode, Resize

from fovea_runtime.data.cut import Cut
from fovea_runtime.data.order import Key, piece_keys
from fovea_runtime.data.source import Batch
from fovea_runtime.randomness import Purpose, seed_everything

_MODES = {1: "L", 3: "RGB"}
_CROP = 0.875
"""Share of the shorter side that is seen in evaluation (ImageNet's custom: 224 of 256)."""


class ImageFolderSource:
    """`root/<train>/<class>/<image>` and `root/<validation>/<class>/<image>`.

    `augment` is the recipe's. The augmentation of an image is a function of (seed, epoch, index).

    Raises:
        ValueError: a folder is missing or without images, the two folders hold other classes, or
            the network takes neither 1 nor 3 channels.
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
    ) -> None:
        if channels not in _MODES:
            raise ValueError(
                f"image_folder: images have 1 or 3 channels, and the network takes {channels}"
            )
        load = _Load(_MODES[channels])
        self._train = _open(root / train, load, _train_transform(channels, size, augment))
        self._held_out = _open(root / validation, load, _eval_transform(channels, size))
        if self._train.classes != self._held_out.classes:
            differing = sorted(set(self._train.classes) ^ set(self._held_out.classes))
            raise ValueError(
                f"image_folder: {root / train} and {root / validation} must hold the same classes; "
                f"only one of them has {', '.join(differing[:5])}"
            )
        self._seed = seed
        self._workers = workers
        self.classes = len(self._train.classes)
        self.train_size = len(self._train)
        self.notes: list[str] = []

    def batches(self, start: int, stop: int, cut: Cut) -> Iterator[Batch]:
        """See `Source.batches`."""
        keys = piece_keys(self._seed, self.train_size, cut, start, stop)
        yield from self._load(_Augmented(self._train, self._seed), keys)

    def held_out(self, batch: int, *, part: int = 0, parts: int = 1) -> Iterator[Batch]:
        """See `Source.held_out`."""
        indices = torch.arange(len(self._held_out)).split(batch)
        yield from self._load(self._held_out, [each.tolist() for each in indices[part::parts]])

    def take_problems(self) -> list[str]:
        """See `Source.take_problems`."""
        return []

    def _load(self, dataset: Dataset[Any], keys: Iterable[list[Any]]) -> Iterator[Batch]:
        return iter(
            DataLoader(
                dataset,
                batch_sampler=_Sampler(keys),
                num_workers=self._workers,
                worker_init_fn=_start_worker,
                pin_memory=torch.cuda.is_available(),
            )
        )


class _Sampler:
    """What `DataLoader` takes for a batch sampler: it iterates once, from wherever a run stands."""

    def __init__(self, keys: Iterable[list[Any]]) -> None:
        self._keys = keys

    def __iter__(self) -> Iterator[list[Any]]:
        return iter(self._keys)


class _Augmented(Dataset[tuple[Tensor, int]]):
    """Images by (epoch, index), each augmented from a seed of its own."""

    def __init__(self, images: ImageFolder, seed: int) -> None:
        self._images = images
        self._seed = seed

    def __getitem__(self, key: Key) -> tuple[Tensor, int]:
        seed_everything(self._seed, Purpose.SAMPLE, *key)
        return self._images[key[1]]


class _Load:
    """Reads an image; one that cannot be read is named."""

    def __init__(self, mode: str) -> None:
        self._mode = mode

    def __call__(self, path: str) -> Image.Image:
        try:
            with Image.open(path) as image:
                return image.convert(self._mode)
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise ValueError(f"the image {path} cannot be read: {error}") from error


def _open(folder: Path, load: _Load, transform: Any) -> ImageFolder:
    try:
        return ImageFolder(str(folder), transform=transform, loader=load)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ValueError(f"image_folder: {folder} cannot be used: {error}") from error


def _train_transform(channels: int, size: tuple[int, int], augment: dict[str, Any]) -> Any:
    mean, std = _normalisation(channels)
    scale = augment["cropScale"]
    transform: Any = create_transform(
        (channels, *size),
        is_training=True,
        scale=(scale, 1.0),
        hflip=augment["flip"],
        color_jitter=augment["colorJitter"],
        auto_augment=augment["randAugment"] or None,
        re_prob=augment["erasing"],
        re_mode="pixel",
        interpolation="bicubic",
        mean=mean,
        std=std,
    )
    if scale == 1:
        # timm would still cut another shape out of the image.
        transform.transforms[0] = Resize(size, InterpolationMode.BICUBIC)
    return transform


def _eval_transform(channels: int, size: tuple[int, int]) -> Any:
    mean, std = _normalisation(channels)
    return create_transform(
        (channels, *size),
        is_training=False,
        interpolation="bicubic",
        crop_pct=_CROP,
        mean=mean,
        std=std,
    )


def _normalisation(channels: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation; grey images take the means over the colours."""
    mean, std = IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD
    return (mean, std) if channels == 3 else ((sum(mean) / 3,), (sum(std) / 3,))


def _start_worker(_worker: int) -> None:
    # Ctrl-C reaches the whole group; the training process decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # One image at a time a worker: more threads only fight over the cores.
    torch.set_num_threads(1)
