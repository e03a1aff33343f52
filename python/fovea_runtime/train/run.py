"""A run from its directory to its end: whatever happens, the end is recorded."""

import sys
import traceback
from collections.abc import Callable
from contextlib import nullcontext, suppress
from functools import partial
from pathlib import Path

from fovea_runtime.events import Events, EventWriter, NoEvents
from fovea_runtime.interrupt import Aborted, Interrupt
from fovea_runtime.status import StatusFile
from fovea_runtime.train.directory import RunDirectory, open_directory
from fovea_runtime.train.endings import Ending, ending_of
from fovea_runtime.train.guards.finale import Finale
from fovea_runtime.train.guards.heartbeat import Heartbeat
from fovea_runtime.train.guards.history import DIVERGED
from fovea_runtime.train.guards.pulse import Pulse
from fovea_runtime.train.options import TrainOptions
from fovea_runtime.train.ranks import Ranks
from fovea_runtime.train.sinks.processes import EventsForSinks, Sinks


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
    finale = Finale(path, ranks)
    sinks = Sinks(path, options.sinks)
    heartbeat = Heartbeat(path, ranks, options.heartbeat, finale)
    with Pulse(path).beating() if ranks.is_first else nullcontext(), heartbeat.running():
        train = partial(_train, directory, interrupt, options, heartbeat)
        if ranks.is_first:
            finale.reserve()
            ending = heartbeat.explained(ranks.explained(_lead(path, ranks, sinks, train)))
        else:
            ending = train(NoEvents())
        finale.claim_or_stay()
    if not ranks.is_first:
        if not ending.is_orderly:
            ranks.tell(ending)
    elif ranks.is_unexplained(ending) and not ranks.restarts(ending):
        print(f"fovea: another process is gone without a word: {ending.reason}", file=sys.stderr)
    elif not ranks.is_recorded():
        finale.warn(sinks.end(None if ranks.restarts(ending) else ending.status))
        finale.write(ending)
        if ending.is_orderly:
            ranks.forget(all_starts=True)
    return ranks.code(ending)


def _lead(path: Path, ranks: Ranks, sinks: Sinks, train: Callable[[Events], Ending]) -> Ending:
    """The training of the process that writes what the run writes."""
    ranks.forget()
    (path / DIVERGED).unlink(missing_ok=True)
    try:
        StatusFile(path / "status.json").running()
        events = EventWriter(path / "events.jsonl")
    except OSError as error:
        return ending_of(error)
    sinks.start(since=events.size)
    ending = train(EventsForSinks(events, sinks))
    events.close()
    return ending


def _train(
    directory: RunDirectory,
    interrupt: Interrupt,
    options: TrainOptions,
    heartbeat: Heartbeat,
    events: Events,
) -> Ending:
    try:
        # Imported here, so that a broken torch ends the run as an error in it does.
        from fovea_runtime.train.session import train

        return train(directory, events, interrupt, options, heartbeat.beat)
    except Aborted as abort:
        return Ending("cancelled", f"{abort}, twice: stopped without a checkpoint", 130)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the run's end is recorded
        # The log may be on the disk that is full.
        with suppress(OSError):
            traceback.print_exc()
        return ending_of(error)
