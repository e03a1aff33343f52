"""timm's transforms of images with a class, for training and for evaluation."""

from typing import Any

from PIL import Image
from timm.data.auto_augment import RandAugment, posterize
from timm.data.constants import IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD
from timm.data.transforms_factory import create_transform
from torchvision.transforms import InterpolationMode, Resize

_CROP = 0.875
"""Share of the shorter side that is seen in evaluation (ImageNet's custom: 224 of 256)."""


def train_transform(channels: int, size: tuple[int, int], augment: dict[str, Any]) -> Any:
    """timm's transform for training, with the parts that a recipe's `augment` turns on."""
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
    for step in transform.transforms:
        if isinstance(step, RandAugment):
            _mend(step)
    return transform


def eval_transform(channels: int, size: tuple[int, int]) -> Any:
    """timm's transform for evaluation: the centre of the image."""
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


def _mend(augment: RandAugment) -> None:
    """At magnitude 10, which `mstd` reaches from 9, timm posterizes to 0 bits.

    That was a black image up to Pillow 12, and is an error from 13 on, in one of 650 images of the
    published recipes.
    """
    for operation in augment.ops:
        if operation.aug_fn is posterize:
            operation.aug_fn = _posterize


def _posterize(image: Image.Image, bits: int, **options: Any) -> Image.Image:
    return posterize(image, bits, **options) if bits > 0 else image.point(lambda _: 0)
