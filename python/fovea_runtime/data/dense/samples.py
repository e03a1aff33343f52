"""What the dense tasks train on."""

from typing import Any

from torch import Tensor

Sample = tuple[Tensor, Any]
"""An image, float32 (3, H, W), normalised by ImageNet's mean and deviation, and its target."""

SegmentationSample = tuple[Tensor, Tensor]
"""The target is the class of each pixel, int64 (H, W), 255 where it does not count. In training
both are crop by crop; held out, the image is scaled and the mask has the size of the file, at which
mIoU is taken."""

DetectionTarget = dict[str, Tensor]
"""The N objects of an image:

- `boxes`: float32 (N, 4): left, top, right and bottom in pixels of the image as it is given.
- `labels`: int64 (N): 0 to classes - 1. There is no class for the background.
- `masks`: bool (N, H, W), of the image as it is given; missing where the data have none.
- `area`: float32 (N): of the object in pixels of the file, by which COCO tells small from large.
- `iscrowd`: bool (N), COCO: a group of objects, which is neither trained on nor counted.
- `difficult`: bool (N), VOC: not counted in evaluation.
- `image_id`: int64 (): COCO's id; in VOC the place in the split's list, from 0.
- `original_size`: int64 (2): height and width of the file.
"""

DetectionSample = tuple[Tensor, DetectionTarget]
