"""Where the samples of WebDataset's shards lie, so that any of them can be read at once."""

import json
import os
import tarfile
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fovea_runtime.data import index_cache
from fovea_runtime.data.fingerprint import Fingerprint, add_files, add_names
from fovea_runtime.data.folder_files import ENDINGS
from fovea_runtime.data.header import Window, examine
from fovea_runtime.data.index_cache import packed_json, stamp, unpacked_json
from fovea_runtime.data.names import Blobs, Names
from fovea_runtime.data.unreadable import Unreadable

_KIND = "webdataset"
_THREADS = 32
_COMPRESSED = {
    b"\x1f\x8b": "gunzip",
    b"BZh": "bunzip2",
    b"\xfd7zXZ": "unxz",
    b"\x28\xb5\x2f\xfd": "unzstd",
}
"""First bytes of compressed files, with the command that undoes them."""


@dataclass(frozen=True)
class ShardIndex:
    """Images in tar files.

    Attributes:
        shards: paths of the tar files.
        keys: names of the samples.
        shard, offset, length: where the bytes of an image lie.
        labels: class of each, int32.
        problems: by number what is plainly wrong with an image.
        digest: of the shards' names, sizes and index and, of few bytes, their contents.
    """

    shards: list[str]
    keys: Names
    shard: NDArray[np.int32]
    offset: NDArray[np.int64]
    length: NDArray[np.int64]
    labels: NDArray[np.int32]
    problems: dict[int, str]
    digest: str

    def __len__(self) -> int:
        return len(self.keys)

    def name(self, index: int) -> str:
        """The shard's path and the sample in it."""
        return f"{self.shards[int(self.shard[index])]}:{self.keys[index]}"

    def read(self, index: int) -> bytes:
        """The bytes of the image.

        Raises:
            Unreadable: the system does not give them.
        """
        try:
            with open(self.shards[int(self.shard[index])], "rb", buffering=0) as file:
                length = int(self.length[index])
                return os.pread(file.fileno(), length, int(self.offset[index]))
        except OSError as error:
            raise Unreadable(error.strerror or str(error)) from error


class _Part(NamedTuple):
    offset: int
    length: int


@dataclass
class _Sample:
    images: list[tuple[str, _Part]] = field(default_factory=list)
    label: str | None = None


def index_shards(paths: list[Path]) -> ShardIndex:
    """The index of shards, from the cache where it still holds.

    A sample's files share the name up to the first dot: `key.jpg` (or another of `ENDINGS`) and
    `key.cls` with the class as a decimal number. Other files are left alone.

    Raises:
        ValueError: a shard is no plain tar file or is damaged, a sample lacks its image or its
            class or has one twice, or a class is no number.
    """
    shards = [os.fspath(path.absolute()) for path in paths]
    stamps = [list(stamp(path)) for path in shards]
    kept = index_cache.load(_KIND, [shards, stamps])
    if kept is not None:
        facts = unpacked_json(kept["facts"])
        return ShardIndex(
            shards,
            Names(Blobs(kept["keys"], kept["ends"])),
            kept["shard"],
            kept["offset"],
            kept["length"],
            kept["labels"],
            {index: problem for index, problem in facts["problems"]},
            facts["digest"],
        )
    index = _gather(shards)
    if index_cache.is_settled([stamp(path) for path in shards]):
        arrays = {
            "facts": packed_json(
                {"problems": list(index.problems.items()), "digest": index.digest}
            ),
            "keys": index.keys.blobs.content,
            "ends": index.keys.blobs.ends,
            "shard": index.shard,
            "offset": index.offset,
            "length": index.length,
            "labels": index.labels,
        }
        index_cache.store(_KIND, [shards, stamps], arrays)
    return index


def _gather(shards: list[str]) -> ShardIndex:
    keys: list[str] = []
    rows: list[tuple[int, int, int, int]] = []
    for number, path in enumerate(shards):
        for key, sample in _samples(path).items():
            part, label = _complete(path, key, sample)
            keys.append(key)
            rows.append((number, part.offset, part.length, label))
    table = np.array(rows, np.int64).reshape(-1, 4)
    with ThreadPoolExecutor(_THREADS) as threads:
        found = threads.map(lambda shard: _problems(shards, table, shard), range(len(shards)))
        problems = {index: problem for each in found for index, problem in each}
        names = Names.of(keys)
        digest = _fingerprint(shards, names, table, threads)
    return ShardIndex(
        shards,
        names,
        table[:, 0].astype(np.int32),
        table[:, 1].copy(),
        table[:, 2].copy(),
        table[:, 3].astype(np.int32),
        problems,
        digest,
    )


