"""Averages of the weights, which hold what was pruned until they are masked too."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from fovea_runtime.sparsity.layers import bare_name
from fovea_runtime.sparsity.masking import Mask, zero_pruned

_WRAPPER = "module."
"""What DDP, torch's AveragedModel and timm's ModelEma put before every name."""


@torch.no_grad()
def mask_average(average: nn.Module, masks: Mapping[str, Mask]) -> None:
    """Zeroes what is masked in a module whose parameters have the same names.

    Raises:
        TypeError: it is no module, such as a module's state.
        ValueError: a parameter is missing or has another shape.
    """
    if not isinstance(average, nn.Module):
        raise TypeError(f"apply_to() takes a torch.nn.Module, not a {type(average).__name__}")
    found: dict[str, Tensor] = {}
    for path, parameter in average.named_parameters():
        name = bare_name(path)
        while name not in masks and name.startswith(_WRAPPER):
            name = name.removeprefix(_WRAPPER)
        found[name] = parameter
    pairs: list[tuple[Tensor, Mask]] = []
    for name, mask in masks.items():
        if name not in found:
            raise ValueError(
                f"the module has no parameter {name}; an average of the model that is masked is "
                "wanted, with the same parameter names"
            )
        if found[name].shape != mask.bits.shape:
            raise ValueError(
                f"{name} is {tuple(found[name].shape)} there and {tuple(mask.bits.shape)} in the "
                "model that is masked"
            )
        pairs.append((found[name], mask))
    zero_pruned(pairs)
