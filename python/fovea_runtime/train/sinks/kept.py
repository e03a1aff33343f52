"""What a sink remembers of a run from one process to the next: `sinks/<name>.json`."""

import json
from pathlib import Path
from typing import Any

from fovea_runtime.files import write_atomically

FOLDER = "sinks"
"""The folder of what sinks keep and say, below a run's own."""


class Kept:
    """A small file in a run's directory."""

    def __init__(self, directory: Path, name: str) -> None:
        self._path = directory / FOLDER / f"{name}.json"

    def read(self) -> dict[str, Any]:
        """What was written last; nothing where there is no such file, or it is damaged."""
        try:
            found = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def write(self, found: dict[str, Any]) -> None:
        """Replaces it.

        Raises:
            OSError: the system's words, and the file.
        """
        self._path.parent.mkdir(exist_ok=True)
        write_atomically(self._path, lambda to: to.write_text(json.dumps(found), "utf-8"))
