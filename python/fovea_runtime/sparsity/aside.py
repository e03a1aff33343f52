"""What the first masks took away, until it is certain that they are the masks that count."""

import torch
from torch import Tensor

from fovea_runtime.sparsity.masking import Mask


class SetAside:
    """Weights as they were before the first masks.

    A training that goes on builds a new `DynamicSparsity`, whose own first masks zero weights that
    the saved masks keep. If the saved weights were there already, they have to come back.
    """

    def __init__(self, pairs: list[tuple[Tensor, Mask]]) -> None:
        self._pairs = [(parameter, parameter.detach().clone(), mask) for parameter, mask in pairs]

    def put_back(self) -> None:
        """Gives each parameter its old values, unless another hand has written to it since."""
        for parameter, before, mask in self._pairs:
            masked = before.masked_fill(~mask.bits.to(before.device), 0)
            if torch.equal(parameter.detach().to(masked.device), masked):
                parameter.copy_(before)
