"""A process that is stuck, stopped, killed or failing ends the run of all, and is named."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from fovea_runtime.train.guards.beat import Beat
from fovea_runtime.train.guards.verdict import verdict
from rank_processes import kill, start_ranks
from tiny_run import ROOT, TinyRun, make_run
from waiting import NOTICE, PATIENCE, wait_for

LIMIT = 5
"""More than a step and an evaluation take on a machine that is busy."""


@contextmanager
def ranks(run: TinyRun, count: int = 2) -> Iterator[list[Any]]:
    """The processes of a training; whatever is left of them at the end is killed."""
    processes = start_ranks(run.path, count, heartbeat=LIMIT)
    try:
        yield processes
    finally:
        kill(processes)


def pids(run: TinyRun) -> dict[int, int]:
    """The processes that write signs of life, by rank."""
    found: dict[int, int] = {}
    for path in (run.path / "beats").glob("rank-*.json"):
        with suppress(OSError, ValueError):
            beat = json.loads(path.read_text("utf-8"))
            found[beat["rank"]] = beat["pid"]
    return found


def logged(run: TinyRun, text: str) -> Callable[[], bool]:
    path = run.path / "events.jsonl"
    return lambda: path.exists() and text in path.read_text("utf-8")


def endless(tmp_path: Path, *, forward: str = "time.sleep(0.05)", **recipe: int) -> TinyRun:
    return make_run(
        tmp_path,
        package="endless",
        forward=forward,
        **{"steps": 100_000, "evalEvery": 100_000, **recipe},
    )


def ended_as(run: TinyRun, status: str) -> str:
    """Waits for the run's end; the reason."""
    wait_for(lambda: (run.path / "status.json").exists() and status == run.status["status"])
    (end,) = run.of("run_end")
    assert end["status"] == status
    assert end["reason"] == run.status["reason"]
    return end["reason"]


@pytest.mark.parametrize("rank", [0, 1])
def test_a_process_that_is_stopped_is_named(tmp_path: Path, rank: int) -> None:
    run = endless(tmp_path)
    with ranks(run) as processes:
        wait_for(lambda: logged(run, '"step","step":5')() and len(pids(run)) == 2)
        os.kill(processes[rank].pid, signal.SIGSTOP)
        # As it is where it was stopped before its second sign.
        sign = run.path / "beats" / f"rank-{rank}.json"
        sign.write_text(json.dumps({**json.loads(sign.read_text("utf-8")), "phase": "start"}))
        reason = ended_as(run, "lost")
        assert reason.startswith(f"rank {rank} does not run")
        assert f"process {processes[rank].pid} " in reason
        processes[1 - rank].join(PATIENCE)
        assert processes[1 - rank].exitcode == 1
        # It comes back too late to say anything.
        os.kill(processes[rank].pid, signal.SIGCONT)
        processes[rank].join(PATIENCE)
        assert processes[rank].exitcode == 1
    assert run.assert_ended("lost") == reason
    assert "heartbeat.py" in (run.path / "stderr.log").read_text("utf-8")


def test_a_process_that_stays_behind_is_named(tmp_path: Path) -> None:
    stuck = "self.calls = getattr(self, 'calls', 0) + 1; time.sleep(0.02 if self.calls < 9 or os.environ['RANK'] == '0' else 1000)"
    run = make_run(
        tmp_path, package="behind", prelude="import os", forward=stuck, steps=99, evalEvery=99
    )
    with ranks(run) as processes:
        reason = ended_as(run, "lost")
        assert reason.startswith(
            f"rank 1 is behind: no sign of it for {LIMIT} s, it is in 'step' of step 9, behind/__init__.py:"
        )
        # The first has said all there is to say.
        for process in processes:
            process.join(PATIENCE)
            assert process.exitcode == 1


