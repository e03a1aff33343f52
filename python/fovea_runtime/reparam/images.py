"""Real images to hold a network against itself with."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from fovea_runtime.weights.mistake import UNREADABLE, WeightsMistake

_MODES = {1: "L", 3: "RGB"}
_SCENE = 64
"""Least side of a composed scene in pixels; smaller images are scaled down from it."""
_SEED = 0

Size = tuple[int, int]


def digit_scenes(count: int, channels: int, size: Size) -> Tensor:
    """`count` held-out scenes of `digits` (docs/digits.md), normalised: (count, channels, H, W).

    Every channel shows the same scene.
    """
    # Composing them needs scikit-learn.
    from fovea_runtime.data.digits.scene import scenes

    height, width = (max(side, _SCENE) for side in size)
    images = scenes(_SEED, "test", np.arange(count), height, width).images
    scaled = torch.from_numpy(images)[:, None].float() / 255
    return _normalised(_resized(scaled, size)).repeat(1, channels, 1, 1)


def folder_images(folder: Path, count: int, channels: int, size: Size) -> Tensor:
    """The first images below a folder, by name, normalised: (≤ count, channels, H, W).

    Raises:
        WeightsMistake: there is no such folder, or no image in it that can be read, or the
            network takes neither 1 nor 3 channels.
    """
    if channels not in _MODES:
        raise _mistake(folder, f"images have 1 or 3 channels, and the network takes {channels}")
    if not folder.is_dir():
        raise _mistake(folder, "there is no such folder")
    endings = Image.registered_extensions()
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in endings)[:count]
    if not paths:
        raise _mistake(folder, "there is no image in it")
    return _normalised(torch.cat(list(_read(paths, _MODES[channels], size))))


def _read(paths: Iterable[Path], mode: str, size: Size) -> Iterable[Tensor]:
    for path in paths:
        try:
            with Image.open(path) as image:
                pixels = np.asarray(image.convert(mode))
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise _mistake(path, f"it cannot be read: {error}") from error
        pixels = pixels.reshape(*pixels.shape[:2], -1).transpose(2, 0, 1)
        yield _resized(torch.from_numpy(pixels.copy())[None].float() / 255, size)


def _resized(images: Tensor, size: Size) -> Tensor:
    if images.shape[2:] == size:
        return images
    return F.interpolate(images, size, mode="bilinear", antialias=True)


def _normalised(images: Tensor) -> Tensor:
    """Into -2 to 2."""
    return (images - 0.5) / 0.25


def _mistake(path: Path, why: str) -> WeightsMistake:
    return WeightsMistake(
        UNREADABLE,
        f"--images {path}: {why}",
        value=str(path),
        fix="name a folder of images, or leave --images out: scanned digits are taken then",
    )
