"""Sinks beside a training: what arrives, and that nothing of it touches the run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fovea_runtime.bench import sinks as bench
from fovea_runtime.train.sinks import processes
from fovea_runtime.train.sinks.figures import figures
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tiny_run import ROOT, TinyRun, make_run, same, start, stop_after
from waiting import wait_for

CLIENTS = ROOT / "test" / "python" / "clients"
sys.path.append(str(CLIENTS))
import recorded

ALL = ("tensorboard", "mlflow", "wandb")
SLOW = "time.sleep(0.1)"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> TinyRun:
    """The run without sinks."""
    run = make_run(tmp_path_factory.mktemp("whole"))
    assert run.train() == 0
    return run


@pytest.fixture
def clients(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """MLflow's and Weights & Biases' stand-ins; the function tells them what to do."""
    monkeypatch.setenv("PYTHONPATH", str(CLIENTS))
    monkeypatch.setenv("FAKE_CALLS", str(tmp_path / "calls.jsonl"))
    return lambda does: monkeypatch.setenv("FAKE_DOES", does)


def told(run: TinyRun) -> dict[str, dict[int, float]]:
    """What the events say of each figure; of a step that was made twice the last word."""
    found: dict[str, dict[int, float]] = {}
    for event in run.events:
        step, values = figures(event) or (0, {})
        for name, value in values.items():
            found.setdefault(name, {})[step] = value
    return found


def in_tensorboard(run: TinyRun) -> dict[str, list[tuple[int, float]]]:
    """Every point, in order."""
    read = EventAccumulator(str(run.path / "tensorboard"), size_guidance={"scalars": 0})
    read.Reload()
    names = read.Tags()["scalars"]
    return {name: [(each.step, each.value) for each in read.Scalars(name)] for name in names}


def in_mlflow() -> dict[str, list[tuple[int, float]]]:
    found: dict[str, list[tuple[int, float]]] = {}
    for call in recorded.calls("mlflow.MlflowClient.log_batch"):
        for metric in call.get("metrics") or ():
            found.setdefault(metric["key"], []).append((metric["step"], metric["value"]))
    return found


def in_wandb() -> dict[str, list[tuple[int, float]]]:
    found: dict[str, list[tuple[int, float]]] = {}
    for call in recorded.calls("wandb.Run.log"):
        for name, value in call["data"].items():
            found.setdefault(name, []).append((call["step"], value))
    return found


def assert_whole(
    points: dict[str, list[tuple[int, float]]], run: TinyRun, *, exactly: bool = True
) -> None:
    """Each figure of each step once, in the order of the steps."""
    expected = told(run)
    assert points.keys() == expected.keys()
    for name, values in expected.items():
        assert [step for step, _ in points[name]] == sorted(values), name
        if exactly:
            assert [value for _, value in points[name]] == pytest.approx(
                [values[step] for step in sorted(values)], rel=1e-6
            )


def assert_untouched(run: TinyRun, whole: TinyRun) -> None:
    """The same losses, weights and random numbers as without sinks."""
    assert run.losses == whole.losses
    left, right = run.load_last(), whole.load_last()
    assert all(same(left[key], right[key]) for key in right)
    run.assert_ended("completed")


def warning(run: TinyRun) -> str:
    """The only warning of a run."""
    (event,) = run.of("warning")
    return event["message"]


def test_every_figure_arrives_and_the_training_is_the_same(
    tmp_path: Path, whole: TinyRun, clients: Any
) -> None:
    run = make_run(tmp_path / "run")
    assert run.train(sinks=ALL) == 0
    assert_untouched(run, whole)
    assert run.of("warning") == []
    for points in (in_tensorboard(run), in_mlflow(), in_wandb()):
        assert_whole(points, run)
        assert len(points["train/loss"]) == 12
        assert [step for step, _ in points["test/top1"]] == [4, 8, 12]


def test_what_services_are_told_of_the_run(tmp_path: Path, clients: Any) -> None:
    run = make_run(tmp_path / "run", augment={"mixup": 0.8})
    assert run.train(sinks=("mlflow", "wandb")) == 0
    calls = {call["call"].rpartition(".")[2]: call for call in recorded.calls()}
    assert calls["create_experiment"]["name"] == "tiny"
    assert calls["create_run"]["run_name"] == "tiny-abababab-1"
    assert calls["set_terminated"]["status"] == "FINISHED"
    batches = recorded.calls("mlflow.MlflowClient.log_batch")
    params = {each["key"]: each["value"] for call in batches for each in call.get("params") or ()}
    assert params["recipe.augment.mixup"] == "0.8"
    assert params["recipe.betas"] == "[0.9, 0.999]"
    assert params["network.head.classes"] == "10"
    tags = {each["key"]: each["value"] for call in batches for each in call.get("tags") or ()}
    assert (tags["fovea.run"], tags["fovea.status"]) == ("tiny-abababab-1", "completed")
    begun = calls["init"]
    assert begun["id"].startswith("tiny-abababab-1-")
    assert (begun["project"], begun["resume"]) == ("tiny", "allow")
    assert begun["dir"] == str(run.path)
    assert begun["config"]["recipe"]["lr"] == 0.01
    assert calls["finish"]["exit_code"] == 0


@pytest.mark.parametrize(
    ("does", "says"),
    [("every raises", "http://…@host"), ("log_batch leaves", "exit code 7")],
)
def test_a_client_that_fails_is_one_warning(
    tmp_path: Path, whole: TinyRun, clients: Any, does: str, says: str
) -> None:
    clients(does)
    run = make_run(tmp_path / "run")
    assert run.train(sinks=("mlflow",)) == 0
    assert_untouched(run, whole)
    assert says in warning(run)
    assert "sinks/mlflow.log" in warning(run)


def test_a_client_that_hangs_does_not_hold_the_run(
    tmp_path: Path, whole: TinyRun, clients: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "_ENDS", 0.5)
    clients("log hangs")
    run = make_run(tmp_path / "run")
    assert run.train(sinks=("wandb",)) == 0
    os.kill(recorded.calls("wandb.Run.log")[0]["pid"], signal.SIGKILL)
    assert_untouched(run, whole)
    assert "not done" in warning(run)


def test_a_package_that_is_not_there_is_one_warning(tmp_path: Path, whole: TinyRun) -> None:
    run = make_run(tmp_path / "run")
    assert run.train(sinks=("wandb",)) == 0
    assert_untouched(run, whole)
    assert "No module named 'wandb'" in warning(run)


def test_after_a_failure_everything_arrives_all_the_same(
    tmp_path: Path, whole: TinyRun, clients: Any
) -> None:
    clients("log_batch raises once")
    run = make_run(tmp_path / "run")
    assert run.train(sinks=("mlflow",)) == 0
    assert_untouched(run, whole)
    assert "ConnectionError" in warning(run)
    assert_whole(in_mlflow(), run)


def test_a_run_that_is_killed_and_resumed_has_every_point_once(
    tmp_path: Path, whole: TinyRun, clients: Any
) -> None:
    run = make_run(tmp_path / "run", package="slow_network", forward=SLOW)
    process = start(run, *(word for name in ALL for word in ("--sink", name)))
    wait_for(lambda: (run.path / "events.jsonl").exists() and 8 in run.losses)
    process.kill()
    process.wait()
    assert run.status["status"] == "running"
    assert run.train(resume=True, sinks=ALL) == 0
    assert run.of("run_start")[1]["step"] == 6
    assert_whole(in_tensorboard(run), run)
    # What a service has of a step stays; the throughput is another when it is made anew.
    assert_whole(in_mlflow(), run, exactly=False)
    assert_whole(in_wandb(), run, exactly=False)
    assert len(recorded.calls("mlflow.MlflowClient.create_run")) == 1
    assert len({call["id"] for call in recorded.calls("wandb.init")}) == 1


def test_a_run_that_goes_on_with_a_sink_has_its_beginning_there_too(
    tmp_path: Path, clients: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(tmp_path / "run")
    with monkeypatch.context() as patch:
        run.train(interrupt=stop_after(patch, 5))
    assert run.train(resume=True, sinks=("wandb",)) == 0
    assert_whole(in_wandb(), run)


def test_the_process_takes_the_names_of_sinks(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "fovea_runtime.train", "--run", tmp_path, "--sink", "printer"]
    done = subprocess.run(
        words,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "python")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "tensorboard" in done.stderr


def test_what_a_sink_costs_is_measured(
    tmp_path: Path,
    clients: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = make_run(tmp_path / "run")
    before = sorted(run.path.rglob("*.*"))
    words = ["--run", str(run.path), "--sink", "wandb", "--rounds", "1", "--steps", "8"]
    monkeypatch.setattr(sys, "argv", ["sinks", *words, "--skip", "4"])
    assert bench.main() == 0
    report = json.loads(capsys.readouterr().out)
    times = report["step_ms"]
    assert report["ratio"] == pytest.approx(times["with"] / times["without"], rel=0.05)
    assert max(step for step, _ in in_wandb()["train/loss"]) == 8
    assert [path for path in sorted(run.path.rglob("*.*")) if path.suffix != ".pyc"] == before
