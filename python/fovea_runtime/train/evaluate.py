"""Accuracy and loss on held-out images."""

from collections.abc import Iterable

import torch
from torch import Tensor
from torch.nn import functional

from fovea_runtime.data.source import Batch
from fovea_runtime.interrupt import Interrupt
from fovea_runtime.train.learner import Learner


def evaluate(
    learner: Learner, batches: Iterable[Batch], classes: int, interrupt: Interrupt
) -> dict[str, float] | None:
    """`top1` and `top5` in percent, and the mean cross-entropy `loss` without smoothing.

    With fewer than five classes `top5` looks at all there are. Nothing is returned when a signal
    came before the end.
    """
    # A second to import; the first steps need not wait for it.
    from torchmetrics import MeanMetric
    from torchmetrics.classification import MulticlassAccuracy

    top1, top5 = (
        MulticlassAccuracy(num_classes=max(2, classes), top_k=k, average="micro").to(learner.device)
        for k in (1, min(5, classes))
    )
    loss = MeanMetric().to(learner.device).set_dtype(torch.float64)
    for images, labels in batches:
        if interrupt.raised:
            return None
        logits = learner.predict(images)
        targets = labels.to(learner.device)
        loss.update(functional.cross_entropy(logits, targets, reduction="none").double())
        # A single class still gets the second column that the metric asks for.
        scores = functional.pad(logits, (0, 1), value=float("-inf")) if classes == 1 else logits
        top1.update(scores, targets)
        top5.update(scores, targets)
    return {
        "top1": _percent(top1.compute()),
        "top5": _percent(top5.compute()),
        "loss": float(loss.compute()),
    }


def _percent(share: Tensor) -> float:
    # torchmetrics divides in float32; what is beyond its digits is no accuracy.
    return round(float(share) * 100, 4)
