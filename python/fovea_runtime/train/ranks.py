"""What the processes of a run tell each other of their ends, and what torchrun makes of them.

Through files: a process that failed can be heard when no collective call works any more.
"""

import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fovea_runtime.files import write_atomically
from fovea_runtime.train.endings import Ending

_ECHOES = ("closed by peer", "reset by peer", "Broken pipe", "remote worker crashing")
"""Words of gloo and NCCL where the process at the other end is gone."""
_PATIENCE = 3.0
"""Seconds in which the process that failed first gets to say why."""


_FAILURES = "failure-*.json"


@dataclass(frozen=True)
class Ranks:
    """This process's place among those that torchrun starts; alone without it."""

    directory: Path
    rank: int = 0
    count: int = 1
    restarted: int = 0
    most_restarts: int = 0
    started: float = field(default_factory=time.time)

    @staticmethod
    def here(directory: Path) -> "Ranks":
        """From the environment that torchrun sets."""
        if "TORCHELASTIC_RUN_ID" not in os.environ:
            return Ranks(directory)
        number = {
            name: int(os.environ.get(name, default))
            for name, default in {
                "RANK": "0",
                "WORLD_SIZE": "1",
                "TORCHELASTIC_RESTART_COUNT": "0",
                "TORCHELASTIC_MAX_RESTARTS": "0",
            }.items()
        }
        return Ranks(
            directory,
            number["RANK"],
            number["WORLD_SIZE"],
            number["TORCHELASTIC_RESTART_COUNT"],
            number["TORCHELASTIC_MAX_RESTARTS"],
        )

    @property
    def is_first(self) -> bool:
        """Whether this process writes what the run writes."""
        return self.rank == 0

    def is_of_this_start(self, path: Path) -> bool:
        """Whether a file was written since this process started, and the others with it."""
        try:
            return path.stat().st_mtime >= self.started
        except FileNotFoundError:
            return False

    def forget(self, *, all_starts: bool = False) -> None:
        """Removes what processes of an earlier start said."""
        for path in self.directory.glob(_FAILURES):
            if all_starts or not self.is_of_this_start(path):
                path.unlink(missing_ok=True)

    def tell(self, ending: Ending, *, recorded: bool = False) -> None:
        """Says why this process failed, and whether it writes the run's end itself."""
        said = {"status": ending.status, "reason": ending.reason, "recorded": recorded}
        path = self.directory / _FAILURES.replace("*", str(self.rank))
        # On a disk that takes no more the first process finds the end unexplained.
        with suppress(OSError):
            write_atomically(path, lambda to: to.write_text(json.dumps(said), "utf-8"))

    def failure(self) -> Ending | None:
        """Why another process failed, where one has said so."""
        for rank, said in self._said():
            return Ending(said["status"], f"rank {rank}: {said['reason']}", 1)
        return None

    def is_recorded(self) -> bool:
        """Whether another process wrote the run's end."""
        return any(said["recorded"] for _, said in self._said())

    def _said(self) -> Iterator[tuple[int, dict[str, Any]]]:
        for path in sorted(self.directory.glob(_FAILURES)):
            rank = int(path.stem.rpartition("-")[2])
            with suppress(OSError, ValueError):
                if rank != self.rank and self.is_of_this_start(path):
                    yield rank, json.loads(path.read_text("utf-8"))

    def explained(self, ending: Ending) -> Ending:
        """The end that an error here stands for: often the echo of another process's."""
        if self.count == 1 or ending.status != "failed":
            return ending
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            if failure := self.failure():
                return failure
            time.sleep(0.05)
        return ending

    def is_unexplained(self, ending: Ending) -> bool:
        """Whether an error is the echo of another process that is gone without a word.

        Then it was killed, and by what only its parent knows, which says so in fovea's harness.
        """
        reason = ending.reason or ""
        return (
            self.count > 1
            and ending.status == "failed"
            and any(words in reason for words in _ECHOES)
        )

    def restarts(self, ending: Ending) -> bool:
        """Whether torchrun starts the processes anew after this end."""
        return ending.status in ("failed", "lost") and self.restarted < self.most_restarts

    @property
    def restart_words(self) -> str:
        """What a start anew is called."""
        return f"restart {self.restarted + 1} of at most {self.most_restarts}"

    def code(self, ending: Ending) -> int:
        """The exit code of this process.

        torchrun restarts after any code but 0, and an end that a restart cannot mend shall stand.
        """
        if self.restarted < self.most_restarts and not self.restarts(ending):
            return 0
        return ending.code
