"""The digests of data: what changes them, and what does not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fovea_runtime.data import fingerprint, folder_index, index_cache
from fovea_runtime.data.digits import source as digits
from fovea_runtime.data.digits.source import DigitsSource
from fovea_runtime.data.folder_files import list_classes
from fovea_runtime.data.folder_index import index_folder
from fovea_runtime.data.shard_index import index_shards
from written_data import samples, write_images, write_shard


def of_digits(**changes: Any) -> dict[str, str]:
    usual = {"train": 20, "test": 7, "channels": 1, "size": (16, 16), "seed": 0, "notes": []}
    return DigitsSource(**{**usual, **changes}).fingerprint()


def of_folder(folder: Path) -> str:
    return index_folder(folder, list_classes).digest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two classes with three images each."""
    write_images(tmp_path / "train", {"cat": 3, "dog": 3}, 0)
    return tmp_path / "train"


def test_digits_are_told_by_seed_size_and_counts() -> None:
    usual = of_digits()
    assert usual == of_digits()
    assert usual == of_digits(channels=3), "every channel shows the same scene"
    assert usual["train"] != usual["test"]
    more = of_digits(train=21)
    assert more["train"] != usual["train"]
    assert more["test"] == usual["test"]
    for change in ({"seed": 1}, {"size": (16, 20)}):
        other = of_digits(**change)
        assert other["train"] != usual["train"]
        assert other["test"] != usual["test"]


def test_another_way_of_composing_digits_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = of_digits()
    composed = digits.scenes

    def brighter(*words: Any) -> Any:
        found = composed(*words)
        found.images[0, 0, 0] += 1
        return found

    monkeypatch.setattr(digits, "scenes", brighter)
    assert of_digits() != usual


def test_a_folder_that_is_moved_is_the_same(folder: Path, tmp_path: Path) -> None:
    before = of_folder(folder)
    shutil.move(folder, tmp_path / "elsewhere")
    assert of_folder(tmp_path / "elsewhere") == before


def touched(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)


CHANGES: dict[str, Callable[[Path], object]] = {
    "content": lambda folder: touched(folder / "cat" / "0.jpg"),
    "name": lambda folder: (folder / "cat" / "0.jpg").rename(folder / "cat" / "00.jpg"),
    "class": lambda folder: (folder / "cat").rename(folder / "cow"),
    "label": lambda folder: (folder / "cat" / "0.jpg").rename(folder / "dog" / "9.jpg"),
    "removed": lambda folder: (folder / "dog" / "2.png").unlink(),
    "added": lambda folder: shutil.copy(folder / "dog" / "2.png", folder / "dog" / "3.png"),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("whole", [True, False])
def test_changes_of_a_folder(
    folder: Path, change: str, whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not whole:
        monkeypatch.setattr(fingerprint, "READ_WHOLE", 0)
    before = of_folder(folder)
    CHANGES[change](folder)
    # Of what is too large to be read, the same number of bytes is the same file.
    assert (of_folder(folder) == before) == (change == "content" and not whole)


def test_the_digest_is_kept_with_the_index(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_cache, "_SETTLED", -1e9)
    monkeypatch.setenv("FOVEA_CACHE", str(tmp_path / "cache"))
    before = of_folder(folder)
    monkeypatch.setattr(folder_index, "_fingerprint", lambda *_: pytest.fail("not kept"))
    assert of_folder(folder) == before
    monkeypatch.undo()
    monkeypatch.setattr(index_cache, "_SETTLED", -1e9)
    touched(folder / "cat" / "0.jpg")
    assert of_folder(folder) != before


@pytest.mark.parametrize("whole", [True, False])
def test_changes_of_shards(tmp_path: Path, whole: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not whole:
        monkeypatch.setattr(fingerprint, "READ_WHOLE", 0)
    shard = tmp_path / "a" / "train-0.tar"
    write_shard(shard, samples(0, 6, 3))
    before = index_shards([shard]).digest
    (tmp_path / "b").mkdir()
    moved = shutil.copy(shard, tmp_path / "b" / "train-0.tar")
    assert index_shards([moved]).digest == before
    content = bytearray(moved.read_bytes())
    # In the pixels of the first image, behind its tar header and far from its own.
    content[512 + 300] ^= 1
    moved.write_bytes(content)
    assert (index_shards([moved]).digest == before) == (not whole)
    write_shard(moved, samples(0, 7, 3))
    assert index_shards([moved]).digest != before
