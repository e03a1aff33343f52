"""Weights of a generated network go back into the layout of their authors' code."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from fovea_runtime.weights.contents import find_weights
from fovea_runtime.weights.declared import Config
from fovea_runtime.weights.fit import Fit
from fovea_runtime.weights.formats import FORMATS
from fovea_runtime.weights.layout import NotOfFamily
from fovea_runtime.weights.layouts import fovea
from fovea_runtime.weights.package import CLASSIFIER, Package
from fovea_runtime.weights.read_file import read_file
from fovea_runtime.weights.recognise import Recognised
from fovea_runtime.weights.sighting import sight
from fovea_runtime.weights.values import Values
from fovea_runtime.weights.write import SAFETENSORS, write_safetensors, write_torch


@dataclass(frozen=True)
class ExportRequest:
    """`average` asks for the moving average, where the source is a run's checkpoint."""

    source: Path
    format: str
    package: Path
    out: Path
    average: bool
    known: list[Config]


def export_weights(request: ExportRequest) -> dict[str, Any]:
    """Writes `out` with the authors' keys, shapes and order, and reports on it.

    A `.pth` has the wrapper that the authors' code looks for, a `.safetensors` has none.

    Raises:
        WeightsMistake: nothing has been written.
    """
    source, chosen = request.source, FORMATS[request.format]
    contents = find_weights(source, read_file(source), average=request.average)
    recognised = Recognised(source, request.format, sight(contents.weights), request.known)
    if recognised.seen is not None and recognised.seen.format != "fovea":
        raise recognised.not_ours()
    package = Package(request.package)
    weight = contents.weights.get(CLASSIFIER[0])
    classes = weight.shape[0] if isinstance(weight, Tensor) else package.classes
    shapes = package.shapes(classes)
    try:
        entries = chosen.entries(package.config, shapes)
    except NotOfFamily as why:
        raise recognised.other_family(package.config, why) from why
    fit = Fit(contents.weights, list(fovea.entries(shapes)), shapes)
    found = fit.account()
    if not found.is_clear:
        raise recognised.does_not_fit(package.config, found)
    values = Values()
    state = fit.state(values)
    values.check(source)
    theirs = {entry.theirs: entry.to_theirs(state[entry.ours]) for entry in entries}
    wrapper = None if request.out.suffix == SAFETENSORS else chosen.wrapper
    if request.out.suffix == SAFETENSORS:
        write_safetensors(request.out, theirs, {})
    else:
        write_torch(request.out, theirs if wrapper is None else {wrapper: theirs})
    return {
        "network": package.name,
        "format": request.format,
        "from": str(source),
        "out": str(request.out),
        "entry": wrapper,
        "average": contents.is_average,
        "classes": classes,
        "tensors": len(theirs),
        "parameters": package.count_strictly(state, classes),
        "notes": [*contents.notes, *values.notes()],
    }
