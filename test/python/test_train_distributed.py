"""Two processes train as one does: gloo on a CPU, started by torchrun."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fovea_runtime.train.endings import Ending
from fovea_runtime.train.ranks import Ranks
from rank_processes import kill, start_ranks, train_ranks
from tiny_run import ROOT, TinyRun, make_run, same
from waiting import NOTICE, PATIENCE, wait_for

MIXED: dict[str, Any] = {"augment": {"mixup": 0.8, "cutmix": 1.0}, "labelSmoothing": 0.1}
# BatchNorm sees the pieces one by one in both cases; only its running statistics differ, which the
# first process of two gathers over its own pieces alone.
BUFFERS = ("running_mean", "running_var", "num_batches_tracked")


def torchrun(path: Path, *, restarts: int) -> int:
    """Trains with two processes of torchrun; returns its exit code."""
    command = [
        *(sys.executable, "-m", "torch.distributed.run", "--standalone"),
        *("--nproc-per-node=2", f"--max-restarts={restarts}"),
        # Without the dashes torchrun takes --run for an abbreviation of its own --run-path.
        *("-m", "--", "fovea_runtime.train", "--run", str(path)),
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python"), "OMP_NUM_THREADS": "1"}
    with (path / "stderr.log").open("a") as log:
        return subprocess.run(
            command, env=environment, stdout=log, stderr=log, check=False, timeout=PATIENCE
        ).returncode


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> TinyRun:
    run = make_run(tmp_path_factory.mktemp("together"), **MIXED)
    assert train_ranks(run.path) == [0, 0], (run.path / "stderr.log").read_text()
    return run


def test_two_processes_are_one_that_accumulates(together: TinyRun, tmp_path: Path) -> None:
    # Halving is exact, so the mean over two pieces is the same number whoever takes it: the
    # tolerance is none.
    alone = make_run(tmp_path, **MIXED, accumulate=2)
    assert train_ranks(tmp_path, 1) == [0]
    assert together.losses == alone.losses
    assert [s["grad_norm"] for s in together.of("step")] == [
        s["grad_norm"] for s in alone.of("step")
    ]
    ours, theirs = together.load_last(), alone.load_last()
    assert same(ours["optimizer"], theirs["optimizer"])
    for key in ("model", "ema"):
        for name, tensor in ours[key].items():
            if not name.endswith(BUFFERS):
                assert same(tensor, theirs[key][name]), (key, name)


def test_one_event_stream_tells_of_both(together: TinyRun) -> None:
    together.assert_ended("completed")
    (start,) = together.of("run_start")
    assert (start["processes"], start["batch"], start["accumulate"]) == (2, 8, 1)
    assert [event["step"] for event in together.of("step")] == list(range(1, 13))
    assert [event["step"] for event in together.of("eval")] == [4, 8, 12]
    assert not list(together.path.glob("failure-*"))


def test_both_processes_see_all_held_out_images(together: TinyRun) -> None:
    # 20 images in batches of 8: the first process has two batches, the second has one.
    shares = [event["metrics"]["top1"] * 20 / 100 for event in together.of("eval")]
    assert shares == [round(share) for share in shares]
    state = together.load_last()
    assert together.of("eval")[-1]["metrics"]["loss"] == pytest.approx(
        held_out_loss(together, state["ema"]), rel=1e-5
    )


def held_out_loss(run: TinyRun, weights: dict[str, Any]) -> float:
    """The mean cross-entropy of a state dict, by the definition."""
    import json

    import torch
    from fovea_runtime.data.open import open_source
    from fovea_runtime.package import load_package

    experiment = json.loads((run.path / "run.json").read_text())["experiment"]
    (package,) = (run.path / "package").iterdir()
    model = load_package(package).create_model(num_classes=10)
    model.load_state_dict(weights)
    images, labels = next(open_source(experiment).held_out(20))
    with torch.no_grad():
        logits = model.double().eval()(images.double())
    return float(torch.nn.functional.cross_entropy(logits, labels))


def test_killed_and_resumed_it_goes_on_bit_by_bit(together: TinyRun, tmp_path: Path) -> None:
    run = make_run(tmp_path, **MIXED, package="slow_network", prelude=SLOW, forward=SLEEP)
    processes = start_ranks(run.path)
    wait_for(run.last.exists)
    kill(processes)
    assert train_ranks(run.path, resume=True) == [0, 0]
    run.assert_ended("completed")
    assert run.of("run_start")[-1]["step"] > 0
    assert run.losses == together.losses
    assert same(run.load_last()["model"], together.load_last()["model"])
    assert same(run.load_last()["ema"], together.load_last()["ema"])


SLOW = "import time"
SLEEP = "time.sleep(0.1)"


@pytest.mark.parametrize("rank", [0, 1])
def test_a_signal_to_one_stops_both_at_the_same_step(tmp_path: Path, rank: int) -> None:
    run = make_run(tmp_path, package="slow_network", prelude=SLOW, forward=SLEEP, steps=1000)
    processes = start_ranks(tmp_path)
    wait_for(lambda: (tmp_path / "events.jsonl").exists() and len(run.of("step")) > 0)
    os.kill(processes[rank].pid, signal.SIGUSR1)
    for process in processes:
        process.join(NOTICE)
    assert [process.exitcode for process in processes] == [130, 130]
    reason = run.assert_ended("cancelled")
    step = run.load_last()["step"]
    assert 0 < step < 1000
    assert reason == f"{'SIGUSR1' if rank == 0 else 'a signal to another process'} at step {step}"


def test_a_process_that_fails_gives_the_reason(tmp_path: Path) -> None:
    forward = (
        "import os\n"
        "        if os.environ.get('RANK') == '1':\n"
        "            raise RuntimeError('this card has fallen off the bus')"
    )
    run = make_run(tmp_path, package="fallen_network", forward=forward)
    assert train_ranks(tmp_path) == [1, 1]
    reason = run.assert_ended("failed")
    assert reason == "rank 1: RuntimeError: this card has fallen off the bus (exit code 1)"


def test_a_failed_process_is_started_again_from_its_checkpoint(
    together: TinyRun, tmp_path: Path
) -> None:
    flag = tmp_path / "failed"
    forward = (
        "import os, pathlib\n"
        f"        flag = pathlib.Path({str(flag)!r})\n"
        "        last = flag.parent / 'run' / 'checkpoints' / 'last.pt'\n"
        "        if os.environ.get('RANK') == '1' and last.exists() and not flag.exists():\n"
        "            flag.touch()\n"
        "            raise RuntimeError('this card has fallen off the bus')"
    )
    (tmp_path / "run").mkdir()
    run = make_run(tmp_path / "run", **MIXED, package="failing_network", forward=forward)
    assert torchrun(run.path, restarts=1) == 0
    run.assert_ended("completed")
    assert len(run.of("run_start")) == 2
    assert run.of("run_start")[1]["step"] >= 3
    messages = [event["message"] for event in run.of("warning")]
    assert any("fallen off the bus" in m and "rank 1" in m for m in messages), messages
    assert run.losses == together.losses


def test_a_batch_that_cannot_be_cut_is_refused_before_the_first_step(tmp_path: Path) -> None:
    run = make_run(tmp_path, batch=7)
    assert train_ranks(run.path) == [1, 1]
    reason = run.assert_ended("failed")
    assert reason is not None
    assert "batch 7" in reason
    assert "2" in reason
    assert run.of("step") == []


def test_a_process_that_is_killed_is_no_failure_of_the_other(tmp_path: Path) -> None:
    run = make_run(tmp_path, package="slow_network", prelude=SLOW, forward=SLEEP, steps=1000)
    first, second = start_ranks(tmp_path)
    wait_for(lambda: (tmp_path / "events.jsonl").exists() and len(run.of("step")) > 0)
    second.kill()
    first.join(PATIENCE)
    assert first.exitcode == 1
    # Who has had a sign of it names it; before that the end is left to who started it.
    for end in run.of("run_end"):
        assert end["status"] == "lost"
        assert "rank 1" in end["reason"]
        assert "SIGKILL" in end["reason"]
    assert "gone without a word" in (tmp_path / "stderr.log").read_text()


def test_an_error_is_an_echo_where_another_process_is_gone(tmp_path: Path) -> None:
    gone = Ending(
        "failed", "RuntimeError: Connection closed by peer [127.0.0.1]:12 (exit code 1)", 1
    )
    own = Ending("failed", "ValueError: no such image (exit code 1)", 1)
    several = Ranks(tmp_path, rank=0, count=2)
    assert several.is_unexplained(gone)
    assert not several.is_unexplained(own)
    assert not Ranks(tmp_path).is_unexplained(gone)
