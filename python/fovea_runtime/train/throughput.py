"""Images a second, evaluation and checkpoints not counted."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Throughput:
    """Counts images against the clock from one `take` to the next."""

    def __init__(self) -> None:
        self._images = 0
        self._start = time.perf_counter()

    def count(self, images: int) -> None:
        """So many images more are done."""
        self._images += images

    def take(self) -> float:
        """Images a second since the last `take`."""
        now = time.perf_counter()
        rate = self._images / max(now - self._start, 1e-9)
        self._images, self._start = 0, now
        return rate

    @contextmanager
    def paused(self) -> Iterator[None]:
        """The clock stands still inside."""
        before = time.perf_counter()
        try:
            yield
        finally:
            self._start += time.perf_counter() - before
