"""Images of a folder with the objects that are annotated of them."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torchvision.transforms import v2

from fovea_runtime.data.decode import decode
from fovea_runtime.data.dense.annotations import Annotations
from fovea_runtime.data.dense.detection_transform import Annotated, DetectionTransform
from fovea_runtime.data.dense.sample_feed import SampleFeed
from fovea_runtime.data.dense.samples import DetectionTarget
from fovea_runtime.data.dense.shapes import draw_shape
from fovea_runtime.data.feed import Split
from fovea_runtime.data.folder_files import list_images
from fovea_runtime.data.folder_index import FolderIndex, index_folder
from fovea_runtime.data.folders import require_folder
from fovea_runtime.data.unreadable import Ledger, listed


class DetectionItems:
    """Annotated images by number.

    Args:
        kind: the data's name, for messages.
        flag: what `annotations.flags` are called in a target.

    Raises:
        ValueError: the folder is missing, or images are that are annotated.
    """

    def __init__(self, kind: str, folder: Path, annotations: Annotations, flag: str) -> None:
        require_folder(kind, folder, "copy it from the archive")
        self.annotations = annotations
        self._flag = flag
        self._files = _files(kind, folder, annotations)
        self._numbers = self._find(kind)

    def __len__(self) -> int:
        return len(self.annotations.files)

    def name(self, index: int) -> str:
        return self._files.name(int(self._numbers[index]))

    def read(self, index: int) -> bytes:
        return self._files.read(int(self._numbers[index]))

    def load(self, index: int) -> Annotated:
        """The image as it is stored, with its objects.

        Raises:
            Unreadable: it is missing or broken.
        """
        of = self.annotations
        image = v2.functional.pil_to_tensor(decode(self.read(index), "RGB"))
        objects = of.objects(index)
        height, width = image.shape[-2:]
        facts: DetectionTarget = {
            "labels": torch.from_numpy(of.labels[objects].astype(np.int64)),
            "area": torch.from_numpy(of.areas[objects].copy()),
            self._flag: torch.from_numpy(of.flags[objects].copy()),
            "image_id": torch.tensor(int(of.ids[index])),
            "original_size": torch.tensor([height, width]),
        }
        masks = None
        if of.shapes is not None:
            drawn = [
                draw_shape(of.shapes.bytes_of(each), height, width)
                for each in range(objects.start, objects.stop)
            ]
            masks = torch.from_numpy(np.array(drawn, np.bool_).reshape(-1, height, width))
        return Annotated(image, torch.from_numpy(of.boxes[objects].copy()), masks, facts)

    def known(self, ledger: Ledger, *, with_objects: bool) -> NDArray[np.int64]:
        """The numbers of the images that can be used; what cannot is noted.

        Args:
            with_objects: whether an image without an object that is not flagged is left out, as
                training leaves it out.

        Raises:
            ValueError: there is more of what cannot be used than allowed.
        """
        of = self.annotations
        for name, reason in of.problems:
            ledger.add(name, reason, "the object is left out")
        known: list[int] = []
        for index in range(len(self)):
            if problem := self._problem(index):
                ledger.add(self.name(index), problem, "it is left out")
            elif not with_objects or not of.flags[of.objects(index)].all():
                known.append(index)
        return np.array(known, np.int64)

    def _problem(self, index: int) -> str | None:
        number = int(self._numbers[index])
        if number in self._files.problems:
            return self._files.problems[number]
        size, annotated = self._files.sizes[number], self.annotations.sizes[index]
        if not size.any() or (size == annotated).all():
            return None
        return (
            f"it is {size[0]}×{size[1]} pixels and annotated as {annotated[0]}×{annotated[1]}"
            " (height×width)"
        )

    def _find(self, kind: str) -> NDArray[np.int32]:
        places = {self._files.names[i]: i for i in range(len(self._files))}
        wanted = [self.annotations.files[i] for i in range(len(self.annotations.files))]
        missing = [name for name in wanted if name not in places]
        if missing:
            raise ValueError(
                f"{kind}: {len(missing)} of {len(wanted)} annotated images are missing in "
                f"{self._files.folder}: {listed(missing, 3)}: copy them from the archive, or take "
                "them out of the annotations"
            )
        return np.array([places[name] for name in wanted], np.int32)


def open_detection(
    kind: str,
    train: DetectionItems,
    held_out: DetectionItems,
    *,
    scales: list[int],
    max_size: int,
    corrupt: int,
    seed: int,
    workers: int,
    pinned: bool,
) -> SampleFeed:
    """The feed of two sets of annotated images.

    Raises:
        ValueError: nothing is left to train on or to evaluate, or more than `corrupt` files and
            annotations cannot be used.
    """
    if train.annotations.classes != held_out.annotations.classes:
        raise ValueError(f"{kind}: training and held-out annotations have other categories")
    ledger = Ledger(corrupt)
    splits: list[Split] = []
    for items, training in ((train, True), (held_out, False)):
        transform = DetectionTransform(scales, max_size, training=training)
        splits.append(Split(items, transform, items.known(ledger, with_objects=training)))
    return SampleFeed(
        kind,
        *splits,
        class_names=train.annotations.classes,
        ledger=ledger,
        seed=seed,
        workers=workers,
        pinned=pinned,
    )


def _files(kind: str, folder: Path, annotations: Annotations) -> FolderIndex:
    try:
        return index_folder(folder, list_images)
    except OSError as error:
        raise ValueError(f"{kind}: {folder} cannot be used: {error}") from error
