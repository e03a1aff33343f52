"""A network with its weights, in eval mode on the CPU, and what is to be told of both."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from torch import nn

from fovea_runtime.reparam.own_weights import read_own
from fovea_runtime.subject.request import SubjectRequest
from fovea_runtime.weights.declared import Config
from fovea_runtime.weights.package import Package

Size = tuple[int, int]
"""Height and width in pixels."""


@dataclass(frozen=True)
class Subject:
    """`name` is for reports, `network` the declared one. `size` is the declared size of its images.

    `weights` is the file that they are from, None where they are fresh; `average` tells whether
    they are a moving average, `step` how many optimizer steps made them, where the file tells.
    """

    name: str
    network: str
    model: nn.Module
    classes: int
    channels: int
    size: Size
    weights: Path | None
    average: bool
    step: int | None
    fused: bool
    is_peer: bool
    notes: list[str]


def build(request: SubjectRequest, *, size: Size | None, known: Sequence[Config] = ()) -> Subject:
    """The network asked for. `size` is that of the images, where it is not the declared one.

    Raises:
        WeightsMistake: the weights cannot be read or are those of another network, or timm cannot
            build the peer so.
    """
    if request.package is not None:
        return _own(request, request.package, known)
    # timm takes seconds to import.
    from fovea_runtime.subject.peer import peer_subject

    return peer_subject(request, size)


def _own(request: SubjectRequest, folder: Path, known: Sequence[Config]) -> Subject:
    package = Package(folder)
    declared: Any = package.config["input"]
    side = declared["size"]
    fresh = Subject(
        name=request.name or package.name,
        network=package.name,
        model=nn.Identity(),
        classes=package.classes,
        channels=declared["channels"],
        size=(side, side) if isinstance(side, int) else (side[0], side[1]),
        weights=request.weights,
        average=False,
        step=None,
        fused=False,
        is_peer=False,
        notes=[],
    )
    if request.weights is None:
        return replace(fresh, model=package.fresh().eval())
    own = read_own(request.weights, package, average=request.average, known=known, allow_fused=True)
    # Out of the file's mapped memory: into that of a network in training, aligned as it is there.
    own = replace(own, state={key: value.clone() for key, value in own.state.items()})
    return replace(
        fresh,
        model=own.network(package),
        classes=own.classes,
        average=own.average,
        step=own.step,
        fused=own.fused,
        notes=own.notes,
    )
