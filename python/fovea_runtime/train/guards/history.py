"""The last steps of a run, for the words at its end."""

import math
from collections import deque
from typing import Any

from fovea_runtime.train.step_result import StepResult

DIVERGED = "diverged.json"
"""The file in a run's directory that has them all, after a run that diverged."""
_SPAN = 50
_FIGURES = {"loss": "the loss", "grad_norm": "the gradient's norm", "lr": "the learning rate"}


class History:
    """Loss, gradient norm and learning rate of the last 50 steps that this process made."""

    def __init__(self) -> None:
        self._steps: deque[tuple[int, StepResult]] = deque(maxlen=_SPAN)

    def add(self, step: int, result: StepResult) -> None:
        """One more step."""
        self._steps.append((step, result))

    def record(self) -> dict[str, Any]:
        """`steps`, a row each, and `summary`; what is not finite is None."""
        rows = [
            {"step": step, **{name: _finite(getattr(result, name)) for name in _FIGURES}}
            for step, result in self._steps
        ]
        return {"summary": {name: self._summary(name) for name in _FIGURES}, "steps": rows}

    def words(self) -> str | None:
        """The summary in one line; nothing before the first step."""
        if not self._steps:
            return None
        figures = ", ".join(self._line(name, figure) for name, figure in _FIGURES.items())
        first, last = self._steps[0][0], self._steps[-1][0]
        return f"steps {first} to {last}: {figures}" if last > first else f"step {last}: {figures}"

    def _summary(self, name: str) -> dict[str, Any] | None:
        if not self._steps:
            return None
        values = [(getattr(result, name), step) for step, result in self._steps]
        finite = [each for each in values if math.isfinite(each[0])]
        (lowest, at_lowest), (highest, at_highest) = (
            (min(finite), max(finite, key=lambda each: each[0])) if finite else ((None, None),) * 2
        )
        return {
            "first": _finite(values[0][0]),
            "lowest": lowest,
            "lowest_step": at_lowest,
            "highest": highest,
            "highest_step": at_highest,
            "last": _finite(values[-1][0]),
        }

    def _line(self, name: str, figure: str) -> str:
        first, last = (getattr(self._steps[end][1], name) for end in (0, -1))
        summary = self._summary(name)
        if len(self._steps) == 1 or summary is None or summary["lowest"] is None:
            return f"{figure} {last:.4g}"
        return (
            f"{figure} {first:.4g} to {last:.4g} (lowest {summary['lowest']:.4g} at "
            f"{summary['lowest_step']}, highest {summary['highest']:.4g} at "
            f"{summary['highest_step']})"
        )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
