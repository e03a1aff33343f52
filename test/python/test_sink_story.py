"""The events that a sink is told: what stands, once, while it is written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fovea_runtime.train.sinks import story as module
from fovea_runtime.train.sinks.arrived import Arrived
from fovea_runtime.train.sinks.delivery import deliver
from fovea_runtime.train.sinks.figures import figures
from fovea_runtime.train.sinks.settings import flat
from fovea_runtime.train.sinks.story import Story
from fovea_runtime.train.sinks.to_tensorboard import TensorBoard
from hypothesis import given, settings
from hypothesis import strategies as st
from test_sinks import in_tensorboard
from tiny_run import TinyRun


def start(step: int) -> dict[str, Any]:
    return {"type": "run_start", "step": step}


def step(number: int, loss: float | None = 1.0) -> dict[str, Any]:
    event = {"type": "step", "step": number, "epoch": number / 4, "loss": loss, "lr": 0.1}
    return {**event, "images_per_second": None, "grad_norm": 2.0, "time": 100.0 + number}


def evaluation(number: int) -> dict[str, Any]:
    return {"type": "eval", "step": number, "split": "test", "metrics": {"top1": 1}, "time": 100.0}


END = {"type": "run_end", "status": "completed", "reason": None}


class File:
    """An `events.jsonl` that grows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch()

    def add(self, *events: dict[str, Any] | bytes) -> int:
        """Appends lines, or bytes as they are; returns the size."""
        with self.path.open("ab") as file:
            for event in events:
                file.write(event if isinstance(event, bytes) else _line(event))
        return self.path.stat().st_size


def _line(event: dict[str, Any]) -> bytes:
    return json.dumps(event, separators=(",", ":")).encode() + b"\n"


def now(events: Iterator[dict[str, Any] | None]) -> list[dict[str, Any]]:
    """What there is for now."""
    found = []
    for event in events:
        if event is None:
            break
        found.append(event)
    return found


@pytest.fixture
def file(tmp_path: Path) -> File:
    return File(tmp_path / "events.jsonl")


def test_lines_are_told_when_they_are_whole(file: File) -> None:
    file.add(start(0), step(1), b'{"type":"step","st')
    told = Story(file.path, 0).follow()
    assert now(told) == [start(0), step(1)]
    assert now(told) == []
    # A line that a full disk cut is taken back, and another written in its place.
    with file.path.open("rb+") as bytes_:
        bytes_.truncate(file.path.stat().st_size - len(b'{"type":"step","st'))
    file.add(step(2))
    assert now(told) == [step(2)]


def test_corrupt_lines_are_passed_over_and_long_ones_are_not(
    file: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BLOCK", 16)
    long = {"type": "warning", "message": "x" * 1000}
    file.add(start(0), b"\x00\xff{\n", b"[1]\n", b"\n", long, step(1))
    assert now(Story(file.path, 0).follow()) == [start(0), long, step(1)]


def test_what_is_made_anew_was_never_told(file: File) -> None:
    first = [start(0), step(1), step(2), evaluation(2), step(3), END]
    second = [start(1), step(2), step(3), step(4)]
    file.add(*first)
    since = file.add(*second)
    file.add(start(3), step(4), END)
    story = Story(file.path, since)
    assert story.starts() == [3]
    assert now(story.follow()) == [
        *(start(0), step(1)),
        *(start(1), step(2), step(3)),
        *(start(3), step(4), END),
    ]


def test_it_ends_where_another_process_goes_on(file: File) -> None:
    file.add(start(0), step(1), step(2))
    told = Story(file.path, 0).follow()
    assert now(told) == [start(0), step(1), step(2)]
    file.add(start(1), step(2))
    assert next(told, "over") == "over"


def test_a_process_that_comes_late_leaves_it_to_the_next(file: File, tmp_path: Path) -> None:
    file.add(start(0), step(1), step(2), start(1), step(2), step(3))
    board = TensorBoard(tmp_path)
    unasked: Any = None
    deliver(board, {}, Story(file.path, 0), unasked)
    assert not (tmp_path / "tensorboard").exists()


def test_there_is_no_start_before_the_training_says_so(file: File) -> None:
    since = file.add(start(0), step(1))
    story = Story(file.path, since)
    assert story.starts() == []
    file.add(start(1))
    assert story.starts() == [1]


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 3)), max_size=5))
@settings(max_examples=50, deadline=None)
def test_every_step_stands_once_whatever_was_killed(
    tmp_path_factory: pytest.TempPathFactory, kills: list[tuple[int, int]]
) -> None:
    file = File(tmp_path_factory.mktemp("story") / "events.jsonl")
    at = since = 0
    for last, lost in [*kills, (13, 0)]:
        since = file.path.stat().st_size
        file.add(start(at), *(step(each) for each in range(at + 1, last + 1)))
        at = max(0, max(at, last) - lost)
    told = now(Story(file.path, since).follow())
    steps = [event["step"] for event in told if event["type"] == "step"]
    assert steps == list(range(1, 14))


@given(st.integers(0, 9), st.integers(0, 9), st.booleans())
@settings(max_examples=15, deadline=None)
def test_tensorboard_has_every_point_once_wherever_its_process_was_killed(
    tmp_path_factory: pytest.TempPathFactory, flushed: int, saved: int, torn: bool
) -> None:
    run = TinyRun(tmp_path_factory.mktemp("board"))
    first = TensorBoard(run.path)
    record = {"experiment": {"name": "tiny"}, "run": "tiny-1", "hash": "ab"}
    first.start(record, 0)
    for number in range(1, 10):
        first.event(step(number, 1.0))
        if number == flushed:
            first.flush()
    # What the writer holds may or may not reach the disk before the process is killed.
    first._writer.flush()
    (written,) = (run.path / "tensorboard").iterdir()
    if torn:
        with written.open("ab") as file:
            file.write(b"\x10\x00\x00")
    saved = min(saved, 9)
    second = TensorBoard(run.path)
    second.start(record, saved)
    for number in range(1, 13):
        second.event(step(number, 2.0 if number > saved else 1.0))
    second.end("completed")
    first._writer.close()
    points = in_tensorboard(run)["train/loss"]
    assert points == [(n, 2.0 if n > saved else 1.0) for n in range(1, 13)]


def test_what_is_not_known_is_left_out() -> None:
    assert figures(step(3, None)) == (
        3,
        {"train/lr": 0.1, "train/grad_norm": 2.0, "train/epoch": 0.75},
    )
    assert figures(END) is None


def test_a_figure_of_a_step_arrives_once() -> None:
    arrived = Arrived({"train/loss": 3}, least=2)
    assert arrived.new_of(step(3))[1].keys() == {"train/lr", "train/grad_norm", "train/epoch"}
    assert arrived.new_of(step(3))[1] == {}
    assert "train/loss" in arrived.new_of(step(4))[1]
    assert arrived.new_of(evaluation(2))[1] == {}


def test_settings_are_flat() -> None:
    nested = {"a": {"b": [1, 2], "c": [{"d": None}, {"d": True}]}, "e": [], "f": "x"}
    assert flat(nested) == {"a.b": "[1, 2]", "a.c.1.d": True, "e": "[]", "f": "x"}
