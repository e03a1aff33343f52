"""Signs of life for other machines, and a run that another machine went on with."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from fovea_runtime.status import StatusFile
from fovea_runtime.train.guards.pulse import Pulse
from waiting import wait_for


def wait_for_beats(folder: Path, count: int) -> None:
    """Waits for a sign of life of this machine that is no longer one of the first."""

    def is_written() -> bool:
        # A reader may find a file that is just written anew, and empty.
        words = (folder / "pulse").read_text("utf-8").split()
        return len(words) == 3 and words[0] == socket.gethostname() and int(words[2]) >= count

    wait_for(is_written)


def test_it_is_written_again_and_again_and_goes_with_the_run(tmp_path: Path) -> None:
    StatusFile(tmp_path / "status.json").running()
    left: list[int] = []
    with Pulse(tmp_path, every=0.01, leave=left.append).beating():
        wait_for_beats(tmp_path, 3)
    assert not (tmp_path / "pulse").exists()
    assert left == []


@pytest.mark.parametrize(
    ("record", "is_elsewhere"),
    [
        ({"status": "queued", "host": "another", "job": None}, True),
        ({"status": "running", "host": "another", "job": None}, True),
        # A scheduler's job is submitted on one machine and runs on another.
        ({"status": "queued", "host": "another", "job": "12"}, False),
        ({"status": "completed", "host": "another", "job": None}, False),
        ({"status": "queued", "host": socket.gethostname(), "job": None}, False),
        ({"status": "queued", "host": None, "job": None}, False),
        ({}, False),
    ],
)
def test_a_process_ends_where_another_machine_went_on(
    tmp_path: Path, record: dict[str, object], is_elsewhere: bool
) -> None:
    (tmp_path / "status.json").write_text(json.dumps(record), "utf-8")
    left: list[int] = []
    with Pulse(tmp_path, every=0.01, leave=left.append).beating():
        if is_elsewhere:
            wait_for(lambda: bool(left))
        else:
            wait_for_beats(tmp_path, 3)
    assert left == ([1] if is_elsewhere else [])
