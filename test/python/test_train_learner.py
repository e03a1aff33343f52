"""The optimizer step, against a loop in plain PyTorch."""

from __future__ import annotations

import copy
import math
from typing import Any

import pytest
import torch
from fovea_runtime.data.cut import Cut
from fovea_runtime.train.learner import Learner
from tiny_run import AUGMENT, RECIPE
from torch import nn
from torch.nn import functional


def network() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(64, 10)
    )


def learner(model: nn.Module, **recipe: Any) -> Learner:
    return Learner(
        model,
        {**RECIPE, **recipe},
        torch.device("cpu"),
        steps=20,
        per_epoch=10,
        cut=Cut(8),
        classes=10,
        seed=0,
    )


def batches(count: int) -> list[tuple[torch.Tensor, torch.Tensor]]:
    torch.manual_seed(1)
    return [(torch.randn(8, 1, 6, 6), torch.randint(10, (8,))) for _ in range(count)]


def rate(step: int, *, lr: float, minimum: float, warmup: int, steps: int) -> float:
    """Linear up to `lr` at the end of the warm-up, then half a cosine down to `minimum`."""
    if step < warmup:
        return lr * step / warmup
    return (
        minimum + (lr - minimum) * (1 + math.cos(math.pi * (step - warmup) / (steps - warmup))) / 2
    )


@pytest.mark.parametrize("clip", [False, 0.1])
def test_steps_are_those_of_plain_pytorch(clip: float | bool) -> None:
    model = network()
    plain = copy.deepcopy(model)
    vectors = [p for p in plain.parameters() if p.ndim == 1]
    others = [p for p in plain.parameters() if p.ndim > 1]
    optimizer = torch.optim.AdamW(
        [{"params": vectors, "weight_decay": 0.0}, {"params": others, "weight_decay": 0.05}]
    )
    trained = learner(model, lr=0.02, minLr=0.001, warmupSteps=4, clipGrad=clip, ema=False)
    for step, (images, labels) in enumerate(batches(20), start=1):
        expected = rate(step, lr=0.02, minimum=0.001, warmup=4, steps=20)
        for group in optimizer.param_groups:
            group["lr"] = expected
        loss = functional.cross_entropy(plain(images), labels, label_smoothing=0.1)
        optimizer.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(plain.parameters(), clip or math.inf)
        optimizer.step()
        result = trained.step([(images, labels)], step)
        assert result.lr == pytest.approx(expected, rel=1e-12)
        assert result.loss == pytest.approx(float(loss.detach()), rel=1e-5)
        assert result.grad_norm == pytest.approx(float(norm), rel=1e-4)
    for left, right in zip(model.state_dict().values(), plain.state_dict().values(), strict=True):
        torch.testing.assert_close(left, right, rtol=1e-4, atol=1e-6)


def test_the_warm_up_is_a_twentieth_where_it_is_not_given() -> None:
    trained = learner(network(), lr=0.02, warmupSteps=None)
    first = trained.step(batches(1), 1)
    assert first.lr == pytest.approx(0.02)


def test_the_average_is_a_mean_until_it_spans_its_decay() -> None:
    model = network()
    trained = learner(model, ema=0.75)
    seen: list[torch.Tensor] = []
    average = torch.zeros(())
    for step, batch in enumerate(batches(8), start=1):
        trained.step([batch], step)
        weight = model.get_parameter("4.weight").detach().clone()
        seen.append(weight)
        decay = min(0.75, (step - 1) / step)
        average = average * decay + weight * (1 - decay)
        assert trained.ema is not None
        torch.testing.assert_close(trained.ema.module.state_dict()["4.weight"], average)
        if step <= 4:
            torch.testing.assert_close(average, torch.stack(seen).mean(0))
    assert trained.evaluated is not model


def test_mixing_mixes_and_depends_on_the_step_alone() -> None:
    images, labels = batches(1)[0]
    augment = {**AUGMENT, "mixup": 0.8, "cutmix": 1.0}
    losses = [
        learner(network(), augment=augment).step([(images.clone(), labels)], step).loss
        for step in (1, 1, 2)
    ]
    assert losses[0] == losses[1]
    assert losses[0] != losses[2]


def test_a_step_does_not_depend_on_generators_left_behind() -> None:
    def loss(noise: int) -> float:
        torch.manual_seed(0)
        model = nn.Sequential(nn.Flatten(), nn.Dropout(0.5), nn.Linear(36, 10))
        trained = learner(model)
        torch.manual_seed(noise)
        return trained.step(batches(1), 1).loss

    assert loss(1) == loss(2)
