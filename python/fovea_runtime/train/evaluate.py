"""Accuracy and loss on held-out images."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor
from torch.nn import functional

from fovea_runtime.data.source import Batch, Source
from fovea_runtime.interrupt import Interrupt
from fovea_runtime.train.learner import Learner
from fovea_runtime.train.processes import Processes


def evaluate(
    learner: Learner,
    source: Source,
    batch: int,
    interrupt: Interrupt,
    processes: Processes,
    *,
    beat: Callable[[], object] = lambda: None,
) -> dict[str, float] | None:
    """`top1` and `top5` in percent, and the mean cross-entropy `loss` without smoothing.

    With fewer than five classes `top5` looks at all there are. Each process looks at its share of
    the images, and each gets the figures of all. Nothing is returned when a signal came before the
    end. Before each batch there is a `beat`.
    """
    # A second to import; the first steps need not wait for it.
    from torchmetrics import MeanMetric
    from torchmetrics.classification import MulticlassAccuracy

    classes = source.classes
    top1, top5 = (
        MulticlassAccuracy(num_classes=max(2, classes), top_k=k, average="micro").to(learner.device)
        for k in (1, min(5, classes))
    )
    loss = MeanMetric().to(learner.device).set_dtype(torch.float64)
    processes.share_buffers(learner.evaluated)
    batches = iter(source.held_out(batch, part=processes.rank, parts=processes.count))
    while True:
        beat()
        found = _next(batches, interrupt)
        stopped, done = processes.vote(interrupt.raised, done=found is None)
        if stopped:
            return None
        if done:
            break
        if found is None:
            continue
        images, labels = found
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


def _next(batches: Iterator[Batch], interrupt: Interrupt) -> Batch | None:
    if interrupt.raised:
        return None
    try:
        return next(batches, None)
    except Exception:
        # The signal may have ended the loader's processes first.
        if interrupt.raised:
            return None
        raise


def _percent(share: Tensor) -> float:
    # torchmetrics divides in float32; what is beyond its digits is no accuracy.
    return round(float(share) * 100, 4)
