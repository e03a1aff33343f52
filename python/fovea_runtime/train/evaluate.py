"""Accuracy and loss on held-out images."""

from collections.abc import Iterable

from fovea_runtime.data.source import Batch
from fovea_runtime.evaluation.tally import Tally
from fovea_runtime.interrupt import Interrupt
from fovea_runtime.train.learner import Learner


def evaluate(
    learner: Learner, batches: Iterable[Batch], classes: int, interrupt: Interrupt
) -> dict[str, float] | None:
    """`top1` and `top5` in percent, and the mean cross-entropy `loss` without smoothing.

    With fewer than five classes `top5` looks at all there are. Nothing is returned when a signal
    came before the end.
    """
    tally = Tally(classes, learner.device)
    for images, labels in batches:
        if interrupt.raised:
            return None
        tally.add(learner.predict(images), labels.to(learner.device))
    return tally.metrics()
