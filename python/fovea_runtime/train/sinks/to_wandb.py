"""Weights & Biases, through its own client and as its environment says."""

import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import wandb  # pyright: ignore[reportMissingImports]

from fovea_runtime.train.sinks.arrived import Arrived
from fovea_runtime.train.sinks.kept import Kept
from fovea_runtime.train.sinks.settings import facts


class WeightsAndBiases:
    """A run of Weights & Biases: the experiment is its config, figures are its history."""

    every = 1.0

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._kept = Kept(directory, "wandb")
        self._known = self._kept.read()
        self._arrived = Arrived()

    def start(self, record: dict[str, Any], step: int) -> None:
        """Goes on in the run that an earlier process made, if it is still there."""
        if "id" not in self._known:
            # Two people's first runs of one experiment have the same id, and may share a project.
            self._known = {"id": f"{record['run']}-{uuid4().hex[:8]}", "steps": {}}
            self._kept.write(self._known)
        self._run = wandb.init(
            id=self._known["id"],
            name=record["run"],
            resume="allow",
            project=os.environ.get("WANDB_PROJECT") or record["experiment"]["name"],
            dir=str(self._directory),
            config={"fovea": facts(record), **record["experiment"]},
            settings=wandb.Settings(console="off"),
        )
        # Offline nothing is known of what is there but what was kept here.
        if self._run.offline:
            self._arrived = Arrived(self._known["steps"])
        elif self._run.resumed:
            self._arrived = Arrived(least=self._run.step - 1)

    def event(self, event: dict[str, Any]) -> None:
        """Its figures, as a part of its step's row."""
        step, values = self._arrived.new_of(event)
        if values:
            self._run.log(values, step=step)

    def flush(self) -> None:
        """The client sends by itself; what it was given is noted."""
        if self._arrived.steps != self._known["steps"]:
            self._known = {**self._known, "steps": dict(self._arrived.steps)}
            self._kept.write(self._known)

    def end(self, status: str | None) -> None:
        """Tells how the run ended, and waits for the client."""
        if status is not None:
            self._run.summary["fovea/status"] = status
        self._run.finish(exit_code=0 if status in ("completed", None) else 1)


def open_sink(directory: Path) -> WeightsAndBiases:
    """The run's run of Weights & Biases."""
    return WeightsAndBiases(directory)
