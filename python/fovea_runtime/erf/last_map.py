"""The last stage's map of a network, before pooling and norm."""

from dataclasses import dataclass
from typing import Any

from fovea_runtime.erf.contribution import LastMap
from fovea_runtime.subject.subject import Subject
from fovea_runtime.weights.mistake import WeightsMistake

_NO_MAPS = "FOV0062"


@dataclass(frozen=True)
class Stage:
    """`last_map` computes it, `source` says in words where it is taken."""

    last_map: LastMap
    source: str


def last_stage(subject: Subject) -> Stage:
    """Where the last map of a network is.

    Raises:
        WeightsMistake: it is a model of timm that tells no maps. (In timm 1.0.31 all do.)
    """
    model: Any = subject.model
    if not subject.is_peer:
        return Stage(model.forward_features, "forward_features")
    if not callable(getattr(model, "forward_intermediates", None)):
        raise WeightsMistake(
            _NO_MAPS,
            f"{subject.name}: timm's {type(model).__name__} has no forward_intermediates, which "
            "tells its maps",
            value=subject.name,
            fix="name another model",
        )
    return Stage(
        lambda image: model.forward_intermediates(
            image, indices=1, norm=False, output_fmt="NCHW", intermediates_only=True
        )[-1],
        "forward_intermediates(norm=False)",
    )
