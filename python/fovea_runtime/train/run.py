"""A run from its directory to its end: whatever happens, the end is recorded."""

import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from fovea_runtime.events import Events, EventWriter, NoEvents
from fovea_runtime.interrupt import Aborted, Interrupt
from fovea_runtime.status import StatusFile
from fovea_runtime.train.directory import RunDirectory, open_directory
from fovea_runtime.train.endings import Ending, ending_of
from fovea_runtime.train.options import TrainOptions
from fovea_runtime.train.ranks import Ranks


def run(path: Path, interrupt: Interrupt, options: TrainOptions) -> int:
    """Trains the run in directory `path`; returns the exit code of the process.

    Nothing is written when there is no run to train: no readable run.json, or a checkpoint that
    would be overwritten because `resume` is missing. Of several processes the first writes.
    """
    try:
        directory = open_directory(path, resume=options.resume)
    except (OSError, ValueError) as error:
        print(f"fovea: {error}", file=sys.stderr)
        return 1
    ranks = Ranks.here(path)
    if ranks.is_first:
        return _lead(directory, interrupt, options, ranks)
    ending = _train(directory, NoEvents(), interrupt, options)
    if ending.status not in ("completed", "cancelled"):
        ranks.tell(ending)
    return ranks.code(ending)


def _lead(
    directory: RunDirectory, interrupt: Interrupt, options: TrainOptions, ranks: Ranks
) -> int:
    path = directory.path
    ranks.forget()
    status = StatusFile(path / "status.json")
    status.running()
    events = EventWriter(path / "events.jsonl")
    ending = ranks.explained(_train(directory, events, interrupt, options))
    # A signal may have come between a line and its count.
    events.close()
    with suppress(OSError):
        events = EventWriter(path / "events.jsonl")
    if ranks.restarts(ending):
        message = f"{ranks.restart_words}, because of: {ending.reason}"
        _try(lambda: events.write("warning", message=message))
        return ending.code
    _try(lambda: events.write("run_end", status=ending.status, reason=ending.reason))
    _try(lambda: status.ended(ending.status, ending.reason))
    print(f"{ending.status}{f': {ending.reason}' if ending.reason else ''}", flush=True)
    return ranks.code(ending)


def _train(
    directory: RunDirectory, events: Events, interrupt: Interrupt, options: TrainOptions
) -> Ending:
    try:
        # Imported here, so that a broken torch ends the run as an error in it does.
        from fovea_runtime.train.session import train

        return train(directory, events, interrupt, options)
    except Aborted as abort:
        return Ending("cancelled", f"{abort}, twice: stopped without a checkpoint", 130)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the run's end is recorded
        traceback.print_exc()
        return ending_of(error)


def _try(record: Callable[[], None]) -> None:
    # A full disk may be why the run ends; the launcher then writes what is missing.
    try:
        record()
    except OSError as error:
        with suppress(OSError):
            print(f"fovea: the end of the run is not recorded: {error}", file=sys.stderr)
