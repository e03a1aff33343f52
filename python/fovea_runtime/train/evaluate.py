"""Accuracy and loss on held-out images."""

from collections.abc import Callable

from fovea_runtime.data.source import Source
from fovea_runtime.evaluation.tally import Tally
from fovea_runtime.interrupt import Interrupt, unless_stopped
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
    tally = Tally(source.classes, learner.device)
    processes.share_buffers(learner.evaluated)
    batches = iter(source.held_out(batch, part=processes.rank, parts=processes.count))
    while True:
        beat()
        found = unless_stopped(interrupt, lambda: next(batches, None))
        stopped, done = processes.vote(interrupt.raised, done=found is None)
        if stopped:
            return None
        if done:
            break
        if found is None:
            continue
        images, labels = found
        tally.add(learner.predict(images), labels.to(learner.device))
    tally.share(processes.total)
    return tally.metrics()
