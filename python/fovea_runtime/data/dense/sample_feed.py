"""Samples of the dense tasks, in lists: their images differ in size."""

from typing import Any

from fovea_runtime.data.dense.samples import Sample
from fovea_runtime.data.feed import Feed, Split
from fovea_runtime.data.unreadable import Ledger


class SampleFeed(Feed[list[Sample]]):
    """Batches are lists of samples (samples.py); a training sample is one of (seed, epoch, index).

    Attributes:
        class_names: what the labels stand for.

    Raises:
        ValueError: there is nothing to train on or to evaluate.
    """

    def __init__(
        self, kind: str, train: Split, held_out: Split, *, class_names: list[str], **options: Any
    ) -> None:
        super().__init__(train, held_out, collate=list, **options)
        self.class_names = class_names
        for what, split in (("training", train), ("held-out", held_out)):
            if len(split) == 0:
                ledger: Ledger = options["ledger"]
                why = f": {ledger.named()}" if len(ledger) > 0 else ""
                raise ValueError(f"{kind}: there is no {what} image with an annotation{why}")
