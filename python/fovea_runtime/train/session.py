"""The training loop of a run, and what it needs before it can start."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

import torch

from fovea_runtime.data.cut import Cut
from fovea_runtime.data.open import open_source
from fovea_runtime.data.source import Batch, Source
from fovea_runtime.events import Events
from fovea_runtime.host_facts import host_facts
from fovea_runtime.interrupt import Interrupt, unless_stopped
from fovea_runtime.out_of_memory import is_out_of_memory
from fovea_runtime.randomness import Purpose, seed_everything
from fovea_runtime.train.checkpoint_files import LAST
from fovea_runtime.train.device import describe_device, device_of
from fovea_runtime.train.directory import RunDirectory
from fovea_runtime.train.endings import COMPLETED, Ending, OutOfMemory, stopped_after
from fovea_runtime.train.evaluate import evaluate
from fovea_runtime.train.guards import divergence, memory
from fovea_runtime.train.guards.heartbeat import Beating
from fovea_runtime.train.guards.history import History
from fovea_runtime.train.keeper import Keeper, Standing
from fovea_runtime.train.learner import Learner
from fovea_runtime.train.model import MethodRecorder, is_peer, load_model, with_input_size
from fovea_runtime.train.narrator import Narrator
from fovea_runtime.train.notes import opening_notes
from fovea_runtime.train.options import TrainOptions
from fovea_runtime.train.processes import Processes, joined
from fovea_runtime.train.step_result import Diverged
from fovea_runtime.train.throughput import Throughput
from fovea_runtime.train.timetable import Timetable, timetable


def train(
    directory: RunDirectory,
    events: Events,
    interrupt: Interrupt,
    options: TrainOptions,
    beat: Beating,
) -> Ending:
    """Trains a run to its end, or to a signal; every other end is an exception."""
    requested = options.device or directory.record["device"]["requested"]
    with joined(lambda local_rank: device_of(requested, local_rank)) as (processes, device):
        session = Session(directory, events, interrupt, options, processes, device, beat)
        if options.resume:
            session.resume()
        try:
            session.announce()
            return session.loop()
        except BaseException as error:
            # What is being written gets its end; the error that is under way is the one to tell.
            with suppress(OSError):
                session.finish()
            if is_out_of_memory(error):
                raise session.out_of_memory(error) from error
            raise


class Session:
    """One process's share of a run: from the step it starts at to its end."""

    def __init__(
        self,
        directory: RunDirectory,
        events: Events,
        interrupt: Interrupt,
        options: TrainOptions,
        processes: Processes,
        device: torch.device,
        beat: Beating = lambda phase, step: None,
    ) -> None:
        experiment = with_input_size(directory.record["experiment"])
        recipe = experiment["recipe"]
        self._recipe = recipe
        self._directory = directory.path
        self._beat = beat
        self._at = ("start", 0)
        self._shape: tuple[int, ...] | None = None
        self._history = History()
        self._interrupt = interrupt
        self._processes = processes
        self._source: Source = open_source(experiment, pinned=device.type == "cuda")
        classes = self._source.classes
        self._timetable: Timetable = timetable(recipe, self._source.train_size)
        self._cut = Cut(
            self._timetable.batch, recipe["accumulate"], processes.count, processes.rank
        )
        seed_everything(experiment["seed"], Purpose.WEIGHTS)
        model = load_model(directory.package, experiment, classes)
        self._learner = Learner(
            model,
            recipe,
            device,
            steps=self._timetable.steps,
            per_epoch=self._timetable.per_epoch,
            cut=self._cut,
            classes=classes,
            seed=experiment["seed"],
            processes=processes,
            sparsity=experiment["sparsity"],
        )
        self._peer = is_peer(experiment["network"])
        self._narrator = Narrator(events, self._timetable)
        self._recorder = MethodRecorder(self._learner.model)
        self._throughput = Throughput()
        self._batches: Iterator[Batch] | None = None
        self._stop_after = options.stop_after
        self._step = 0
        self._evaluated = True
        self._best: float | None = None
        self._warnings = [
            *self._source.notes,
            *self._source.take_problems(),
            *opening_notes(
                experiment,
                batch=self._timetable.batch,
                classes=classes,
                steps=self._timetable.steps,
            ),
        ]
        self._keeper = Keeper(directory, self._learner, processes, keep=options.keep)

    @property
    def learner(self) -> Learner:
        """What is trained."""
        return self._learner

    def resume(self) -> None:
        """Goes to where the newest checkpoint was written that is whole."""
        standing, notes = self._keeper.resume()
        self._step, self._evaluated, self._best = standing.step, standing.evaluated, standing.best
        self._warnings += notes

    def announce(self) -> None:
        """The events that begin a run or go on with it."""
        self._narrator.start(
            self._step,
            self._learner.model,
            device=describe_device(self._learner.device),
            processes=self._processes.count,
            batch=self._cut.batch,
            accumulate=self._cut.accumulate,
            lr=self._learner.peak_rate,
            **self._provenance(),
        )
        self._narrator.warnings(self._warnings)
        if self._peer:
            self._narrator.peer()

    def _provenance(self) -> dict[str, Any]:
        """What it is trained on; only the process that tells it finds it out."""
        if not self._processes.is_first:
            return {}
        return {"data": self._source.fingerprint(), "host": host_facts(self._learner.device)}

    def loop(self) -> Ending:
        """Steps, evaluations and checkpoints until the last step, the one asked for, or a signal."""
        # A run that was stopped between a step and its evaluation owes it.
        if not self._evaluated:
            self._save_after(improved=self._evaluate(), due=False)
        last = min(self._timetable.steps, self._stop_after or self._timetable.steps)
        while self._step < last:
            if not self.advance():
                break
        self._save_after(improved=False, due=True)
        self.finish()
        if self._step == self._timetable.steps and self._evaluated:
            return COMPLETED
        if self._step >= last and self._evaluated:
            return stopped_after(self._step, self._timetable.steps)
        signal = self._interrupt.meaning or "a signal to another process"
        return Ending("cancelled", f"{signal} at step {self._step}", 130)

    def advance(self) -> bool:
        """One step and what is due after it; False where a signal stops the run before it."""
        number = self._step + 1
        self._begin("images", number)
        pieces = self._next()
        self._begin("agreement", number)
        # All processes stop at the same step, whichever of them got the signal.
        if self._processes.vote(pieces is None)[0] or pieces is None:
            return False
        self._begin("step", number)
        self._shape = tuple(pieces[0][0].shape[1:])
        if self._recorder.waits:
            self._learner.probe(pieces[0][0])
            self._narrator.methods(self._recorder)
        self._train_step(pieces)
        self._narrator.sparsity(self._learner.sparsity.take())
        self._narrator.methods(self._recorder)
        self._narrator.warnings(self._source.take_problems())
        with self._throughput.paused():
            improved = False
            if self._timetable.evaluates(self._step):
                self._evaluated = False
                improved = self._evaluate()
            self._save_after(improved=improved, due=self._timetable.saves(self._step))
        return True

    def checkpoint(self) -> None:
        """Writes `last.pt` as the run stands; returns when training may go on."""
        self._save([LAST])

    def finish(self) -> None:
        """Waits for the checkpoint that is being written."""
        self._beat("end", self._step)
        self._tell_written(wait=True)

    def out_of_memory(self, error: BaseException) -> OutOfMemory:
        """What to say where memory ran out."""
        phase, step = self._at
        at = f"in {phase!r} of step {step}"
        return memory.explained(error, self._learner, self._recipe, self._cut, self._shape, at)

    def _begin(self, phase: str, step: int) -> None:
        self._at = (phase, step)
        self._beat(phase, step)

    def _beating(self, pieces: list[Batch], number: int) -> Iterator[Batch]:
        for piece in pieces:
            self._begin("step", number)
            yield piece

    def _next(self) -> list[Batch] | None:
        """The pieces of the next step; nothing after a signal."""
        if self._batches is None:
            self._batches = self._source.batches(self._step, self._timetable.steps, self._cut)
            self._throughput = Throughput()
        pieces = islice(self._batches, len(self._cut.own))
        return unless_stopped(self._interrupt, lambda: list(pieces))

    def _train_step(self, pieces: list[Batch]) -> None:
        number = self._step + 1
        try:
            with self._throughput.paused():
                self._learner.begin(pieces)
            result = self._learner.step(self._beating(pieces, number), number)
        except Diverged as error:
            if error.result is not None:
                self._history.add(number, error.result)
                self._narrator.step(number, error.result, None)
            raise self._explained(error, number, pieces) from None
        self._history.add(number, result)
        self._step = number
        self._throughput.count(self._cut.batch)
        if self._timetable.logs(number):
            self._narrator.step(number, result, self._throughput.take())

    def _explained(self, error: Diverged, step: int, pieces: list[Batch]) -> Diverged:
        return divergence.explained(
            error, self._learner, pieces, step, self._history, self._processes, self._directory
        )

    def _evaluate(self) -> bool:
        """Looks at the held-out images, unless a signal comes; whether top-1 is the best so far."""
        metrics = evaluate(
            self._learner,
            self._source,
            self._cut.size,
            self._interrupt,
            self._processes,
            beat=lambda: self._begin("evaluation", self._step),
        )
        self._narrator.warnings(self._source.take_problems())
        if metrics is None:
            return False
        self._evaluated = True
        self._narrator.evaluation(self._step, metrics)
        if self._best is not None and metrics["top1"] <= self._best:
            return False
        self._best = metrics["top1"]
        return True

    def _save_after(self, *, improved: bool, due: bool) -> None:
        """Writes `best.pt` where top-1 `improved`, and `last.pt` where it is `due` and new."""
        names = self._keeper.due(self._standing, improved=improved, last=due)
        if names:
            self._save(names)
        self._tell_written()

    def _save(self, names: list[str]) -> None:
        self._begin("checkpoint", self._step)
        if not self._learner.is_finite():
            error = Diverged(f"a weight is not finite at step {self._step}")
            raise self._explained(error, self._step, [])
        self._keeper.write(names, self._standing)

    @property
    def _standing(self) -> Standing:
        return Standing(self._step, self._evaluated, self._best)

    def _tell_written(self, *, wait: bool = False) -> None:
        self._narrator.checkpoints(self._keeper.written(wait=wait))
