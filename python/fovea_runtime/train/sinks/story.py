"""A run's events as they stand, read while they are written."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_BLOCK = 2**20


class Story:
    """Follows `events.jsonl` from its beginning.

    A run that goes on from a checkpoint makes the steps after it anew: what was told of them before
    does not stand.

    Args:
        since: where the events of the training that is followed begin, in bytes.
    """

    def __init__(self, path: Path, since: int) -> None:
        self._path = path
        self._since = since

    def starts(self) -> list[int]:
        """Steps that the training that is followed starts after, and those that went on after it."""
        return self._starts(self._since)

    def follow(self) -> Iterator[dict[str, Any] | None]:
        """The events that stand, in order; nothing wherever there are no more for now.

        Ends where another process goes on with the run.
        """
        goes_on = [*self._starts(0, self._since), *self.starts()[:1]]
        seen = 0
        for event in _read(self._path):
            if event is None:
                yield None
                continue
            if event["type"] == "run_start":
                seen += 1
                if seen > len(goes_on):
                    return
            # Ends and warnings are of a process, not of a step.
            if event["type"] == "run_end" and seen < len(goes_on):
                continue
            if event.get("step", 0) <= min(goes_on[seen:], default=event.get("step", 0)):
                yield event

    def _starts(self, offset: int, until: int | None = None) -> list[int]:
        found = []
        for event in _read(self._path, offset, until=until, holding=b"run_start"):
            if event is None:
                break
            if event["type"] == "run_start":
                found.append(event["step"])
        return found


def _read(
    path: Path, offset: int = 0, *, until: int | None = None, holding: bytes = b""
) -> Iterator[dict[str, Any] | None]:
    """The events of the whole lines from a byte on; nothing wherever there are no more."""
    size = _BLOCK
    with path.open("rb", buffering=0) as file:
        while True:
            file.seek(offset)
            block = file.read(size if until is None else min(size, until - offset))
            whole = block.rfind(b"\n") + 1
            offset += whole
            for line in block[:whole].split(b"\n"):
                event = _parse(line) if holding in line else None
                if event is not None:
                    yield event
            if whole == 0 and len(block) == size:
                # A line that is longer than the block.
                size *= 2
            elif whole == 0:
                yield None


def _parse(line: bytes) -> dict[str, Any] | None:
    """The event of a line; nothing where the line is corrupt."""
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and isinstance(event.get("type"), str) else None
