"""Pascal VOC's layout, as the development kit has it."""

from pathlib import Path

from fovea_runtime.data.dense.detection_items import DetectionItems, open_detection
from fovea_runtime.data.dense.sample_feed import SampleFeed
from fovea_runtime.data.dense.voc_files import read_voc
from fovea_runtime.data.folders import require_folder

_KIND = "voc"


def open_voc(
    root: Path,
    *,
    year: str,
    train: str,
    validation: str,
    scales: list[int],
    max_size: int,
    corrupt: int,
    seed: int,
    workers: int,
    pinned: bool = False,
) -> SampleFeed:
    """`VOC<year>/{JPEGImages,Annotations,ImageSets/Main}` below `root`, which is `VOCdevkit`.

    Samples are `DetectionSample`s without masks, of VOC's 20 classes.

    Args:
        train, validation: lists of images in `ImageSets/Main`.

    Raises:
        ValueError: a file is missing, an annotation points nowhere, or more than `corrupt` files
            and annotations cannot be used.
    """
    folder = root / f"VOC{year}"
    require_folder(
        _KIND, folder, "name the folder VOCdevkit in data.root, and the year in data.year"
    )
    images, held_out = (
        DetectionItems(_KIND, folder / "JPEGImages", read_voc(folder, split), "difficult")
        for split in (train, validation)
    )
    return open_detection(
        _KIND,
        images,
        held_out,
        scales=scales,
        max_size=max_size,
        corrupt=corrupt,
        seed=seed,
        workers=workers,
        pinned=pinned,
    )
