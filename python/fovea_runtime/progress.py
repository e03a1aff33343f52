"""How far a long piece of work is, on stderr."""

import sys
import time

_EVERY = 10.0
"""Seconds from one line to the next."""


class Progress:
    """Prints `<label>: <done> of <total> <things>` every ten seconds, and nothing of short work."""

    def __init__(self, things: str, *, label: str | None = None, total: int | None = None) -> None:
        self._things = things
        self._label = "" if label is None else f"{label}: "
        self._of = "" if total is None else f" of {total:,}"
        self._done = 0
        self._last = time.monotonic()

    def count(self, number: int) -> None:
        """So many more are done."""
        self._done += number
        now = time.monotonic()
        if now - self._last >= _EVERY:
            self._last = now
            print(
                f"{self._label}{self._done:,}{self._of} {self._things}", file=sys.stderr, flush=True
            )
