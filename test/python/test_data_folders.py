"""Folders that cannot be used: refused before the first step, with what is there and the fix."""

from __future__ import annotations

from pathlib import Path

import pytest
from fovea_runtime.data.open import open_source
from test_image_folder import source
from tiny_run import AUGMENT, make_run
from written_data import jpeg, write_images


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_images(tmp_path / "train", {"cat": 3, "dog": 3}, 0)
    write_images(tmp_path / "val", {"cat": 1, "dog": 1}, 1)
    return tmp_path


def refused(root: Path, *words: str, **changes: object) -> None:
    with pytest.raises(ValueError) as error:
        source(root, **changes)
    text = str(error.value)
    assert len(text.splitlines()) == 1
    for word in words:
        assert word in text, text


def test_the_root_is_missing(root: Path) -> None:
    refused(root / "imagenet", f"no folder {root}/imagenet/train", "holds the folders train, val")


def test_the_root_is_a_file(root: Path) -> None:
    (root / "file").touch()
    refused(root / "file", f"no folder {root}/file/train", "data.root")


def test_the_root_is_empty(tmp_path: Path) -> None:
    refused(tmp_path, f"no folder {tmp_path}/train", f"{tmp_path} is empty")


@pytest.mark.parametrize(("option", "name"), [("train", "training"), ("validation", "test")])
def test_a_folder_of_images_has_another_name(root: Path, option: str, name: str) -> None:
    words = (f"no folder {root}/{name}", "holds the folders train, val", f"in data.{option}")
    refused(root, *words, **{option: name})


def test_no_class_folders(tmp_path: Path) -> None:
    for split in ("train", "val"):
        (tmp_path / split).mkdir()
        (tmp_path / split / "0.jpg").write_bytes(jpeg(20, 30, 0))
    refused(
        tmp_path, f"{tmp_path}/train holds 1 images and no class folders", "a folder of its own"
    )


def test_an_empty_folder(root: Path) -> None:
    (root / "empty").mkdir()
    refused(root, f"{root}/empty is empty", train="empty")


def test_a_class_without_images(root: Path) -> None:
    for split in ("train", "val"):
        (root / split / "eel").mkdir()
        (root / split / "eel" / "0.txt").touch()
    refused(root, "no image in 1 of the 3 class folders", ": eel: remove", ".jpg, .jpeg")


def test_classes_that_differ_are_named_with_where_they_lack(root: Path) -> None:
    write_images(root / "train", {"eel": 1}, 0)
    write_images(root / "val", {"fox": 1}, 0)
    words = ("eel, fox are not in both", f"{root}/train lacks fox", f"{root}/val lacks eel")
    refused(root, *words)


def test_many_differing_classes_are_counted(root: Path) -> None:
    write_images(root / "train", {f"class{i:03}": 1 for i in range(20)}, 0)
    refused(root, "class000, class001, class002, class003, class004 and 15 more")


def experiment(root: Path, batch: int) -> dict[str, object]:
    return {
        "data": {
            "type": "image_folder",
            "root": str(root),
            "train": "train",
            "validation": "val",
            "workers": 0,
        },
        "network": {"input": {"channels": 3, "size": 16}},
        "recipe": {"augment": AUGMENT, "batch": batch},
        "seed": 0,
    }


def test_fewer_images_than_a_batch(root: Path) -> None:
    (root / "train" / "dog" / "0.jpg").write_bytes(b"")
    with pytest.raises(ValueError, match="recipe.batch is 6, and there are 5 training images") as e:
        open_source(experiment(root, 6))
    assert "dog/0.jpg" in str(e.value)
    assert "at most 5" in str(e.value)
    assert open_source(experiment(root, 5)).train_size == 5


def test_evaluating_what_was_trained_on_is_noted(root: Path) -> None:
    assert source(root).notes == []
    (note,) = source(root, validation="train").notes
    assert "share images" in note


def test_a_run_fails_before_its_first_step(root: Path, tmp_path: Path) -> None:
    (root / "train").rename(root / "training")
    data = experiment(root, 4)["data"]
    run = make_run(tmp_path / "run", data=data, channels=3, batch=4, steps=2)  # pyright: ignore
    assert run.train() == 1
    assert "holds the folders run, training, val" in (run.assert_ended("failed") or "")
    assert run.of("step") == []
