"""Images that cannot be read: what is left out, replaced, told, and refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from fovea_runtime.data.cut import Cut
from fovea_runtime.data.image_folder import ImageFolderSource
from fovea_runtime.data.source import Batch
from test_image_folder import source
from tiny_run import AUGMENT, make_run
from written_data import jpeg, write_images

COUNTS = {"cat": 6, "dog": 6}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Twelve training images, six held out; all are JPEGs of 30×40."""
    for split, counts in (("train", COUNTS), ("val", {"cat": 3, "dog": 3})):
        for name, count in counts.items():
            (tmp_path / split / name).mkdir(parents=True)
            for i in range(count):
                seed = 100 * (split == "val") + 10 * (name == "dog") + i
                (tmp_path / split / name / f"{i}.jpg").write_bytes(jpeg(30, 40, seed))
    return tmp_path


def cut_short(file: Path) -> Path:
    """Its header is whole, so that only decoding shows it."""
    file.write_bytes(file.read_bytes()[:-300])
    return file


def empty(file: Path) -> Path:
    file.write_bytes(b"")
    return file


def batches(of: ImageFolderSource, steps: int = 3, batch: int = 4) -> list[Batch]:
    return list(of.batches(0, steps, Cut(batch)))


def equal(left: list[Batch], right: list[Batch]) -> bool:
    return all(
        torch.equal(a, c) and torch.equal(b, d) for (a, b), (c, d) in zip(left, right, strict=True)
    )


def test_one_that_fails_to_decode_is_replaced_by_the_next(root: Path) -> None:
    # Without augmentation an image is the same wherever it comes in the order.
    ((images, labels),) = batches(source(root, augment=AUGMENT), 1, 12)
    broken = cut_short(root / "train" / "cat" / "2.jpg")
    damaged = source(root, augment=AUGMENT)
    assert damaged.train_size == 12
    ((others, other_labels),) = batches(damaged, 1, 12)
    (at,) = [i for i in range(12) if not torch.equal(images[i], others[i])]
    (taken,) = [i for i in range(12) if torch.equal(images[i], others[at])]
    assert torch.equal(labels, other_labels)
    # cat/3.jpg is the next in the folder's order, wherever the epoch's order has it.
    (root / "train" / "cat" / "3.jpg").write_bytes(jpeg(30, 40, 99))
    ((third, _),) = batches(source(root, augment=AUGMENT), 1, 12)
    assert [i for i in range(12) if not torch.equal(others[i], third[i])] == sorted((at, taken))
    (told,) = damaged.take_problems()
    assert told.startswith(f"{broken} cannot be used: image file is truncated")
    assert damaged.take_problems() == []


@pytest.mark.parametrize("cut", [Cut(4), Cut(4, processes=2, rank=1), Cut(4, accumulate=2)])
def test_workers_processes_and_resume_change_nothing(root: Path, cut: Cut) -> None:
    for name in ("cat/2", "cat/3", "dog/5"):
        cut_short(root / "train" / f"{name}.jpg")
    whole = list(source(root).batches(0, 6, cut))
    for workers in (1, 2):
        assert equal(whole, list(source(root, workers=workers).batches(0, 6, cut)))
    pieces = len(cut.own)
    assert equal(whole[2 * pieces :], list(source(root, workers=2).batches(2, 6, cut)))


def test_two_processes_see_what_one_sees(root: Path) -> None:
    cut_short(root / "train" / "dog" / "5.jpg")
    alone = list(source(root).batches(0, 3, Cut(4, accumulate=2)))
    shares = [list(source(root).batches(0, 3, Cut(4, processes=2, rank=rank))) for rank in (0, 1)]
    together = [each for pair in zip(*shares, strict=True) for each in pair]
    assert equal(alone, together)


def test_the_last_image_is_replaced_by_the_first(root: Path) -> None:
    cut_short(root / "train" / "dog" / "5.jpg")
    ((_, labels),) = batches(source(root), 1, 12)
    assert sorted(labels.tolist()) == [0] * 7 + [1] * 5


def test_obvious_ones_are_left_out_before_the_first_step(root: Path) -> None:
    broken = empty(root / "train" / "cat" / "0.jpg")
    images = source(root)
    assert images.take_problems() == [f"{broken} cannot be used: the file is empty; it is left out"]
    assert images.train_size == 11
    ((_, labels),) = batches(images, 1, 11)
    assert sorted(labels.tolist()) == [0] * 5 + [1] * 6


