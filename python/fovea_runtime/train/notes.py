"""What a run says of itself before its first step."""

from typing import Any

from fovea_runtime.train.model import declared_classes


def opening_notes(experiment: dict[str, Any], *, batch: int, classes: int, steps: int) -> list[str]:
    """Where a run does not do what its experiment says, or what its network's counts suppose.

    Args:
        experiment: as run.json has it.
        batch: images that a step really has.
        classes: classes of the data.
        steps: optimizer steps of the run.
    """
    return [
        *_batch_note(experiment["recipe"]["batch"], batch),
        *_head_note(declared_classes(experiment["network"]), classes),
        *_sparsity_note(experiment),
        *_exchange_note(experiment["sparsity"], steps),
    ]


def _batch_note(asked: int, taken: int) -> list[str]:
    if asked == taken:
        return []
    return [f"recipe.batch is {asked} and there are {taken} training images: a step has {taken}"]


def _head_note(head: int, classes: int) -> list[str]:
    if head == classes:
        return []
    return [f"the head declares {head} classes and the data has {classes}: {classes} are trained"]


def _sparsity_note(experiment: dict[str, Any]) -> list[str]:
    """Published counts are nonzeros: they are not those of what a dense run trains."""
    declared = experiment["network"].get("sparsity", 0)
    if declared == 0 or experiment["sparsity"] is not None:
        return []
    message = (
        f"the network declares a sparsity of {declared} and the experiment none: all weights are "
        f"trained. sparsity: {{ amount: {declared} }} in the experiment trains it sparsely"
    )
    return [message]


def _exchange_note(sparsity: dict[str, Any] | None, steps: int) -> list[str]:
    if sparsity is None or sparsity["every"] <= steps:
        return []
    every = sparsity["every"]
    return [
        f"sparsity.every is {every} and the run has {steps} steps: its masks stay as they begin"
    ]
