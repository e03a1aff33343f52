"""A run's settings in the flat form that parameters of other tools take."""

import json
from typing import Any


def flat(settings: Any, path: str = "") -> dict[str, Any]:
    """Values by their paths, such as `recipe.lr` or `network.mixers.0.kernel`.

    A list of plain values is one value, written as JSON. What is unset (`null`) is left out.
    """
    if settings is None:
        return {}
    if isinstance(settings, dict):
        parts = settings.items()
    elif isinstance(settings, list) and any(isinstance(each, dict | list) for each in settings):
        parts = enumerate(settings)
    elif isinstance(settings, list):
        return {path: json.dumps(settings)}
    else:
        return {path: settings}
    inner = (flat(value, f"{path}.{key}" if path else str(key)) for key, value in parts)
    return {name: value for found in inner for name, value in found.items()}


def experiment_settings(record: dict[str, Any]) -> dict[str, Any]:
    """The flat settings of a run's experiment."""
    return flat(record["experiment"])


def facts(record: dict[str, Any]) -> dict[str, str]:
    """What a run is beside its settings, by names with dots: id, hash, commit, versions."""
    known = {
        "run": record["run"],
        "hash": record["hash"],
        "source": record.get("source"),
        "git": record.get("git"),
        "versions": record.get("versions"),
    }
    return {name: str(value) for name, value in flat(known).items()}
