"""How a run is trained beside its experiment: nothing of it changes a loss."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TrainOptions:
    """What the command line of `python -m fovea_runtime.train` says."""

    resume: bool = False
    """Go on from the newest checkpoint."""
    device: str | None = None
    """In place of the device that run.json asks for."""
    keep: int = 1
    """Older checkpoints that stay beside `last.pt` and `best.pt`."""
    heartbeat: float = 600.0
    """Seconds without a step after which a process counts as stuck."""
    stop_after: int | None = None
    """The optimizer step that the run ends after, cancelled, on the schedule of the whole."""
    sinks: tuple[str, ...] = ()
    """Where the events are passed on to (`fovea_runtime.train.sinks`)."""
