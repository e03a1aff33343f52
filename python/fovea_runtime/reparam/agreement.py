"""Whether two networks compute the same."""

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from fovea_runtime.reparam.images import Size
from fovea_runtime.weights.mistake import WeightsMistake

LIMIT = 1e-5
"""Largest relative error of float32 outputs that counts as the same."""


@dataclass(frozen=True)
class Agreement:
    """The largest relative error over `images` images of one size, in features or logits."""

    size: Size
    images: int
    error: float

    @property
    def holds(self) -> bool:
        return self.error <= LIMIT


@torch.no_grad()
def compare(wanted: Any, seen: Any, batches: Iterable[Tensor]) -> list[Agreement]:
    """Holds features and logits of two networks against each other, an agreement a batch.

    The error of an image is the norm of the difference over the norm of what is wanted.

    Raises:
        WeightsMistake: the networks take no image of that size.
    """
    found = []
    for x in batches:
        size = (x.shape[2], x.shape[3])
        errors = []
        # One at a time: memory stays that of one image.
        for image in x.split(1):
            try:
                pairs = zip(_outputs(wanted, image), _outputs(seen, image), strict=True)
            except ValueError as error:
                raise _too_small(size, error) from error
            errors += [_relative(theirs, ours) for ours, theirs in pairs]
        found.append(Agreement(size, len(x), max(errors)))
    return found


def exact_error(wanted: Any, seen: Any, batches: Sequence[Tensor]) -> float:
    """The largest error in float64: whether the networks differ, or float32 is too coarse."""
    wanted, seen = copy.deepcopy(wanted).double(), copy.deepcopy(seen).double()
    return max(each.error for each in compare(wanted, seen, [x.double() for x in batches]))


def _outputs(model: Any, x: Tensor) -> tuple[Tensor, Tensor]:
    features = model.forward_features(x)
    return features, model.forward_head(features)


def _relative(seen: Tensor, wanted: Tensor) -> float:
    lost = (seen.double() - wanted.double()).norm().item()
    whole = wanted.double().norm().item()
    if not (lost < float("inf") and whole < float("inf")):
        return float("inf")
    return lost / whole if lost > 0 and whole > 0 else lost


def _too_small(size: Size, error: ValueError) -> WeightsMistake:
    return WeightsMistake(
        "FOV0040",
        f"--size {size[0]}x{size[1]}: {error}",
        value=f"{size[0]}x{size[1]}",
        fix="name a larger size",
    )
