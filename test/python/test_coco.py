"""COCO's layout, with polygons, run lengths and crowds."""

from __future__ import annotations

import json
import resource
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fovea_runtime.data import index_cache
from fovea_runtime.data.cut import Cut
from fovea_runtime.data.dense import coco_file
from fovea_runtime.data.dense.coco import open_coco
from fovea_runtime.data.dense.coco_file import read_coco
from fovea_runtime.data.dense.detection_transform import Annotated, DetectionTransform
from fovea_runtime.data.dense.sample_feed import SampleFeed
from fovea_runtime.randomness import Purpose, seed_everything
from written_data import (
    CATEGORIES,
    coco_content,
    coco_image,
    coco_object,
    compressed,
    run_lengths,
    write_coco,
)

CROWD = np.zeros((60, 80), np.bool_)
CROWD[10:50, 20:30] = True
RING = np.zeros((50, 40), np.bool_)
RING[5:25, 10:30] = True
RING[10:20, 15:25] = False


def content() -> Any:
    """Four images: polygons, a crowd, run lengths in both forms, and nothing."""
    images = [
        coco_image(139, 60, 80),
        coco_image(7, 50, 40),
        coco_image(300, 48, 64),
        coco_image(12, 40, 40),
    ]
    sides = {"size": [50, 40]}
    objects = [
        coco_object(1, 139, 18, (10, 20, 30, 25)),
        coco_object(
            2,
            139,
            1,
            (20, 10, 10, 40),
            iscrowd=1,
            area=400,
            segmentation={"size": [60, 80], "counts": run_lengths(CROWD)},
        ),
        coco_object(3, 7, 44, (10, 5, 20, 20), segmentation=[[10, 5, 30, 5, 30, 25, 10, 25]]),
        coco_object(
            4,
            7,
            1,
            (10, 5, 20, 20),
            area=300,
            segmentation={**sides, "counts": compressed(run_lengths(RING))},
        ),
        # Over the edge by half a pixel: cut off, as COCO's roundings are.
        coco_object(5, 300, 1, (40, 30, 24.5, 18)),
        coco_object(6, 12, 1, (0, 0, 9, 9), iscrowd=1),
    ]
    return coco_content(images, objects)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_coco(tmp_path, "train2017", content())
    write_coco(tmp_path, "val2017", content())
    return tmp_path


def feed(root: Path, **changes: Any) -> SampleFeed:
    options: dict[str, Any] = {
        "year": "2017",
        "scales": [30, 60],
        "max_size": 100,
        "corrupt": 0,
        "seed": 0,
        "workers": 0,
    }
    return open_coco(root, **{**options, **changes})


def refused(root: Path, *words: str, **changes: Any) -> None:
    with pytest.raises(ValueError) as error:
        feed(root, **changes)
    text = str(error.value)
    assert len(text.splitlines()) == 1
    for word in words:
        assert word in text, text


def rewrite(root: Path, **parts: Any) -> None:
    file = root / "annotations" / "instances_train2017.json"
    file.write_text(json.dumps({**content(), **parts}), "utf-8")


def test_held_out_samples_are_what_is_annotated(root: Path) -> None:
    ours = feed(root)
    assert ours.class_names == ["person", "dog", "bottle"]
    # 60 is the largest of the scales: the first image's shorter side.
    samples = [sample for batch in ours.held_out(3) for sample in batch]
    assert [int(target["image_id"]) for _, target in samples] == [139, 7, 300, 12]
    image, target = samples[0]
    assert (image.shape, image.dtype) == ((3, 60, 80), torch.float32)
    assert target["boxes"].tolist() == [[10, 20, 40, 45], [20, 10, 30, 50]]
    assert target["boxes"].dtype == torch.float32
    assert target["labels"].tolist() == [1, 0]
    assert target["labels"].dtype == torch.int64
    assert target["iscrowd"].tolist() == [False, True]
    assert target["area"].tolist() == [750, 400]
    assert target["original_size"].tolist() == [60, 80]
    assert target["masks"].dtype == torch.bool
    assert np.array_equal(target["masks"][1].numpy(), CROWD)
    expected = torch.zeros(60, 80, dtype=torch.bool)
    expected[20:45, 10:40] = True
    assert torch.equal(target["masks"][0], expected)


