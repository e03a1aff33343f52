"""What a format makes of a network."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor


@dataclass(frozen=True)
class Written:
    """A file that has been read back: `run` gives its logits of images (N, C, H, W).

    `details` are what only this format has to tell.
    """

    run: Callable[[Tensor], Tensor]
    details: dict[str, Any] = field(default_factory=dict)
