"""What a sink is, and the ones that there are."""

from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

SINKS = ("tensorboard", "mlflow", "wandb")


class Sink(Protocol):
    """Takes one run's events to where its figures are looked at.

    It is made anew whenever a run goes on, and after every failure, and is then told the whole
    story again: what stands of all events. It knows itself what has arrived.
    """

    every: float
    """Seconds between two looks at the events, at least."""

    def start(self, record: dict[str, Any], step: int) -> None:
        """The run of this record (`run.json`) begins, or goes on, after a step."""
        ...

    def event(self, event: dict[str, Any]) -> None:
        """One line of `events.jsonl`, as `schemas/event.schema.json` has it."""
        ...

    def flush(self) -> None:
        """Sees that all it was told arrives."""
        ...

    def end(self, status: str | None) -> None:
        """The training is over: with the status of `run_end`; without, it starts anew."""
        ...


def open_sink(name: str, directory: Path) -> Sink:
    """The sink of that name for the run in `directory`.

    Raises:
        ImportError: its package is not installed.
    """
    # The clients are imported in the process that needs them, and nowhere else.
    module = import_module(f"fovea_runtime.train.sinks.to_{name}")
    return module.open_sink(directory)
