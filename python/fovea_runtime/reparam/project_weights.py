"""A checkpoint of dense kernels starts a network whose kernels share their weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from fovea_runtime.reparam.grid import Grid, grids_of
from fovea_runtime.reparam.project import Projected
from fovea_runtime.reparam.project_network import fresh_mixers, project_mixers, start_embeddings
from fovea_runtime.reparam.source import (
    EMBEDDING,
    MIXER,
    Source,
    declared_source,
    published_source,
)
from fovea_runtime.reparam.statistics import check_variances
from fovea_runtime.weights.contents import find_weights
from fovea_runtime.weights.declared import Config
from fovea_runtime.weights.fit import Fit
from fovea_runtime.weights.formats import FORMATS
from fovea_runtime.weights.layout import Entry, Form, NotOfFamily, Shape
from fovea_runtime.weights.mistake import DOES_NOT_FIT, WeightsMistake
from fovea_runtime.weights.package import SEED, Package
from fovea_runtime.weights.read_file import read_file
from fovea_runtime.weights.recognise import Recognised
from fovea_runtime.weights.sighting import sight
from fovea_runtime.weights.values import Values
from fovea_runtime.weights.write import write_safetensors


@dataclass(frozen=True)
class ProjectRequest:
    """`package` is the network to start, `source_package` that of a file in our own layout.

    The rest is as ImportRequest has it.
    """

    source: Path
    format: str
    package: Path
    source_package: Path | None
    out: Path
    classes: int | None
    average: bool
    known: list[Config]


def project_weights(request: ProjectRequest) -> dict[str, Any]:
    """Writes `out`, which loads strictly into `create_model()`, and reports on it.

    Raises:
        WeightsMistake: nothing has been written.
    """
    path = request.source
    contents = find_weights(path, read_file(path), average=request.average)
    recognised = Recognised(path, request.format, sight(contents.weights), request.known)
    if (mistake := recognised.other_format()) and recognised.seen:
        # The network that the file looks like is not the one that is meant here.
        mistake.fix = f"write --format {recognised.seen.format}"
        raise mistake
    package = Package(request.package)
    classes = package.classes if request.classes is None else request.classes
    wanted = package.shapes(classes)
    grids = grids_of(package.skeleton(classes))
    _check_target(package, grids)
    source = _source(request, recognised, contents.weights, classes)
    entries, shapes = _paired(source, wanted)
    fit = Fit(contents.weights, entries, shapes)
    if request.classes is not None:
        fit.leave_out_other_classifier()
    fit.fill_absent_counters()
    found = fit.account()
    if not found.is_clear:
        if request.classes is None and fit.is_only_the_classifier(found):
            raise recognised.other_classes(package.config, classes, fit.classes(), found)
        raise recognised.does_not_fit(package.config, found)
    values = Values()
    old = fit.state(values)
    values.check(path)
    check_variances(old, path)
    state = {key: tensor for key, tensor in old.items() if not MIXER.fullmatch(key)}
    if fit.is_fresh:
        state |= package.fresh_classifier(classes)
    fresh = fresh_mixers(package, wanted)
    mixers = project_mixers(old, source.grids, fresh, grids)
    for name, projected in mixers.items():
        state |= {f"{name}.{key}": tensor for key, tensor in projected.state.items()}
    missed = start_embeddings(state, wanted, mixers, grids)
    state = {key: state[key].contiguous() for key in wanted}
    parameters = package.count_strictly(state, classes)
    header = {"network": package.name, "projected": request.format}
    write_safetensors(request.out, state, header)
    return {
        "network": package.name,
        "format": request.format,
        "from": str(path),
        "out": str(request.out),
        "entry": contents.entry,
        "average": contents.is_average,
        "classes": classes,
        "classifier": "fresh" if fit.is_fresh else "imported",
        "seed": SEED if fit.is_fresh else None,
        "tensors": len(state),
        "parameters": parameters,
        "left_out": [*(f"{key} {shape}" for key, shape in fit.left_out.items()), *contents.others],
        "filled": fit.filled,
        "notes": [*contents.notes, *values.notes(), *_notes(mixers, missed)],
        "layers": [
            _layer(name, projected, old, source.grids, grids) for name, projected in mixers.items()
        ],
    }


def _check_target(package: Package, grids: Mapping[str, Grid]) -> None:
    crossed = [name for name in grids if name.endswith(".tall")]
    if crossed:
        raise WeightsMistake(
            DOES_NOT_FIT,
            f"{package.name} has stripes ({crossed[0].removesuffix('.tall')}), and a dense kernel "
            "is no sum of two stripes",
            value=package.name,
            fix="name a network of peripheral, grid or dense kernels in --network",
        )


def _source(
    request: ProjectRequest, recognised: Recognised, weights: Mapping[str, object], classes: int
) -> Source:
    if request.source_package is not None:
        package = Package(request.source_package)
        source = declared_source(package, classes)
        if any(entry.ours.endswith(EMBEDDING) for entry in source.entries):
            raise WeightsMistake(
                DOES_NOT_FIT,
                f"{package.name} has a positional embedding, which another kernel has no use for",
                value=package.name,
                fix="`fovea weights resize` carries a network and its embedding to other kernels",
            )
        return source
    if recognised.seen is None:
        raise WeightsMistake(
            DOES_NOT_FIT,
            f"{request.source} holds no large kernel of any layout that is known",
            value=str(request.source),
            fix="name a checkpoint of SLaK, ConvNeXt or RepLKNet, or one of fovea's own",
        )
    try:
        return published_source(recognised.seen, weights)
    except NotOfFamily as why:
        raise WeightsMistake(
            DOES_NOT_FIT,
            f"{request.source} is no {FORMATS[request.format].words} in training form: {why}",
            value=str(request.source),
            fix="take the published checkpoint, from before its branches were merged",
        ) from why


def _paired(source: Source, wanted: Mapping[str, Shape]) -> tuple[list[Entry], dict[str, Shape]]:
    """What the file must hold: the source's mixers, and all else as the network has it.

    What only one of the two networks has is left for the accounting to name.
    """
    common = {
        key: shape
        for key, shape in wanted.items()
        if not MIXER.fullmatch(key) and not key.endswith(EMBEDDING)
    }
    blocks = {found["mixer"] for key in wanted if (found := MIXER.fullmatch(key))}
    shapes = common | {
        key: shape
        for key, shape in source.mixers.items()
        if (found := MIXER.fullmatch(key)) and found["mixer"] in blocks
    }
    entries = [entry for entry in source.entries if entry.ours in shapes]
    known = {entry.ours for entry in entries}
    entries += [Entry(key, key, Form.SAME) for key in common if key not in known]
    return entries, shapes


def _notes(mixers: Mapping[str, Projected], missed: float) -> list[str]:
    if all(projected.constant is None for projected in mixers.values()):
        return []
    notes = ["the network has no biases: its embedding starts so that it stands for them"]
    if missed > 1e-6:
        notes.append(f"it misses one by {missed:.1e}: the kernels of two blocks are too much alike")
    return notes


def _layer(
    name: str,
    projected: Projected,
    old: Mapping[str, Tensor],
    old_grids: Mapping[str, Grid],
    grids: Mapping[str, Grid],
) -> dict[str, Any]:
    kernels = {layer: each for layer, each in old_grids.items() if layer.startswith(f"{name}.")}
    return {
        "layer": f"{name}.large",
        "from": [list(grid.sides) for grid in kernels.values()],
        "kernel": list(grids[f"{name}.large"].sides),
        "cells": list(grids[f"{name}.large"].cells),
        "channels": projected.state["large.weight"].shape[0],
        "dropped": projected.dropped,
        "error": projected.error,
        "cropped": projected.cropped,
    }
