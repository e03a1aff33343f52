"""The files of a run's checkpoints: written in the background, kept, and found again."""

import io
import os
import shutil
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from fovea_runtime.files import file_sha256, write_atomically
from fovea_runtime.train.checkpoint import CheckpointError, DamagedError, load
from fovea_runtime.train.content_hash import content_hash

LAST, BEST = "last.pt", "best.pt"
_OLDER = "step-*.pt"


@dataclass(frozen=True)
class Written:
    """A checkpoint that is on the disk."""

    name: str
    sha256: str
    step: int


class CheckpointFiles:
    """Writes checkpoints into `folder` while training goes on; `keep` older ones stay.

    A file is written under a temporary name, synced and renamed: `last.pt` is the old one or the
    new one, whole, whenever the process dies. The one that it replaces becomes `step-<n>.pt`.
    """

    def __init__(self, folder: Path, *, keep: int) -> None:
        self._folder = folder
        self._keep = keep
        self._thread: threading.Thread | None = None
        self._written: list[Written] = []
        self._error: BaseException | None = None
        self._last: int | None = None

    def resumed_from(self, name: str, step: int) -> None:
        """`last.pt`, if it is that file, was written after this step."""
        self._last = step if name == LAST else None

    def write(self, names: Sequence[str], state: dict[str, Any]) -> None:
        """Writes a state as each of `names`. Returns when the state is copied: it may change then.

        Raises:
            OSError: the checkpoint before could not be written.
        """
        self._join()
        copy = _copied(state)
        self._thread = threading.Thread(target=self._run, args=(tuple(names), copy))
        self._thread.start()

    def take(self, *, wait: bool = False) -> list[Written]:
        """What has reached the disk since the last call; with `wait`, all that was asked for.

        Raises:
            OSError: a checkpoint could not be written.
        """
        if self._thread is not None and self._thread.is_alive() and not wait:
            return []
        self._join()
        written, self._written = self._written, []
        return written

    def _join(self) -> None:
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def _run(self, names: Sequence[str], state: dict[str, Any]) -> None:
        try:
            self._write(names, state)
        except BaseException as error:  # noqa: BLE001 - raised again where training waits for it
            self._error = error

    def _write(self, names: Sequence[str], state: dict[str, Any]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        state = {**state, "digest": content_hash(state)}
        first, digest = self._folder / names[0], ""

        def save(temporary: Path) -> None:
            nonlocal digest
            _save(state, temporary)
            digest = file_sha256(temporary)

        for name in names:
            if name == LAST:
                self._set_aside()
            path = self._folder / name
            write_atomically(path, save if path == first else lambda to: shutil.copyfile(first, to))
            if name == LAST:
                self._last = state["step"]
                self._forget_after(state["step"])
            self._written.append(Written(name, digest, state["step"]))
        for path in self._older()[self._keep :]:
            path.unlink(missing_ok=True)

    def _set_aside(self) -> None:
        """Gives the present `last.pt` a second name, which it keeps when it is replaced."""
        last = self._folder / LAST
        if self._keep == 0 or self._last is None or not last.exists():
            return
        aside = self._folder / _OLDER.replace("*", f"{self._last:09d}")
        aside.unlink(missing_ok=True)
        try:
            os.link(last, aside)
        except OSError:
            # A file system without hard links. The copy is whole or absent, too.
            write_atomically(aside, lambda to: shutil.copyfile(last, to))

    def _forget_after(self, step: int) -> None:
        """Removes older files of steps that a damaged one has taken the run back before."""
        for path in self._older():
            if int(path.stem.rpartition("-")[2]) > step:
                path.unlink(missing_ok=True)

    def _older(self) -> list[Path]:
        """Older checkpoints, the newest first."""
        return sorted(self._folder.glob(_OLDER), reverse=True)


def newest(folder: Path) -> tuple[dict[str, Any], Path, list[str]] | None:
    """The newest checkpoint that is whole, its file, and what is wrong with newer ones.

    Nothing where there is no checkpoint.

    Raises:
        CheckpointError: there are some, and none can be used.
    """
    problems: list[str] = []
    for path in _candidates(folder):
        try:
            return load(path), path, problems
        except DamagedError as error:
            problems.append(str(error))
    if problems:
        raise CheckpointError(
            f"no checkpoint can be used: {'; '.join(problems)}. "
            "Run the experiment without --resume to begin anew"
        )
    return None


def _candidates(folder: Path) -> list[Path]:
    """`last.pt`, older ones from the newest, then `best.pt`, which may be any age."""
    named = [folder / LAST, *sorted(folder.glob(_OLDER), reverse=True), folder / BEST]
    return [path for path in named if path.exists()]


class _Recorder:
    """A file for torch.save, which hides why a write failed behind an error of its own."""

    def __init__(self, file: io.FileIO) -> None:
        self._file = file
        self.error: OSError | None = None

    def write(self, data: Any) -> int:
        left = memoryview(data).cast("B")
        size = len(left)
        try:
            # A disk that is nearly full takes a part.
            while len(left) > 0:
                left = left[self._file.write(left) :]
        except OSError as error:
            self.error = error
            raise
        return size

    def flush(self) -> None:
        """Nothing is held back."""


def _save(state: dict[str, Any], path: Path) -> None:
    with io.FileIO(path, "w") as file:
        recorder: Any = _Recorder(file)
        try:
            torch.save(state, recorder)
        except RuntimeError:
            if recorder.error is None:
                raise
            cause = recorder.error
            raise OSError(cause.errno, cause.strerror, str(path)) from cause


def _copied(value: Any) -> Any:
    """The same, with tensors of its own on the CPU."""
    if isinstance(value, Tensor):
        return value.detach().to("cpu", copy=True)
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_copied(item) for item in value)
    return value
