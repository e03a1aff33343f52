"""Accuracy and loss of classified images, counted up batch by batch."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

TOP = 5


class Tally:
    """Counts of hits by class, and the sum of the losses; nothing waits for the device.

    `images`, `first` and `top` (classes,) int64: images of a class, those whose class has the
    highest score, and those where it is among the five highest. `loss` () float64.

    Of equal scores, that of the lower class counts as the higher one, as in `argmax`; an image with
    a score that is no number is no hit.
    """

    def __init__(self, classes: int, device: torch.device) -> None:
        self.images, self.first, self.top = torch.zeros(
            3, classes, dtype=torch.int64, device=device
        )
        self.loss = torch.zeros((), dtype=torch.float64, device=device)

    def add(self, logits: Tensor, labels: Tensor) -> None:
        """Counts a batch: logits (N, classes) in float32, labels (N,) on the same device."""
        losses = functional.cross_entropy(logits, labels, reduction="none")
        self.loss += losses.double().sum()
        score = logits.gather(1, labels[:, None])
        earlier = torch.arange(logits.shape[1], device=logits.device) < labels[:, None]
        before = (logits > score) | ((logits == score) & earlier)
        rank = before.sum(1)
        usable = ~logits.isnan().any(1)
        self.images += _by_class(torch.ones_like(usable), labels, len(self.images))
        self.first += _by_class(usable & (rank < 1), labels, len(self.images))
        self.top += _by_class(usable & (rank < TOP), labels, len(self.images))

    def share(self, total: Callable[[Tensor], Tensor]) -> None:
        """Makes one tally of those of several processes; `total` sums a tensor over them."""
        self.images, self.first, self.top = total(torch.stack([self.images, self.first, self.top]))
        self.loss = total(self.loss)

    def metrics(self) -> dict[str, float]:
        """`top1` and `top5` in percent, and the mean `loss`; all NaN where nothing was counted.

        With fewer than five classes `top5` looks at all there are.
        """
        count = int(self.images.sum())
        if count == 0:
            return dict.fromkeys(("top1", "top5", "loss"), float("nan"))
        return {
            "top1": _percent(int(self.first.sum()), count),
            "top5": _percent(int(self.top.sum()), count),
            "loss": float(self.loss) / count,
        }

    def by_class(self) -> list[dict[str, Any]]:
        """`class`, `images` and `top1` in percent of each class; None where it has no images."""
        rows = zip(self.images.tolist(), self.first.tolist(), strict=True)
        return [
            {"class": index, "images": count, "top1": _percent(hits, count) if count else None}
            for index, (count, hits) in enumerate(rows)
        ]


def _by_class(chosen: Tensor, labels: Tensor, classes: int) -> Tensor:
    # Not bincount, which waits for the device to tell the largest label.
    counts = torch.zeros(classes, dtype=torch.int64, device=labels.device)
    return counts.scatter_add_(0, labels, chosen.long())


def _percent(hits: int, count: int) -> float:
    return round(100 * hits / count, 4)
