"""Runs of a network that trains in milliseconds, with all that can go wrong in a resume."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import torch
from fovea_runtime.interrupt import Interrupt
from fovea_runtime.train.learner import Learner
from fovea_runtime.train.options import TrainOptions
from fovea_runtime.train.run import run
from fovea_runtime.train.step_result import StepResult

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "python" / "fovea_runtime" / "schemas"
HASH = "ab" * 32

# A large-kernel layer that says what it runs, BatchNorm's buffers, and a draw in every step.
PACKAGE = """
import time
import torch
from torch import nn

{prelude}

class Conv(nn.Conv2d):
    def which_method(self, x):
        return f"dense: maps of {{x.shape[-2]}}x{{x.shape[-1]}}"

class Net(nn.Module):
    def __init__(self, num_classes, in_chans, drop_path_rate):
        super().__init__()
        self.stem = nn.Conv2d(in_chans, 8, 4, stride=4)
        self.mixer = Conv(8, 8, 5, padding=2, groups=8)
        self.norm = nn.BatchNorm2d(8)
        self.drop = nn.Dropout(drop_path_rate)
        self.head = nn.Linear(8, num_classes)

    def forward(self, x):
        {forward}
        x = self.stem(x)
        x = torch.relu(x + self.norm(self.mixer(x)))
        return self.head(self.drop(x.mean((2, 3))))

def create_model(num_classes=10, in_chans=1, drop_path_rate=0.0):
    return Net(num_classes, in_chans, drop_path_rate)
"""

AUGMENT = {
    "flip": 0,
    "cropScale": 1,
    "randAugment": False,
    "colorJitter": 0,
    "erasing": 0,
    "mixup": 0,
    "cutmix": 0,
}
RECIPE = {
    "steps": 12,
    "epochs": None,
    "batch": 8,
    "accumulate": 1,
    "optimizer": "adamw",
    "betas": [0.9, 0.999],
    "eps": 1e-8,
    "fused": False,
    "lr": 0.01,
    "lrScaling": False,
    "schedule": "cosine",
    "minLr": 0.0,
    "power": 1,
    "milestones": [],
    "gamma": 0.1,
    "warmupSteps": 3,
    "warmupEpochs": None,
    "warmupStart": 0,
    "weightDecay": 0.05,
    "layerDecay": False,
    "layerBlocks": 1,
    "stageDecay": False,
    "clipGrad": 1.0,
    "labelSmoothing": 0.1,
    "dropPath": 0.2,
    "ema": 0.9,
    "amp": False,
    "syncBatchNorm": False,
    "channelsLast": False,
    "compile": False,
    "checkpointActivations": False,
    "augment": AUGMENT,
    "logEvery": 1,
    "evalEvery": 4,
    "checkpointEvery": 3,
}
DIGITS = {"type": "digits", "train": 40, "test": 20}


@dataclass
class TinyRun:
    """A run's directory, and what is read from it."""

    path: Path

    def train(self, *, interrupt: Interrupt | None = None, **options: Any) -> int:
        """Trains in this process, with `TrainOptions`; returns the exit code."""
        return run(self.path, interrupt or Interrupt(), TrainOptions(**options))

    @property
    def events(self) -> list[dict[str, Any]]:
        """All events; each is checked against the schema, and their numbering too."""
        lines = (self.path / "events.jsonl").read_text("utf-8").splitlines()
        events = [json.loads(line) for line in lines]
        validator = schema("event")
        for event in events:
            validator.validate(event)
        assert [event["seq"] for event in events] == list(range(len(events)))
        times = [event["time"] for event in events]
        assert times == sorted(times)
        return events

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The events of one type."""
        return [event for event in self.events if event["type"] == kind]

    @property
    def losses(self) -> dict[int, float]:
        """Loss by step; the last word counts."""
        return {event["step"]: event["loss"] for event in self.of("step")}

    @property
    def status(self) -> dict[str, Any]:
        """status.json, checked against the schema."""
        record = json.loads((self.path / "status.json").read_text("utf-8"))
        schema("status").validate(record)
        return record

    @property
    def last(self) -> Path:
        """The checkpoint that a resume goes on from."""
        return self.path / "checkpoints" / "last.pt"

    def load_last(self) -> dict[str, Any]:
        """What last.pt holds."""
        return torch.load(self.last, weights_only=True)

    def assert_ended(self, status: str) -> str | None:
        """run_end and status.json agree on `status`; returns the reason."""
        end = self.events[-1]
        assert end["type"] == "run_end"
        assert (end["status"], end["reason"]) == (self.status["status"], self.status["reason"])
        assert end["status"] == status
        assert self.status["pid"] is None
        return end["reason"]


def schema(name: str) -> jsonschema.Draft202012Validator:
    """One of the IR's schemas."""
    return jsonschema.Draft202012Validator(
        json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))
    )


