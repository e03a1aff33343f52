"""A published checkpoint becomes the state dict of a generated network."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fovea_runtime.weights.contents import find_weights
from fovea_runtime.weights.declared import Config
from fovea_runtime.weights.fit import Fit
from fovea_runtime.weights.formats import FORMATS
from fovea_runtime.weights.layout import NotOfFamily
from fovea_runtime.weights.package import SEED, Package
from fovea_runtime.weights.read_file import read_file
from fovea_runtime.weights.recognise import Recognised
from fovea_runtime.weights.sighting import sight
from fovea_runtime.weights.values import Values
from fovea_runtime.weights.write import write_safetensors


@dataclass(frozen=True)
class ImportRequest:
    """`classes` asks for a classifier of that size, `average` for the moving average.

    `known` are the declarations of the shipped networks: what a file may look like.
    """

    source: Path
    format: str
    package: Path
    out: Path
    classes: int | None
    average: bool
    known: list[Config]


def import_weights(request: ImportRequest) -> dict[str, Any]:
    """Writes `out`, which loads strictly into `create_model()`, and reports on it.

    Raises:
        WeightsMistake: nothing has been written.
    """
    source = request.source
    contents = find_weights(source, read_file(source), average=request.average)
    recognised = Recognised(source, request.format, sight(contents.weights), request.known)
    if mistake := recognised.other_format():
        raise mistake
    package = Package(request.package)
    classes = package.classes if request.classes is None else request.classes
    shapes = package.shapes(classes)
    try:
        entries = FORMATS[request.format].entries(package.config, shapes)
    except NotOfFamily as why:
        raise recognised.other_family(package.config, why) from why
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
    state = fit.state(values)
    values.check(source)
    if fit.is_fresh:
        state |= package.fresh_classifier(classes)
    state = {key: state[key] for key in shapes}
    parameters = package.count_strictly(state, classes)
    header = {"network": package.name, "imported": request.format}
    write_safetensors(request.out, state, header)
    return {
        "network": package.name,
        "format": request.format,
        "from": str(source),
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
        "notes": [*contents.notes, *values.notes()],
    }
