"""The list of a folder's images, and when one that was kept still holds."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fovea_runtime.data import folder_index, index_cache
from fovea_runtime.data.folder_files import list_classes, list_images
from fovea_runtime.data.folder_index import FolderIndex, index_folder
from fovea_runtime.data.names import Names
from PIL import Image
from torchvision.datasets import ImageFolder
from written_data import jpeg, write_images


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Classes in no order, one with folders below it, and files that are no images."""
    folder = tmp_path / "train"
    write_images(folder, {"dog": 4, "Cat": 3, "eel/b": 2, "eel/a-b": 2, "eel/a": 1}, 0)
    (folder / "eel" / "z.JPEG").write_bytes(jpeg(20, 30, 5))
    (folder / "dog" / "notes.txt").write_text("no image")
    (folder / "README").write_text("no class")
    return folder


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A cache of its own that keeps what was written this second, too."""
    monkeypatch.setattr(index_cache, "_SETTLED", -1e9)
    monkeypatch.setenv("FOVEA_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def files(index: FolderIndex) -> list[tuple[str, int]]:
    return [(index.name(i), int(index.labels[i])) for i in range(len(index))]


def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files whose headers are looked at from now on."""
    seen: list[str] = []
    made = folder_index._examine

    def examine(path: str) -> object:
        seen.append(path)
        return made(path)

    monkeypatch.setattr(folder_index, "_examine", examine)
    return seen


def test_classes_and_images_have_the_order_of_torchvision(folder: Path) -> None:
    index = index_folder(folder, list_classes)
    theirs = ImageFolder(str(folder))
    assert index.classes == theirs.classes == ["Cat", "dog", "eel"]
    assert files(index) == theirs.samples
    assert index.problems == {}


def test_sizes_are_those_of_the_images(folder: Path) -> None:
    index = index_folder(folder, list_classes)
    for i, (path, _) in enumerate(ImageFolder(str(folder)).samples):
        with Image.open(path) as image:
            assert index.sizes[i].tolist() == [image.height, image.width]


def test_hidden_folders_and_files_are_no_classes_and_no_images(folder: Path) -> None:
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / "dog" / "._0.jpg").write_bytes(b"macOS")
    index = index_folder(folder, list_classes)
    assert index.classes == ["Cat", "dog", "eel"]
    assert not any("._" in path for path, _ in files(index))


def test_a_link_that_leads_in_circles_ends(folder: Path) -> None:
    before = len(index_folder(folder, list_classes))
    (folder / "dog" / "up").symlink_to(folder / "dog")
    assert len(index_folder(folder, list_classes)) == before


def test_a_second_opening_looks_at_no_file(
    folder: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "dog" / "empty.jpg").touch()
    first = index_folder(folder, list_classes)
    seen = looks(monkeypatch)
    second = index_folder(folder, list_classes)
    assert seen == []
    assert files(second) == files(first)
    assert second.classes == first.classes
    assert np.array_equal(second.sizes, first.sizes)
    assert second.problems == first.problems
    assert list(second.problems.values()) == ["the file is empty"]


def add(folder: Path) -> None:
    (folder / "eel" / "a" / "new.jpg").write_bytes(jpeg(20, 30, 1))


def remove(folder: Path) -> None:
    (folder / "dog" / "0.jpg").unlink()


def rename(folder: Path) -> None:
    (folder / "dog" / "0.jpg").rename(folder / "dog" / "zero.jpg")


def new_class(folder: Path) -> None:
    write_images(folder, {"ant": 1}, 0)


def lose_class(folder: Path) -> None:
    for file in (folder / "Cat").iterdir():
        file.unlink()
    (folder / "Cat").rmdir()


def overwrite(folder: Path) -> None:
    (folder / "dog" / "0.jpg").write_bytes(b"")


def rewind(folder: Path) -> None:
    """Adds a file and gives its folder the old time back, as rsync and tar do."""
    before = (folder / "dog").stat()
    (folder / "dog" / "new.jpg").write_bytes(jpeg(20, 30, 1))
    os.utime(folder / "dog", ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("change", [add, remove, rename, new_class, lose_class, overwrite, rewind])
def test_what_was_kept_of_other_files_is_not_used(
    folder: Path, kept: Path, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    before = index_folder(folder, list_classes)
    change(folder)
    after = index_folder(folder, list_classes)
    assert files(after) == ImageFolder(str(folder)).samples
    assert (files(after), after.problems) != (files(before), before.problems)


def test_a_mended_file_is_seen_in_a_folder_of_many(
    folder: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So many that not every file is compared: as in ImageNet.
    monkeypatch.setattr(folder_index, "_LOOKED_AT", 3)
    whole = (folder / "dog" / "0.jpg").read_bytes()
    (folder / "dog" / "0.jpg").write_bytes(whole[:50])
    assert list(index_folder(folder, list_classes).problems.values()) == ["the header is cut off"]
    (folder / "dog" / "0.jpg").write_bytes(whole)
    assert index_folder(folder, list_classes).problems == {}


def test_what_was_touched_just_now_is_not_kept(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A file system's clock may be too coarse to show a second change.
    monkeypatch.setenv("FOVEA_CACHE", str(tmp_path / "cache"))
    index_folder(folder, list_classes)
    assert not (tmp_path / "cache").exists()


def damage(file: Path, how: str) -> None:
    content = file.read_bytes()
    if how == "empty":
        content = b""
    elif how == "garbage":
        content = b"garbage" * 100
    elif how == "cut":
        content = content[: len(content) // 2]
    else:
        content = content[:200] + bytes([content[200] ^ 1]) + content[201:]
    file.write_bytes(content)


@pytest.mark.parametrize("how", ["empty", "garbage", "cut", "one bit"])
def test_a_damaged_cache_costs_only_time(
    folder: Path, kept: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    first = index_folder(folder, list_classes)
    (file,) = (kept / "data").iterdir()
    damage(file, how)
    seen = looks(monkeypatch)
    assert files(index_folder(folder, list_classes)) == files(first)
    assert len(seen) == len(first)
    seen.clear()
    index_folder(folder, list_classes)
    assert seen == []


def test_a_cache_that_cannot_be_written_costs_only_time(
    folder: Path, kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept.write_text("a file where the folder should be")
    first = index_folder(folder, list_classes)
    assert files(index_folder(folder, list_classes)) == files(first)
    assert "is not kept" in capsys.readouterr().err


def test_images_of_one_folder(tmp_path: Path) -> None:
    for name in ("b.png", "a.JPG", "c.txt"):
        (tmp_path / name).write_bytes(jpeg(20, 30, 0))
    (tmp_path / "below").mkdir()
    index = index_folder(tmp_path, list_images)
    assert [index.names[i] for i in range(len(index))] == ["a.JPG", "b.png"]


def test_names_of_every_kind() -> None:
    names = ["", "a", "näme/ö.jpg", os.fsdecode(b"\xff\xfe.jpg"), "x" * 300]
    packed = Names.of(names)
    assert [packed[i] for i in range(len(packed))] == names
    with pytest.raises(IndexError):
        packed[len(names)]
