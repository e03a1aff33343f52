"""Exact zeros in place, for many tensors at a time."""

from collections.abc import Iterator
from itertools import chain

import torch
from torch import Tensor

_WORDS = {1: torch.int8, 2: torch.int16, 4: torch.int32, 8: torch.int64}
"""Whole numbers as wide as a float, by its bytes."""


class Mask:
    """A weight's mask, and what applies it to tensors of its shape.

    Attributes:
        bits: bool, true where a weight is kept. Replaced when the mask changes, never written to.
    """

    def __init__(self, bits: Tensor) -> None:
        self.bits = bits
        self._words: dict[tuple[torch.device, int, tuple[int, ...]], Tensor] = {}

    def replace(self, bits: Tensor) -> None:
        """Takes another mask of the same shape."""
        self.bits = bits
        self._words.clear()

    def words_like(self, tensor: Tensor) -> Tensor:
        """Ones where a weight is kept and zeros elsewhere, as wide as the tensor's floats."""
        key = (tensor.device, tensor.element_size(), tensor.stride())
        words = self._words.get(key)
        if words is None:
            words = torch.empty_like(tensor, dtype=_WORDS[key[1]], requires_grad=False)
            words.copy_(self.bits)
            self._words[key] = words
        return words


def zero_pruned(pairs: list[tuple[Tensor, Mask]]) -> None:
    """Makes what is pruned 0 in each tensor, in place, whatever stood there.

    The bits are multiplied, as whole numbers: NaN times zero is NaN, and `masked_fill_` takes
    thirty times as long on a CPU and one launch a tensor on a GPU.
    """
    if not pairs:
        return
    words = [mask.words_like(tensor) for tensor, mask in pairs]
    views = [
        tensor.detach().view(word.dtype) for (tensor, _), word in zip(pairs, words, strict=True)
    ]
    torch._foreach_mul_(views, words)  # pyright: ignore[reportPrivateImportUsage]


def moments(optimizer: torch.optim.Optimizer, parameter: Tensor) -> Iterator[Tensor]:
    """What an optimizer holds for each weight of a parameter, before its first step nothing.

    Whatever is floating-point and has the parameter's shape: averages, their maxima, momentum, a
    copy in float32. Factored statistics (Adafactor's rows and columns) belong to no one weight.
    """
    for value in optimizer.state.get(parameter, {}).values():
        alike = isinstance(value, Tensor) and value.shape == parameter.shape
        if alike and value.is_floating_point():
            yield value


def tensors_of(
    optimizer: torch.optim.Optimizer, masked: list[tuple[Tensor, Mask]]
) -> list[tuple[Tensor, Mask]]:
    """Parameters and their moments, each with the mask that it is zeroed by."""
    return [
        (tensor, mask)
        for parameter, mask in masked
        for tensor in chain((parameter,), moments(optimizer, parameter))
    ]
