"""Scales and flips of images with boxes and masks."""

from dataclasses import dataclass

import torch
from timm.data.constants import IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD
from torch import Tensor
from torchvision import tv_tensors
from torchvision.transforms import v2

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
        steps: list[torch.nn.Module] = (
            [v2.RandomShortestSize(scales, max_size), v2.RandomHorizontalFlip(0.5)]
            if training
            else [v2.RandomShortestSize([max(scales)], max_size)]
        )
        self._geometry = v2.Compose(steps)
        self._colours = v2.Compose(
            [
                v2.ToDtype(torch.float32, scale=True),
                v2.Normalize(IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD),
            ]
        )

    def __call__(self, annotated: Annotated) -> DetectionSample:
        height, width = annotated.image.shape[-2:]
        boxes = tv_tensors.BoundingBoxes(
            annotated.boxes,
            format="XYXY",  # pyright: ignore[reportArgumentType] - a word is taken too
            canvas_size=(height, width),
        )
        masks = None if annotated.masks is None else tv_tensors.Mask(annotated.masks)
        image, boxes, masks = self._geometry(tv_tensors.Image(annotated.image), boxes, masks)
        target: DetectionTarget = {**annotated.facts, "boxes": boxes.as_subclass(Tensor)}
        if masks is not None:
            target["masks"] = masks.as_subclass(Tensor)
        return self._colours(image).as_subclass(Tensor), target
