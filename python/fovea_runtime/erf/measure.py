"""Measures the effective receptive fields of networks, and writes their figures."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from fovea_runtime.certificate import device_name, versions
from fovea_runtime.erf.area import Square, in_decades, squares
from fovea_runtime.erf.contribution import Scores, mean_contribution
from fovea_runtime.erf.figure import Panel
from fovea_runtime.erf.images import image_files, photographs, read_images
from fovea_runtime.erf.last_map import Stage, last_stage
from fovea_runtime.erf.request import ErfRequest
from fovea_runtime.erf.written import require_writable, write_panel, write_together
from fovea_runtime.evaluation.conditions import WRONG_OPTION, find_device
from fovea_runtime.out_of_memory import is_out_of_memory
from fovea_runtime.progress import Progress
from fovea_runtime.subject.subject import Subject, build
from fovea_runtime.weights.mistake import WeightsMistake


@dataclass(frozen=True)
class Field:
    """What was measured of one network; `scores` is None where no image gave finite numbers."""

    subject: Subject
    source: str
    scores: Scores | None
    images: int
    left_out: int


def measure(request: ErfRequest) -> dict[str, Any]:
    """The report of `fovea erf` (src/harness/receptive-fields.ts).

    Raises:
        WeightsMistake: a network, its weights, the images or the device cannot be used, or the disk
            refuses the figures.
    """
    device = find_device(request.device)
    if request.out is not None:
        require_writable(request.out)
    files = None if request.images is None else image_files(request.images, request.count)
    size = (request.size, request.size)
    # All mistakes in weights are told before minutes of work.
    subjects = [build(each, size=size, known=request.known) for each in request.subjects]
    stages = [last_stage(subject) for subject in subjects]
    models, panels = [], []
    for subject, stage in zip(subjects, stages, strict=True):
        field = _field(subject, stage, request, files, device)
        row = _row(field, request)
        if field.scores is not None:
            panel = Panel(_title(field.subject), field.scores, squares(field.scores))
            panels.append(panel)
            row["files"] = write_panel(request.out, subject.name, panel)
        models.append(row)
    return {
        "models": models,
        "files": write_together(request.out, panels),
        "source": _source(request, files),
        "device": device.type,
        "device_name": device_name(device.type),
        "versions": {**versions(), "timm": metadata.version("timm")},
        "passed": all(row["ratios"] is not None for row in models),
    }


def _field(
    subject: Subject,
    stage: Stage,
    request: ErfRequest,
    files: list[Path] | None,
    device: torch.device,
) -> Field:
    # No gradient of a weight is wanted: nothing is kept for one.
    subject.model.to(device).requires_grad_(False)
    shape = (subject.channels, request.size)
    if files is None:
        images, total = photographs(request.count, *shape), request.count
    else:
        images, total = read_images(files, *shape), len(files)
    progress = Progress("images", label=subject.name, total=total)
    try:
        measured = mean_contribution(stage.last_map, _placed(images, device, progress))
    except Exception as error:
        mistake = _unsuited(error, subject, request.size, device)
        if mistake is None:
            raise
        raise mistake from error
    subject.model.to("cpu")
    return Field(subject, stage.source, *measured)


def _placed(images: Iterable[Tensor], device: torch.device, progress: Progress) -> Iterator[Tensor]:
    for image in images:
        yield image.to(device)
        progress.count(1)


def _row(field: Field, request: ErfRequest) -> dict[str, Any]:
    subject, scores = field.subject, field.scores
    plain = None if scores is None else squares(scores)
    decades = None if scores is None else squares(in_decades(scores))
    notes = list(subject.notes)
    if field.left_out:
        notes.append(f"{field.left_out} images are left out: their gradients are not finite")
    if plain is None:
        notes.append("nothing contributes to the middle of the last map")
    return {
        "name": subject.name,
        "network": subject.network,
        "weights": None if subject.weights is None else str(subject.weights),
        "average": subject.average,
        "step": subject.step,
        "images": field.images,
        "size": request.size,
        "map": field.source,
        "ratios": _ratios(plain),
        "sides": None if plain is None else {str(t): each.side for t, each in plain.items()},
        "log_ratios": _ratios(decades),
        "files": [],
        "notes": notes,
    }


def _ratios(found: dict[int, Square] | None) -> dict[str, float] | None:
    return None if found is None else {str(t): each.ratio for t, each in found.items()}


def _title(subject: Subject) -> str:
    return subject.name if subject.weights is not None else f"{subject.name}, untrained"


def _source(request: ErfRequest, files: list[Path] | None) -> dict[str, Any]:
    if files is None:
        return {"folder": None, "images": request.count}
    return {"folder": str(request.images), "images": len(files)}


def _unsuited(
    error: Exception, subject: Subject, size: int, device: torch.device
) -> WeightsMistake | None:
    """The user's mistake behind an error of a network, if there is one."""
    if is_out_of_memory(error):
        return WeightsMistake(
            WRONG_OPTION,
            f"--size {size}: {subject.name} on an image of {size}x{size} pixels does not fit in the "
            f"memory of this {device.type}",
            value=str(size),
            fix=f"write --size {max(1, size // 2)}",
        )
    if isinstance(error, ValueError):
        return WeightsMistake(
            WRONG_OPTION,
            f"--size {size}: {subject.name} does not take such images: {error}",
            value=str(size),
            fix="write another --size",
        )
    return None
