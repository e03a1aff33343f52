"""Boxes, classes and masks of many images, as flat arrays."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fovea_runtime.data.index_cache import Arrays, packed_json, unpacked_json
from fovea_runtime.data.names import Blobs, Names

_OVER = 1.0
"""Pixels by which a box may reach over the edge, where it is cut off: COCO's are rounded so."""

Problem = tuple[str, str]
"""What cannot be used, by a name that leads to it, and why."""


@dataclass(frozen=True)
class Annotations:
    """What is annotated of N images, A objects in all.

    Attributes:
        classes: their names.
        files: name of each image's file.
        ids: number of each image, int64 (N).
        sizes: height and width of each as annotated, int32 (N, 2).
        ends: where the objects of each image end among all, int64 (N).
        boxes: float32 (A, 4): left, top, right and bottom in pixels.
        labels: int32 (A).
        areas: float32 (A), in pixels.
        flags: bool (A): COCO's crowds, VOC's difficult objects.
        shapes: the masks, packed; None where there are none.
        problems: objects that were left out.
    """

    classes: list[str]
    files: Names
    ids: NDArray[np.int64]
    sizes: NDArray[np.int32]
    ends: NDArray[np.int64]
    boxes: NDArray[np.float32]
    labels: NDArray[np.int32]
    areas: NDArray[np.float32]
    flags: NDArray[np.bool_]
    shapes: Blobs | None
    problems: list[Problem]

    def objects(self, index: int) -> slice:
        """Where the objects of an image are in the arrays."""
        return slice(int(self.ends[index - 1]) if index > 0 else 0, int(self.ends[index]))

    def arrays(self) -> Arrays:
        """Everything as arrays, to be kept."""
        found: Arrays = {
            "facts": packed_json({"classes": self.classes, "problems": self.problems}),
            "files": self.files.blobs.content,
            "file_ends": self.files.blobs.ends,
            **{name: getattr(self, name) for name in _ARRAYS},
        }
        if self.shapes is not None:
            found |= {"shapes": self.shapes.content, "shape_ends": self.shapes.ends}
        return found

    @classmethod
    def of_arrays(cls, found: Arrays) -> "Annotations":
        """What `arrays` gave."""
        facts = unpacked_json(found["facts"])
        return cls(
            classes=facts["classes"],
            files=Names(Blobs(found["files"], found["file_ends"])),
            shapes=Blobs(found["shapes"], found["shape_ends"]) if "shapes" in found else None,
            problems=[(name, reason) for name, reason in facts["problems"]],
            **{name: found[name] for name in _ARRAYS},
        )


_ARRAYS = ("ids", "sizes", "ends", "boxes", "labels", "areas", "flags")


@dataclass
class Gatherer:
    """Takes images with their objects, one after the other."""

    classes: list[str]
    files: list[str] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    sizes: list[tuple[int, int]] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    boxes: list[Sequence[float]] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    areas: list[float] = field(default_factory=list)
    flags: list[bool] = field(default_factory=list)
    shapes: list[bytes] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def end_image(self, file: str, number: int, size: tuple[int, int]) -> None:
        """The objects since the last image are this one's."""
        self.files.append(file)
        self.ids.append(number)
        self.sizes.append(size)
        self.ends.append(len(self.boxes))

    def gathered(self) -> Annotations:
        """All of it as arrays."""
        return Annotations(
            classes=self.classes,
            files=Names.of(self.files),
            ids=np.array(self.ids, np.int64),
            sizes=np.array(self.sizes, np.int32).reshape(-1, 2),
            ends=np.array(self.ends, np.int64),
            boxes=np.array(self.boxes, np.float32).reshape(-1, 4),
            labels=np.array(self.labels, np.int32),
            areas=np.array(self.areas, np.float32),
            flags=np.array(self.flags, np.bool_),
            shapes=Blobs.pack(self.shapes) if self.shapes else None,
            problems=self.problems,
        )


def fitted_box(
    box: tuple[float, float, float, float], height: int, width: int
) -> tuple[float, float, float, float]:
    """The box (left, top, right, bottom) within an image of `height` by `width` pixels.

    Raises:
        ValueError: it is empty, or reaches outside by more than a pixel.
    """
    left, top, right, bottom = box
    if not all(math.isfinite(side) for side in box):
        raise ValueError("its box has a side that is no number")
    corners = f"({left:g}, {top:g}) to ({right:g}, {bottom:g})"
    if min(left, top, width - right, height - bottom) < -_OVER:
        raise ValueError(
            f"its box from {corners} lies outside of the image's {width}×{height} pixels"
        )
    fitted = (max(0.0, left), max(0.0, top), min(float(width), right), min(float(height), bottom))
    if fitted[2] <= fitted[0] or fitted[3] <= fitted[1]:
        raise ValueError(f"its box from {corners} is empty")
    return fitted
