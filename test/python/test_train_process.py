"""The training process from outside: arguments, signals, exit codes, a kill in the middle."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from fovea_runtime.interrupt import Aborted, Interrupt
from fovea_runtime.train.checkpoint import load
from PIL import Image
from rank_processes import kill, start_ranks, train_ranks
from tiny_run import TinyRun, make_run, same, start
from waiting import NOTICE, PATIENCE, wait_for

# Long enough that a signal arrives between two steps.
SLOW = "time.sleep(0.1)"
IMAGES: dict[str, Any] = {"package": "of_folders", "channels": 3, "head": 2, "batch": 4}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve small images of two classes, and as many held out."""
    root = tmp_path_factory.mktemp("folders")
    random = np.random.default_rng(0)
    for split in ("train", "val"):
        for name in ("cat", "dog"):
            (root / split / name).mkdir(parents=True)
            for index in range(6):
                image = Image.fromarray(random.integers(0, 255, (20, 24, 3)).astype(np.uint8))
                image.save(root / split / name / f"{index}.jpg")
    return root


def images(root: Path) -> dict[str, Any]:
    """Data read by two workers."""
    return {
        "type": "image_folder",
        "root": str(root),
        "train": "train",
        "validation": "val",
        "workers": 2,
    }


@contextmanager
def ranks(run: TinyRun, **options: Any) -> Iterator[Any]:
    """A training process of its own; whatever is left of it at the end is killed."""
    (process,) = start_ranks(run.path, 1, **options)
    try:
        yield process
    finally:
        kill([process])


def lines(run: TinyRun) -> int:
    path = run.path / "events.jsonl"
    return path.read_bytes().count(b"\n") if path.exists() else 0


def logged(run: TinyRun, text: str) -> Callable[[], bool]:
    path = run.path / "events.jsonl"
    return lambda: path.exists() and text in path.read_text("utf-8")


def test_a_killed_process_resumes_to_the_same_losses(tmp_path: Path) -> None:
    whole = make_run(tmp_path / "whole", package="slow_network", forward=SLOW)
    assert start(whole).wait() == 0
    run = make_run(tmp_path / "run", package="slow_network", forward=SLOW)
    process = start(run)
    wait_for(logged(run, '"step","step":5'))
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert run.status["status"] == "running"
    assert run.status["pid"] == process.pid
    assert start(run, "--resume").wait() == 0
    assert run.losses == whole.losses
    assert same(run.load_last()["model"], whole.load_last()["model"])
    assert same(run.load_last()["ema"], whole.load_last()["ema"])
    run.assert_ended("completed")


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1"])
def test_a_signal_ends_the_run_after_the_step(tmp_path: Path, folders: Path, name: str) -> None:
    # With workers, which the signal reaches too.
    run = make_run(tmp_path, **IMAGES, data=images(folders), forward=SLOW, steps=1000)
    with ranks(run) as process:
        wait_for(logged(run, '"step","step":2'))
        # To the whole group, and once more as a parent would pass it on.
        os.killpg(process.pid, signal.Signals[name])
        os.kill(process.pid, signal.Signals[name])
        process.join(NOTICE)
        assert process.exitcode == 130
    step = max(run.losses)
    assert run.assert_ended("cancelled") == f"{name} at step {step}"
    assert run.load_last()["step"] == step
    # No word of a worker or a traceback.
    said = (run.path / "stderr.log").read_text("utf-8")
    assert said == f"cancelled: {name} at step {step}\n"


