"""The numbers of a checkpoint: float32 in the end, finite, and nothing changed in silence."""

from collections import Counter
from pathlib import Path

import torch
from torch import Tensor

from fovea_runtime.weights.layout import Form
from fovea_runtime.weights.mistake import DOES_NOT_FIT, WeightsMistake

_EXACT = (torch.float16, torch.bfloat16, torch.float32)
"""Dtypes whose every value float32 holds."""


class Values:
    """Takes tensors one at a time, and keeps what is to be told of them.

    `problems` has a line for each tensor that is no usable number; `notes()` says what was cast.
    """

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._cast: Counter[torch.dtype] = Counter()
        self._memory: set[int] = set()

    def take(self, key: str, tensor: Tensor, form: Form) -> Tensor:
        """The tensor as it is written: float32, a counter int64; contiguous, of its own memory."""
        tensor = tensor.detach()
        if form is Form.COUNTER:
            return self._counter(key, tensor)
        if tensor.dtype not in (*_EXACT, torch.float64):
            self.problems.append(f"{key} is {_name(tensor.dtype)}, not a floating-point weight")
            return tensor
        bad = tensor.numel() - int(tensor.isfinite().sum())
        cast = tensor.float().contiguous()
        if bad:
            self.problems.append(f"{key} has {bad} of {tensor.numel()} values that are NaN or Inf")
        elif not cast.isfinite().all():
            self.problems.append(f"{key} has values beyond float32")
        if tensor.dtype != torch.float32:
            self._cast[tensor.dtype] += 1
        return self._apart(cast)

    def check(self, path: Path) -> None:
        """Raises WeightsMistake where a tensor was no usable weight."""
        if not self.problems:
            return
        raise WeightsMistake(
            DOES_NOT_FIT,
            f"{path} holds {len(self.problems)} tensors that are no weights",
            value=str(path),
            fix="fetch the checkpoint again, or take one from before the run diverged",
            lines=self.problems,
        )

    def notes(self) -> list[str]:
        return [
            f"{count} {_name(dtype)} tensors are cast to float32, "
            + ("exactly" if dtype in _EXACT else "rounded")
            for dtype, count in self._cast.items()
        ]

    def _apart(self, tensor: Tensor) -> Tensor:
        """The tensor, copied where one before it has the same memory: safetensors writes no views."""
        address = tensor.untyped_storage().data_ptr()
        if address in self._memory:
            return tensor.clone()
        self._memory.add(address)
        return tensor

    def _counter(self, key: str, tensor: Tensor) -> Tensor:
        number = tensor.item() if not tensor.is_complex() else None
        if number is None or not float(number).is_integer() or number < 0:
            self.problems.append(f"{key} is {tensor.item()}, not a number of batches")
            return tensor
        return torch.tensor(int(number), dtype=torch.int64)


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
