"""The training as a sink's process sees it: through the two pipes between them."""

import json
import os
import re
import sys
import threading
import time
from contextlib import suppress
from typing import Any

_HUNG = 60.0
"""Seconds without a sign from the client after which it is said to hang."""
_LINGER = 60.0
"""Seconds that a sink has, after the training, to bring away what it holds."""
_LONGEST = 500
"""Characters of a warning."""


class Training:
    """What the training says on stdin, at its end, and what is said to it.

    Args:
        report: where it listens.
        over: its line, where an earlier attempt of this process has read it.
        warned: whether there was a warning already.
    """

    def __init__(self, report: int, over: str | None = None, *, warned: bool = False) -> None:
        self.warned = warned
        self.over = over
        """What the training said at its end; empty where it is gone without a word."""
        self._report = report
        self._ended = threading.Event()
        self._sign = time.monotonic()
        if over is not None:
            self._ended.set()
        threading.Thread(target=self._listen, daemon=True).start()
        threading.Thread(target=self._watch, daemon=True).start()

    @property
    def has_told(self) -> bool:
        """Whether the training has said how it ended."""
        return bool(self.over)

    @property
    def status(self) -> str | None:
        """How it ended, as `run_end` has it; nothing where it starts anew."""
        return json.loads(self.over)["status"] if self.over else None

    def wait(self, seconds: float) -> bool:
        """Sleeps until the training is over, at most so long; whether it is over."""
        over = self._ended.wait(seconds)
        self.sign()
        return over

    def sign(self) -> None:
        """The client does its work."""
        self._sign = time.monotonic()

    def tell(self, **words: Any) -> None:
        """Says something to the training, if it is there."""
        with suppress(OSError):
            os.write(self._report, (json.dumps(words) + "\n").encode())

    def warn(self, message: str) -> None:
        """What the run's events shall say of this sink; only the first time."""
        if not self.warned:
            self.warned = True
            self.tell(warning=message)

    def _listen(self) -> None:
        line = sys.stdin.readline()
        if self.over is None:
            # Cut short where the training was killed in the middle of it.
            self.over = line if line.endswith("\n") else ""
        self._ended.set()
        # Whatever the main thread is in: nothing of a run stays for ever.
        time.sleep(_LINGER)
        os._exit(1)

    def _watch(self) -> None:
        while True:
            time.sleep(1)
            if time.monotonic() - self._sign > _HUNG:
                self.warn(f"it has not answered for {_HUNG:.0f} s")
                return


def in_words(error: BaseException) -> str:
    """An error's class and the last line of its words, without passwords in addresses."""
    lines = str(error).strip().splitlines()
    name = type(error).__name__
    words = f"{name}: {lines[-1]}" if lines else name
    return re.sub(r"://[^/@\s]+@", "://…@", words)[:_LONGEST]
