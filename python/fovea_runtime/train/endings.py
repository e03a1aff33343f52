"""How a run can end, and which end an error stands for."""

from dataclasses import dataclass
from typing import Literal

from fovea_runtime.out_of_memory import is_out_of_memory
from fovea_runtime.train.guards.full_disk import full_disk_advice
from fovea_runtime.train.step_result import Diverged

EndStatus = Literal["completed", "failed", "cancelled", "out_of_memory", "diverged", "lost"]


@dataclass(frozen=True)
class Ending:
    """A run's end: the status and reason of `run_end`, and the exit code of the process."""

    status: EndStatus
    reason: str | None
    code: int

    @property
    def is_orderly(self) -> bool:
        """Whether nothing went wrong."""
        return self.status in ("completed", "cancelled")


COMPLETED = Ending("completed", None, 0)


def stopped_after(step: int, steps: int) -> Ending:
    """The end of a run that was to make only its first steps: it is not completed, and can go on."""
    return Ending("cancelled", f"stopped after step {step} of {steps}, as asked", 0)


class OutOfMemory(Exception):
    """Memory ran out; the message says at what, and what takes less."""


def ending_of(error: BaseException) -> Ending:
    """The end that an error of the training process stands for."""
    if isinstance(error, OutOfMemory):
        return Ending("out_of_memory", str(error), 1)
    reason = last_line(error)
    if isinstance(error, Diverged):
        return Ending("diverged", reason, 1)
    if is_out_of_memory(error):
        return Ending("out_of_memory", reason, 1)
    if advice := full_disk_advice(error):
        return Ending("failed", f"{reason} (exit code 1); {advice}", 1)
    return Ending("failed", f"{reason} (exit code 1)", 1)


def last_line(error: BaseException) -> str:
    """An error's class and the last line of its words."""
    lines = str(error).strip().splitlines()
    name = type(error).__name__
    return f"{name}: {lines[-1]}" if lines else name
