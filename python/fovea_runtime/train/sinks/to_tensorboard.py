"""TensorBoard: event files in a run's `tensorboard/`, by torch's writer."""

import json
from pathlib import Path
from typing import Any

from torch.utils.tensorboard.summary import hparams
from torch.utils.tensorboard.writer import FileWriter, SummaryWriter

from fovea_runtime.train.sinks.figures import figures
from fovea_runtime.train.sinks.kept import Kept
from fovea_runtime.train.sinks.settings import experiment_settings, facts

FOLDER = "tensorboard"
_COMPARED = ("train/loss", "test/top1", "test/loss")
"""Figures that the tab of hyperparameters sets beside them."""


class TensorBoard:
    """Scalars by step, the experiment as text and as hyperparameters."""

    every = 1.0

    def __init__(self, directory: Path) -> None:
        self._folder = directory / FOLDER
        self._kept = Kept(directory, "tensorboard")
        self._from = 0
        self._last = self._written = 0

    def start(self, record: dict[str, Any], step: int) -> None:
        """Whatever an earlier process wrote of steps that are told again is purged."""
        is_new = not any(self._folder.glob("events.out.tfevents.*"))
        # Of the last step that was written, something may be missing.
        known = 0 if is_new else self._kept.read().get("step", 0)
        self._from = min(known, step + 1)
        self._last = self._written = self._from
        self._writer = SummaryWriter(str(self._folder), purge_step=None if is_new else self._from)
        if self._from == 0:
            self._writer.add_text("experiment", _code(record["experiment"]), 0)
            self._writer.add_text("run", _code(facts(record)), 0)
            settings = experiment_settings(record)
            # SummaryWriter.add_hparams would make a run of its own of them, below this one.
            for summary in hparams(settings, dict.fromkeys(_COMPARED, 0))[:2]:
                self._file.add_summary(summary)

    def event(self, event: dict[str, Any]) -> None:
        """Its figures, at the time that it happened."""
        found = figures(event)
        if found is None or found[0] < self._from:
            return
        step, values = found
        for name, value in values.items():
            self._writer.add_scalar(name, value, step, walltime=event["time"])
        self._last = max(self._last, step)

    def flush(self) -> None:
        """To the disk."""
        self._writer.flush()
        if self._last > self._written:
            self._kept.write({"step": self._last})
            self._written = self._last

    def end(self, status: str | None) -> None:
        """Closes the file."""
        if status is not None:
            self._writer.add_text("status", status, self._last)
        if status == "completed":
            self._file.add_summary(hparams({}, {})[2])
        self.flush()
        self._writer.close()

    @property
    def _file(self) -> FileWriter:
        return self._writer._get_file_writer()


def open_sink(directory: Path) -> TensorBoard:
    """The run's TensorBoard."""
    return TensorBoard(directory)


def _code(value: Any) -> str:
    """As a block of code in Markdown."""
    return "\n".join(f"    {line}" for line in json.dumps(value, indent=2).splitlines())
