"""`digits` as a source of training images."""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray

from fovea_runtime.data.cut import Cut
from fovea_runtime.data.digits.layout import layout
from fovea_runtime.data.digits.scans import CLASSES, Split, scans
from fovea_runtime.data.digits.scene import scenes
from fovea_runtime.data.fingerprint import Fingerprint
from fovea_runtime.data.order import piece_keys
from fovea_runtime.data.source import Batch

_MEAN, _STD = 0.5, 0.25
"""Into -2 to 2. The background is far from 0, or a LayerNorm would blow its noise up."""
_KEPT = 2**30
"""Bytes of scenes of one split that are kept in memory; more are composed anew each time."""
_PROBED = 8
"""Scenes that are composed for the digest of a split."""


class DigitsSource:
    """Scenes of the network's input size, composed when they are first asked for.

    Every channel of an image shows the same scene.
    """

    classes = CLASSES

    def __init__(
        self,
        *,
        train: int,
        test: int,
        channels: int,
        size: tuple[int, int],
        seed: int,
        notes: list[str],
    ) -> None:
        self.train_size = train
        self.notes = notes
        self._seed = seed
        self._channels = channels
        self._splits = {
            "train": _Split("train", train, seed, size),
            "test": _Split("test", test, seed, size),
        }

    def batches(self, start: int, stop: int, cut: Cut) -> Iterator[Batch]:
        """See `Source.batches`."""
        for keys in piece_keys(self._seed, self.train_size, cut, start, stop):
            yield self._batch("train", np.array([index for _, index in keys]))

    def held_out(self, batch: int, *, part: int = 0, parts: int = 1) -> Iterator[Batch]:
        """See `Source.held_out`."""
        count = self._splits["test"].count
        for first in range(part * batch, count, parts * batch):
            yield self._batch("test", np.arange(first, min(first + batch, count)))

    def fingerprint(self) -> dict[str, str]:
        """See `Source.fingerprint`."""
        return {name: split.digest() for name, split in self._splits.items()}

    def take_problems(self) -> list[str]:
        """Scenes are composed: nothing can be wrong with them."""
        return []

    def _batch(self, split: Split, indices: NDArray[np.int64]) -> Batch:
        images, labels = self._splits[split].take(indices)
        scaled = (torch.from_numpy(images).float() / 255 - _MEAN) / _STD
        channels = scaled[:, None].repeat(1, self._channels, 1, 1)
        return channels, torch.from_numpy(labels)


class _Split:
    def __init__(self, split: Split, count: int, seed: int, size: tuple[int, int]) -> None:
        self.count = count
        layout(*size)  # a size that cannot be composed is refused here, not with the first batch
        self._split: Split = split
        self._seed = seed
        self._size = size
        self._keep = count * size[0] * size[1] <= _KEPT
        if self._keep:
            self._images = np.empty((count, *size), np.uint8)
            self._labels = np.empty(count, np.int64)
            self._known = np.zeros(count, np.bool_)

    def digest(self) -> str:
        """Of all that scenes are a function of, and of the first ones: they tell the composing code."""
        digest = Fingerprint("digits")
        digest.add("split", self._split)
        digest.add("count", self.count)
        digest.add("seed", self._seed)
        digest.add("size", f"{self._size[0]}x{self._size[1]}")
        bank = scans(self._split, layout(*self._size).digit)
        digest.add("scans", bank.images)
        digest.add("scans of a class", bank.count)
        images, labels = self._compose(np.arange(min(self.count, _PROBED)))
        digest.add("first scenes", images)
        digest.add("first labels", labels)
        return digest.hexdigest()

    def take(self, indices: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        if not self._keep:
            return self._compose(indices)
        new = indices[~self._known[indices]]
        if len(new) > 0:
            self._images[new], self._labels[new] = self._compose(new)
            self._known[new] = True
        return self._images[indices], self._labels[indices]

    def _compose(self, indices: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        composed = scenes(self._seed, self._split, indices, *self._size)
        return composed.images, composed.labels
