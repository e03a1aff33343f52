"""The images that a network is evaluated on, and the names of their classes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fovea_runtime.data.open import open_source
from fovea_runtime.data.source import Source
from fovea_runtime.evaluation.conditions import WRONG_OPTION
from fovea_runtime.evaluation.request import EvalRequest
from fovea_runtime.subject.subject import Size, Subject
from fovea_runtime.weights.mistake import UNREADABLE, WeightsMistake


@dataclass(frozen=True)
class HeldOut:
    """Held-out images of one size; `names` are those of the classes, None where they have none."""

    source: Source
    size: Size
    names: list[str] | None


def open_held_out(request: EvalRequest, subject: Subject) -> HeldOut:
    """The images asked for, as training's evaluation reads them.

    Raises:
        WeightsMistake: they cannot be read, are too small, or have other classes than the network.
    """
    size = request.size or subject.size
    network = {"input": {"channels": subject.channels, "size": list(size)}}
    # Other data need not fill a batch of training.
    recipe = request.recipe if request.is_own_data else {**request.recipe, "batch": 1}
    experiment = {
        "data": request.data,
        "recipe": recipe,
        "seed": request.seed,
        "network": network,
    }
    try:
        source = open_source(experiment)
    except (ValueError, OSError) as error:
        if request.data["type"] != "digits":
            raise unreadable(error) from error
        raise WeightsMistake(
            WRONG_OPTION,
            f"images of {size[0]}x{size[1]} pixels: {error}",
            value=f"{size[0]}x{size[1]}",
            fix="write another --size",
        ) from error
    if source.classes != subject.classes:
        raise WeightsMistake(
            WRONG_OPTION,
            f"the data have {source.classes} classes, and the classifier of {subject.name} has "
            f"{subject.classes}",
            value=str(source.classes),
            fix="name data of the classes that the network was trained on",
        )
    return HeldOut(source, size, _names(request.data, source.classes))


def unreadable(error: Exception) -> WeightsMistake:
    """Data that cannot be used; of an error in a loader's process, the last line says why."""
    lines = str(error).strip().splitlines()
    why = lines[-1].removeprefix("ValueError: ") if lines else type(error).__name__
    return WeightsMistake(
        UNREADABLE,
        f"the data cannot be used: {why}",
        fix="mend the folder, or name other data in --data",
    )


def _names(data: dict[str, Any], classes: int) -> list[str] | None:
    """Names of the class folders, whose order is that of the classes."""
    if data["type"] != "image_folder":
        return None
    folder = Path(data["root"]).expanduser() / data["validation"]
    names = sorted(entry.name for entry in folder.iterdir() if entry.is_dir())
    return names if len(names) == classes else None
