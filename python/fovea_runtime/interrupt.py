"""Signals that end a run in order. Imports nothing heavy: it is in place before torch is."""

import os
import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1")
_GRACE = 1.0
"""Seconds in which further signals count as the first: a terminal signals the whole group, and
the parent may pass the same one on."""


class Aborted(BaseException):
    """A second signal: stop at once, without a checkpoint."""


class Interrupt:
    """Set by the first SIGINT, SIGTERM, SIGHUP or SIGUSR1 (preemption); a later one raises `Aborted` where it arrives."""

    def __init__(self) -> None:
        self.signal: str | None = None
        self._first = 0.0

    def install(self) -> None:
        """Takes the signals over. One that is ignored on purpose (nohup) stays ignored."""
        for name in _SIGNALS:
            number = getattr(signal, name, None)
            if number is None:
                continue
            if name == "SIGHUP" and signal.getsignal(number) == signal.SIG_IGN:
                continue
            signal.signal(number, self._receive)

    @property
    def raised(self) -> bool:
        """Whether a signal came."""
        return self.signal is not None

    @property
    def meaning(self) -> str | None:
        """The signal that came, and what it says where a scheduler sends it."""
        if self.signal == "SIGUSR1" and "SLURM_JOB_ID" in os.environ:
            return "SIGUSR1, Slurm's time limit,"
        return self.signal

    def _receive(self, number: int, _frame: FrameType | None) -> None:
        name = signal.Signals(number).name
        if self.signal is None:
            self.signal, self._first = name, time.monotonic()
        elif time.monotonic() - self._first > _GRACE:
            raise Aborted(name)


T = TypeVar("T")


def unless_stopped(interrupt: Interrupt, take: Callable[[], T]) -> T | None:
    """What `take` gives; nothing after a signal.

    A signal to the whole group may end a loader's processes first: what that raises is no error.
    """
    if interrupt.raised:
        return None
    try:
        return take()
    except Exception:
        if interrupt.raised:
            return None
        raise
