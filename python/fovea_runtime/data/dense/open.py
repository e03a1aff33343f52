"""From the `data` of a dense task to its samples."""

from typing import Any

from fovea_runtime.data.dense.sample_feed import SampleFeed
from fovea_runtime.data.folders import named_path

KINDS = ("ade20k", "coco", "voc")


def open_samples(data: dict[str, Any], *, seed: int, pinned: bool = False) -> SampleFeed:
    """The samples of `ade20k`, `coco` or `voc` (src/ir/data.ts).

    Args:
        pinned: whether batches lie in page-locked memory; for training on a GPU.

    Raises:
        ValueError: the data cannot be found or used; the message ends with the fix.
    """
    options: dict[str, Any] = {
        "corrupt": data["corrupt"],
        "seed": seed,
        "workers": data["workers"],
        "pinned": pinned,
    }
    root = named_path(data["root"])
    if data["type"] == "ade20k":
        from fovea_runtime.data.dense.ade20k import open_ade20k

        return open_ade20k(root, crop=data["crop"], **options)
    options |= {"scales": data["scales"], "max_size": data["maxSize"], "year": data["year"]}
    if data["type"] == "coco":
        from fovea_runtime.data.dense.coco import open_coco

        return open_coco(root, **options)
    if data["type"] == "voc":
        from fovea_runtime.data.dense.voc import open_voc

        return open_voc(root, train=data["train"], validation=data["validation"], **options)
    raise ValueError(f"data.type is {data['type']!r}; dense tasks take {', '.join(KINDS)}")