MOMENTS = {
    # In the first batch there is nothing yet to be seen from outside.
    "the first step": ("touch(); time.sleep(1)", ""),
    "an evaluation": ("self.training or (touch(), time.sleep(0.2))", ""),
    "a checkpoint": (
        "time.sleep(0.02)",
        """
from fovea_runtime.train import checkpoint_files
save = checkpoint_files._save
def slow(state, path):
    touch()
    time.sleep(1.5)
    save(state, path)
checkpoint_files._save = slow
""",
    ),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_signal_in_the_middle_of(tmp_path: Path, moment: str) -> None:
    forward, prelude = MOMENTS[moment]
    seen = tmp_path / "seen"
    touch = f"import pathlib\ndef touch(): pathlib.Path({str(seen)!r}).touch()\n"
    run = make_run(
        tmp_path, package="watched", prelude=touch + prelude, forward=forward, steps=1000
    )
    with ranks(run) as process:
        wait_for(seen.exists)
        os.kill(process.pid, signal.SIGUSR1)
        process.join(NOTICE)
        assert process.exitcode == 130
    state = load(run.last)
    assert run.assert_ended("cancelled") == f"SIGUSR1 at step {state['step']}"
    assert state["step"] == max(run.losses)
    if moment == "an evaluation":
        assert (state["step"], state["evaluated"]) == (4, False)
    assert run.of("checkpoint")[-1]["step"] == state["step"]
    assert not list(tmp_path.rglob("*.tmp"))


def test_killed_at_any_instant_it_goes_on_bit_by_bit(tmp_path: Path, folders: Path) -> None:
    settings: dict[str, Any] = {
        **IMAGES,
        "data": images(folders),
        "augment": {"mixup": 0.8, "cutmix": 1.0, "flip": 0.5, "cropScale": 0.5},
        "checkpointEvery": 1,
        "steps": 24,
    }
    whole = make_run(tmp_path / "whole", **settings)
    assert train_ranks(whole.path, 1) == [0]
    # Half of a checkpoint is on the disk for a long time.
    half = """
from fovea_runtime.train import checkpoint_files
save = checkpoint_files._save
def slow(state, path):
    path.write_bytes(b"half of a checkpoint")
    time.sleep(0.1)
    save(state, path)
    time.sleep(0.02)
checkpoint_files._save = slow
"""
    run = make_run(tmp_path / "run", **settings, prelude=half)
    random = Random(6)
    written = False
    for attempt in range(4):
        with ranks(run, resume=attempt > 0) as process:
            steps = lines(run)
            wait_for(lambda steps=steps: lines(run) > steps + 3)
            if attempt % 2 == 0:
                wait_for(lambda: any(run.path.rglob("last.pt.*.tmp")))
            else:
                time.sleep(random.uniform(0, 0.3))
            process.kill()
            process.join()
        written = written or any(run.path.rglob("last.pt.*.tmp"))
        assert run.status["status"] == "running"
    assert written
    assert train_ranks(run.path, 1, resume=True) == [0]
    run.assert_ended("completed")
    assert len(run.of("run_start")) == 5
    assert run.losses == whole.losses
    for key in ("model", "ema", "optimizer"):
        assert same(run.load_last()[key], whole.load_last()[key]), key
    assert not list(run.path.rglob("*.tmp"))


def test_a_signal_while_torch_is_imported(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    process = start(run)
    # status.json is written before torch is imported.
    wait_for(lambda: (run.path / "status.json").exists())
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=PATIENCE) == 130
    run.assert_ended("cancelled")


def test_an_error_leaves_a_traceback_and_exit_code_1(tmp_path: Path) -> None:
    run = make_run(tmp_path, package="broken_network", forward="raise KeyError('no such thing')")
    assert start(run, "--device", "cpu").wait() == 1
    assert run.assert_ended("failed") == "KeyError: 'no such thing' (exit code 1)"
    assert (
        (run.path / "stderr.log").read_text("utf-8").strip().endswith("KeyError: 'no such thing'")
    )


def test_further_signals_at_once_count_as_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [10.0]
    monkeypatch.setattr("fovea_runtime.interrupt.time.monotonic", lambda: clock[0])
    interrupt = Interrupt()
    before = {
        name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        interrupt.install()
        assert not interrupt.raised
        signal.raise_signal(signal.SIGTERM)
        clock[0] += 0.5
        signal.raise_signal(signal.SIGINT)
        assert interrupt.signal == "SIGTERM"
        clock[0] += 2
        with pytest.raises(Aborted, match="SIGINT"):
            signal.raise_signal(signal.SIGINT)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
