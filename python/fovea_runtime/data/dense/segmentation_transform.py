"""Scales, crops and flips of images with a class for each pixel."""

import torch
from torch import Tensor
from torchvision import tv_tensors
from torchvision.transforms import InterpolationMode, v2

from fovea_runtime.data.dense.pixels import normalised, resized_mask
from fovea_runtime.data.dense.samples import SegmentationSample

IGNORED = 255
"""The class of pixels that do not count."""
_RATIOS = (0.5, 2.0)
_LONG = 4
"""The longer side is at most so many times the crop: 2048 for 512."""
_ONE_CLASS = 0.75
"""A crop of which one class covers more is drawn again, up to `_TRIES` times."""
_TRIES = 10

Labelled = tuple[Tensor, Tensor]
"""An image, uint8 (3, H, W), and the classes of its pixels, uint8 (H, W)."""


class SegmentationTransform:
    """A random scale (0.5 to 2 of the crop's side), a random crop, flips, and colours.

    As in UperNet's recipe for ADE20K (MMSegmentation): the shorter side becomes `crop` times a
    ratio, the longer one at most four times that; of up to eleven crops the first is taken of which
    no class covers more than three quarters; brightness, contrast, saturation and hue vary; what
    lies outside of the image is 0 and does not count.
    """

    def __init__(self, crop: int) -> None:
        self._crop = crop
        self._flip = v2.RandomHorizontalFlip(0.5)
        self._distort = v2.RandomPhotometricDistort()

    def __call__(self, labelled: Labelled) -> SegmentationSample:
        low, high = _RATIOS
        ratio = low + (high - low) * float(torch.rand(()))
        image, mask = _scaled(labelled[0], self._crop * ratio), labelled[1]
        mask = resized_mask(mask[None], list(image.shape[-2:]))[0]
        image, mask = self._cropped(image, mask)
        image, mask = self._flip(tv_tensors.Image(image), tv_tensors.Mask(mask))
        image = normalised(self._distort(image).as_subclass(Tensor))
        below, right = self._crop - mask.shape[0], self._crop - mask.shape[1]
        pad = torch.nn.functional.pad
        image = pad(image, (0, right, 0, below))
        mask = pad(mask.as_subclass(Tensor), (0, right, 0, below), value=IGNORED)
        return image, mask.long()

    def _cropped(self, image: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        rows, columns = self._drawn_crop(mask)
        for _ in range(_TRIES):
            if _largest_share(mask[rows, columns]) <= _ONE_CLASS:
                break
            rows, columns = self._drawn_crop(mask)
        return image[:, rows, columns], mask[rows, columns]

    def _drawn_crop(self, mask: Tensor) -> tuple[slice, slice]:
        top, left = (_draw(side - self._crop) for side in mask.shape)
        return slice(top, top + self._crop), slice(left, left + self._crop)


class SegmentationView:
    """For evaluation: the shorter side becomes `crop`; the mask stays as it is stored."""

    def __init__(self, crop: int) -> None:
        self._crop = crop

    def __call__(self, labelled: Labelled) -> SegmentationSample:
        image, mask = labelled
        return normalised(_scaled(image, self._crop)), mask.long()


def _scaled(image: Tensor, short: float) -> Tensor:
    height, width = image.shape[-2:]
    factor = min(short / min(height, width), _LONG * short / max(height, width))
    size = [max(1, int(side * factor + 0.5)) for side in (height, width)]
    return v2.functional.resize_image(image, size, InterpolationMode.BILINEAR, antialias=True)


def _draw(room: int) -> int:
    """A whole number from 0 to `room`; 0 where there is none."""
    return int(torch.randint(max(0, room) + 1, ()))


def _largest_share(mask: Tensor) -> float:
    """Of the pixels that count, how many the most frequent class has; 1 where none count."""
    counts = torch.bincount(mask.flatten(), minlength=IGNORED + 1)[:IGNORED]
    counted = int(counts.sum())
    return int(counts.max()) / counted if counted > 0 else 1.0
