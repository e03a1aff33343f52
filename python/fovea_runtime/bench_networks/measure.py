"""Rounds of inference and training steps, and what they say."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from fovea_runtime.bench.clock import Called, make_clock
from fovea_runtime.bench.memory import peak_memory
from fovea_runtime.bench.rounds import Series, take_turns
from fovea_runtime.bench_networks.contestant import Contestant

Record = dict[str, Any]
DIRECTIONS = ("forward", "forward_backward")


@dataclass(frozen=True)
class Conditions:
    """What is the same for all."""

    device: str
    dtype: torch.dtype
    """Autocast's, as a recipe's `amp`; float32 stands for none."""
    shape: tuple[int, int, int, int]
    """Images (N, C, H, W)."""
    rounds: int


def measure(contestants: list[Contestant], conditions: Conditions) -> list[Record]:
    """A record a contestant: images a second, milliseconds a batch with their spread, memory.

    `forward` is inference: eval mode, no gradients. `forward_backward` is a training step without
    its optimizer: cross-entropy and the gradients of all parameters. Networks that give anything
    but finite numbers are not timed. Ratios are to the first contestant's time, paired by rounds.
    """
    generator = torch.Generator().manual_seed(0)
    images = torch.randn(conditions.shape, generator=generator).to(conditions.device)
    failures = {each.name: _failures(each.module, images, conditions) for each in contestants}
    right = [each for each in contestants if not failures[each.name]]
    series: dict[str, dict[str, Series]] = {}
    for direction in DIRECTIONS:
        calls = {
            each.name: _call(each.module, images, conditions, direction)
            for each in right
            if direction == "forward" or each.form == "trained"
        }
        for each in right:
            each.module.train(direction != "forward")
        series[direction] = _timed(calls, conditions)
    memory = {
        each.name: peak_memory(
            conditions.device, _call(each.module, images, conditions, DIRECTIONS[-1])
        )
        for each in right
        if each.form == "trained"
    }
    first = contestants[0].name
    return [
        {
            "name": each.name,
            "kind": each.kind,
            "form": each.form,
            "model": each.model,
            "parameters": each.parameters,
            "failures": failures[each.name],
            **{d: _times(series[d], each.name, first, len(images)) for d in DIRECTIONS},
            "peak_memory": memory.get(each.name),
        }
        for each in contestants
    ]


def _timed(calls: dict[str, Called], conditions: Conditions) -> dict[str, Series]:
    if not calls:
        return {}
    for call in calls.values():
        call()  # what is made once is made before the clock looks
    return take_turns(make_clock(conditions.device), calls, set(), conditions.rounds)


def _call(module: nn.Module, images: Tensor, conditions: Conditions, direction: str) -> Called:
    if direction == "forward":
        return lambda: _infer(module, images, conditions)
    labels = torch.zeros(len(images), dtype=torch.int64, device=conditions.device)
    return lambda: _train(module, images, labels, conditions)


@torch.no_grad()
def _infer(module: nn.Module, images: Tensor, conditions: Conditions) -> Tensor:
    with _autocast(conditions):
        return module(images)


def _train(module: nn.Module, images: Tensor, labels: Tensor, conditions: Conditions) -> Tensor:
    module.zero_grad(set_to_none=True)
    with _autocast(conditions):
        logits = module(images)
    loss = functional.cross_entropy(logits.float(), labels)
    loss.backward()
    return loss.detach()


def _autocast(conditions: Conditions) -> torch.autocast:
    enabled = conditions.dtype != torch.float32
    return torch.autocast(conditions.device, dtype=conditions.dtype, enabled=enabled)


def _failures(module: nn.Module, images: Tensor, conditions: Conditions) -> list[str]:
    logits = _infer(module.eval(), images, conditions)
    if logits.ndim != 2 or len(logits) != len(images):
        return [f"its output has the shape {tuple(logits.shape)}, and not one row an image"]
    return [] if bool(logits.isfinite().all()) else ["its output is not finite"]


def _times(series: dict[str, Series], name: str, first: str, batch: int) -> Record | None:
    found = series.get(name)
    if found is None:
        return None
    return {
        **found.spread(),
        "images_per_second": 1000 * batch / found.median,
        "ratio": found.ratio(series[first]) if first in series else None,
    }
