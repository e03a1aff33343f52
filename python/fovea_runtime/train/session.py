"""The training loop of a run, and what it needs before it can start."""

import platform
from collections.abc import Iterator
from contextlib import suppress
from importlib import metadata
from typing import TYPE_CHECKING

from fovea_runtime import __version__
from fovea_runtime.data.cut import Cut
from fovea_runtime.data.open import open_source
from fovea_runtime.data.source import Batch, Source
from fovea_runtime.events import EventWriter
from fovea_runtime.files import remove_temporaries
from fovea_runtime.interrupt import Interrupt
from fovea_runtime.randomness import Purpose, seed_everything
from fovea_runtime.train import checkpoint
from fovea_runtime.train.device import choose_device, describe_device
from fovea_runtime.train.endings import COMPLETED, Ending
from fovea_runtime.train.evaluate import evaluate
from fovea_runtime.train.learner import Learner
from fovea_runtime.train.model import (
    MethodRecorder,
    declared_classes,
    is_peer,
    load_model,
    peer_methods,
    with_input_size,
)
from fovea_runtime.train.step_result import Diverged, StepResult
from fovea_runtime.train.throughput import Throughput
from fovea_runtime.train.timetable import Timetable, timetable

if TYPE_CHECKING:
    from fovea_runtime.train.run import RunDirectory

_PACKAGES = ("torch", "torchvision", "timm", "triton", "numpy")


def train(
    directory: "RunDirectory",
    events: EventWriter,
    interrupt: Interrupt,
    *,
    resume: bool,
    device: str | None,
) -> Ending:
    """Trains a run to its end, or to a signal; every other end is an exception."""
    session = Session(directory, events, interrupt, device=device)
    if directory.checkpoints.is_dir():
        remove_temporaries(directory.checkpoints)
    warnings = session.warnings
    if resume and not session.resume():
        warnings = [
            *warnings,
            "there is no checkpoints/last.pt to resume from: the run starts at step 0",
        ]
    session.announce(warnings)
    return session.loop()


