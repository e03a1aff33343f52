"""The training's side of its sinks."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import fovea_runtime
from fovea_runtime.events import Events
from fovea_runtime.interrupt import Aborted
from fovea_runtime.train.sinks.kept import FOLDER

_LOADS = 20.0
"""Seconds that the end of a run waits at most for a client that is being imported, at first."""
_ENDS = 5.0
"""Seconds that it waits for one that has been."""
_OFTEN = 0.05


class Sinks:
    """A process for each sink of a run; the training never waits for one until its end.

    Args:
        directory: the run's.
    """

    def __init__(self, directory: Path, names: Sequence[str]) -> None:
        self._directory = directory
        self._names = tuple(dict.fromkeys(names))
        self._warnings: list[str] = []
        self._each: list[_Sink] = []

    def start(self, since: int) -> None:
        """Starts them; this training's events begin after so many bytes."""
        for name in self._names:
            try:
                self._each.append(_Sink(self._directory, name, since))
            except OSError as error:
                self._warnings.append(_message(name, f"it cannot be started: {error}"))

    def take_warnings(self) -> list[str]:
        """What is to be said of them, once each."""
        self._warnings += [words for sink in self._each if (words := sink.look())]
        taken, self._warnings = self._warnings, []
        return taken

    def end(self, status: str | None) -> list[str]:
        """Tells them that the training is over (without a status: that it starts anew).

        Waits some seconds for what is on its way; a sink that takes longer goes on for a minute at
        most, beside whatever follows. Returns what is to be said of them.
        """
        since = time.monotonic()
        for sink in self._each:
            sink.say_end(status)
        with suppress(Aborted):
            while any(sink.is_worth_waiting(since) for sink in self._each):
                self._warnings += [words for sink in self._each if (words := sink.look())]
                time.sleep(_OFTEN)
        return self.take_warnings() + [words for sink in self._each if (words := sink.give_up())]


class EventsForSinks:
    """Events that are followed by sinks: what is to be said of those is written among them."""

    def __init__(self, events: Events, sinks: Sinks) -> None:
        self._events = events
        self._sinks = sinks

    def write(self, kind: str, **fields: Any) -> None:
        """One event.

        Raises:
            OSError: the system's words, and the file.
        """
        self._events.write(kind, **fields)
        for message in self._sinks.take_warnings():
            self._events.write("warning", message=message)


class _Sink:
    def __init__(self, directory: Path, name: str, since: int) -> None:
        self._name = name
        self._said = b""
        self._ready: float | None = None
        self._is_done = self._has_warned = False
        folder = directory / FOLDER
        folder.mkdir(exist_ok=True)
        sources = str(Path(fovea_runtime.__file__).parents[1])
        with (folder / f"{name}.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "fovea_runtime.train.sinks"),
                    *(name, str(directory), "--since", str(since)),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                # Signals to the group are for the training.
                start_new_session=True,
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join(
                        filter(None, (sources, os.environ.get("PYTHONPATH")))
                    ),
                    "PYTHONSAFEPATH": "1",
                    "OMP_NUM_THREADS": "1",
                },
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        os.set_blocking(self._stdout.fileno(), False)

    def look(self) -> str | None:
        """What is to be said, at most once."""
        if self._is_done:
            return None
        try:
            said = os.read(self._stdout.fileno(), 65_536)
        except BlockingIOError:
            return None
        if not said:
            return self._gone()
        *lines, self._said = (self._said + said).split(b"\n")
        words = [_parse(line) for line in lines]
        if any("ready" in each for each in words):
            self._ready = time.monotonic()
        self._is_done = any("done" in each for each in words)
        return next((self._warning(each["warning"]) for each in words if "warning" in each), None)

    def say_end(self, status: str | None) -> None:
        """The last word to it."""
        with suppress(OSError):
            self._stdin.write(json.dumps({"status": status}).encode() + b"\n")
            self._stdin.close()

    def is_worth_waiting(self, since: float) -> bool:
        """Whether it may soon be done, where the training is over since then."""
        if self._is_done:
            return False
        loads = self._ready is None and not self._has_warned
        until = since + _LOADS if loads else max(since, self._ready or since) + _ENDS
        return time.monotonic() < until

    def give_up(self) -> str | None:
        """What is to be said where it is not done."""
        if self._is_done:
            return None
        return self._warning(
            "it was not done when the run was over, and has a minute more beside what follows"
        )

    def _gone(self) -> str | None:
        # Its pipe is closed before it is gone.
        code = self._process.poll()
        if code is None:
            return None
        self._is_done = True
        how = f"exit code {code}" if code >= 0 else f"signal {-code}"
        return self._warning(f"its process ended by itself ({how})")

    def _warning(self, words: str) -> str | None:
        if self._has_warned:
            return None
        self._has_warned = True
        return _message(self._name, words)


def _parse(line: bytes) -> dict[str, Any]:
    # Whatever comes from there, the training goes on.
    with suppress(ValueError):
        words = json.loads(line)
        if isinstance(words, dict):
            return words
    return {}


def _message(name: str, words: str) -> str:
    return f"the sink {name}: {words.rstrip('.')}. The training is not touched; more in {FOLDER}/{name}.log"
