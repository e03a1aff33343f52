"""The writer of events.jsonl, against the schema that the TypeScript side exports."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any

import pytest
from fovea_runtime import events as module
from fovea_runtime.events import EventWriter
from hypothesis import given
from hypothesis import strategies as st
from tiny_run import schema


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def warn(path: Path, *messages: str) -> None:
    writer = EventWriter(path)
    for message in messages:
        writer.write("warning", message=message)
    writer.close()


def test_seq_goes_on_in_a_reopened_file(path: Path) -> None:
    warn(path, "a", "b")
    warn(path, "c")
    assert [(event["seq"], event["message"]) for event in read(path)] == [
        (0, "a"),
        (1, "b"),
        (2, "c"),
    ]
    for event in read(path):
        schema("event").validate(event)


def test_time_never_runs_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([100.0, 50.0, 101.0])
    monkeypatch.setattr(module.time, "time", lambda: next(clock))
    warn(path, "a", "b")
    monkeypatch.setattr(module.time, "time", lambda: 20.0)
    warn(path, "c")
    assert [event["time"] for event in read(path)] == [100.0, 100.0, 100.0]


@pytest.mark.parametrize("kept", [1, 20, -2])
def test_a_torn_last_line_is_removed(path: Path, kept: int) -> None:
    warn(path, "a", "b")
    whole, last, _ = path.read_bytes().split(b"\n")
    path.write_bytes(whole + b"\n" + last[:kept])
    warn(path, "c")
    assert [(event["seq"], event["message"]) for event in read(path)] == [(0, "a"), (1, "c")]


def test_a_last_line_that_lacks_only_its_line_feed_is_kept(path: Path) -> None:
    warn(path, "a", "b")
    path.write_bytes(path.read_bytes()[:-1])
    warn(path, "c")
    assert [event["message"] for event in read(path)] == ["a", "b", "c"]


def test_a_corrupt_line_in_the_middle_stays_and_stops_nothing(path: Path) -> None:
    warn(path, "a")
    with path.open("ab") as file:
        file.write(b"\xff{garbage\n")
    warn(path, "b")
    lines = path.read_bytes().splitlines()
    assert lines[1] == b"\xff{garbage"
    assert json.loads(lines[2])["seq"] == 1


def test_an_empty_or_wholly_torn_file_starts_at_0(path: Path) -> None:
    path.write_bytes(b'{"v":1,"se')
    warn(path, "a")
    assert [event["seq"] for event in read(path)] == [0]


def test_what_is_not_finite_becomes_null(path: Path) -> None:
    writer = EventWriter(path)
    metrics = {"top1": math.nan, "loss": math.inf, "top5": 12.5}
    writer.write("eval", step=1, epoch=1.0, split="test", metrics=metrics)
    writer.close()
    (event,) = read(path)
    schema("event").validate(event)
    assert event["metrics"] == {"top1": None, "loss": None, "top5": 12.5}


@given(loss=st.floats(allow_nan=False, allow_infinity=False))
def test_a_loss_comes_back_bit_by_bit(
    loss: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("events") / "events.jsonl"
    writer = EventWriter(path)
    writer.write(
        "step", step=1, epoch=0.5, loss=loss, lr=0.1, images_per_second=None, grad_norm=None
    )
    writer.close()
    assert repr(read(path)[0]["loss"]) == repr(loss)


def test_a_line_is_there_as_soon_as_it_is_written(path: Path) -> None:
    writer = EventWriter(path)
    writer.write("warning", message="naïve 眼")
    assert read(path)[0]["message"] == "naïve 眼"
    writer.close()


def test_a_write_that_is_cut_short_is_finished(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = os.write
    monkeypatch.setattr(module.os, "write", lambda file, data: whole(file, data[:7]))
    warn(path, "a", "b")
    assert [event["message"] for event in read(path)] == ["a", "b"]
