"""A run that was stopped goes on to the same losses as one that never was, bit by bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fovea_runtime.interrupt import Interrupt
from fovea_runtime.train import session
from fovea_runtime.train.guards.finale import Finale
from tiny_run import TinyRun, after_step, make_run, same, stop_after

MIXING = {"mixup": 0.8, "cutmix": 1.0}


class Killed(BaseException):
    """Stands for SIGKILL: nothing after it is written."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> TinyRun:
    """The run that was never stopped."""
    run = make_run(tmp_path_factory.mktemp("whole"), augment=MIXING)
    assert run.train() == 0
    return run


def assert_same_run(run: TinyRun, whole: TinyRun) -> None:
    assert run.losses == whole.losses
    assert metrics(run) == metrics(whole)
    left, right = run.load_last(), whole.load_last()
    for key in right:
        assert same(left[key], right[key]), key


def metrics(run: TinyRun) -> dict[int, Any]:
    return {event["step"]: event["metrics"] for event in run.of("eval")}


@pytest.mark.parametrize("stop", [1, 3, 4, 5, 8, 11])
def test_cancelled_and_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: TinyRun, stop: int
) -> None:
    run = make_run(tmp_path, augment=MIXING)
    with monkeypatch.context() as patch:
        assert run.train(interrupt=stop_after(patch, stop)) == 130
    assert run.load_last()["step"] == stop
    assert run.train(resume=True) == 0
    assert [event["step"] for event in run.of("run_start")] == [0, stop]
    assert_same_run(run, whole)


def test_stopped_at_every_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: TinyRun
) -> None:
    run = make_run(tmp_path, augment=MIXING)
    for stop in range(1, 12):
        with monkeypatch.context() as patch:
            assert run.train(resume=stop > 1, interrupt=stop_after(patch, stop)) == 130
    assert run.train(resume=True) == 0
    assert_same_run(run, whole)


@pytest.mark.parametrize("kill", [4, 5, 7, 12])
def test_killed_and_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: TinyRun, kill: int
) -> None:
    def die() -> None:
        raise Killed

    run = make_run(tmp_path, augment=MIXING)
    with monkeypatch.context() as patch:
        # Nothing is recorded of a process that is killed.
        patch.setattr(Finale, "write", lambda finale, ending: None)
        after_step(patch, kill, die)
        run.train()
    assert run.status["status"] == "running"
    assert run.train(resume=True) == 0
    assert run.of("run_start")[1]["step"] == (kill - 1) // 3 * 3
    assert_same_run(run, whole)
    run.assert_ended("completed")


def test_an_evaluation_that_was_cut_short_is_made_up_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: TinyRun
) -> None:
    run = make_run(tmp_path, augment=MIXING)
    interrupt = Interrupt()
    real = session.evaluate

    def cut_short(*arguments: Any, **keywords: Any) -> Any:
        interrupt.signal = "SIGTERM"
        return real(*arguments, **keywords)

    with monkeypatch.context() as patch:
        patch.setattr(session, "evaluate", cut_short)
        assert run.train(interrupt=interrupt) == 130
    assert run.of("eval") == []
    assert run.load_last()["step"] == 4
    assert run.train(resume=True) == 0
    assert_same_run(run, whole)


def test_a_completed_run_that_is_resumed_changes_nothing(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    run.train()
    before = run.last.read_bytes()
    assert run.train(resume=True) == 0
    assert run.events[-2]["type"] == "run_start"
    run.assert_ended("completed")
    assert run.last.read_bytes() == before


def test_without_a_checkpoint_the_run_starts_anew_and_says_so(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    assert run.train(resume=True) == 0
    (warning,) = run.of("warning")
    assert "step 0" in warning["message"]
    assert run.events[0]["step"] == 0


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / "last.pt.123.tmp").write_bytes(b"half")
    assert run.train() == 0
    assert not list((tmp_path / "checkpoints").glob("*.tmp"))


def test_the_seed_decides(tmp_path: Path, whole: TinyRun) -> None:
    again = make_run(tmp_path / "again", augment=MIXING)
    again.train()
    assert again.losses == whole.losses
    other = make_run(tmp_path / "other", augment=MIXING, seed=4)
    other.train()
    assert other.losses != whole.losses
