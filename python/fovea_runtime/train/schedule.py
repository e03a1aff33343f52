"""The learning rate from step to step."""

from typing import Any

from timm.scheduler.cosine_lr import CosineLRScheduler
from torch.optim import Optimizer

_WARMUP_SHARE = 20
"""Without `warmupSteps` the warm-up takes one of so many steps."""


def make_schedule(
    optimizer: Optimizer, recipe: dict[str, Any], *, steps: int, per_epoch: int
) -> CosineLRScheduler:
    """timm's schedule of a recipe over `steps` optimizer steps, `per_epoch` of them an epoch.

    `step_update(number)` sets the rate of step `number`, counted from 1.
    """
    del per_epoch
    warmup = recipe["warmupSteps"]
    if warmup is None:
        warmup = steps // _WARMUP_SHARE
    return CosineLRScheduler(
        optimizer,
        t_initial=max(1, steps - warmup),
        lr_min=recipe["minLr"],
        warmup_t=warmup,
        warmup_prefix=True,
        t_in_epochs=False,
    )
