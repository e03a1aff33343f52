"""What training asks of a source of labelled images."""

from collections.abc import Iterator
from typing import Protocol

from torch import Tensor

from fovea_runtime.data.cut import Cut

Batch = tuple[Tensor, Tensor]
"""Images (N, C, H, W), float32 and normalised, and labels (N,), int64; on the CPU."""


class Source(Protocol):
    """Images with class labels. A batch is a function of the seed and of its place alone."""

    @property
    def classes(self) -> int:
        """Number of classes."""
        ...

    @property
    def train_size(self) -> int:
        """Number of training images."""
        ...

    @property
    def notes(self) -> list[str]:
        """What the user should know about how the recipe meets these images."""
        ...

    def batches(self, start: int, stop: int, cut: Cut) -> Iterator[Batch]:
        """This process's pieces of optimizer steps `start` to `stop` - 1, counted from 0."""
        ...

    def held_out(self, batch: int, *, part: int = 0, parts: int = 1) -> Iterator[Batch]:
        """Held-out images in their order, `batch` at a time; the last batch may be smaller.

        Of `parts` processes, process `part` gets the batches `part`, `part + parts`, ….
        """
        ...

    def fingerprint(self) -> dict[str, str]:
        """Digests of the training images, `train`, and the held-out ones, `test`."""
        ...

    def take_problems(self) -> list[str]:
        """What was wrong with images since the last call: each names the file."""
        ...
