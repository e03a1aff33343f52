"""What has arrived at a service that takes a figure of a step once."""

from typing import Any

from fovea_runtime.train.sinks.figures import figures


class Arrived:
    """The last step of each figure that is there.

    A service takes nothing back: of steps that a resumed run makes anew the first figures stay.

    Args:
        steps: the last step by the figure's name.
        least: the last step of figures that are not in it.
    """

    def __init__(self, steps: dict[str, int] | None = None, *, least: int = -1) -> None:
        self.steps = dict(steps or {})
        self._least = least

    def new_of(self, event: dict[str, Any]) -> tuple[int, dict[str, float]]:
        """The step and those figures of an event that have not arrived; they count from now on."""
        step, values = figures(event) or (0, {})
        new = {
            name: value
            for name, value in values.items()
            if step > self.steps.get(name, self._least)
        }
        self.steps.update(dict.fromkeys(new, step))
        return step, new
