"""Opening the data that a request names, and how long that takes."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from fovea_runtime.data.dense.open import KINDS, open_samples
from fovea_runtime.data.digits.source import DigitsSource
from fovea_runtime.data.feed import Feed
from fovea_runtime.data.open import open_source
from fovea_runtime.train.model import with_input_size

Opened = Feed[Any] | DigitsSource


@dataclass(frozen=True)
class Request:
    """What is to be measured.

    Attributes:
        data: the data's declaration.
        experiment: what is trained on it; None for the dense tasks.
        batch: images a batch.
    """

    data: dict[str, Any]
    experiment: dict[str, Any] | None
    batch: int

    @classmethod
    def of(cls, request: dict[str, Any]) -> "Request":
        """Reads a request; a peer's network gets its input size."""
        if request["experiment"] is None:
            return cls(request["data"], None, request["batch"])
        experiment = with_input_size(request["experiment"])
        return cls(experiment["data"], experiment, experiment["recipe"]["batch"])

    @property
    def seed(self) -> int:
        return 0 if self.experiment is None else self.experiment["seed"]

    def open(self, workers: int) -> Opened:
        """The data, decoded by so many processes.

        Raises:
            ValueError: they cannot be used.
        """
        data = self.data if self.data["type"] == "digits" else {**self.data, "workers": workers}
        if self.data["type"] in KINDS:
            feed = open_samples(data, seed=self.seed)
            feed.require(self.batch)
            return feed
        source = open_source({**(self.experiment or {}), "data": data})
        if not isinstance(source, Feed | DigitsSource):
            raise TypeError(type(source))
        return source

    def opening_times(self) -> dict[str, float]:
        """Seconds: `first` without an index from before, `kept` with it where one can be kept.

        Raises:
            ValueError: the data cannot be used.
        """
        first = _seconds(self)
        return {"first": first, "kept": _seconds(self)}


@contextmanager
def empty_cache() -> Iterator[None]:
    """A cache folder without anything in it; the user's own stays as it is."""
    before = os.environ.get("FOVEA_CACHE")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FOVEA_CACHE"] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ["FOVEA_CACHE"]
            else:
                os.environ["FOVEA_CACHE"] = before


def _seconds(request: Request) -> float:
    start = time.perf_counter()
    request.open(0)
    return time.perf_counter() - start
