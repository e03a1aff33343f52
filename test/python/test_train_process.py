"""The training process from outside: arguments, signals, exit codes, a kill in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fovea_runtime.interrupt import Aborted, Interrupt
from tiny_run import ROOT, TinyRun, make_run, same

# Long enough that a signal arrives between two steps.
SLOW = "time.sleep(0.1)"


def start(run: TinyRun, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "fovea_runtime.train", "--run", run.path, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT / "python")},
        stdout=(run.path / "stdout.log").open("ab"),
        stderr=(run.path / "stderr.log").open("ab"),
        start_new_session=True,
    )


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


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


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_the_run_after_the_step(tmp_path: Path, name: str) -> None:
    run = make_run(tmp_path, package="slow_network", forward=SLOW, steps=1000)
    process = start(run)
    wait_for(logged(run, '"step","step":2'))
    # To the whole group, and once more as a parent would pass it on.
    os.killpg(process.pid, signal.Signals[name])
    process.send_signal(signal.Signals[name])
    assert process.wait(timeout=20) == 130
    step = max(run.losses)
    assert run.assert_ended("cancelled") == f"{name} at step {step}"
    assert run.load_last()["step"] == step
    assert not (run.path / "stderr.log").read_text("utf-8")


def test_a_signal_while_torch_is_imported(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    process = start(run)
    # status.json is written before torch is imported.
    wait_for(lambda: (run.path / "status.json").exists())
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 130
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
