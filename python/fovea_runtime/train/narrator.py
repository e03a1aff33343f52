"""The events of a run, in the order in which things happen."""

import platform
from contextlib import suppress
from importlib import metadata
from typing import Any

from torch import nn

from fovea_runtime import __version__
from fovea_runtime.events import Events
from fovea_runtime.train.checkpoint_files import Written
from fovea_runtime.train.directory import CHECKPOINTS
from fovea_runtime.train.model import MethodRecorder, peer_methods
from fovea_runtime.train.step_result import StepResult
from fovea_runtime.train.timetable import Timetable

_PACKAGES = ("torch", "torchvision", "timm", "triton", "numpy")


class Narrator:
    """Tells `events` of a run (src/ir/event.ts) that follows `timetable`."""

    def __init__(self, events: Events, timetable: Timetable) -> None:
        self._events = events
        self._timetable = timetable

    def start(self, step: int, model: nn.Module, **how: Any) -> None:
        """The run begins, or goes on, after a step; `how` are more fields of `run_start`."""
        self._events.write(
            "run_start",
            step=step,
            steps=self._timetable.steps,
            epochs=self._timetable.epoch(self._timetable.steps),
            versions=_versions(),
            parameters=sum(p.numel() for p in model.parameters() if p.requires_grad),
            **how,
        )

    def warnings(self, messages: list[str]) -> None:
        """What the user should know."""
        for message in messages:
            self._events.write("warning", message=message)

    def peer(self) -> None:
        """A model of timm runs no kernel of ours."""
        self._events.write("kernel_methods", layers=peer_methods())

    def methods(self, recorder: MethodRecorder) -> None:
        """What the large kernels run, once it is known."""
        if layers := recorder.take():
            self._events.write("kernel_methods", layers=layers)

    def sparsity(self, event: dict[str, Any] | None) -> None:
        """The masks after a change of them."""
        if event is not None:
            self._events.write("sparsity", **event)

    def step(self, number: int, result: StepResult, images_per_second: float | None) -> None:
        """An optimizer step."""
        self._events.write(
            "step",
            step=number,
            epoch=self._timetable.epoch(number),
            loss=result.loss,
            lr=result.lr,
            images_per_second=images_per_second,
            grad_norm=result.grad_norm,
        )

    def evaluation(self, step: int, metrics: dict[str, float]) -> None:
        """A look at the held-out images."""
        self._events.write(
            "eval", step=step, epoch=self._timetable.epoch(step), split="test", metrics=metrics
        )

    def checkpoints(self, written: list[Written]) -> None:
        """Files that have reached the disk."""
        for each in written:
            self._events.write(
                "checkpoint", path=f"{CHECKPOINTS}/{each.name}", sha256=each.sha256, step=each.step
            )


def _versions() -> dict[str, str]:
    versions = {"fovea_runtime": __version__, "python": platform.python_version()}
    for package in _PACKAGES:
        with suppress(metadata.PackageNotFoundError):
            versions[package] = metadata.version(package)
    return versions
