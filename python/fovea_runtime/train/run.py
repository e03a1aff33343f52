"""A run from its directory to its end: whatever happens, the end is recorded."""

import json
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fovea_runtime.events import EventWriter
from fovea_runtime.interrupt import Aborted, Interrupt
from fovea_runtime.status import StatusFile
from fovea_runtime.train.endings import Ending, ending_of

_CHECKPOINTS = "checkpoints"


@dataclass(frozen=True)
class RunDirectory:
    """Where a run's files are, and its record."""

    path: Path
    record: dict[str, Any]

    @property
    def checkpoints(self) -> Path:
        """The folder of `last.pt` and `best.pt`."""
        return self.path / _CHECKPOINTS

    @property
    def package(self) -> Path | None:
        """The generated package that is trained; a peer has none."""
        package = self.record["package"]
        return None if package is None else self.path / package


def run(path: Path, interrupt: Interrupt, *, resume: bool, device: str | None) -> int:
    """Trains the run in directory `path`; returns the exit code of the process.

    Nothing is written when there is no run to train: no readable run.json, or a checkpoint that
    would be overwritten because `resume` is missing.
    """
    try:
        directory = _open(path, resume=resume)
    except (OSError, ValueError) as error:
        print(f"fovea: {error}", file=sys.stderr)
        return 1
    status = StatusFile(path / "status.json")
    status.running()
    events = EventWriter(path / "events.jsonl")
    try:
        # Imported here, so that a broken torch ends the run as an error in it does.
        from fovea_runtime.train.session import train

        ending = train(directory, events, interrupt, resume=resume, device=device)
    except Aborted as abort:
        ending = Ending("cancelled", f"{abort}, twice: stopped without a checkpoint", 130)
        # The signal may have come between a line and its count.
        events.close()
        events = EventWriter(path / "events.jsonl")
    except BaseException as error:  # noqa: BLE001 - whatever it is, the run's end is recorded
        traceback.print_exc()
        ending = ending_of(error)
    for record in (
        lambda: events.write("run_end", status=ending.status, reason=ending.reason),
        lambda: status.ended(ending.status, ending.reason),
    ):
        _try(record)
    print(f"{ending.status}{f': {ending.reason}' if ending.reason else ''}", flush=True)
    return ending.code


def _try(record: Callable[[], None]) -> None:
    # A full disk may be why the run ends; the launcher then writes what is missing.
    try:
        record()
    except OSError as error:
        with suppress(OSError):
            print(f"fovea: the end of the run is not recorded: {error}", file=sys.stderr)


def _open(path: Path, *, resume: bool) -> RunDirectory:
    record_path = path / "run.json"
    record = json.loads(record_path.read_text("utf-8"))
    if not isinstance(record, dict) or record.get("v") != 1:
        raise ValueError(f"{record_path} is no record of a run")
    last = path / _CHECKPOINTS / "last.pt"
    if last.exists() and not resume:
        raise ValueError(f"{last} exists: give --resume to go on from it")
    return RunDirectory(path, record)
