"""The end of a run is written in one place, and once."""

import os
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NoReturn

from fovea_runtime.events import EventWriter
from fovea_runtime.status import StatusFile
from fovea_runtime.train.endings import Ending
from fovea_runtime.train.ranks import Ranks

_RESERVE = 16_384
"""Bytes: a block or two for each of the two files, as file systems count."""


class Finale:
    """Writes how a run ended: its training, or what watches over it, whichever is first."""

    def __init__(self, directory: Path, ranks: Ranks) -> None:
        self._directory = directory
        self._ranks = ranks
        self._claimed = threading.Lock()
        self._reserve = directory / ".reserve"

    def reserve(self) -> None:
        """Holds some space on the disk, so that the end can be written when it is full."""
        with suppress(OSError):
            self._reserve.write_bytes(bytes(_RESERVE))

    def claim(self) -> bool:
        """Whether the caller is the first in this process: it writes, and nobody else."""
        return self._claimed.acquire(blocking=False)

    def claim_or_stay(self) -> None:
        """For the training: where the end is being written, so that the process ends with it."""
        if not self.claim():
            _stay()

    def warn(self, messages: Sequence[str]) -> None:
        """What came up after the last step."""
        for message in messages:
            self._try(partial(self._event, "warning", message=message))

    def write(self, ending: Ending) -> None:
        """`run_end` and status.json; where torchrun starts the processes anew, only a warning."""
        with suppress(OSError):
            self._reserve.unlink(missing_ok=True)
        if self._ranks.restarts(ending):
            message = f"{self._ranks.restart_words}, because of: {ending.reason}"
            self._try(lambda: self._event("warning", message=message))
            return
        self._try(lambda: self._event("run_end", status=ending.status, reason=ending.reason))
        status = StatusFile(self._directory / "status.json")
        if _may_be_requeued(ending):
            self._try(lambda: status.waits(ending.reason))
        else:
            self._try(lambda: status.ended(ending.status, ending.reason))
        # The log may be on the disk that is full.
        with suppress(OSError):
            print(f"{ending.status}{f': {ending.reason}' if ending.reason else ''}", flush=True)

    def _event(self, kind: str, **fields: object) -> None:
        # Anew, so that the file is counted: a signal may have come between a line and its count.
        events = EventWriter(self._directory / "events.jsonl")
        try:
            events.write(kind, **fields)
        finally:
            events.close()

    def _try(self, record: Callable[[], None]) -> None:
        # A full disk may be why the run ends; the launcher then writes what is missing.
        try:
            record()
        except OSError as error:
            with suppress(OSError):
                print(f"fovea: the end of the run is not recorded: {error}", file=sys.stderr)


def _may_be_requeued(ending: Ending) -> bool:
    """Whether a scheduler stopped the job and may put it back into its queue.

    It says so only when this process is gone: whoever reads `queued` asks it then, and finds the
    `run_end` where the job is over.
    """
    stopped = ending.status == "cancelled" and (ending.reason or "").startswith("SIGTERM")
    return stopped and os.environ.get("FOVEA_REQUEUE") == "1"


def _stay() -> NoReturn:
    while True:
        threading.Event().wait()
