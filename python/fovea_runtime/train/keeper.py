"""What of a run outlives its process: how it stands is saved, and found again."""

import sys
from dataclasses import asdict, dataclass

from fovea_runtime.files import remove_temporaries
from fovea_runtime.train.checkpoint import CheckpointError, checkpoint_state, restore
from fovea_runtime.train.checkpoint_files import BEST, LAST, CheckpointFiles, Written, newest
from fovea_runtime.train.directory import RunDirectory
from fovea_runtime.train.learner import Learner
from fovea_runtime.train.processes import Processes


@dataclass(frozen=True)
class Standing:
    """How far a run is."""

    step: int = 0
    evaluated: bool = True
    """Whether the evaluation that is due after the step is done."""
    best: float | None = None
    """The best top-1 so far, in percent."""


class Keeper:
    """Saves a learner and its standing in a run's directory; of several processes the first does.

    Args:
        keep: older checkpoints that stay.
    """

    def __init__(
        self, directory: RunDirectory, learner: Learner, processes: Processes, *, keep: int
    ) -> None:
        self._folder = directory.checkpoints
        self._experiment: str = directory.record["hash"]
        self._seed: int = directory.record["experiment"]["seed"]
        self._learner = learner
        self._processes = processes
        self._files = CheckpointFiles(self._folder, keep=keep)
        self._saved: Standing | None = None
        if processes.is_first and self._folder.is_dir():
            remove_temporaries(self._folder)

    def resume(self) -> tuple[Standing, list[str]]:
        """Puts the learner where the newest whole checkpoint was written; what to say of it.

        Raises:
            CheckpointError: none can be used, or it does not fit.
        """
        found = newest(self._folder)
        if found is None:
            return Standing(), [
                "there is no checkpoints/last.pt to resume from: the run starts at step 0"
            ]
        state, path, problems = found
        restore(self._learner, state, path, self._experiment)
        standing = Standing(state["step"], state["evaluated"], state["best"])
        if not self._processes.same(standing.step):
            raise CheckpointError(
                f"the processes read different checkpoints: this one is at step {standing.step}"
            )
        self._files.resumed_from(path.name, standing.step)
        if path.name == LAST:
            self._saved = standing
        if problems:
            problems.append(
                f"the run goes on from {path.name} of step {standing.step} in its place"
            )
            print(*problems, sep="\n", file=sys.stderr)
        return standing, problems

    def due(self, standing: Standing, *, improved: bool, last: bool) -> list[str]:
        """The files to write: `best.pt` where top-1 `improved`, `last.pt` where it is new."""
        return [BEST] * improved + [LAST] * (last and standing != self._saved)

    def write(self, names: list[str], standing: Standing) -> None:
        """Begins to write the run as it stands; training may go on when this returns.

        Raises:
            OSError: the checkpoint before could not be written.
        """
        if LAST in names:
            self._saved = standing
        if self._processes.is_first:
            state = checkpoint_state(
                self._learner,
                **asdict(standing),
                seed=self._seed,
                experiment=self._experiment,
            )
            self._files.write(names, state)

    def written(self, *, wait: bool = False) -> list[Written]:
        """What has reached the disk since the last call; with `wait`, all of it.

        Raises:
            OSError: a checkpoint could not be written.
        """
        return self._files.take(wait=wait)
