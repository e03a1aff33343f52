"""The figures that a sink draws, by one name in all of them."""

from typing import Any

_TRAINING = ("loss", "lr", "grad_norm", "images_per_second", "epoch")
_SPARSITY = ("density", "churn", "explored")


def figures(event: dict[str, Any]) -> tuple[int, dict[str, float]] | None:
    """The step and the figures of an event; nothing of one without any.

    `train/…` of a step, `<split>/…` of an evaluation, `sparsity/…` of a change of the masks. What
    is `null` in the event, because it was not finite or is not known, is left out.
    """
    kind = event["type"]
    if kind == "step":
        found = {f"train/{name}": event[name] for name in _TRAINING}
    elif kind == "eval":
        found = {f"{event['split']}/{name}": value for name, value in event["metrics"].items()}
    elif kind == "sparsity":
        found = {f"sparsity/{name}": event[name] for name in _SPARSITY}
    else:
        return None
    known = {name: float(value) for name, value in found.items() if value is not None}
    return int(event["step"]), known
