"""Files that are either whole or absent: written under a temporary name, synced, renamed."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

TEMPORARY = ".tmp"


def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Replaces `path` by what `write` puts into the temporary file it is given.

    A reader sees the old file or the new one, whole. On any error the old file stays and the
    temporary one is removed.

    Raises:
        OSError: the system's words, and `path`.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}{TEMPORARY}")
    try:
        with _removed_on_error(temporary):
            write(temporary)
            with temporary.open("rb+") as file:
                os.fsync(file.fileno())
            temporary.replace(path)
    except OSError as error:
        # Of a temporary file, or of none: not what the user knows.
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error
    _sync_directory(path.parent)


def file_sha256(path: str | Path) -> str:
    """SHA-256 of a file's content, in hexadecimal."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(2**20):
            digest.update(block)
    return digest.hexdigest()


def remove_temporaries(directory: Path) -> None:
    """Removes what a process that was killed while writing left behind."""
    for path in directory.glob(f"*{TEMPORARY}"):
        path.unlink(missing_ok=True)


@contextmanager
def _removed_on_error(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def _sync_directory(directory: Path) -> None:
    # The rename itself is on the disk only when its directory is; not every system lets us ask.
    with suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
