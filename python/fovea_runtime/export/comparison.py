"""Whether an exported file computes what the network does."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from fovea_runtime.export.request import Size
from fovea_runtime.export.subject import Subject
from fovea_runtime.weights.mistake import WeightsMistake

LIMITS = {
    torch.float64: 1e-10,
    torch.float32: 1e-4,
    # Some roundings in a row.
    torch.float16: 13 * torch.finfo(torch.float16).eps,
    torch.bfloat16: 13 * torch.finfo(torch.bfloat16).eps,
}
"""Largest relative error of an image's logits that counts as the same."""

BAD_OPTION = "FOV0040"


@dataclass(frozen=True)
class Trial:
    """Images (N, C, H, W), and what the network makes of them."""

    images: Tensor
    logits: Tensor


@dataclass(frozen=True)
class Outcome:
    """The largest relative error of a file over a trial's images: of logits, in the Euclidean norm."""

    images: int
    size: Size
    error: float

    def row(self) -> dict[str, Any]:
        # JSON has no infinity.
        error = self.error if math.isfinite(self.error) else None
        return {"images": self.images, "size": list(self.size), "error": error}


@torch.no_grad()
def trials(subject: Subject) -> list[Trial]:
    """What a file is tried with: one image of the size asked for, then several of another size.

    What was asked to be fixed stays as it is.

    Raises:
        WeightsMistake: the network takes no images of that size.
    """
    height, width = subject.tried_size
    batch, size = subject.request.batch, subject.request.size
    shapes = [(batch or 1, height, width)]
    if size is None:
        height = max(height * 5 // 8, subject.least)
        width = max(width * 3 // 4 + 1, subject.least)
    shapes.append((batch or 3, height, width))
    generator = torch.Generator().manual_seed(1)
    found = []
    for images, *sides in dict.fromkeys(shapes):
        x = torch.randn((images, subject.channels, *sides), generator=generator)
        x = x.to(subject.request.dtype)
        try:
            found.append(Trial(x, subject.network(x)))
        except ValueError as error:
            written = "x".join(map(str, sides))
            raise WeightsMistake(
                BAD_OPTION,
                f"--size {written}: {error}",
                value=written,
                fix="write --size with larger images, or leave it out",
            ) from error
    return found


@torch.no_grad()
def compare(run: Callable[[Tensor], Tensor], tried: list[Trial]) -> list[Outcome]:
    """Holds what `run` makes of the images against the network's logits."""
    outcomes = []
    for trial in tried:
        images, _, height, width = trial.images.shape
        error = _error(run(trial.images), trial.logits)
        outcomes.append(Outcome(images, (height, width), error))
    return outcomes


def _error(seen: Tensor, wanted: Tensor) -> float:
    if seen.shape != wanted.shape or not seen.isfinite().all():
        return math.inf
    # Below the smallest normal number there is no relative precision.
    floor = torch.finfo(wanted.dtype).smallest_normal * math.sqrt(wanted[0].numel())
    seen, wanted = seen.double().flatten(1), wanted.double().flatten(1)
    return ((seen - wanted).norm(dim=1) / wanted.norm(dim=1).clamp_min(floor)).max().item()
