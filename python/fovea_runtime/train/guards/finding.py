"""Where a step stopped being finite."""

from dataclasses import dataclass, field
from typing import Any, Literal

import torch
from torch import Tensor

Kind = Literal["parameter", "images", "activation", "gradient", "loss", "unknown"]
_ORDER = ("parameter", "images", "activation", "gradient", "loss", "unknown")


@dataclass(frozen=True)
class Finding:
    """What was found, in words of one line, and its figures."""

    kind: Kind
    words: str
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def order(self) -> int:
        """Lower is nearer to the cause."""
        return _ORDER.index(self.kind)


@dataclass(frozen=True)
class Values:
    """How much of a tensor is not finite."""

    bad: int
    count: int
    largest: float
    """Of the magnitudes that are finite; 0 where there are none."""
    dtype: str
    shape: tuple[int, ...]

    @property
    def words(self) -> str:
        """Share and type, and how far the rest is from overflow."""
        if self.bad == self.count:
            return f"all of its {self.dtype} values"
        return (
            f"{100 * self.bad / self.count:.3g}% of its {self.dtype} values, "
            f"and the largest of the others is {self.largest:.4g}"
        )

    @property
    def figures(self) -> dict[str, Any]:
        """The same as numbers."""
        return {
            "share": self.bad / self.count,
            "largest": self.largest,
            "dtype": self.dtype,
            "shape": list(self.shape),
        }


def values_of(tensor: Tensor) -> Values:
    """Counts a tensor's values."""
    tensor = tensor.detach()
    finite = torch.isfinite(tensor)
    return Values(
        bad=tensor.numel() - int(finite.sum()),
        count=tensor.numel(),
        largest=float(torch.where(finite, tensor, 0).abs().max()) if tensor.numel() else 0.0,
        dtype=str(tensor.dtype).removeprefix("torch."),
        shape=tuple(tensor.shape),
    )


def first_bad(tensors: list[Tensor]) -> Tensor | None:
    """The first that holds a value that is not finite."""
    for tensor in tensors:
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            return tensor
    return None
