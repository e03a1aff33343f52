"""COCO's layout: folders of images, and a JSON file of objects for each."""

from pathlib import Path

from fovea_runtime.data.dense.coco_file import read_coco
from fovea_runtime.data.dense.detection_items import DetectionItems, open_detection
from fovea_runtime.data.dense.sample_feed import SampleFeed
from fovea_runtime.data.folders import require_folder

_KIND = "coco"


def open_coco(
    root: Path,
    *,
    year: str,
    scales: list[int],
    max_size: int,
    corrupt: int,
    seed: int,
    workers: int,
    pinned: bool = False,
) -> SampleFeed:
    """`annotations/instances_{train,val}<year>.json` and `{train,val}<year>/*.jpg` below `root`.

    Samples are `DetectionSample`s. Training images have at least one object that is no crowd.

    Raises:
        ValueError: a file is missing, an annotation points nowhere, or more than `corrupt` files
            and annotations cannot be used.
    """
    require_folder(_KIND, root, "name COCO's folder in data.root")
    require_folder(_KIND, root / "annotations", "copy it from the archive")
    train, held_out = (_items(root, f"{split}{year}") for split in ("train", "val"))
    return open_detection(
        _KIND,
        train,
        held_out,
        scales=scales,
        max_size=max_size,
        corrupt=corrupt,
        seed=seed,
        workers=workers,
        pinned=pinned,
    )


def _items(root: Path, split: str) -> DetectionItems:
    file = root / "annotations" / f"instances_{split}.json"
    if not file.is_file():
        present = sorted(each.stem.removeprefix("instances_") for each in file.parent.glob("inst*"))
        raise ValueError(
            f"{_KIND}: there is no file {file}: the objects of {', '.join(present) or 'no split'} "
            "are there: name the right year in data.year, or copy the file from the archive"
        )
    return DetectionItems(_KIND, root / split, read_coco(file), "iscrowd")
