"""WebDataset's shards, written as tar does it."""

from __future__ import annotations

import gzip
import tarfile
from pathlib import Path
from typing import Any

import pytest
import torch
from fovea_runtime.data import index_cache, shard_index
from fovea_runtime.data.cut import Cut
from fovea_runtime.data.image_folder import ImageFolderSource
from fovea_runtime.data.shard_index import index_shards
from fovea_runtime.data.shard_names import find_shards
from fovea_runtime.data.webdataset import WebDatasetSource
from test_image_folder import STRONG
from tiny_run import make_run, same, stop_after
from written_data import jpeg, samples, write_shard

CLASSES = 3


@pytest.fixture
def shards(tmp_path: Path) -> Path:
    """Two shards to train on, of 7 and 5 samples, and one held out."""
    folder = tmp_path / "shards"
    write_shard(folder / "train-000.tar", samples(0, 7, CLASSES))
    write_shard(folder / "train-001.tar", samples(7, 5, CLASSES))
    write_shard(folder / "val-000.tar", samples(20, 4, CLASSES))
    return folder


def source(shards: Path, **changes: Any) -> WebDatasetSource:
    options: dict[str, Any] = {
        "train": f"{shards}/train-{{000..001}}.tar",
        "validation": f"{shards}/val-000.tar",
        "classes": CLASSES,
        "train_size": None,
        "workers": 0,
        "channels": 3,
        "size": (16, 16),
        "seed": 0,
        "augment": STRONG,
    }
    return WebDatasetSource(**{**options, **changes})


def refused(shards: Path, *words: str, **changes: Any) -> None:
    with pytest.raises(ValueError) as error:
        source(shards, **changes)
    text = str(error.value)
    assert len(text.splitlines()) == 1
    for word in words:
        assert word in text, text


def test_samples_are_those_of_the_same_images_in_folders(shards: Path, tmp_path: Path) -> None:
    # The same images in the same order as an image folder: sample i is the i-th file.
    for split, first, count in (("train", 0, 12), ("val", 20, 4)):
        for label in range(CLASSES):
            (tmp_path / split / str(label)).mkdir(parents=True)
        for i in range(first, first + count):
            file = tmp_path / split / str(i % CLASSES) / f"{i:06}.jpg"
            file.write_bytes(jpeg(24 + i % 3, 30, i))
    options: dict[str, Any] = {
        "workers": 0,
        "channels": 3,
        "size": (16, 16),
        "seed": 0,
        "augment": STRONG,
    }
    folders = ImageFolderSource(root=tmp_path, train="train", validation="val", **options)
    ours = source(shards)
    assert (ours.train_size, ours.classes) == (12, 3)
    by_shards = torch.cat([images for images, _ in ours.held_out(3)])
    by_folders = torch.cat([images for images, _ in folders.held_out(3)])
    # Folders go by class, shards by place.
    order = [i - 20 for label in range(CLASSES) for i in range(20, 24) if i % CLASSES == label]
    assert torch.equal(by_shards[order], by_folders)
    labels = torch.cat([labels for _, labels in ours.held_out(3)])
    assert labels.tolist() == [i % CLASSES for i in range(20, 24)]


def test_any_step_can_be_gone_to_with_any_number_of_workers(shards: Path) -> None:
    whole = list(source(shards).batches(0, 7, Cut(4)))
    for workers, start in ((0, 3), (2, 0), (2, 5)):
        again = list(source(shards, workers=workers).batches(start, 7, Cut(4)))
        for (images, labels), (others, other_labels) in zip(whole[start:], again, strict=True):
            assert torch.equal(images, others)
            assert torch.equal(labels, other_labels)


