"""The network that a checkpoint to be projected is of: its keys, its shapes, its grids."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from fovea_runtime.reparam.grid import Grid, grids_of
from fovea_runtime.weights.formats import FORMATS
from fovea_runtime.weights.layout import Entry, Shape
from fovea_runtime.weights.layouts import fovea
from fovea_runtime.weights.package import Package
from fovea_runtime.weights.sighting import Sighting

MIXER = re.compile(
    r"(?P<mixer>stages\.(?P<stage>\d+)\.blocks\.(?P<block>\d+)\.mixer)\.(?P<leaf>\w+)\.(?P<tensor>\w+)"
)
"""Our name of a mixer's tensor."""

EMBEDDING = ".embedding"
"""How our name of a stage's embedding ends."""


@dataclass(frozen=True)
class Source:
    """Entries of all that the file should hold, shapes of its mixers by our names, grids by layer."""

    entries: list[Entry]
    mixers: dict[str, Shape]
    grids: dict[str, Grid]


def declared_source(package: Package, classes: int) -> Source:
    """That of a generated network, whose file has our names."""
    shapes = package.shapes(classes)
    mixers = {key: shape for key, shape in shapes.items() if MIXER.fullmatch(key)}
    return Source(list(fovea.entries(shapes)), mixers, grids_of(package.skeleton(classes)))


def published_source(seen: Sighting, weights: Mapping[str, object]) -> Source:
    """That of an official checkpoint, as its sizes show it: no kernel of it is shared.

    The first block of a stage says what all of them should be; one that is not is for the
    accounting to tell.

    Raises:
        NotOfFamily: no network of the family has such kernels and branches.
    """
    entries = FORMATS[seen.format].entries(_declaration(seen, weights), ())
    channels = dict(enumerate(seen.channels))
    branches: dict[int, int] = {}
    for entry in reversed(entries):
        found, value = MIXER.fullmatch(entry.ours), weights.get(entry.theirs)
        if found and found["tensor"] == "weight" and isinstance(value, Tensor) and value.ndim == 4:
            stage = int(found["stage"])
            channels[stage] = value.shape[0]
            if found["leaf"] == "small":
                branches[stage] = value.shape[3]
    mixers: dict[str, Shape] = {}
    grids: dict[str, Grid] = {}
    for entry in entries:
        found = MIXER.fullmatch(entry.ours)
        if found is None:
            continue
        stage, leaf = int(found["stage"]), found["leaf"]
        height, width = seen.kernels[stage]
        sides = {"large": (height, width), "tall": (height, width), "wide": (width, height)}
        shape: Shape = (channels[stage],)
        if found["tensor"] == "num_batches_tracked":
            shape = ()
        elif found["tensor"] == "weight" and leaf in sides:
            grids[f"{found['mixer']}.{leaf}"] = Grid.dense(*sides[leaf])
            shape = (*shape, *sides[leaf])
        elif found["tensor"] == "weight" and leaf == "small":
            shape = (*shape, 1, branches[stage], branches[stage])
        mixers[entry.ours] = shape
    return Source(entries, mixers, grids)


def _declaration(seen: Sighting, weights: Mapping[str, object]) -> dict[str, Any]:
    """As much of a declaration as the layouts look at."""
    replknet = seen.format == "replknet"
    scaled = any(key.endswith(".gamma") for key in weights)
    return {
        "stem": {"type": "convolutional" if replknet else "patchify"},
        "downsample": {"type": "transition" if replknet else "patchify"},
        "block": {
            "type": "replknet" if replknet else "convnext",
            "layerScale": 1.0 if scaled else False,
        },
        "head": {"norm": "batch" if replknet else "layer"},
        "depths": seen.depths,
        "widths": seen.channels,
        "widen": 1,
        "mixers": [_mixer(seen, stage, weights) for stage in range(len(seen.depths))],
    }


def _mixer(seen: Sighting, stage: int, weights: Mapping[str, object]) -> dict[str, Any]:
    height, width = seen.kernels[stage]
    branch = re.compile(rf"stages\.{stage}\..*\.small_conv\.conv\.weight")
    common = {
        "branch": any(branch.fullmatch(key) for key in weights),
        "partial": 1,
        "embedding": False,
    }
    if seen.striped:
        return {"type": "stripes", "kernel": height, "width": width, **common}
    return {"type": "dense", "kernel": [height, width], **common}
