"""Signs of life of the processes of a run, in files: `beats/rank-<r>.json`."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from fovea_runtime.files import remove_temporaries, write_atomically
from fovea_runtime.status import is_gone
from fovea_runtime.train.ranks import Ranks

PHASES = ("start", "images", "agreement", "step", "evaluation", "checkpoint", "end")
"""What a process is at, in the order in which a step has them.

In `agreement` it waits for the others to say whether one of them was told to stop.
"""


@dataclass(frozen=True)
class Beat:
    """What a process said last of itself."""

    rank: int
    phase: str
    step: int
    count: int
    """Another number in every file that is written."""
    place: str | None
    """The line that the training is at."""
    waits: bool
    """Whether it waits there for other processes."""
    host: str
    pid: int
    started: str | None

    @property
    def progress(self) -> tuple[int, int]:
        """How far the process is; the others wait for those that are least far."""
        return self.step, PHASES.index(self.phase)

    def is_gone(self, host: str) -> bool:
        """Whether the process ended, as far as `host` can see."""
        return self.host == host and is_gone(self.pid, self.started)


class Beats:
    """The files of a run's directory."""

    def __init__(self, directory: Path, ranks: Ranks) -> None:
        self._folder = directory / "beats"
        self._ranks = ranks

    def write(self, beat: Beat) -> None:
        """Replaces the file of the process. A disk that takes no more is not for this to tell."""
        text = json.dumps(asdict(beat))
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            write_atomically(self._path(beat.rank), lambda path: path.write_text(text, "utf-8"))

    def read(self) -> dict[int, Beat]:
        """What there is of each process of this start, by its rank."""
        beats: dict[int, Beat] = {}
        for path in self._files():
            with suppress(OSError, ValueError, TypeError):
                if self._ranks.is_of_this_start(path):
                    beat = Beat(**json.loads(path.read_text("utf-8")))
                    beats[beat.rank] = beat
        return beats

    def remove(self, rank: int) -> None:
        """Removes the file of a process; the last one takes the folder along."""
        with suppress(OSError):
            self._path(rank).unlink(missing_ok=True)
            self._folder.rmdir()

    def forget(self) -> None:
        """Removes what processes of an earlier start left."""
        with suppress(OSError):
            remove_temporaries(self._folder)
            for path in self._files():
                if not self._ranks.is_of_this_start(path):
                    path.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("rank-*.json"))

    def _path(self, rank: int) -> Path:
        return self._folder / f"rank-{rank}.json"
