"""Samples decoded in worker processes: what every source of stored images is made of."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import DataLoader, Dataset

from fovea_runtime.data.cut import Cut
from fovea_runtime.data.order import Key, piece_keys
from fovea_runtime.data.unreadable import Ledger, Unreadable
from fovea_runtime.data.workers import allow_many_files, start_worker
from fovea_runtime.randomness import Purpose, seed_processor

_PREFETCH = 2
"""Batches that every worker process has ready."""

BatchT = TypeVar("BatchT")
Problem = tuple[int, str]
"""The number of an item, and why it cannot be read."""
Taken = tuple[Any, list[Problem]]
"""A sample, or None, and what could not be read on the way to it."""


class Items(Protocol):
    """What is stored, by number. Worker processes get a copy."""

    def __len__(self) -> int: ...

    def name(self, index: int) -> str:
        """Where it lies, for messages."""
        ...

    def read(self, index: int) -> bytes:
        """The bytes that are read for it, as they are stored."""
        ...

    def load(self, index: int) -> Any:
        """What the transform takes.

        Raises:
            Unreadable: the file is missing or broken.
        """
        ...


@dataclass(frozen=True)
class Split:
    """Items, and what makes a sample of one. The transform draws from the global generators only.

    `known` are the numbers of the items that may be read, where some are known to be unreadable.
    """

    items: Items
    transform: Callable[[Any], Any]
    known: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.known)


class Feed(Generic[BatchT]):
    """Training samples and held-out samples, in batches.

    A training sample is a function of (seed, epoch, index), whatever process makes it. One that
    cannot be read is replaced by the next one that can, so that this holds for the others too; a
    held-out one is left out. Both are told once, and `ledger` limits their number.

    Attributes:
        train, evaluated: the training items and the held-out ones.

    Args:
        collate: makes a batch of a list of samples, in the worker processes.
        workers: their number; with 0 this process decodes.
        pinned: whether batches lie in page-locked memory, for copies that a GPU does not wait for.
    """

    def __init__(
        self,
        train: Split,
        held_out: Split,
        *,
        collate: Callable[[list[Any]], BatchT],
        ledger: Ledger,
        seed: int,
        workers: int,
        pinned: bool,
    ) -> None:
        self.train_size = len(train)
        self.notes: list[str] = []
        self.train = train
        self.evaluated = held_out
        self._collate = _Collate(collate)
        self._ledger = ledger
        self._seed = seed
        self._workers = workers
        self._pinned = pinned
        self._evaluations: tuple[Any, DataLoader[Any]] | None = None

    def require(self, batch: int) -> None:
        """Refuses batches that the training samples cannot fill.

        Raises:
            ValueError: with the fix.
        """
        if self.train_size >= batch:
            return
        missing = f" ({self._ledger.named()})" if len(self._ledger) > 0 else ""
        raise ValueError(
            f"recipe.batch is {batch}, and there are {self.train_size} training images that can be "
            f"read{missing}: take a batch of at most {self.train_size}, or add images"
        )

    def batches(self, start: int, stop: int, cut: Cut) -> Iterator[BatchT]:
        """See `Source.batches`.

        Raises:
            ValueError: the training samples do not fill a batch, or too many cannot be read.
        """
        self.require(cut.batch)
        return self._training(start, stop, cut)

    def _training(self, start: int, stop: int, cut: Cut) -> Iterator[BatchT]:
        dataset = _Training(self.train, self._seed, self._ledger.most)
        keys = piece_keys(self._seed, self.train_size, cut, start, stop)
        loader = self._loader(dataset, keys, persistent=False)
        instead = "the next image that can be read takes its place"
        for batch, complete in self._checked(loader, self.train.items, instead):
            if batch is None or not complete:
                raise ValueError(f"no training image can be read: {self._ledger.named()}")
            yield batch

    def held_out(self, batch: int, *, part: int = 0, parts: int = 1) -> Iterator[BatchT]:
        """See `Source.held_out`."""
        # The processes of one evaluation wait for the next one.
        asked = (batch, part, parts)
        if self._evaluations is None or self._evaluations[0] != asked:
            numbers = torch.arange(len(self.evaluated)).split(batch)
            keys = [each.tolist() for each in numbers[part::parts]]
            loader = self._loader(_HeldOut(self.evaluated), keys, persistent=True)
            self._evaluations = (asked, loader)
        instead = "it is left out of the evaluation"
        count = 0
        for images, _ in self._checked(self._evaluations[1], self.evaluated.items, instead):
            if images is not None:
                count += 1
                yield images
        if count == 0 and part * batch < len(self.evaluated):
            raise ValueError(f"no held-out image can be read: {self._ledger.named()}")

    def take_problems(self) -> list[str]:
        """See `Source.take_problems`."""
        return self._ledger.take()

    def _checked(
        self, loader: Iterable[Any], items: Items, instead: str
    ) -> Iterator[tuple[BatchT | None, bool]]:
        """Batches, and whether all of their samples are there; None for one without any."""
        for batch, complete, problems in loader:
            for index, reason in problems:
                self._ledger.add(items.name(index), reason, instead)
            yield batch, complete

    def _loader(
        self, dataset: Dataset[Any], keys: Iterable[list[Any]], *, persistent: bool
    ) -> DataLoader[Any]:
        if self._workers > 0:
            allow_many_files()
        return DataLoader(
            dataset,
            batch_sampler=_Sampler(keys),
            num_workers=self._workers,
            collate_fn=self._collate,
            worker_init_fn=start_worker,
            pin_memory=self._pinned,
            prefetch_factor=_PREFETCH if self._workers > 0 else None,
            persistent_workers=persistent and self._workers > 0,
        )


class _Sampler:
    """What `DataLoader` takes for a batch sampler: it begins wherever a run stands."""

    def __init__(self, keys: Iterable[list[Any]]) -> None:
        self._keys = keys

    def __iter__(self) -> Iterator[list[Any]]:
        return iter(self._keys)


class _Training(Dataset[Taken]):
    """Samples by (epoch, number), each drawn from a seed of its own."""

    def __init__(self, split: Split, seed: int, most: int) -> None:
        self._split = split
        self._seed = seed
        self._most = most

    def __getitem__(self, key: Key) -> Taken:
        items, transform, known = self._split.items, self._split.transform, self._split.known
        problems: list[Problem] = []
        for further in range(len(known)):
            at = int(known[(key[1] + further) % len(known)])
            try:
                item = items.load(at)
            except Unreadable as error:
                problems.append((at, str(error)))
                if len(problems) > self._most:
                    break
                continue
            seed_processor(self._seed, Purpose.SAMPLE, *key)
            return transform(item), problems
        return None, problems


class _HeldOut(Dataset[Taken]):
    """Samples by number."""

    def __init__(self, split: Split) -> None:
        self._split = split

    def __getitem__(self, number: int) -> Taken:
        at = int(self._split.known[number])
        try:
            return self._split.transform(self._split.items.load(at)), []
        except Unreadable as error:
            return None, [(at, str(error))]


class _Collate(Generic[BatchT]):
    """(batch or None, whether it is complete, problems) of what was taken.

    A training batch lacks samples only where the search for another was given up; a held-out one
    lacks those that cannot be read, and one without any is None.
    """

    def __init__(self, collate: Callable[[list[Any]], BatchT]) -> None:
        self._collate = collate

    def __call__(self, taken: list[Taken]) -> tuple[BatchT | None, bool, list[Problem]]:
        samples = [sample for sample, _ in taken if sample is not None]
        problems = [problem for _, each in taken for problem in each]
        batch = self._collate(samples) if samples else None
        return batch, len(samples) == len(taken), problems