def test_held_out_ones_are_left_out_and_told(root: Path) -> None:
    late, early = cut_short(root / "val" / "cat" / "1.jpg"), empty(root / "val" / "dog" / "2.jpg")
    images = source(root, workers=1)
    for _ in range(2):
        found = list(images.held_out(2))
        assert [labels.tolist() for _, labels in found] == [[0], [0, 1], [1]]
    told = images.take_problems()
    assert len(told) == 2
    assert told[0].startswith(str(early))
    assert told[1].startswith(str(late))
    assert "left out of the evaluation" in told[1]


@pytest.mark.parametrize("workers", [0, 2])
def test_one_too_many_ends_the_run(root: Path, workers: int) -> None:
    broken = [cut_short(root / "train" / "cat" / f"{i}.jpg") for i in range(3)]
    images = source(root, corrupt=2, workers=workers)
    with pytest.raises(ValueError, match="3 files or annotations cannot be used.* at most 2") as e:
        batches(images, 3)
    for path in broken:
        assert str(path) in str(e.value)
    assert "raise data.corrupt" in str(e.value)
    assert len(str(e.value).splitlines()) == 1
    # Three are allowed.
    assert len(batches(source(root, corrupt=3, workers=workers))) == 3


def test_none_may_be_allowed(root: Path) -> None:
    cut_short(root / "train" / "cat" / "0.jpg")
    with pytest.raises(ValueError, match="allows none"):
        batches(source(root, corrupt=0))


def test_obvious_ones_count_when_the_folder_is_opened(root: Path) -> None:
    for i in range(3):
        empty(root / "train" / "cat" / f"{i}.jpg")
    with pytest.raises(ValueError, match="at most 2"):
        source(root, corrupt=2)
    assert source(root, corrupt=3).train_size == 9


def test_a_file_that_vanishes_is_replaced(root: Path) -> None:
    images = source(root)
    (root / "train" / "cat" / "0.jpg").unlink()
    ((_, labels),) = batches(images, 1, 12)
    assert len(labels) == 12
    assert "No such file" in images.take_problems()[0]


def test_nothing_to_read_is_an_error(root: Path) -> None:
    for file in (root / "train").rglob("*.jpg"):
        cut_short(file)
    with pytest.raises(ValueError, match="no training image can be read"):
        batches(source(root, corrupt=100), 1)
    for file in (root / "val").rglob("*.jpg"):
        cut_short(file)
    with pytest.raises(ValueError, match="no held-out image can be read"):
        list(source(root, corrupt=100).held_out(4))
    for file in (root / "val").rglob("*.jpg"):
        empty(file)
    with pytest.raises(ValueError, match="no image can be read"):
        source(root, corrupt=100)


def test_a_run_goes_on_and_says_so(root: Path, tmp_path: Path) -> None:
    cut_short(root / "train" / "cat" / "2.jpg")
    data = {
        "type": "image_folder",
        "root": str(root),
        "train": "train",
        "validation": "val",
        "workers": 1,
        "corrupt": 1,
    }
    run = make_run(tmp_path / "run", data=data, channels=3, batch=4, steps=3, evalEvery=3)
    assert run.train() == 0
    assert len(run.losses) == 3
    empty(root / "train" / "cat" / "3.jpg")
    empty(root / "train" / "cat" / "4.jpg")
    refused = make_run(tmp_path / "refused", data=data, channels=3, batch=4, steps=3)
    assert refused.train() == 1
    assert "cat/3.jpg" in (refused.assert_ended("failed") or "")
    assert refused.of("step") == []


def test_an_evaluation_that_was_broken_off_begins_anew(root: Path) -> None:
    images = source(root, workers=1)
    whole = list(images.held_out(2))
    broken_off = images.held_out(2)
    next(broken_off)
    broken_off.close()  # pyright: ignore[reportAttributeAccessIssue] - it is a generator
    assert equal(whole, list(images.held_out(2)))
    # The share of another process, with workers of its own.
    assert equal(whole[1::2], list(images.held_out(2, part=1, parts=2)))


def test_images_written_in_other_formats_are_read(tmp_path: Path) -> None:
    for split in ("train", "val"):
        write_images(tmp_path / split, {"a": 6}, 0)
    assert len(batches(source(tmp_path), 1, 6)) == 1