def test_boxes_and_masks_follow_the_scale(root: Path) -> None:
    # 50×40 to 75×60; the ring comes as a compressed string.
    _, target = [sample for batch in feed(root).held_out(1) for sample in batch][1]
    assert target["boxes"].tolist() == [[15, 7.5, 45, 37.5], [15, 7.5, 45, 37.5]]
    assert target["masks"].shape == (2, 75, 60)
    ring = np.repeat(np.repeat(RING, 3, 0), 3, 1)[1::2, 1::2]
    assert np.array_equal(target["masks"][1].numpy(), ring)
    assert target["area"].tolist() == [400, 300]
    assert target["original_size"].tolist() == [50, 40]


def test_an_edge_that_is_rounded_over_is_cut_off(root: Path) -> None:
    _, target = [sample for batch in feed(root).held_out(1) for sample in batch][2]
    assert target["boxes"].tolist() == [[50, 37.5, 80, 60]]


def test_training_leaves_out_images_without_objects(root: Path) -> None:
    # Image 12 has a crowd alone.
    ours = feed(root)
    assert ours.train_size == 3
    ids = {int(target["image_id"]) for batch in ours.batches(0, 2, Cut(3)) for _, target in batch}
    assert ids == {139, 7, 300}


def test_samples_are_a_function_of_seed_epoch_and_index(root: Path) -> None:
    whole = list(feed(root).batches(0, 4, Cut(2)))
    for workers, start in ((0, 1), (2, 0), (2, 2)):
        again = list(feed(root, workers=workers).batches(start, 4, Cut(2)))
        for batch, other in zip(whole[start:], again, strict=True):
            for (image, target), (image2, target2) in zip(batch, other, strict=True):
                assert torch.equal(image, image2)
                assert target.keys() == target2.keys()
                assert all(torch.equal(target[key], target2[key]) for key in target)


def test_scales_flips_boxes_and_masks_agree() -> None:
    # A white rectangle on black: box and mask must be where it is, whatever happened.
    image = torch.zeros(3, 50, 80, dtype=torch.uint8)
    image[:, 10:30, 5:25] = 255
    box = torch.tensor([[5.0, 10.0, 25.0, 30.0]])
    mask = (image[:1] > 0).clone()
    transform = DetectionTransform([40, 50, 100], 150, training=True)
    sides: set[int] = set()
    lefts: set[bool] = set()
    for seed in range(40):
        seed_everything(seed, Purpose.SAMPLE)
        moved, target = transform(Annotated(image, box, mask, {}))
        rows, columns = np.nonzero((moved[0] > 0).numpy())
        seen = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
        assert np.abs(np.array(seen) - target["boxes"][0].numpy()).max() <= 1
        agree = target["masks"][0].numpy() == (moved[0] > 0).numpy()
        assert agree.mean() > 0.98
        sides.add(min(moved.shape[1:]))
        lefts.add(bool(target["boxes"][0, 0] < moved.shape[2] / 4))
    # 100 would make the longer side 160.
    assert sides == {40, 50, 94}
    assert lefts == {True, False}


def test_a_file_without_masks_has_none(root: Path) -> None:
    objects = [{**each, "segmentation": []} for each in content()["annotations"]]
    rewrite(root, annotations=objects)
    (batch,) = feed(root).batches(0, 1, Cut(3))
    assert all("masks" not in target for _, target in batch)


def test_what_was_read_is_kept_until_the_file_changes(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_cache, "_SETTLED", -1e9)
    monkeypatch.setenv("FOVEA_CACHE", str(tmp_path / "cache"))
    file = root / "annotations" / "instances_train2017.json"
    first = read_coco(file)
    with monkeypatch.context() as patch:
        patch.setattr(coco_file, "_parse", lambda path: pytest.fail("read again"))
        second = read_coco(file)
    for name in ("ids", "sizes", "ends", "boxes", "labels", "areas", "flags"):
        assert np.array_equal(getattr(first, name), getattr(second, name))
    assert first.shapes is not None
    assert second.shapes is not None
    for index in range(6):
        assert first.shapes.bytes_of(index) == second.shapes.bytes_of(index)
    rewrite(root, annotations=content()["annotations"][:1])
    assert len(read_coco(file).boxes) == 1


BOX = (0.0, 0.0, 5.0, 5.0)
WRONG = [
    (coco_object(9, 999, 1, BOX), ("annotation 9", "image_id 999", "(7, 12, 139, 300)", "mend")),
    (coco_object(9, 7, 5, BOX), ("annotation 9", "category_id 5", "(1, 18, 44)", "mend")),
]


