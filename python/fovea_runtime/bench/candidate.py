"""A way to compute the operator, and one that is not measured."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from torch import Tensor

Run = Callable[[Tensor, Tensor], Tensor]
"""x (N, C, H, W) and the shared weight (C, A_h, A_w) to y (N, C, H, W), differentiable."""


@dataclass(frozen=True)
class Candidate:
    """A way to compute the operator; names are distinct within a case."""

    name: str
    kind: Literal["own", "peer"]
    run: Run
    channels_last: bool = False
    """Whether x and the output's gradient are handed over with their channels last."""
    owns_graph: bool = False
    """Whether it replays a CUDA graph of its own: then it is captured in no other, and its
    memory lies in a pool that is allocated once."""


@dataclass(frozen=True)
class Skipped:
    """A candidate that cannot be measured here, and why."""

    name: str
    kind: Literal["own", "peer"]
    reason: str
