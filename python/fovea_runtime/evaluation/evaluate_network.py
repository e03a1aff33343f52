"""Evaluates a network: accuracy and loss on held-out images, and images a second."""

import math
import time
from collections.abc import Iterable, Iterator
from importlib import metadata
from typing import Any

import torch
from torch import nn

from fovea_runtime.certificate import device_name, versions
from fovea_runtime.data.source import Batch
from fovea_runtime.evaluation import speed
from fovea_runtime.evaluation.conditions import (
    WRONG_OPTION,
    Conditions,
    amp_name,
    find_amp,
    find_device,
)
from fovea_runtime.evaluation.held_out import HeldOut, open_held_out, unreadable
from fovea_runtime.evaluation.request import EvalRequest
from fovea_runtime.evaluation.tally import Tally
from fovea_runtime.out_of_memory import is_out_of_memory
from fovea_runtime.progress import Progress
from fovea_runtime.reparam.fused import quietly_fused
from fovea_runtime.subject.subject import Subject, build
from fovea_runtime.weights.mistake import WeightsMistake

BATCH = {"cpu": 64, "cuda": 256}
"""Images at a time where neither the command line nor a run says."""


def evaluate_network(request: EvalRequest) -> dict[str, Any]:
    """The report of `fovea eval` (src/harness/evaluate-network.ts).

    A run is evaluated as its training does it: the same images in the same batches, the moving
    average where there is one, the recipe's autocast, memory format and compilation.

    Raises:
        WeightsMistake: the network, its weights, the data or the device cannot be used.
    """
    device = find_device(request.device)
    recipe = request.recipe if request.is_run else {}
    chosen = recipe.get("amp", False) if request.amp is None else request.amp
    channels_last = recipe.get("channelsLast", False)
    conditions = Conditions(
        device=device,
        amp=find_amp(chosen, device),
        layout=torch.channels_last if channels_last else torch.preserve_format,
    )
    subject = build(request.subject, size=request.size, known=request.known)
    held_out = open_held_out(request, subject)
    batch = request.batch or _own_batch(request, held_out, device)
    model = _model(request, subject, conditions)
    start = time.perf_counter()
    tally, problems = _count(model, held_out, batch, conditions, subject)
    seconds = time.perf_counter() - start
    metrics = {name: _finite(value) for name, value in tally.metrics().items()}
    return {
        "network": subject.network,
        "checkpoint": {
            "file": str(subject.weights),
            "average": subject.average,
            "step": subject.step,
        },
        "fused": request.fuse or subject.fused,
        "images": int(tally.images.sum()),
        "size": list(held_out.size),
        "batch": batch,
        "amp": amp_name(conditions.amp),
        "metrics": metrics,
        "classes": _classes(tally, held_out.names),
        "seconds": seconds,
        "throughput": _throughput(request, subject, model, held_out, conditions),
        "device": device.type,
        "device_name": device_name(device.type),
        "threads": torch.get_num_threads(),
        "versions": {**versions(), "timm": metadata.version("timm")},
        "passed": metrics["loss"] is not None,
        "notes": [*subject.notes, *problems],
    }


def _own_batch(request: EvalRequest, held_out: HeldOut, device: torch.device) -> int:
    if not request.is_run:
        return BATCH[device.type]
    if not request.is_own_data:
        return request.recipe["batch"]
    # As in training's timetable: sums in another order round otherwise.
    return min(request.recipe["batch"], held_out.source.train_size)


def _model(request: EvalRequest, subject: Subject, conditions: Conditions) -> nn.Module:
    model = subject.model
    if request.fuse and subject.is_peer:
        raise WeightsMistake(
            WRONG_OPTION,
            f"--fuse: {subject.name} is a model of timm, which fovea does not fuse",
            fix="leave --fuse out",
        )
    if request.fuse:
        model = quietly_fused(model)
    model = conditions.placed(model)
    # Training compiles what it trains; the average is a copy from before.
    if request.is_run and request.recipe.get("compile", False) and not subject.average:
        model.compile()
    return model


def _count(
    model: nn.Module, held_out: HeldOut, batch: int, conditions: Conditions, subject: Subject
) -> tuple[Tally, list[str]]:
    source = held_out.source
    tally = Tally(source.classes, conditions.device)
    progress = Progress("images")
    problems: list[str] = []
    for images, labels in _readable(source.held_out(batch)):
        try:
            tally.add(conditions.logits(model, images), labels.to(conditions.device))
        except Exception as error:
            if is_out_of_memory(error):
                raise _too_large(len(images), held_out.size, conditions.device) from error
            if isinstance(error, ValueError):
                raise _unsuited(subject, held_out.size, error) from error
            raise
        problems += source.take_problems()
        progress.count(len(images))
    return tally, problems


def _readable(batches: Iterator[Batch]) -> Iterable[Batch]:
    try:
        yield from batches
    except (ValueError, OSError) as error:
        raise unreadable(error) from error


def _throughput(
    request: EvalRequest,
    subject: Subject,
    model: nn.Module,
    held_out: HeldOut,
    conditions: Conditions,
) -> list[dict[str, Any]]:
    if request.throughput is None:
        return []
    amps: list[torch.dtype | None] = [None]
    if request.amp is not False:
        amps.append(conditions.amp or _half(conditions.device))
    rows = speed.measure(
        model,
        channels=subject.channels,
        size=held_out.size,
        batches=request.throughput or speed.BATCHES[conditions.device.type],
        amps=amps,
        conditions=conditions,
    )
    return list(rows)


def _half(device: torch.device) -> torch.dtype:
    if device.type == "cuda" and not torch.cuda.is_bf16_supported(including_emulation=False):
        return torch.float16
    return torch.bfloat16


def _classes(tally: Tally, names: list[str] | None) -> list[dict[str, Any]]:
    rows = tally.by_class()
    if names is None:
        return rows
    return [{**row, "name": name} for row, name in zip(rows, names, strict=True)]


def _finite(number: float) -> float | None:
    """JSON has no NaN."""
    return number if math.isfinite(number) else None


def _too_large(images: int, size: tuple[int, int], device: torch.device) -> WeightsMistake:
    height, width = size
    smaller = images // 2
    return WeightsMistake(
        WRONG_OPTION,
        f"--batch {images}: {images} images of {height}x{width} pixels do not fit in the memory of "
        f"this {device.type}",
        value=str(images),
        fix=f"write --batch {smaller}" if smaller else "write a smaller --size",
    )


def _unsuited(subject: Subject, size: tuple[int, int], error: ValueError) -> WeightsMistake:
    return WeightsMistake(
        WRONG_OPTION,
        f"images of {size[0]}x{size[1]} pixels: {subject.name} does not take them: {error}",
        value=f"{size[0]}x{size[1]}",
        fix="write another --size",
    )