def _fingerprint(
    shards: list[str], keys: Names, table: NDArray[np.int64], threads: Executor
) -> str:
    digest = Fingerprint(_KIND)
    digest.add("shards", json.dumps([os.path.basename(path) for path in shards]))
    add_names(digest, keys)
    digest.add("index", table)
    add_files(digest, shards, np.array([stamp(path)[0] for path in shards], np.int64), threads)
    return digest.hexdigest()


def _samples(path: str) -> dict[str, _Sample]:
    samples: dict[str, _Sample] = {}
    try:
        _require_plain(path)
        with open(path, "rb") as file, tarfile.open(fileobj=file, mode="r:") as tar:
            for member in _files(tar, file):
                key, ending = _split(member.name)
                # A hidden file has no key: WebDataset leaves it alone too.
                if key == "" or key.endswith("/"):
                    continue
                if ending in ENDINGS:
                    part = _Part(member.offset_data, member.size)
                    samples.setdefault(key, _Sample()).images.append((ending, part))
                elif ending == ".cls":
                    sample = samples.setdefault(key, _Sample())
                    if sample.label is not None:
                        raise ValueError(f"{_KIND}: {path}:{key} has two .cls files")
                    content = os.pread(file.fileno(), min(64, member.size), member.offset_data)
                    sample.label = content.decode("latin-1")
    except (OSError, tarfile.TarError) as error:
        raise ValueError(
            f"{_KIND}: the shard {path} cannot be read: {error}: make it or copy it again"
        ) from error
    if not samples:
        raise ValueError(
            f"{_KIND}: the shard {path} holds no samples: they are key.jpg (or {', '.join(ENDINGS[1:])}) "
            "beside key.cls"
        )
    return samples


def _require_plain(path: str) -> None:
    with open(path, "rb") as file:
        start = file.read(8)
    for magic, command in _COMPRESSED.items():
        if start.startswith(magic):
            raise ValueError(
                f"{_KIND}: the shard {path} is compressed, and samples are read at random places: "
                f"undo it with {command}"
            )


def _files(tar: tarfile.TarFile, file: BinaryIO) -> Iterator[tarfile.TarInfo]:
    size = os.fstat(file.fileno()).st_size
    for member in tar:
        if member.isfile() and not member.issparse():
            if member.offset_data + member.size > size:
                raise tarfile.ReadError(f"{member.name} is cut off")
            yield member
    # tar ends with blocks of zeros: without them a shard may have been cut off between two files.
    if os.pread(file.fileno(), tarfile.BLOCKSIZE, tar.offset) != bytes(tarfile.BLOCKSIZE):
        raise tarfile.ReadError("its end is missing")


def _split(name: str) -> tuple[str, str]:
    """A sample's key and the ending, as WebDataset splits them: at the base name's first dot."""
    folder, slash, base = name.rpartition("/")
    stem, dot, ending = base.partition(".")
    return f"{folder}{slash}{stem}", f"{dot}{ending}".lower()


def _complete(path: str, key: str, sample: _Sample) -> tuple[_Part, int]:
    where = f"{_KIND}: {path}:{key}"
    if not sample.images:
        raise ValueError(f"{where} has a .cls and no image: add it ({', '.join(ENDINGS)})")
    if len(sample.images) > 1:
        endings = ", ".join(ending for ending, _ in sample.images)
        raise ValueError(f"{where} has {len(sample.images)} images ({endings}): leave it one")
    if sample.label is None:
        raise ValueError(f"{where} has no .cls: add one with the number of its class")
    written = sample.label.strip()
    if not written.isdecimal() or len(written) > 9:
        raise ValueError(f"{where}: its .cls says {written!r}: a class is a whole number from 0")
    return sample.images[0][1], int(written)


def _problems(shards: list[str], table: NDArray[np.int64], shard: int) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    file = os.open(shards[shard], os.O_RDONLY)
    try:
        first, last = np.searchsorted(table[:, 0], (shard, shard + 1)).tolist()
        for index in range(first, last):
            _, offset, length, _ = table[index].tolist()
            problem = examine(Window(file, offset, length)).problem
            if problem is not None:
                found.append((index, problem))
    finally:
        os.close(file)
    return found
