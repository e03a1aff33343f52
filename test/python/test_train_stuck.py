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

import pytest
from fovea_runtime.train.guards.beat import Beat
from fovea_runtime.train.guards.verdict import verdict
from tiny_run import ROOT, TinyRun, make_run

LIMIT = 5
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "python"), "OMP_NUM_THREADS": "1"}


@contextmanager
def started(run: TinyRun, *arguments: str, processes: int = 1) -> Iterator[subprocess.Popen[bytes]]:
    """A training; whatever is left of it at the end is killed."""
    torchrun = ["torch.distributed.run", "--standalone", f"--nproc-per-node={processes}"]
    restarts = [each for each in arguments if each.startswith("--max-restarts")]
    words = ["fovea_runtime.train", "--run", str(run.path), "--device", "cpu"]
    if processes > 1:
        words = [*torchrun, *restarts, "-m", *words]
    rest = [each for each in arguments if each not in restarts]
    process = subprocess.Popen(
        [sys.executable, "-m", *words, "--heartbeat", str(LIMIT), *rest],
        env=ENVIRONMENT,
        stdout=(run.path / "stdout.log").open("ab"),
        stderr=(run.path / "stderr.log").open("ab"),
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        for pid in pids(run).values():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()


def pids(run: TinyRun) -> dict[int, int]:
    """The processes that write signs of life, by rank."""
    found: dict[int, int] = {}
    for path in (run.path / "beats").glob("rank-*.json"):
        with suppress(OSError, ValueError):
            beat = json.loads(path.read_text("utf-8"))
            found[beat["rank"]] = beat["pid"]
    return found


def wait_for(condition: Callable[[], bool], limit: float = 120) -> None:
    deadline = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


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


def ended_as(run: TinyRun, status: str, within: float) -> str:
    """Waits for the run's end; the reason."""
    wait_for(lambda: (run.path / "status.json").exists() and status == run.status["status"], within)
    (end,) = run.of("run_end")
    assert end["status"] == status
    assert end["reason"] == run.status["reason"]
    return end["reason"]


@pytest.mark.parametrize("rank", [0, 1])
def test_a_process_that_is_stopped_is_named(tmp_path: Path, rank: int) -> None:
    run = endless(tmp_path)
    with started(run, processes=2):
        wait_for(lambda: logged(run, '"step","step":5')() and len(pids(run)) == 2)
        stopped = pids(run)[rank]
        os.kill(stopped, signal.SIGSTOP)
        # A step, the limit, and how often is looked.
        reason = ended_as(run, "lost", LIMIT + 4)
        assert reason.startswith(f"rank {rank} does not run")
        assert f"process {stopped} " in reason
        other = pids(run)[1 - rank]
        wait_for(lambda: not alive(other), 10)
        os.kill(stopped, signal.SIGKILL)
        assert "heartbeat.py" in (run.path / "stderr.log").read_text("utf-8")


def alive(pid: int) -> bool:
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return fields[0] not in "ZX"
    return False


def test_a_process_that_is_killed_is_named_and_all_start_anew_once(tmp_path: Path) -> None:
    run = endless(tmp_path, checkpointEvery=5)
    with started(run, "--max-restarts=1", processes=2) as process:
        wait_for(lambda: logged(run, '"step","step":7')() and len(pids(run)) == 2)
        before = pids(run)
        os.kill(before[1], signal.SIGKILL)
        wait_for(lambda: len(run.of("run_start")) == 2)
        (warning,) = run.of("warning")
        assert warning["message"].startswith(
            f"restart 1 of at most 1, because of: rank 1 is gone without a word: "
            f"process {before[1]} "
        )
        assert run.of("run_start")[1]["step"] == 5
        wait_for(lambda: len(pids(run)) == 2 and not set(pids(run).values()) & set(before.values()))
        # Only one process gets the signal; all stop at the same step.
        os.kill(pids(run)[1], signal.SIGUSR1)
        assert process.wait(timeout=20) == 0
        step = max(event["step"] for event in run.of("step")[-3:])
        assert run.assert_ended("cancelled") == f"a signal to another process at step {step}"
        assert run.load_last()["step"] == step
        assert {path.name for path in run.path.iterdir()} == {
            *("run.json", "package", "status.json", "events.jsonl", "checkpoints"),
            *("stdout.log", "stderr.log"),
        }


def test_a_process_that_fails_is_named(tmp_path: Path) -> None:
    fail = "time.sleep(0.05); self.calls = getattr(self, 'calls', 0) + 1; 1 / (self.calls != 6 or os.environ['RANK'] != '1')"
    run = make_run(
        tmp_path, package="failing", prelude="import os", forward=fail, steps=100, evalEvery=100
    )
    with started(run, processes=2) as process:
        assert process.wait(timeout=60) != 0
    reason = run.assert_ended("failed")
    assert reason == "rank 1: ZeroDivisionError: division by zero (exit code 1)"
    assert max(run.losses) == 5


def test_a_process_alone_is_lost_when_it_is_stuck_and_not_when_it_was_stopped(
    tmp_path: Path,
) -> None:
    stuck = (
        "self.calls = getattr(self, 'calls', 0) + 1; time.sleep(0.02 if self.calls < 200 else 1000)"
    )
    run = endless(tmp_path, forward=stuck)
    with started(run) as process:
        wait_for(logged(run, '"step","step":5'))
        process.send_signal(signal.SIGSTOP)
        time.sleep(LIMIT * 1.5)
        process.send_signal(signal.SIGCONT)
        assert process.wait(timeout=60) == 1
    assert max(run.losses) == 199
    reason = run.assert_ended("lost") or ""
    assert reason.startswith(f"no sign of the training for {LIMIT} s: it is in 'step' of step 200")
    assert "endless/__init__.py" in reason
    assert "forward" in reason
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
