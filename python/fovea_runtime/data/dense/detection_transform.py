"""Scales and flips of images with boxes and masks."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torchvision.transforms import v2

from fovea_runtime.data.dense.pixels import normalised, resized_mask
from fovea_runtime.data.dense.samples import DetectionSample, DetectionTarget


@dataclass(frozen=True)
class Annotated:
    """An image as it is stored, uint8 (3, H, W), and what is annotated of it.

    `boxes` are (N, 4), left, top, right and bottom in pixels; `masks` bool (N, H, W) or None;
    `facts` are what no transform changes.
    """

    image: Tensor
    boxes: Tensor
    masks: Tensor | None
    facts: DetectionTarget


class DetectionTransform:
    """The shorter side becomes one of `scales`, the longer one at most `max_size`; half are flipped.

    In evaluation (`training` False) the largest of the scales is taken and nothing is flipped. As
    in the recipes of Cascade Mask R-CNN and Faster R-CNN: 480 to 800 in steps of 32, 1333.
    """

    def __init__(self, scales: list[int], max_size: int, *, training: bool) -> None:
        self._scales = scales if training else [max(scales)]
        self._max_size = max_size
        self._training = training

    def __call__(self, annotated: Annotated) -> DetectionSample:
        image, masks = annotated.image, annotated.masks
        height, width = image.shape[-2:]
        size = self._drawn_size(height, width)
        image = v2.functional.resize_image(image, size, antialias=True)
        boxes = annotated.boxes * torch.tensor([size[1] / width, size[0] / height] * 2)
        if masks is not None:
            masks = resized_mask(masks, size)
        if self._training and bool(torch.rand(()) < 0.5):
            image = image.flip(-1)
            left, top, right, bottom = boxes.unbind(1)
            boxes = torch.stack([size[1] - right, top, size[1] - left, bottom], 1)
            masks = None if masks is None else masks.flip(-1)
        target: DetectionTarget = {**annotated.facts, "boxes": boxes}
        if masks is not None:
            target["masks"] = masks
        return normalised(image), target

    def _drawn_size(self, height: int, width: int) -> list[int]:
        short = self._scales[int(torch.randint(len(self._scales), ()))]
        factor = min(short / min(height, width), self._max_size / max(height, width))
        return [max(1, int(side * factor + 0.5)) for side in (height, width)]