def test_a_run_resumes_to_the_same_losses(
    shards: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = {
        "type": "webdataset",
        "train": f"{shards}/train-{{000..001}}.tar",
        "validation": f"{shards}/val-000.tar",
        "classes": CLASSES,
        "trainSize": 12,
        "workers": 1,
        "corrupt": 0,
    }
    options: dict[str, Any] = {"data": data, "channels": 3, "batch": 4, "steps": 6}
    whole = make_run(tmp_path / "whole", **options)
    assert whole.train() == 0
    run = make_run(tmp_path / "run", **options)
    with monkeypatch.context() as patch:
        assert run.train(interrupt=stop_after(patch, 4)) == 130
    assert run.train(resume=True) == 0
    assert run.losses == whole.losses
    assert same(run.load_last()["model"], whole.load_last()["model"])


def test_an_index_that_was_kept_is_used_until_a_shard_changes(
    shards: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_cache, "_SETTLED", -1e9)
    monkeypatch.setenv("FOVEA_CACHE", str(tmp_path / "cache"))
    paths = [shards / "train-000.tar", shards / "train-001.tar"]
    opened: list[str] = []
    made = shard_index._samples
    monkeypatch.setattr(shard_index, "_samples", lambda path: (opened.append(path), made(path))[1])
    first = index_shards(paths)
    assert len(opened) == 2
    second = index_shards(paths)
    assert len(opened) == 2
    for i in range(12):
        assert second.name(i) == first.name(i)
        assert second.read(i) == first.read(i) == jpeg(24 + i % 3, 30, i)
    assert second.labels.tolist() == first.labels.tolist()
    write_shard(paths[1], samples(7, 6, CLASSES))
    assert len(index_shards(paths)) == 13


def test_a_corrupt_image_is_replaced_and_named(shards: Path) -> None:
    files = samples(7, 5, CLASSES)
    files[0] = (files[0][0], files[0][1][:-300])
    files[3] = (files[3][0], b"")
    write_shard(shards / "train-001.tar", files)
    images = source(shards, corrupt=2)
    assert images.train_size == 11
    assert len(list(images.batches(0, 1, Cut(11)))) == 1
    early, late = images.take_problems()
    assert early.startswith(f"{shards}/train-001.tar:part/000008 cannot be used: the file is empty")
    assert late.startswith(f"{shards}/train-001.tar:part/000007 cannot be used: image file is tr")
    refused(shards, "part/000008: the file is empty", "data.corrupt", corrupt=0)


PATTERNS = [
    ("a.tar", ["a.tar"]),
    ("a-{0..2}.tar", ["a-0.tar", "a-1.tar", "a-2.tar"]),
    ("a-{08..10}.tar", ["a-08.tar", "a-09.tar", "a-10.tar"]),
    ("{b,a}/{1..2}.tar", ["b/1.tar", "b/2.tar", "a/1.tar", "a/2.tar"]),
]


@pytest.mark.parametrize(("pattern", "expected"), PATTERNS)
def test_patterns(tmp_path: Path, pattern: str, expected: list[str]) -> None:
    for name in expected:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert find_shards(f"{tmp_path}/{pattern}", "train") == [tmp_path / name for name in expected]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (
            "train-{000..003}.tar",
            ("2 of its 4 shards are missing", "train-002.tar", "train-000.tar"),
        ),
        ("{000..}.tar", ("{000..} is no range",)),
        ("train-{3..1}.tar", ("counts down", "{1..3}")),
        ("train-000}.tar", ("a brace alone",)),
        ("train-{000,000}.tar", ("names a shard twice",)),
        ("{0..9}{0..9}{0..9}{0..9}{0..9}{0..9}.tar", ("more than 100000",)),
        ("nowhere/a.tar", ("no folder", "nowhere")),
    ],
)
def test_patterns_that_cannot_be_used(shards: Path, pattern: str, words: tuple[str, ...]) -> None:
    refused(shards, *words, train=f"{shards}/{pattern}")


@pytest.mark.parametrize("pattern", ["https://x.org/a.tar", "pipe:cat a.tar", "s3://bucket/a.tar"])
def test_shards_elsewhere(shards: Path, pattern: str) -> None:
    refused(shards, "is no local file", "download them", validation=pattern)


BAD = [
    ([("a.jpg", b"x")], ("train-000.tar:a has no .cls",)),
    ([("a.cls", b"1")], ("train-000.tar:a has a .cls and no image",)),
    ([("a.jpg", b"x"), ("a.png", b"x"), ("a.cls", b"1")], ("2 images (.jpg, .png)",)),
    ([("a.jpg", b"x"), ("a.cls", b"1"), ("a.cls", b"1")], ("two .cls files",)),
    ([("a.jpg", b"x"), ("a.cls", b"cat")], ("its .cls says 'cat'", "whole number")),
    ([("a.jpg", b"x"), ("a.cls", b"-1")], ("its .cls says '-1'",)),
    ([("a.jpg", b"x"), ("a.cls", b"3")], ("classes is 3", "train-000.tar:a (3)", "classes: 4")),
    ([("a.txt", b"x")], ("holds no samples",)),
]


@pytest.mark.parametrize(("files", "words"), BAD)
def test_samples_that_cannot_be_used(
    shards: Path, files: list[tuple[str, bytes]], words: tuple[str, ...]
) -> None:
    write_shard(shards / "train-000.tar", files)
    refused(shards, *words)


def test_shards_that_cannot_be_read(shards: Path) -> None:
    shard = shards / "train-001.tar"
    whole = shard.read_bytes()
    with tarfile.open(shard) as tar:
        members = tar.getmembers()
    # In a file, in a header, and between two files.
    for length in (members[3].offset_data + 5, members[3].offset + 5, members[3].offset):
        shard.write_bytes(whole[:length])
        refused(shards, f"the shard {shard} cannot be read", "again")
    shard.write_bytes(b"this is text" * 100)
    refused(shards, f"the shard {shard} cannot be read")
    shard.write_bytes(b"")
    refused(shards, f"the shard {shard}")
    shard.write_bytes(gzip.compress(whole))
    refused(shards, f"the shard {shard} is compressed", "gunzip")


def test_a_lost_shard_shows_in_the_number_of_samples(shards: Path) -> None:
    refused(shards, "hold 12 samples", "trainSize says 13", train_size=13)
    assert source(shards, train_size=12).train_size == 12


def test_other_files_and_hidden_ones_are_left_alone(shards: Path) -> None:
    files = [
        *samples(0, 2, CLASSES),
        ("._x.jpg", b"macOS"),
        ("part/.cls", b"?"),
        ("0.seg.png", b""),
    ]
    write_shard(shards / "train-000.tar", files)
    assert source(shards).train_size == 7
