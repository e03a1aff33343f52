"""The learning rate of every step, against the closed forms."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from fovea_runtime.train.lr_scaling import effective_lr
from fovea_runtime.train.schedule import make_schedule
from tiny_run import RECIPE
from torch import nn

STEPS, PER_EPOCH, WARMUP = 60, 10, 6
LR, MIN = 0.02, 0.001


def recipe(**changed: Any) -> dict[str, Any]:
    return {**RECIPE, "lr": LR, "minLr": MIN, "warmupSteps": WARMUP, **changed}


def optimizer(lr: float = LR) -> torch.optim.AdamW:
    parameters = [nn.Parameter(torch.zeros(1)) for _ in range(3)]
    return torch.optim.AdamW(
        [
            {"params": parameters[0]},
            {"params": parameters[1], "lr_scale": 0.5},
            {"params": parameters[2], "lr_scale": 0.125},
        ],
        lr=lr,
    )


def done(step: int, warmup: int = WARMUP) -> float:
    return (step - warmup) / (STEPS - warmup)


def cosine(step: int) -> float:
    return MIN + (LR - MIN) * (1 + math.cos(math.pi * done(step))) / 2


def linear(step: int) -> float:
    return MIN + (LR - MIN) * (1 - done(step))


def power(step: int) -> float:
    return MIN + (LR - MIN) * (1 - done(step)) ** 0.9


def stairs(step: int) -> float:
    """Epochs 3 and 5 of ten steps are done after steps 30 and 50."""
    return LR * 0.2 ** ((step > 30) + (step > 50))


SCHEDULES = [
    ({"schedule": "cosine"}, cosine),
    ({"schedule": "poly"}, linear),
    ({"schedule": "poly", "power": 0.9}, power),
    ({"schedule": "step", "milestones": [3, 5], "gamma": 0.2}, stairs),
]


@pytest.mark.parametrize(("options", "expected"), SCHEDULES)
@pytest.mark.parametrize("start", [0.0, 0.25])
@pytest.mark.parametrize("resumed", [0, 4, 33])
def test_every_step_has_the_rate_of_the_closed_form(
    options: dict[str, Any], expected: Any, start: float, resumed: int
) -> None:
    made = recipe(**options, warmupStart=start)
    trained = optimizer()
    schedule = make_schedule(trained, made, steps=STEPS, per_epoch=PER_EPOCH)
    if resumed:
        schedule.step_update(resumed)
        saved = (trained.state_dict(), schedule.state_dict())
        trained = optimizer()
        schedule = make_schedule(trained, made, steps=STEPS, per_epoch=PER_EPOCH)
        trained.load_state_dict(saved[0])
        schedule.load_state_dict(saved[1])
    for step in range(resumed + 1, STEPS + 1):
        schedule.step_update(step)
        rate = expected(step)
        if step < WARMUP:
            rate = LR * (start + (1 - start) * step / WARMUP)
        rates = [group["lr"] for group in trained.param_groups]
        assert rates == pytest.approx([rate, 0.5 * rate, 0.125 * rate], rel=1e-12), step


def test_the_ends() -> None:
    for options, _ in SCHEDULES[:3]:
        trained = optimizer()
        schedule = make_schedule(trained, recipe(**options), steps=STEPS, per_epoch=PER_EPOCH)
        schedule.step_update(WARMUP)
        assert trained.param_groups[0]["lr"] == LR
        schedule.step_update(STEPS)
        assert trained.param_groups[0]["lr"] == pytest.approx(MIN, rel=1e-12)


@pytest.mark.parametrize(
    ("options", "first"),
    [
        ({"warmupSteps": None, "warmupEpochs": 2}, LR / 20),
        # `warmupSteps` wins.
        ({"warmupSteps": 5, "warmupEpochs": 2}, LR / 5),
        # Three of sixty are a twentieth.
        ({"warmupSteps": None, "warmupEpochs": None}, LR / 3),
        ({"warmupSteps": 0}, MIN + (LR - MIN) * (1 + math.cos(math.pi / STEPS)) / 2),
    ],
)
def test_the_length_of_the_warm_up(options: dict[str, Any], first: float) -> None:
    trained = optimizer()
    schedule = make_schedule(trained, recipe(**options), steps=STEPS, per_epoch=PER_EPOCH)
    schedule.step_update(1)
    assert trained.param_groups[0]["lr"] == pytest.approx(first, rel=1e-12)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"warmupSteps": 60}, r"warmupSteps 60 leaves nothing of a run of 60 steps: .* 0 to 59"),
        (
            {"warmupSteps": None, "warmupEpochs": 20},
            r"warmupEpochs 20 \(200 steps\) leaves nothing .* 0 to 5",
        ),
        (
            {"schedule": "step", "milestones": [3, 6]},
            r"epoch 6, which is step 60: .*end .60 steps of 10",
        ),
        ({"schedule": "step", "milestones": [1], "warmupSteps": 11}, r"epoch 1, .* \(11 steps\)"),
    ],
)
def test_what_does_not_fit_into_the_run_is_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        make_schedule(optimizer(), recipe(**options), steps=STEPS, per_epoch=PER_EPOCH)


@pytest.mark.parametrize(
    ("scaling", "factor"),
    [
        (False, 1),
        # The recipe's batch is 8.
        ({"rule": "linear", "batch": 4096}, 8 / 4096),
        ({"rule": "linear", "batch": 4}, 2),
        ({"rule": "sqrt", "batch": 32}, 0.5),
    ],
)
def test_rates_follow_the_batch_where_the_recipe_says_so(scaling: Any, factor: float) -> None:
    made = recipe(lrScaling=scaling, warmupStart=0.1)
    assert effective_lr(made) == pytest.approx(LR * factor, rel=1e-15)
    trained = optimizer(effective_lr(made))
    schedule = make_schedule(trained, made, steps=STEPS, per_epoch=PER_EPOCH)
    rates = {}
    for step in (3, WARMUP, STEPS):
        schedule.step_update(step)
        rates[step] = trained.param_groups[0]["lr"]
    assert rates == pytest.approx(
        {3: 0.55 * LR * factor, WARMUP: LR * factor, STEPS: MIN * factor}, rel=1e-12
    )
