"""Natural images, as effective receptive fields are measured on."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from timm.data.constants import IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD
from torch import Tensor

from fovea_runtime.weights.mistake import UNREADABLE, WeightsMistake

_PHOTOGRAPHS = ("china.jpg", "flower.jpg")
_SMALLEST = 0.5
"""Side of the smallest crop, as a share of a photograph's shorter side."""
_SEED = 0


def image_files(folder: Path, count: int) -> list[Path]:
    """The first `count` images below a folder, by name; there may be fewer.

    Raises:
        WeightsMistake: there is no such folder, or no image in it.
    """
    if not folder.is_dir():
        raise _mistake(folder, "there is no such folder")
    endings = Image.registered_extensions()
    found = (path for path in folder.rglob("*") if path.suffix.lower() in endings)
    files = sorted(path for path in found if path.is_file())[:count]
    if not files:
        raise _mistake(folder, "there is no image in it")
    return files


def read_images(files: list[Path], channels: int, size: int) -> Iterator[Tensor]:
    """One image (1, channels, size, size) after the other, normalised; see `prepared`.

    Raises:
        WeightsMistake: one cannot be read.
    """
    for path in files:
        try:
            with Image.open(path) as image:
                yield prepared(image, channels, size)
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise _mistake(path, f"it cannot be read: {error}") from error


def photographs(count: int, channels: int, size: int) -> Iterator[Tensor]:
    """Crops of scikit-learn's two photographs, the same at every call; see `prepared`.

    Crop i is of photograph i mod 2: a square of half its shorter side or more, half of them
    mirrored.
    """
    # It takes a second to import.
    from sklearn.datasets import load_sample_image

    pictures = [Image.fromarray(load_sample_image(name)) for name in _PHOTOGRAPHS]
    for index in range(count):
        draw = np.random.default_rng((_SEED, index))
        picture = pictures[index % len(pictures)]
        side = round(min(picture.size) * draw.uniform(_SMALLEST, 1.0))
        left, top = (int(draw.integers(0, most - side + 1)) for most in picture.size)
        crop = picture.crop((left, top, left + side, top + side))
        if draw.uniform() < 0.5:
            crop = crop.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        yield prepared(crop, channels, size)


def prepared(image: Image.Image, channels: int, size: int) -> Tensor:
    """An image resized to a square (bicubic) and normalised by ImageNet's mean and deviation.

    Networks of other than three channels see the mean over the colours in each of them, normalised
    by the means of both.
    """
    square = image.convert("RGB").resize((size, size), Image.Resampling.BICUBIC)
    pixels = torch.from_numpy(np.array(square)).permute(2, 0, 1).float() / 255
    mean, std = torch.tensor(IMAGENET_DEFAULT_MEAN), torch.tensor(IMAGENET_DEFAULT_STD)
    if channels == 3:
        return ((pixels - mean[:, None, None]) / std[:, None, None])[None]
    grey = (pixels.mean(0) - mean.mean()) / std.mean()
    return grey.expand(1, channels, size, size).contiguous()


def _mistake(path: Path, why: str) -> WeightsMistake:
    return WeightsMistake(
        UNREADABLE,
        f"--images {path}: {why}",
        value=str(path),
        fix="name a folder of images, or leave --images out: scikit-learn's photographs are taken then",
    )
