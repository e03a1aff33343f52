"""WebDataset's shards: tar files of images with their classes."""

from typing import Any

from fovea_runtime.data.classified import SAME, ClassifiedFeed
from fovea_runtime.data.shard_index import ShardIndex, index_shards
from fovea_runtime.data.shard_names import find_shards
from fovea_runtime.data.unreadable import listed

_KIND = "webdataset"


class WebDatasetSource(ClassifiedFeed):
    """Shards such as `train-{000000..000009}.tar`, each with `key.jpg` and `key.cls` a sample.

    An index of where every sample lies, kept in the cache folder, gives what a stream of shards
    does not: any order, the same for any number of workers and processes, and a resume at any step.
    The `webdataset` package is not needed.

    Args:
        train, validation: patterns of local tar files; see `find_shards`.
        classes: the number of classes; a `.cls` holds 0 to `classes` - 1.
        train_size: how many training samples there should be, where that is known.
        corrupt: how many images may be unreadable; see `Feed`.
        pinned: whether batches go to a GPU.

    Raises:
        ValueError: a shard is missing, damaged or compressed, a sample is not complete, a class is
            out of range, the training samples are not as many as they should be, or more images
            than allowed are plainly unreadable.
    """

    def __init__(
        self,
        *,
        train: str,
        validation: str,
        classes: int,
        train_size: int | None,
        workers: int,
        channels: int,
        size: tuple[int, int],
        seed: int,
        augment: dict[str, Any],
        corrupt: int = 10,
        pinned: bool = False,
    ) -> None:
        images = index_shards(find_shards(train, "train"))
        held_out = index_shards(find_shards(validation, "validation"))
        for index in (images, held_out):
            _require_classes(index, classes)
        if train_size is not None and train_size != len(images):
            raise ValueError(
                f"{_KIND}: the shards of data.train hold {len(images)} samples, and data.trainSize "
                f"says {train_size}: look for missing shards, or mend trainSize"
            )
        super().__init__(
            _KIND,
            images,
            held_out,
            classes=classes,
            corrupt=corrupt,
            workers=workers,
            pinned=pinned,
            channels=channels,
            size=size,
            seed=seed,
            augment=augment,
        )
        if not set(images.shards).isdisjoint(held_out.shards):
            self.notes.append(SAME)


def _require_classes(index: ShardIndex, classes: int) -> None:
    wrong = (index.labels >= classes).nonzero()[0].tolist()
    if not wrong:
        return
    samples = [f"{index.name(each)} ({index.labels[each]})" for each in wrong]
    raise ValueError(
        f"{_KIND}: data.classes is {classes}, so that a .cls holds 0 to {classes - 1}, and "
        f"{len(wrong)} samples hold more: {listed(samples, 3)}: "
        f"write classes: {int(index.labels.max()) + 1}, or mend the shards"
    )
