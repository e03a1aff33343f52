"""`python -m fovea_runtime.train.sinks NAME DIR --since BYTES`.

Follows the events of the run in DIR for one sink. Started by the training, which it listens to on
stdin and answers on stdout; the client's own words go to stderr. Exit code 0 when all has arrived.
"""

import argparse
import fcntl
import json
import os
import signal
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import IO, NoReturn

from fovea_runtime.train.sinks.delivery import deliver
from fovea_runtime.train.sinks.kept import FOLDER
from fovea_runtime.train.sinks.sink import SINKS, open_sink
from fovea_runtime.train.sinks.story import Story
from fovea_runtime.train.sinks.training import Training, in_words

_PAUSE = 2.0
"""Seconds before the second attempt; each further pause is twice as long."""
_LONGEST_PAUSE = 300.0
_NICE = 10
"""The training goes first where both want the same core."""


def main() -> int:
    """Passes a run's events on; after a failure a fresh process tries again."""
    parser = argparse.ArgumentParser(prog="python -m fovea_runtime.train.sinks")
    parser.add_argument("name", choices=SINKS)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--since", type=int, required=True)
    parser.add_argument("--attempt", type=int, default=0)
    parser.add_argument("--warned", action="store_true")
    parser.add_argument("--over", help="what the training said at its end")
    arguments = parser.parse_args()
    report = _keep_to_ourselves()
    training = Training(report, arguments.over, warned=arguments.warned)
    try:
        with _alone(arguments.directory, arguments.name):
            record = json.loads((arguments.directory / "run.json").read_text("utf-8"))
            sink = open_sink(arguments.name, arguments.directory)
            training.tell(ready=True)
            story = Story(arguments.directory / "events.jsonl", arguments.since)
            deliver(sink, record, story, training)
            training.tell(done=True)
            return 0
    except BaseException as error:  # noqa: BLE001 - a client may raise anything
        traceback.print_exc()
        training.warn(in_words(error))
        if arguments.over is not None or isinstance(error, ImportError):
            return 1
    training.wait(min(_LONGEST_PAUSE, _PAUSE * 2**arguments.attempt))
    _again(arguments, report, training)


def _keep_to_ourselves() -> int:
    """Leaves signals to the training, and stdout to what is said to it; returns that."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1"):
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, _NICE)
    report = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return report


def _alone(directory: Path, name: str) -> IO[bytes]:
    """Waits for the sink of a training that was killed, while it brings away what it holds."""
    file = (directory / FOLDER / f"{name}.lock").open("ab")
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


def _again(arguments: argparse.Namespace, report: int, training: Training) -> NoReturn:
    """Goes on as a process in which the client knows nothing of its failure."""
    words = [arguments.name, str(arguments.directory), "--since", str(arguments.since)]
    words += ["--attempt", str(arguments.attempt + 1), "--warned"]
    words += [] if training.over is None else ["--over", training.over]
    os.dup2(report, sys.stdout.fileno())
    os.execv(sys.executable, [sys.executable, "-m", "fovea_runtime.train.sinks", *words])


if __name__ == "__main__":
    sys.exit(main())
