"""Reading weights in fovea's own layout: of `weights import`, or of a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor, nn

from fovea_runtime.reparam.fused import quietly_fused
from fovea_runtime.weights.contents import find_weights
from fovea_runtime.weights.declared import Config
from fovea_runtime.weights.fit import Fit
from fovea_runtime.weights.layouts import fovea
from fovea_runtime.weights.mistake import DOES_NOT_FIT, WeightsMistake
from fovea_runtime.weights.package import CLASSIFIER, Package, shapes_of
from fovea_runtime.weights.read_file import read_file
from fovea_runtime.weights.recognise import Recognised
from fovea_runtime.weights.sighting import sight
from fovea_runtime.weights.values import Values


@dataclass(frozen=True)
class OwnWeights:
    """A network's state dict, float32, with the classes of its classifier.

    `fused` tells whether it is of the fused form, `entry` where the file had it, `average` whether
    it is a moving average, `step` how many optimizer steps made it, where the file tells.
    """

    state: dict[str, Tensor]
    classes: int
    fused: bool
    entry: str | None
    average: bool
    step: int | None
    notes: list[str]

    def network(self, package: Package) -> nn.Module:
        """The package's network with these weights, in their form and in eval mode."""
        model = package.skeleton(self.classes)
        model = quietly_fused(model) if self.fused else model
        model.load_state_dict(self.state, strict=True, assign=True)
        return model.eval()


def read_own(
    path: Path,
    package: Package,
    *,
    average: bool | None,
    known: Sequence[Config],
    allow_fused: bool = False,
) -> OwnWeights:
    """The weights of a network in training form; `average` asks for the moving average.

    With None it is taken from a run's checkpoint that has one. `allow_fused` takes weights of the
    fused form too.

    Raises:
        WeightsMistake: the file cannot be read, or its weights are of another layout or network.
    """
    contents = find_weights(path, read_file(path), average=average)
    recognised = Recognised(path, "fovea", sight(contents.weights), known)
    if recognised.seen is not None and recognised.seen.format != "fovea":
        raise recognised.not_ours()
    weight = contents.weights.get(CLASSIFIER[0])
    classes = weight.shape[0] if isinstance(weight, Tensor) and weight.ndim == 2 else 0
    classes = classes or package.classes
    shapes = package.shapes(classes)
    fit = Fit(contents.weights, list(fovea.entries(shapes)), shapes)
    fit.fill_absent_counters()
    found = fit.account()
    is_fused = False
    if not found.is_clear:
        fused = shapes_of(quietly_fused(package.skeleton(classes)))
        is_fused = fused != shapes and fused == _shapes(contents.weights)
        if is_fused and not allow_fused:
            raise _fused_already(path, package)
        if is_fused:
            fit = Fit(contents.weights, list(fovea.entries(fused)), fused)
            found = fit.account()
    if not found.is_clear:
        raise recognised.does_not_fit(package.config, found)
    values = Values()
    state = fit.state(values)
    values.check(path)
    filled = [f"{len(fit.filled)} counts of batches are set to 0, as the file has none"]
    notes = [*contents.notes, *values.notes(), *(filled if fit.filled else [])]
    return OwnWeights(
        state=state,
        classes=classes,
        fused=is_fused,
        entry=contents.entry,
        average=contents.is_average,
        step=contents.step,
        notes=notes,
    )


def _shapes(weights: Mapping[str, object]) -> dict[str, tuple[int, ...]]:
    """Shapes of a file's tensors; another network's have the same names and other shapes."""
    return {key: tuple(value.shape) for key, value in weights.items() if isinstance(value, Tensor)}


def _fused_already(path: Path, package: Package) -> WeightsMistake:
    return WeightsMistake(
        DOES_NOT_FIT,
        f"{path} is fused already: it has the keys of {package.name} after fuse()",
        value=str(path),
        fix="name the checkpoint in training form; the fused one loads into create_model().fuse(), "
        "and `fovea export --fused` takes it",
    )
