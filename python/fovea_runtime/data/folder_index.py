"""The images of a folder as flat arrays, gathered once and kept."""

import hashlib
import json
import os
import sys
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fovea_runtime.data import index_cache
from fovea_runtime.data.decode import read_bytes
from fovea_runtime.data.fingerprint import Fingerprint, add_files, add_names
from fovea_runtime.data.folder_files import ENDINGS, Listing, holds_still
from fovea_runtime.data.header import Header, Window, examine
from fovea_runtime.data.index_cache import Arrays, Stamp, packed_json, stamp, unpacked_json
from fovea_runtime.data.names import Blobs, Names

_KIND = "folder"
_LOOKED_AT = 50_000
"""Up to so many files an index that was kept is compared with their own sizes and times, a tenth of
a second; on a network drive it would be minutes for ImageNet's. A file that was overwritten there is
found when it is decoded."""
_MANY = 100_000
"""Files whose first look takes long enough to say so."""
_THREADS = 32
_CHUNK = 256

Look = tuple[Header, int]
"""A file's header, and its bytes."""


@dataclass(frozen=True)
class FolderIndex:
    """Images of one folder.

    Attributes:
        folder: absolute.
        classes: names of the class folders.
        names: paths from the folder.
        labels: class of each image, int32.
        sizes: height and width of each in pixels, int32 (N, 2); 0 where the header is unknown.
        problems: by number what is plainly wrong with a file.
        digest: of the classes, names, labels, sizes and, of few bytes, contents of the files.
    """

    folder: Path
    classes: list[str]
    names: Names
    labels: NDArray[np.int32]
    sizes: NDArray[np.int32]
    problems: dict[int, str]
    digest: str

    def __len__(self) -> int:
        return len(self.names)

    def name(self, index: int) -> str:
        """The path of an image."""
        return os.path.join(self.folder, self.names[index])

    def read(self, index: int) -> bytes:
        """The bytes of its file.

        Raises:
            Unreadable: the system does not give them.
        """
        return read_bytes(self.name(index))


def index_folder(folder: Path, list_files: Callable[[Path], Listing]) -> FolderIndex:
    """The index of a folder, from the cache where it still holds.

    Args:
        list_files: `list_classes` or `list_images`.

    Raises:
        OSError: the folder cannot be listed.
    """
    folder = folder.absolute()
    key = [os.fspath(folder), list_files.__name__, ENDINGS]
    kept = index_cache.load(_KIND, key)
    if kept is not None and (found := _still_holds(folder, kept)):
        return found
    listing = list_files(folder)
    names = Names.of(listing.names)
    paths = [os.path.join(folder, name) for name in listing.names]
    before = _stamps(paths)
    with ThreadPoolExecutor(_THREADS) as threads:
        looks = _examined(paths, folder, threads)
        digest = _fingerprint(listing, names, paths, looks, threads)
    headers = [header for header, _ in looks]
    problems = {i: each.problem for i, each in enumerate(headers) if each.problem is not None}
    index = FolderIndex(
        folder,
        listing.classes,
        names,
        np.array(listing.labels, np.int32),
        np.array([each[:2] for each in headers], np.int32).reshape(-1, 2),
        problems,
        digest,
    )
    if index_cache.is_settled([*listing.stamps.values(), *before]):
        wrong = {i: stamp(paths[i]) for i in problems}
        index_cache.store(_KIND, key, _packed(index, listing, _digest(before), wrong))
    return index


def _examined(paths: list[str], folder: Path, threads: Executor) -> list[Look]:
    if len(paths) > _MANY:
        print(f"fovea: a first look at {len(paths)} images in {folder}", file=sys.stderr)
    chunks = [paths[first : first + _CHUNK] for first in range(0, len(paths), _CHUNK)]
    return [each for chunk in threads.map(_examine_all, chunks) for each in chunk]


def _examine_all(paths: list[str]) -> list[Look]:
    return [_examine(path) for path in paths]


def _examine(path: str) -> Look:
    try:
        file = os.open(path, os.O_RDONLY)
        try:
            window = Window(file)
            return examine(window), window.length
        finally:
            os.close(file)
    except OSError as error:
        return Header(0, 0, error.strerror or str(error)), 0


def _fingerprint(
    listing: Listing, names: Names, paths: list[str], looks: list[Look], threads: Executor
) -> str:
    digest = Fingerprint(_KIND)
    digest.add("classes", json.dumps(listing.classes))
    add_names(digest, names)
    digest.add("labels", np.array(listing.labels, np.int32))
    add_files(digest, paths, np.array([size for _, size in looks], np.int64), threads)
    return digest.hexdigest()


def _packed(index: FolderIndex, listing: Listing, files: str, wrong: dict[int, Stamp]) -> Arrays:
    facts = {
        "classes": listing.classes,
        "stamps": list(listing.stamps.items()),
        "files": files,
        "digest": index.digest,
        "problems": [[i, index.problems[i], wrong[i]] for i in index.problems],
    }
    return {
        "facts": packed_json(facts),
        "names": index.names.blobs.content,
        "ends": index.names.blobs.ends,
        "labels": index.labels,
        "sizes": index.sizes,
    }


def _still_holds(folder: Path, kept: Arrays) -> FolderIndex | None:
    facts = unpacked_json(kept["facts"])
    if not holds_still(folder, {name: tuple(each) for name, each in facts["stamps"]}):
        return None
    names = Names(Blobs(kept["names"], kept["ends"]))
    problems: dict[int, str] = {}
    for index, problem, before in facts["problems"]:
        if stamp(folder / names[index]) != tuple(before):
            return None
        problems[index] = problem
    if len(names) <= _LOOKED_AT:
        paths = [os.path.join(folder, names[i]) for i in range(len(names))]
        if _digest(_stamps(paths)) != facts["files"]:
            return None
    classes, digest = facts["classes"], facts["digest"]
    return FolderIndex(folder, classes, names, kept["labels"], kept["sizes"], problems, digest)


def _stamps(paths: list[str]) -> list[Stamp]:
    """The stamps of few files; none of many."""
    return [stamp(path) for path in paths] if len(paths) <= _LOOKED_AT else []


def _digest(stamps: list[Stamp]) -> str:
    return hashlib.sha256(repr(stamps).encode("ascii")).hexdigest()