def make_run(
    path: Path,
    *,
    package: str = "tiny_network",
    prelude: str = "",
    forward: str = "pass",
    head: int = 10,
    data: dict[str, Any] | None = None,
    size: int = 16,
    channels: int = 1,
    seed: int = 3,
    augment: dict[str, Any] | None = None,
    sparsity: dict[str, Any] | None = None,
    **recipe: Any,
) -> TinyRun:
    """Writes run.json and the network. Other code in the network needs another package name."""
    folder = path / "package" / package
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(PACKAGE.format(prelude=prelude, forward=forward), "utf-8")
    network = {
        "name": package,
        "input": {"channels": channels, "size": size},
        "dropPath": 0,
        "head": {"type": "classifier", "classes": head},
    }
    experiment = {
        "name": "tiny",
        "network": network,
        "task": "classification",
        "data": data or DIGITS,
        "recipe": {**RECIPE, **recipe, "augment": {**AUGMENT, **(augment or {})}},
        "sparsity": sparsity,
        "seed": seed,
    }
    record = {
        "v": 1,
        "run": f"tiny-{HASH[:8]}-1",
        "hash": HASH,
        "experiment": experiment,
        "device": {"requested": "cpu"},
        "package": f"package/{package}",
    }
    (path / "run.json").write_text(json.dumps(record), "utf-8")
    return TinyRun(path)


def start(run: TinyRun, *arguments: str) -> subprocess.Popen[bytes]:
    """A training process of its own, with words of its command line."""
    return subprocess.Popen(
        [sys.executable, "-m", "fovea_runtime.train", "--run", run.path, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT / "python")},
        stdout=(run.path / "stdout.log").open("ab"),
        stderr=(run.path / "stderr.log").open("ab"),
        start_new_session=True,
    )


def after_step(monkeypatch: pytest.MonkeyPatch, number: int, action: Callable[[], object]) -> None:
    """Does something once optimizer step `number` is made."""
    made = Learner.step

    def step(learner: Learner, pieces: Any, at: int) -> StepResult:
        result = made(learner, pieces, at)
        if at == number:
            action()
        return result

    monkeypatch.setattr(Learner, "step", step)


def stop_after(monkeypatch: pytest.MonkeyPatch, number: int) -> Interrupt:
    """An interrupt that is set once optimizer step `number` is made."""
    interrupt = Interrupt()

    def arrive() -> None:
        interrupt.signal = "SIGINT"

    after_step(monkeypatch, number, arrive)
    return interrupt


def same(left: Any, right: Any) -> bool:
    """Whether two checkpoints' contents are equal, tensors bit by bit."""
    if isinstance(left, torch.Tensor):
        return (
            isinstance(right, torch.Tensor)
            and left.dtype == right.dtype
            and left.shape == right.shape
            and left.numpy().tobytes() == right.numpy().tobytes()
        )
    if isinstance(left, dict):
        return (
            isinstance(right, dict)
            and left.keys() == right.keys()
            and all(same(left[key], right[key]) for key in left)
        )
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and left == right
