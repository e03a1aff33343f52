"""The learning rate from step to step."""

from typing import Any

from timm.scheduler.cosine_lr import CosineLRScheduler
from timm.scheduler.multistep_lr import MultiStepLRScheduler
from timm.scheduler.poly_lr import PolyLRScheduler
from timm.scheduler.scheduler import Scheduler
from torch.optim import Optimizer

from fovea_runtime.train.lr_scaling import effective_lr, effective_min_lr

_WARMUP_SHARE = 20
"""Without `warmupSteps` and `warmupEpochs` the warm-up takes one of so many steps."""


def make_schedule(
    optimizer: Optimizer, recipe: dict[str, Any], *, steps: int, per_epoch: int
) -> Scheduler:
    """timm's schedule of a recipe over `steps` optimizer steps, `per_epoch` of them an epoch.

    `step_update(n)` sets the rate of step n, counted from 1, and depends on n alone. With lr and
    min as `lrScaling` leaves them, w steps of warm-up, and p = (n - w) / (steps - w):

    - n < w: lr · (warmupStart + (1 - warmupStart) · n / w)
    - `cosine`: min + (lr - min) · (1 + cos πp) / 2
    - `poly`: min + (lr - min) · (1 - p)^power
    - `step`: lr · gamma^(milestones that are as many epochs as were done before the step, or fewer)

    A group of the optimizer with an `lr_scale` gets that share of it, of `minLr` too.

    Raises:
        ValueError: the warm-up or a milestone is not before the end of the run.
    """
    warmup = warmup_steps(recipe, steps=steps, per_epoch=per_epoch)
    lr = effective_lr(recipe)
    common: dict[str, Any] = {
        "warmup_t": warmup,
        "warmup_lr_init": recipe["warmupStart"] * lr,
        "t_in_epochs": False,
    }
    if recipe["schedule"] == "step":
        return MultiStepLRScheduler(
            optimizer,
            decay_t=_milestones(recipe, steps, per_epoch, warmup),
            decay_rate=recipe["gamma"],
            # Epochs count from the run's start, not from the end of the warm-up.
            warmup_prefix=False,
            **common,
        )
    common |= {
        "t_initial": steps - warmup,
        "lr_min": effective_min_lr(recipe),
        "warmup_prefix": True,
    }
    if recipe["schedule"] == "poly":
        return PolyLRScheduler(optimizer, power=recipe["power"], **common)
    return CosineLRScheduler(optimizer, **common)


def warmup_steps(recipe: dict[str, Any], *, steps: int, per_epoch: int) -> int:
    """Optimizer steps of a recipe's warm-up, of `steps` in all.

    Raises:
        ValueError: it would leave nothing of the run.
    """
    if recipe["warmupSteps"] is not None:
        name, unit, warmup = "warmupSteps", 1, recipe["warmupSteps"]
    elif recipe["warmupEpochs"] is not None:
        name, unit, warmup = "warmupEpochs", per_epoch, recipe["warmupEpochs"] * per_epoch
    else:
        return steps // _WARMUP_SHARE
    if warmup >= steps:
        means = "" if unit == 1 else f" ({warmup} steps)"
        raise ValueError(
            f"recipe.{name} {recipe[name]}{means} leaves nothing of a run of {steps} steps: "
            f"allowed are 0 to {(steps - 1) // unit}, or write {name}: null for one twentieth of "
            "all steps"
        )
    return warmup


def _milestones(recipe: dict[str, Any], steps: int, per_epoch: int, warmup: int) -> list[int]:
    """The milestones as timm counts them."""
    for epoch in recipe["milestones"]:
        if not warmup <= epoch * per_epoch < steps:
            raise ValueError(
                f"recipe.milestones has epoch {epoch}, which is step {epoch * per_epoch}: allowed "
                f"are epochs after the warm-up ({warmup} steps) and before the end ({steps} steps "
                f"of {per_epoch} an epoch); take such milestones, or more steps"
            )
    # timm multiplies at step m - 1 for the milestone m; the first step that is multiplied comes
    # after the epochs that are done.
    return [epoch * per_epoch + 2 for epoch in recipe["milestones"]]
