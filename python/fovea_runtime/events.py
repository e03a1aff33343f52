"""The writer of `events.jsonl`; its lines follow `schemas/event.schema.json`."""

import json
import math
import os
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

_TAIL = 64
"""Lines at the end of the file that are looked at for the latest event that parses."""


class Events(Protocol):
    """What takes a run's events."""

    def write(self, kind: str, **fields: Any) -> None:
        """One event."""
        ...


class NoEvents:
    """Of several processes that train a run, all but the first say nothing."""

    def write(self, kind: str, **fields: Any) -> None:
        """Nothing is written."""


class EventWriter:
    """Appends events to a run's `events.jsonl`, one JSON object a line.

    `seq` goes on where the file ends, and `time` (Unix seconds) never runs back, over resumed
    runs too. A last line that was cut short by a kill is removed first. Every line is one
    `write`, so that a reader never waits for a rest and a kill tears one line at most.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        self._seq, self._time = _repair(self._file)

    @property
    def size(self) -> int:
        """Bytes of the file, which are whole lines."""
        return os.fstat(self._file).st_size

    def write(self, kind: str, **fields: Any) -> None:
        """Appends one event. A number that is not finite becomes `null`.

        Raises:
            OSError: the system's words, and the file.
        """
        self._time = max(self._time, time.time())
        event = {"v": 1, "seq": self._seq, "time": self._time, "type": kind, **fields}
        line = json.dumps(_finite(event), allow_nan=False, separators=(",", ":")) + "\n"
        self._write_whole(line.encode())
        self._seq += 1

    def close(self) -> None:
        """Closes the file; the writer is of no use afterwards."""
        os.close(self._file)

    def _write_whole(self, data: bytes) -> None:
        # A full disk takes a part of a line first and refuses the rest.
        left = data
        try:
            while left:
                left = left[os.write(self._file, left) :]
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(self._file, os.fstat(self._file).st_size - len(data) + len(left))
            raise OSError(error.errno, error.strerror, str(self._path)) from error


def _repair(file: int) -> tuple[int, float]:
    """Cuts a torn last line off; returns the next `seq` and the latest `time`."""
    tail: deque[bytes] = deque(maxlen=_TAIL)
    whole = count = 0
    with os.fdopen(os.dup(file), "rb") as lines:
        lines.seek(0)
        for line in lines:
            tail.append(line)
            whole += len(line)
            count += 1
    if tail and not tail[-1].endswith(b"\n"):
        # Cut within the object, or only before its line feed.
        if _parse(tail[-1]) is None:
            whole -= len(tail.pop())
            count -= 1
            os.ftruncate(file, whole)
        else:
            os.write(file, b"\n")
    for line in reversed(tail):
        event = _parse(line)
        if event is not None:
            return int(event["seq"]) + 1, float(event["time"])
    return count, 0.0


def _parse(line: bytes) -> dict[str, Any] | None:
    """The event of a line, or nothing where the line is corrupt."""
    try:
        event = json.loads(line)
    except ValueError:
        return None
    numbered = isinstance(event, dict) and all(
        isinstance(event.get(key), int | float) for key in ("seq", "time")
    )
    return event if numbered else None


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
