"""A run's directory: where its files are, and its record."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHECKPOINTS = "checkpoints"
"""The folder of a run's checkpoints, below its own."""


@dataclass(frozen=True)
class RunDirectory:
    """Where a run's files are, and what run.json says."""

    path: Path
    record: dict[str, Any]

    @property
    def checkpoints(self) -> Path:
        """The folder of `last.pt` and `best.pt`."""
        return self.path / CHECKPOINTS

    @property
    def package(self) -> Path | None:
        """The generated package that is trained; a peer has none."""
        package = self.record["package"]
        return None if package is None else self.path / package


def open_directory(path: Path, *, resume: bool) -> RunDirectory:
    """Reads a run's record.

    Raises:
        OSError: run.json cannot be read.
        ValueError: it is no record, or there is a checkpoint that would be overwritten because
            `resume` is missing.
    """
    record_path = path / "run.json"
    record = json.loads(record_path.read_text("utf-8"))
    if not isinstance(record, dict) or record.get("v") != 1:
        raise ValueError(f"{record_path} is no record of a run")
    last = path / CHECKPOINTS / "last.pt"
    if last.exists() and not resume:
        raise ValueError(f"{last} exists: give --resume to go on from it")
    return RunDirectory(path, record)
