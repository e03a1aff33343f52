"""COCO's `instances_….json`."""

import json
import os
from collections import defaultdict
from pathlib import Path
from typing import Any

from fovea_runtime.data import index_cache
from fovea_runtime.data.dense.annotations import Annotations, Gatherer, fitted_box
from fovea_runtime.data.dense.shapes import pack_shape
from fovea_runtime.data.index_cache import stamp
from fovea_runtime.data.unreadable import listed

_KIND = "coco"
_PARTS = ("images", "annotations", "categories")


def read_coco(path: Path) -> Annotations:
    """What a file annotates, from the cache where the file is the same.

    Categories are numbered from 0 by their ids. Objects with an empty box, a box outside of the
    image or a mask that does not fit are left out and named in `problems`.

    Raises:
        ValueError: the file is no annotation of objects, or refers to an image or a category that
            it does not have.
    """
    key = [os.fspath(path.absolute()), list(stamp(path))]
    kept = index_cache.load(_KIND, key)
    if kept is not None:
        return Annotations.of_arrays(kept)
    found = _read(path)
    if index_cache.is_settled([stamp(path)]):
        index_cache.store(_KIND, key, found.arrays())
    return found


def _read(path: Path) -> Annotations:
    content = _parse(path)
    try:
        return _gather(path, content)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"{_KIND}: {path} is no annotation of objects as COCO has them: "
            f"{type(error).__name__}: {error}"
        ) from error


def _parse(path: Path) -> dict[str, Any]:
    try:
        with path.open(encoding="utf-8") as file:
            content = json.load(file)
    except OSError as error:
        raise ValueError(f"{_KIND}: {path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ValueError(f"{_KIND}: {path} is no JSON: {error}: copy it again") from error
    lacking = [part for part in _PARTS if not isinstance(content, dict) or part not in content]
    if lacking:
        raise ValueError(
            f"{_KIND}: {path} lacks {', '.join(lacking)}: "
            "take a file of objects, such as instances_train2017.json"
        )
    return content


def _gather(path: Path, content: dict[str, Any]) -> Annotations:
    categories = sorted(content["categories"], key=lambda each: each["id"])
    labels = {each["id"]: label for label, each in enumerate(categories)}
    images = {each["id"]: each for each in content["images"]}
    for what, rows, found in (
        ("categories", categories, labels),
        ("images", content["images"], images),
    ):
        if len(found) < len(rows):
            raise ValueError(f"{_KIND}: two of the {what} of {path} have the same id")
    words = [number for number in images if not isinstance(number, int)]
    if words:
        raise ValueError(
            f"{_KIND}: {path} has an image with the id {words[0]!r}: write whole numbers as ids"
        )
    by_image: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for each in content["annotations"]:
        _require(path, each, "image_id", images)
        _require(path, each, "category_id", labels)
        by_image[each["image_id"]].append(each)
    masked = any(each.get("segmentation") for each in content["annotations"])
    gatherer = Gatherer([each["name"] for each in categories])
    for number, image in images.items():
        size = (int(image["height"]), int(image["width"]))
        for each in by_image[number]:
            try:
                _add(gatherer, each, labels, size, masked=masked)
            except ValueError as error:
                name = f"{path}: annotation {each.get('id')} of {image['file_name']}"
                gatherer.problems.append((name, str(error)))
        gatherer.end_image(image["file_name"], int(number), size)
    return gatherer.gathered()


def _require(path: Path, annotation: dict[str, Any], key: str, known: dict[int, Any]) -> None:
    if annotation[key] in known:
        return
    what = {"image_id": "images", "category_id": "categories"}[key]
    ids = listed([str(each) for each in sorted(known)], 10)
    raise ValueError(
        f"{_KIND}: annotation {annotation.get('id')} of {path} has the {key} {annotation[key]}, "
        f"which its {what} do not have ({ids}): mend the annotation or add what it refers to"
    )


def _add(
    gatherer: Gatherer,
    annotation: dict[str, Any],
    labels: dict[int, int],
    size: tuple[int, int],
    *,
    masked: bool,
) -> None:
    height, width = size
    box = annotation["bbox"]
    if len(box) != 4:
        raise ValueError(f"its bbox has {len(box)} numbers, and not x, y, width and height")
    left, top, wide, high = map(float, box)
    fitted = fitted_box((left, top, left + wide, top + high), height, width)
    shape = pack_shape(annotation.get("segmentation", []), height, width) if masked else b""
    gatherer.boxes.append(fitted)
    gatherer.labels.append(labels[annotation["category_id"]])
    gatherer.areas.append(float(annotation.get("area", wide * high)))
    gatherer.flags.append(bool(annotation.get("iscrowd", 0)))
    if masked:
        gatherer.shapes.append(shape)
