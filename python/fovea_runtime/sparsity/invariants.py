"""What must hold in every run."""

import torch
from torch import Tensor, nn

from fovea_runtime.sparsity.masked import MaskedLayer
from fovea_runtime.sparsity.masking import Mask


def check_places(model: nn.Module, layers: list[MaskedLayer]) -> None:
    """The masked parameters are those that the model computes with.

    Raises:
        RuntimeError: one was replaced by another object.
    """
    present = set(model.parameters())
    for layer in layers:
        for weight in layer.layer.weights:
            if weight.parameter not in present:
                raise RuntimeError(
                    f"sparsity: {weight.name} is no longer the parameter that was masked; build "
                    "DynamicSparsity after whatever replaces parameters (load_state_dict with "
                    "assign=True, reset_classifier, wrappers)"
                )


def check_counts(layers: list[MaskedLayer]) -> None:
    """Each layer keeps as many weights as at the start.

    Raises:
        RuntimeError: one does not.
    """
    for layer in layers:
        counts = layer.counts()
        if counts != layer.kept:
            raise RuntimeError(
                f"sparsity: {layer.layer.name} keeps {sum(counts)} weights and not "
                f"{sum(layer.kept)}; its mask was changed from outside"
            )


def check_zeros(layers: list[MaskedLayer]) -> None:
    """Every pruned weight is exactly zero.

    Raises:
        RuntimeError: one is not.
    """
    for layer in layers:
        for (parameter, mask), weight in zip(layer.pairs, layer.layer.weights, strict=True):
            if bool(_any_left(parameter, mask)):
                raise RuntimeError(_not_zero(weight.name))


class ZeroWatch:
    """Looks at one weight a step, and tells at the end of a round whether all zeros were zero.

    A look makes no one wait for a GPU; `read` does.
    """

    def __init__(self) -> None:
        self._found: dict[str, Tensor] = {}

    def look(self, name: str, parameter: Tensor, mask: Mask) -> None:
        """Notes whether a pruned entry of a parameter is not zero."""
        left = _any_left(parameter, mask)
        before = self._found.get(name)
        self._found[name] = left if before is None else left | before.to(left.device)

    def read(self) -> None:
        """Forgets what was noted.

        Raises:
            RuntimeError: a pruned weight was not zero.
        """
        found, self._found = self._found, {}
        for name, left in found.items():
            if bool(left):
                raise RuntimeError(_not_zero(name))


def _any_left(parameter: Tensor, mask: Mask) -> Tensor:
    kept = mask.words_like(parameter)
    return torch.logical_and(parameter.detach() != 0, kept == 0).any()


def _not_zero(name: str) -> str:
    return (
        f"sparsity: a pruned weight of {name} is not zero; nothing but the optimizer may write to "
        "weights between optimizer.step() and sparsity.step()"
    )
