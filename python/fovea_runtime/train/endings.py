"""How a run can end, and which end an error stands for."""

from dataclasses import dataclass
from typing import Literal

from fovea_runtime.out_of_memory import is_out_of_memory
from fovea_runtime.train.step_result import Diverged

EndStatus = Literal["completed", "failed", "cancelled", "out_of_memory", "diverged", "lost"]


@dataclass(frozen=True)
class Ending:
    """A run's end: the status and reason of `run_end`, and the exit code of the process."""

    status: EndStatus
    reason: str | None
    code: int


COMPLETED = Ending("completed", None, 0)


def ending_of(error: BaseException) -> Ending:
    """The end that an error of the training process stands for."""
    reason = _last_line(error)
    if isinstance(error, Diverged):
        return Ending("diverged", reason, 1)
    if is_out_of_memory(error):
        return Ending("out_of_memory", reason, 1)
    return Ending("failed", f"{reason} (exit code 1)", 1)


def _last_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    name = type(error).__name__
    return f"{name}: {lines[-1]}" if lines else name