class Session:
    """One process's share of a run: from the step it starts at to its end."""

    def __init__(
        self,
        directory: "RunDirectory",
        events: EventWriter,
        interrupt: Interrupt,
        *,
        device: str | None,
    ) -> None:
        record = directory.record
        experiment = with_input_size(record["experiment"])
        self._record = record
        self._checkpoints = directory.checkpoints
        self._events = events
        self._interrupt = interrupt
        self._seed: int = experiment["seed"]
        chosen = choose_device(device or record["device"]["requested"])
        self._source: Source = open_source(experiment)
        classes = self._source.classes
        self._timetable: Timetable = timetable(experiment["recipe"], self._source.train_size)
        seed_everything(self._seed, Purpose.WEIGHTS)
        model = load_model(directory.package, experiment, classes)
        self._learner = Learner(
            model,
            experiment["recipe"],
            chosen,
            steps=self._timetable.steps,
            per_epoch=self._timetable.per_epoch,
            batch=self._timetable.batch,
            classes=classes,
            seed=self._seed,
        )
        self._peer = is_peer(experiment["network"])
        self._step = 0
        self._evaluated = True
        self._best: float | None = None
        self._saved: tuple[int, bool] | None = None
        self.warnings = [
            *self._source.notes,
            *_head_warning(declared_classes(experiment["network"]), classes),
        ]

    def resume(self) -> bool:
        """Goes to where `last.pt` was written; False where there is none."""
        path = self._checkpoints / "last.pt"
        if not path.exists():
            return False
        state = checkpoint.load(path)
        checkpoint.restore(self._learner, state, path, self._record["hash"])
        self._step, self._evaluated, self._best = state["step"], state["evaluated"], state["best"]
        self._saved = (self._step, self._evaluated)
        return True

    def announce(self, warnings: list[str]) -> None:
        """The events that begin a run or go on with it."""
        parameters = self._learner.model.parameters()
        self._events.write(
            "run_start",
            step=self._step,
            steps=self._timetable.steps,
            epochs=self._timetable.epoch(self._timetable.steps),
            device=describe_device(self._learner.device),
            versions=_versions(),
            parameters=sum(p.numel() for p in parameters if p.requires_grad),
        )
        for message in warnings:
            self._events.write("warning", message=message)
        if self._peer:
            self._events.write("kernel_methods", layers=peer_methods())

    def loop(self) -> Ending:
        """Steps, evaluations and checkpoints until the last step or a signal."""
        # A run that was stopped between a step and its evaluation owes it.
        if not self._evaluated:
            self._evaluate()
        batches = self._source.batches(
            self._step, self._timetable.steps, Cut(self._timetable.batch)
        )
        throughput = Throughput()
        recorder = MethodRecorder(self._learner.model)
        while self._step < self._timetable.steps and not self._interrupt.raised:
            batch = self._next(batches)
            if batch is None:
                break
            self._train_step(batch, throughput)
            if layers := recorder.take():
                self._events.write("kernel_methods", layers=layers)
            with throughput.paused():
                if self._timetable.evaluates(self._step):
                    self._evaluated = False
                    self._evaluate()
                if self._timetable.saves(self._step):
                    self._save_last()
        self._save_last()
        if self._step == self._timetable.steps and self._evaluated:
            return COMPLETED
        return Ending("cancelled", f"{self._interrupt.signal} at step {self._step}", 130)

    def _next(self, batches: Iterator[Batch]) -> Batch | None:
        try:
            return next(batches)
        except Exception:
            # The signal that ends the run may have ended the loader's processes first.
            if self._interrupt.raised:
                return None
            raise

    def _train_step(self, batch: Batch, throughput: Throughput) -> None:
        number = self._step + 1
        try:
            result = self._learner.step(*batch, number)
        except Diverged as error:
            if error.result is not None:
                self._write_step(number, error.result, None)
            raise
        self._step = number
        throughput.count(len(batch[0]))
        if self._timetable.logs(number):
            self._write_step(number, result, throughput.take())

    def _write_step(self, number: int, result: StepResult, images_per_second: float | None) -> None:
        self._events.write(
            "step",
            step=number,
            epoch=self._timetable.epoch(number),
            loss=result.loss,
            lr=result.lr,
            images_per_second=images_per_second,
            grad_norm=result.grad_norm,
        )

    def _evaluate(self) -> None:
        batches = self._source.held_out(self._timetable.batch)
        metrics = evaluate(self._learner, batches, self._source.classes, self._interrupt)
        if metrics is None:
            return
        self._evaluated = True
        self._events.write(
            "eval",
            step=self._step,
            epoch=self._timetable.epoch(self._step),
            split="test",
            metrics=metrics,
        )
        if self._best is None or metrics["top1"] > self._best:
            self._best = metrics["top1"]
            self._save("best.pt")

    def _save_last(self) -> None:
        """Writes `last.pt`, unless it says all this already."""
        state = (self._step, self._evaluated)
        if state != self._saved:
            self._save("last.pt")
            self._saved = state

    def _save(self, name: str) -> None:
        if not self._learner.is_finite():
            raise Diverged(f"a weight is not finite at step {self._step}")
        state = checkpoint.checkpoint_state(
            self._learner,
            step=self._step,
            evaluated=self._evaluated,
            best=self._best,
            seed=self._seed,
            experiment=self._record["hash"],
        )
        digest = checkpoint.save(self._checkpoints / name, state)
        self._events.write(
            "checkpoint", path=f"{self._checkpoints.name}/{name}", sha256=digest, step=self._step
        )


def _head_warning(head: int, classes: int) -> list[str]:
    if head == classes:
        return []
    return [f"the head declares {head} classes and the data has {classes}: {classes} are trained"]


def _versions() -> dict[str, str]:
    versions = {"fovea_runtime": __version__, "python": platform.python_version()}
    for package in _PACKAGES:
        with suppress(metadata.PackageNotFoundError):
            versions[package] = metadata.version(package)
    return versions
