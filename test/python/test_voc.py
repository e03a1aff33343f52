"""Pascal VOC's layout, as the development kit has it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from fovea_runtime.data.cut import Cut
from fovea_runtime.data.dense.open import open_samples
from fovea_runtime.data.dense.sample_feed import SampleFeed
from fovea_runtime.data.dense.voc import open_voc
from torchvision.datasets import VOCDetection
from written_data import VocObject, voc_xml, write_voc

Images = dict[str, tuple[tuple[int, int], list[VocObject]]]
TRAIN: Images = {
    "000005": ((60, 80), [("chair", 0, (11, 21, 40, 45)), ("person", 1, (1, 1, 80, 60))]),
    "000007": ((50, 40), [("car", 0, (5, 5, 30, 30))]),
    "000009": ((48, 64), [("tvmonitor", 1, (5, 5, 30, 30))]),
}
TEST: Images = {"000001": ((60, 80), [("dog", 0, (9, 17, 76, 58))])}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_voc(tmp_path / "VOCdevkit", "trainval", TRAIN)
    write_voc(tmp_path / "VOCdevkit", "test", TEST)
    return tmp_path / "VOCdevkit"


def feed(root: Path, **changes: Any) -> SampleFeed:
    options: dict[str, Any] = {
        "year": "2007",
        "train": "trainval",
        "validation": "test",
        "scales": [30, 60],
        "max_size": 100,
        "corrupt": 0,
        "seed": 0,
        "workers": 0,
    }
    return open_voc(root, **{**options, **changes})


def refused(root: Path, *words: str, **changes: Any) -> None:
    with pytest.raises(ValueError) as error:
        feed(root, **changes)
    text = str(error.value)
    assert len(text.splitlines()) == 1
    for word in words:
        assert word in text, text


def write_xml(root: Path, name: str, size: tuple[int, int], objects: list[VocObject]) -> Path:
    file = root / "VOC2007" / "Annotations" / f"{name}.xml"
    file.write_text(voc_xml(name, size, objects), "utf-8")
    return file


def test_samples(root: Path) -> None:
    ours = feed(root, validation="trainval")
    assert len(ours.class_names) == 20
    image, target = next(ours.held_out(1))[0]
    assert image.shape == (3, 60, 80)
    # From 1 with the last pixel, to from 0 up to the edge.
    assert target["boxes"].tolist() == [[10, 20, 40, 45], [0, 0, 80, 60]]
    assert [ours.class_names[label] for label in target["labels"]] == ["chair", "person"]
    assert target["difficult"].tolist() == [False, True]
    assert target["area"].tolist() == [30 * 25, 80 * 60]
    assert target["original_size"].tolist() == [60, 80]
    assert "masks" not in target
    assert "iscrowd" not in target


def test_objects_are_those_of_torchvision(root: Path) -> None:
    theirs = VOCDetection(str(root.parent), year="2007", image_set="trainval")
    ours = feed(root, validation="trainval")
    samples = [sample for batch in ours.held_out(2) for sample in batch]
    assert len(samples) == len(theirs) == 3
    for index, (_, target) in enumerate(samples):
        image, annotation = theirs[index]
        objects = annotation["annotation"]["object"]
        assert int(target["image_id"]) == index
        assert target["original_size"].tolist() == [image.height, image.width]
        names = [ours.class_names[label] for label in target["labels"]]
        assert names == [each["name"] for each in objects]
        assert target["difficult"].tolist() == [each["difficult"] == "1" for each in objects]


def test_images_with_difficult_objects_alone_are_not_trained_on(root: Path) -> None:
    ours = feed(root, workers=2)
    assert ours.train_size == 2
    ids = {int(target["image_id"]) for batch in ours.batches(0, 3, Cut(2)) for _, target in batch}
    assert ids == {0, 1}


def test_the_data_of_an_experiment(root: Path) -> None:
    data = {
        "type": "voc",
        "root": str(root),
        "year": "2007",
        "train": "trainval",
        "validation": "test",
        "scales": [30, 60],
        "maxSize": 100,
        "workers": 0,
        "corrupt": 0,
    }
    (left,) = open_samples(data, seed=0).batches(0, 1, Cut(2))
    (right,) = feed(root).batches(0, 1, Cut(2))
    assert all(torch.equal(a[0], b[0]) for a, b in zip(left, right, strict=True))
    with pytest.raises(ValueError, match="dense tasks take ade20k, coco, voc"):
        open_samples({**data, "type": "digits"}, seed=0)


def test_other_years_and_lists(root: Path) -> None:
    write_voc(root, "train", TRAIN, year="2012")
    write_voc(root, "val", TEST, year="2012")
    assert feed(root, year="2012", train="train", validation="val").train_size == 2
    refused(root, "no list", "test.txt", "holds train, val", year="2012", train="train")
    refused(root, "no folder", "VOC2010", "holds the folders VOC2007, VOC2012", year="2010")


def test_a_root_that_is_a_folder_above(root: Path) -> None:
    refused(root.parent, "no folder", "holds the folders VOCdevkit", "VOCdevkit in data.root")


def test_missing_files(root: Path) -> None:
    (root / "VOC2007" / "JPEGImages" / "000007.jpg").unlink()
    refused(root, "1 of 3 annotated images are missing", "000007.jpg", corrupt=9)
    (root / "VOC2007" / "Annotations" / "000005.xml").unlink()
    refused(root, "1 annotations of trainval.txt are missing", "000005.xml", corrupt=9)


def test_unknown_classes(root: Path) -> None:
    file = write_xml(root, "000007", (50, 40), [("unicorn", 0, (5, 5, 30, 30))])
    refused(root, f"object 0 of {file} is a 'unicorn'", "aeroplane", corrupt=9)


@pytest.mark.parametrize(
    ("box", "why"),
    [
        ((30, 5, 12, 30), "is empty"),
        ((5, 5, 45, 30), "outside of the image's 40×50"),
        ((100, 100, 110, 110), "outside"),
    ],
)
def test_useless_boxes(root: Path, box: tuple[int, int, int, int], why: str) -> None:
    file = write_xml(root, "000007", (50, 40), [("car", 0, (5, 5, 30, 30)), ("car", 0, box)])
    refused(root, f"{file}: object 1: ", why)
    ours = feed(root, corrupt=1)
    assert ours.train_size == 2
    assert len(ours.take_problems()) == 1


def test_images_of_another_size_than_annotated(root: Path) -> None:
    write_xml(root, "000007", (50, 41), [("car", 0, (5, 5, 30, 30))])
    refused(root, "000007.jpg: it is 50×40 pixels and annotated as 50×41")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<annotation>", "is no XML"),
        ("<annotation></annotation>", "no annotation as VOC has them"),
        (
            voc_xml("a", (50, 40), [("car", 0, (1, 1, 9, 9))]).replace("<xmax>9", "<xmax>nine"),
            "VOC",
        ),
    ],
)
def test_annotations_that_cannot_be_read(root: Path, text: str, why: str) -> None:
    file = root / "VOC2007" / "Annotations" / "000007.xml"
    file.write_text(text, "utf-8")
    refused(root, str(file), why)


def test_an_empty_list(root: Path) -> None:
    (root / "VOC2007" / "ImageSets" / "Main" / "trainval.txt").write_text("\n")
    refused(root, "trainval.txt is empty")