def test_a_process_that_fails_is_named_where_the_others_hear_nothing(tmp_path: Path) -> None:
    # As NCCL would: rank 0 waits for ever, and the error of rank 1 ends no connection.
    hung = (
        "self.calls = getattr(self, 'calls', 0) + 1; time.sleep(0.02 if self.calls < 9 else 1000)"
    )
    run = make_run(tmp_path, package="hung", forward=hung, steps=99, evalEvery=99)
    with ranks(run) as processes:
        wait_for(logged(run, '"step","step":8'))
        failure = {"status": "out_of_memory", "reason": "so many bytes", "recorded": False}
        (tmp_path / "failure-1.json").write_text(json.dumps(failure), "utf-8")
        processes[1].kill()
        assert ended_as(run, "out_of_memory") == "rank 1: so many bytes"
        processes[0].join(PATIENCE)
        assert processes[0].exitcode == 1


def test_a_process_that_is_killed_is_named_and_all_start_anew(tmp_path: Path) -> None:
    run = endless(tmp_path, checkpointEvery=5)
    command = [
        *(sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"),
        *("--max-restarts=1", "-m", "--", "fovea_runtime.train", "--run", str(run.path)),
        *("--device", "cpu", "--heartbeat", str(LIMIT)),
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python"), "OMP_NUM_THREADS": "1"}
    with (run.path / "stderr.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        wait_for(lambda: logged(run, '"step","step":7')() and len(pids(run)) == 2)
        killed = pids(run)[1]
        os.kill(killed, signal.SIGKILL)
        wait_for(lambda: len(run.of("run_start")) == 2 and len(pids(run)) == 2)
        (warning,) = run.of("warning")
        assert warning["message"].startswith(
            f"restart 1 of at most 1, because of: rank 1 is gone without a word: process {killed} "
        )
        assert run.of("run_start")[1]["step"] >= 5
        wait_for(lambda: pids(run).get(1, killed) != killed)
        os.kill(pids(run)[1], signal.SIGUSR1)
        assert process.wait(timeout=NOTICE) != 0
    finally:
        # It ends its processes itself.
        process.terminate()
        process.wait()
    assert (run.assert_ended("cancelled") or "").startswith("a signal to another process")
    assert {path.name for path in run.path.iterdir()} == {
        *("run.json", "package", "status.json", "events.jsonl", "checkpoints", "stderr.log"),
    }


def test_a_process_alone_is_lost_when_it_is_stuck_and_not_when_it_was_stopped(
    tmp_path: Path,
) -> None:
    stuck = (
        "self.calls = getattr(self, 'calls', 0) + 1; time.sleep(0.02 if self.calls < 99 else 1000)"
    )
    run = endless(tmp_path, forward=stuck)
    with ranks(run, 1) as (process,):
        wait_for(logged(run, '"step","step":5'))
        os.kill(process.pid, signal.SIGSTOP)
        time.sleep(LIMIT * 1.5)
        os.kill(process.pid, signal.SIGCONT)
        process.join(PATIENCE)
        assert process.exitcode == 1
    assert max(run.losses) == 98
    reason = run.assert_ended("lost") or ""
    assert reason.startswith(f"no sign of the training for {LIMIT} s: it is in 'step' of step 99")
    assert "endless/__init__.py" in reason
    assert "most recent call first" in (run.path / "stderr.log").read_text("utf-8")
    assert not (run.path / "beats").exists()


def beat(rank: int, phase: str, step: int, *, waits: bool = False) -> Beat:
    return Beat(rank, phase, step, 1, "a.py:1 (f)", waits, "host", 100 + rank, None)


@pytest.mark.parametrize(
    ("beats", "stale", "words"),
    [
        ([beat(0, "step", 8), beat(1, "images", 8)], [], "rank 1 is behind"),
        ([beat(0, "step", 8), beat(1, "checkpoint", 7)], [], "rank 1 is behind"),
        ([beat(0, "step", 8, waits=True), beat(1, "step", 8)], [], "rank 1 is behind"),
        ([beat(0, "step", 8), beat(1, "step", 8)], [], "no sign of any process"),
        ([beat(0, "images", 8), beat(1, "step", 8)], [1], "rank 1 does not run"),
        ([beat(0, "images", 8)], [1], "rank 1 gave no sign"),
    ],
)
def test_who_is_behind(beats: list[Beat], stale: list[int], words: str) -> None:
    found = verdict({each.rank: each for each in beats}, stale, 61.4)
    assert found.startswith(words)
    assert "for 61 s" in found
