"""Pixels of images and masks: scaled, and as networks take them."""

import torch
from timm.data.constants import IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD
from torch import Tensor
from torchvision.transforms import InterpolationMode, v2


def normalised(image: Tensor) -> Tensor:
    """uint8 (3, H, W) to float32 by ImageNet's mean and deviation."""
    scaled = v2.functional.to_dtype(image, torch.float32, scale=True)
    return v2.functional.normalize(scaled, list(IMAGENET_DEFAULT_MEAN), list(IMAGENET_DEFAULT_STD))


def resized_mask(mask: Tensor, size: list[int]) -> Tensor:
    """(N, H, W) at another size: the pixel whose centre is nearest.

    torchvision's transforms of masks take the nearest corner, half a pixel beside the image.
    """
    if mask.shape[0] == 0:
        return mask.new_zeros((0, *size))
    exact = InterpolationMode.NEAREST_EXACT
    resized = v2.functional.resize_image(mask.to(torch.uint8), size, exact, antialias=False)
    return resized.to(mask.dtype)
