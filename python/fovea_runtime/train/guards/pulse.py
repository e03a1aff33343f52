"""Signs of life of a run for other machines, which cannot look at its process: the file `pulse`."""

import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fovea_runtime.status import StatusFile

BEAT = 5.0
"""Seconds between two signs; `beat.ts` has the same, and counts a silence of 45 as death."""


class Pulse:
    """A thread that writes the file again and again, so that its time is the file system's.

    A machine that was asleep may find that another one went on with the run: then this process
    ends at once, and writes nothing more.
    """

    def __init__(
        self, directory: Path, *, every: float = BEAT, leave: Callable[[int], object] = os._exit
    ) -> None:
        self._path = directory / "pulse"
        self._status = StatusFile(directory / "status.json")
        self._every = every
        self._leave = leave
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="pulse", daemon=True)

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Beats while the block runs; then there is no file any more."""
        self._write(0)
        self._thread.start()
        try:
            yield
        finally:
            self._stopped.set()
            self._thread.join()
            with suppress(OSError):
                self._path.unlink(missing_ok=True)

    def _beat(self) -> None:
        count = 0
        while not self._stopped.wait(self._every):
            if self._status.is_elsewhere():
                print("fovea: another machine went on with the run", file=sys.stderr, flush=True)
                self._leave(1)
                return
            count += 1
            self._write(count)

    def _write(self, count: int) -> None:
        # A full disk is not for this to tell.
        with suppress(OSError):
            self._path.write_text(f"{socket.gethostname()} {os.getpid()} {count}\n", "utf-8")
