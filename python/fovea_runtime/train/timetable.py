"""When what happens in a run, counted in optimizer steps."""

from dataclasses import dataclass
from typing import Any

from fovea_runtime.data.order import steps_per_epoch


@dataclass(frozen=True)
class Timetable:
    """`steps` optimizer steps in all, of `batch` images each; steps count from 1."""

    steps: int
    batch: int
    per_epoch: int
    log_every: int
    eval_every: int
    checkpoint_every: int

    def epoch(self, step: int) -> float:
        """Epochs done after a step."""
        return step / self.per_epoch

    def logs(self, step: int) -> bool:
        """Whether the step gets an event."""
        return step % self.log_every == 0

    def evaluates(self, step: int) -> bool:
        """Whether the held-out images are looked at after the step."""
        return step > 0 and (step % self.eval_every == 0 or step == self.steps)

    def saves(self, step: int) -> bool:
        """Whether a checkpoint is written after the step."""
        return step > 0 and (step % self.checkpoint_every == 0 or step == self.steps)


def timetable(recipe: dict[str, Any], train_size: int) -> Timetable:
    """The timetable of a recipe over `train_size` images.

    Raises:
        ValueError: the recipe has neither steps nor epochs.
    """
    batch = min(recipe["batch"], train_size)
    per_epoch = steps_per_epoch(train_size, batch)
    if recipe["steps"] is not None:
        steps = recipe["steps"]
    elif recipe["epochs"] is not None:
        steps = recipe["epochs"] * per_epoch
    else:
        raise ValueError("the recipe has neither steps nor epochs")
    return Timetable(
        steps=steps,
        batch=batch,
        per_epoch=per_epoch,
        log_every=recipe["logEvery"],
        eval_every=recipe["evalEvery"] or per_epoch,
        checkpoint_every=recipe["checkpointEvery"] or per_epoch,
    )