@pytest.mark.parametrize(("wrong", "words"), WRONG)
def test_annotations_that_point_nowhere(
    root: Path, wrong: dict[str, Any], words: tuple[str, ...]
) -> None:
    rewrite(root, annotations=[*content()["annotations"], wrong])
    refused(root, *words, "instances_train2017.json", corrupt=10)


USELESS = [
    (coco_object(9, 7, 1, (5, 5, 0, 7)), "its box from (5, 5) to (5, 12) is empty"),
    (coco_object(9, 7, 1, (5, 5, 7, -1)), "is empty"),
    (coco_object(9, 7, 1, (100, 5, 7, 7)), "its box from (100, 5) to (107, 12) lies outside"),
    (coco_object(9, 7, 1, (30, 5, 12, 7)), "outside of the image's 40×50 pixels"),
    (coco_object(9, 7, 1, BOX, bbox=[1, 2, 3]), "its bbox has 3 numbers"),
    (coco_object(9, 7, 1, BOX, bbox=[1, 2, 3, float("nan")]), "no number"),
    (
        coco_object(9, 7, 1, BOX, segmentation={"size": [40, 50], "counts": [2000]}),
        "its mask is 40×50 and the image 50×40",
    ),
    (coco_object(9, 7, 1, BOX, segmentation=[]), "it has no mask"),
]


@pytest.mark.parametrize(("wrong", "why"), USELESS)
def test_useless_annotations_are_left_out_named_and_limited(
    root: Path, wrong: dict[str, Any], why: str
) -> None:
    rewrite(root, annotations=[*content()["annotations"], wrong])
    refused(root, "instances_train2017.json: annotation 9 of 000000000007.jpg: ", why)
    ours = feed(root, corrupt=1)
    assert ours.train_size == 3
    (told,) = ours.take_problems()
    assert "annotation 9" in told
    assert "the object is left out" in told


def test_missing_images(root: Path) -> None:
    (root / "train2017" / "000000000007.jpg").unlink()
    refused(root, "1 of 4 annotated images are missing", "train2017", "000000000007.jpg", corrupt=9)


def test_images_of_another_size_than_annotated(root: Path) -> None:
    images = [{**each, "width": 81} if each["id"] == 139 else each for each in content()["images"]]
    objects = [each for each in content()["annotations"] if each["id"] != 2]
    rewrite(root, images=images, annotations=objects)
    refused(root, "000000000139.jpg: it is 60×80 pixels and annotated as 60×81")


def test_broken_images_count_too(root: Path) -> None:
    (root / "train2017" / "000000000007.jpg").write_bytes(b"")
    refused(root, "000000000007.jpg: the file is empty")
    assert feed(root, corrupt=1).train_size == 2


def test_files_that_are_none_of_cocos(root: Path) -> None:
    file = root / "annotations" / "instances_train2017.json"
    for text, word in (
        ("{", "is no JSON"),
        ("[]", "lacks images, annotations, categories"),
        (json.dumps({"images": [], "annotations": []}), "lacks categories"),
        (json.dumps({**content(), "annotations": [{"id": 1, "image_id": 7}]}), "category_id"),
        (json.dumps({**content(), "categories": CATEGORIES * 2}), "the same id"),
        (json.dumps({**content(), "annotations": []}), "no training image with an annotation"),
    ):
        file.write_text(text, "utf-8")
        refused(root, word)


def test_a_large_batch_needs_no_more_files_than_the_system_allows(root: Path) -> None:
    # Every tensor from a worker is an open file: twelve batches of three images with seven each.
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (100, limits[1]))
    try:
        batches = list(feed(root, workers=1).batches(0, 12, Cut(3)))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert len(batches) == 12


def test_missing_files(root: Path) -> None:
    refused(root, "instances_train2014.json", "train2017, val2017", "data.year", year="2014")
    refused(root / "x", "no folder", "data.root")
    (root / "val2017").rename(root / "validation2017")
    refused(root, "no folder", "val2017", "validation2017")


def test_other_categories_in_validation(root: Path) -> None:
    rewrite(root, categories=[*CATEGORIES, {"id": 90, "name": "toothbrush"}])
    refused(root, "other categories")
