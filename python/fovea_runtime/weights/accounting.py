"""Every key of a checkpoint against every key that a network wants."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from fovea_runtime.weights.layout import Shape


@dataclass
class Account:
    """Keys that do not agree: what is wanted and absent, present and not wanted, or of another shape."""

    missing: dict[str, Shape] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    misshapen: dict[str, tuple[str, Shape]] = field(default_factory=dict)

    @property
    def is_clear(self) -> bool:
        return not (self.missing or self.extra or self.misshapen)

    def summary(self) -> str:
        counts = {
            "missing": len(self.missing),
            "extra": len(self.extra),
            "misshapen": len(self.misshapen),
        }
        return ", ".join(f"{count} {word}" for word, count in counts.items() if count)

    def lines(self) -> list[str]:
        """A line a key, with the shape seen and the shape wanted."""
        return [
            *(f"missing: {key} {words(shape)}" for key, shape in self.missing.items()),
            *(f"extra: {key} {seen}" for key, seen in self.extra.items()),
            *(
                f"misshapen: {key} is {seen}, wanted {words(shape)}"
                for key, (seen, shape) in self.misshapen.items()
            ),
        ]


def account(weights: Mapping[str, object], wanted: Mapping[str, Shape]) -> Account:
    """Compares names and shapes; values are looked at later."""
    found = Account()
    for key, shape in wanted.items():
        if key not in weights:
            found.missing[key] = shape
        elif (seen := seen_words(weights[key])) != words(shape):
            found.misshapen[key] = (seen, shape)
    for key, value in weights.items():
        if key not in wanted:
            found.extra[key] = seen_words(value)
    return found


def seen_words(value: object) -> str:
    """A tensor's shape; what else it is where it is no ordinary tensor."""
    if not isinstance(value, Tensor):
        return f"a {type(value).__name__}"
    if value.is_meta:
        return "a tensor without values"
    if value.is_quantized:
        return "a quantized tensor"
    if value.layout != torch.strided:
        return "a sparse tensor"
    return words(tuple(value.shape))


def words(shape: Shape) -> str:
    return f"({', '.join(map(str, shape))})"
