"""What a dynamic sparsity is told, checked."""

import math
import operator
from dataclasses import asdict, dataclass
from typing import Any

INITS = ("snip", "uniform", "erk")
GROWS = ("random", "gradient")
ONS = ("shared", "expanded")

LAST_SHARE = 0.005
"""Where the cosine ends (SLaK)."""


@dataclass(frozen=True)
class Settings:
    """The options of `DynamicSparsity`, in its words.

    Raises:
        ValueError: one of them is not allowed.
    """

    amount: float
    init: str
    every: int
    prune: float
    grow: str
    steps: int
    seed: int
    on: str

    def __post_init__(self) -> None:
        _share("amount", self.amount, above=True)
        _share("prune", self.prune, above=False)
        _choice("init", self.init, INITS)
        _choice("grow", self.grow, GROWS)
        _choice("on", self.on, ONS)
        _count("every", self.every, 1)
        _count("steps", self.steps, 1)
        _count("seed", self.seed, 0)

    @property
    def described(self) -> dict[str, Any]:
        """What a state must agree in: not the seed, which is its own, nor how its masks began."""
        return {name: each for name, each in asdict(self).items() if name not in ("seed", "init")}

    def share(self, step: int) -> float:
        """Share of the kept weights that an update after `step` exchanges.

        A cosine from `prune` at step 0 to 0.005 at `steps`, and 0.005 from there on; a `prune`
        below it stays.
        """
        last = min(LAST_SHARE, self.prune)
        way = min(step, self.steps) / self.steps
        return last + (self.prune - last) * (1 + math.cos(math.pi * way)) / 2


def _share(name: str, value: Any, *, above: bool) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 <= value < 1 or (above and value == 0):
        least = "above 0" if above else "from 0"
        raise ValueError(
            f"{name} is {value!r}; a number {least} and below 1 is wanted, such as 0.4"
        )


def _choice(name: str, value: object, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{name} is {value!r}; one of {', '.join(allowed)} is wanted")


def _count(name: str, value: Any, least: int) -> None:
    try:
        fits = not isinstance(value, bool) and operator.index(value) >= least
    except TypeError:
        fits = False
    if not fits:
        raise ValueError(f"{name} is {value!r}; a whole number from {least} on is wanted")
