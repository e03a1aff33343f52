"""Ends a run that does nothing any more, instead of letting it hold its devices for ever."""

import faulthandler
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fovea_runtime.status import process_start
from fovea_runtime.train.endings import Ending
from fovea_runtime.train.guards.beat import Beat, Beats
from fovea_runtime.train.guards.finale import Finale
from fovea_runtime.train.guards.place import place
from fovea_runtime.train.guards.verdict import verdict
from fovea_runtime.train.ranks import Ranks

Beating = Callable[[str, int], object]
"""Takes what the training begins (`PHASES`) and the step that it is at."""

_OFTEN = 1.0
"""Seconds between two looks, at most."""
_START = 300.0
"""The least limit before the first step, where torch is loaded and the processes find each other."""
_NOTICE = 10.0
"""Seconds in which the training itself can hear that another process failed."""
_FIRST_WORD = 3.0
"""Seconds at least by which other processes let the first one speak, beside half the limit."""


class Heartbeat:
    """A thread beside the training, which counts the seconds since the last `beat`.

    After `limit` seconds without one (0: never) the run ends as `lost`; to start there are five
    minutes in any case. Of several processes each writes its signs of life into a file, and the
    first that still runs says which one is behind. The seconds are those in which the process is
    awake, so that one that is stopped and continued is not stuck. The thread also ends the run
    where another process failed and the training, in a collective call that never returns, cannot
    hear of it.
    """

    def __init__(
        self,
        directory: Path,
        ranks: Ranks,
        limit: float,
        finale: Finale,
        *,
        leave: Callable[[int], object] = os._exit,
    ) -> None:
        self._ranks = ranks
        self._limit = limit
        self._finale = finale
        self._leave = leave
        self._beats = Beats(directory, ranks)
        self._host = socket.gethostname()
        self._started = process_start(os.getpid())
        # How often the training gave a sign, and where: written by it, at once.
        self._last = (0, "start", 0)
        # Whether all processes have met: each agrees to a step before it is made.
        self._met = False
        # The thread's own.
        self._awake = 0.0
        self._heard = (0, 0.0)
        self._every = limit / 10 if limit > 0 else _NOTICE
        self._written: float | None = None
        self._failed: float | None = None
        self._seen: dict[int, tuple[int, float]] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="heartbeat", daemon=True)

    def beat(self, phase: str, step: int) -> None:
        """The training is alive: what it begins (`PHASES`), and at which step."""
        self._last = (self._last[0] + 1, phase, step)
        self._met = self._met or phase == "step"

    @contextmanager
    def running(self) -> Iterator[None]:
        """Watches over the block; then the process has no file any more."""
        if self._ranks.is_first:
            self._beats.forget()
        if self._limit > 0 or self._ranks.count > 1:
            self._thread.start()
        try:
            yield
        finally:
            self._stopped.set()
            if self._thread.ident is not None:
                self._thread.join()
            self._beats.remove(self._ranks.rank)

    def explained(self, ending: Ending) -> Ending:
        """The end that a failure here stands for: often the echo of a process that was killed."""
        return (self._gone() if ending.status == "failed" else None) or ending

    def _watch(self) -> None:
        tick = min(_OFTEN, self._every)
        while not self._stopped.wait(tick):
            self._awake += tick
            if (found := self._look()) is not None:
                self._end(*found)

    def _look(self) -> tuple[Ending, bool] | None:
        """One look; where there is an end, also whether it is for this process to write."""
        count, phase, step = self._last
        if count != self._heard[0]:
            self._heard = (count, self._awake)
        silent = self._awake - self._heard[1]
        own = self._own(phase, step)
        if self._ranks.count > 1:
            if failure := self._unnoticed_failure(silent):
                return failure, self._ranks.is_first and not self._ranks.is_recorded()
            if self._written is None or self._awake - self._written >= self._every:
                self._written = self._awake
                self._beats.write(own)
                # Others are looked at once there is reason to: they all wait for each other.
                if silent > self._limit / 4:
                    self._observe()
        if self._limit == 0 or silent < self._limit:
            return None
        beats = {**self._beats.read(), own.rank: own}
        limit = max(self._limit, _START) if self._one_starts(beats) else self._limit
        if silent < limit:
            return None
        stale = [] if self._ranks.count == 1 else self._stale()
        speaker = min(set(range(self._ranks.count)) - set(stale))
        speaks = speaker == self._ranks.rank
        if not speaks and silent < limit + max(self._limit / 2, _FIRST_WORD):
            return None
        return Ending("lost", verdict(beats, stale, silent), 1), speaks

    def _one_starts(self, beats: dict[int, Beat]) -> bool:
        """Whether a process is not there yet; its file may be older than its first step."""
        return not self._met and (
            len(beats) < self._ranks.count or any(beat.phase == "start" for beat in beats.values())
        )

    def _stale(self) -> list[int]:
        """Ranks whose files stayed the same over several of their times."""
        others = set(range(self._ranks.count)) - {self._ranks.rank}
        since = {rank: self._awake - self._seen.get(rank, (0, 0.0))[1] for rank in others}
        return sorted(rank for rank in others if since[rank] > self._limit / 2)

    def _observe(self) -> None:
        for rank, beat in self._beats.read().items():
            if self._seen.get(rank, (0, 0.0))[0] != beat.count:
                self._seen[rank] = (beat.count, self._awake)

    def _unnoticed_failure(self, silent: float) -> Ending | None:
        # While steps are made nobody failed, and many processes are many files to read.
        is_silent = silent >= min(_NOTICE, self._limit or _NOTICE) / 2
        failure = (self._ranks.failure() or self._gone()) if is_silent else None
        if failure is None:
            self._failed = None
            return None
        self._failed = self._awake if self._failed is None else self._failed
        is_over = self._ranks.is_recorded() or silent >= (self._limit or _NOTICE)
        return failure if is_over or self._awake - self._failed >= _NOTICE else None

    def _gone(self) -> Ending | None:
        for rank, beat in sorted(self._beats.read().items()):
            if rank != self._ranks.rank and beat.is_gone(self._host):
                return Ending(
                    "lost",
                    f"rank {rank} is gone without a word: process {beat.pid} on {beat.host} was "
                    "killed by a signal, most likely SIGKILL (perhaps because memory ran out)",
                    1,
                )
        return None

    def _own(self, phase: str, step: int) -> Beat:
        where, waits = place()
        return Beat(
            rank=self._ranks.rank,
            phase=phase,
            step=step,
            count=round(self._awake * 1000),
            place=where,
            waits=waits,
            host=self._host,
            pid=os.getpid(),
            started=self._started,
        )

    def _end(self, ending: Ending, speaks: bool) -> None:
        if not self._finale.claim():
            # The training came to its end in the same moment.
            self._stopped.set()
            return
        try:
            with suppress(Exception):
                faulthandler.dump_traceback(file=sys.stderr, all_threads=True)
            if self._ranks.count > 1:
                self._ranks.tell(ending, recorded=speaks)
            if speaks:
                self._finale.write(ending)
        finally:
            self._leave(self._ranks.code(ending))
