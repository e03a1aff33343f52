"""The optimizer of a recipe."""

from typing import Any

import torch
from timm.optim._optim_factory import create_optimizer_v2
from timm.optim._param_groups import param_groups_weight_decay
from torch import nn
from torch.optim import Optimizer

from fovea_runtime.train.layer_decay import layer_scales
from fovea_runtime.train.lr_scaling import effective_lr


def make_optimizer(model: nn.Module, recipe: dict[str, Any]) -> Optimizer:
    """AdamW through timm, without decay of vectors, biases and what `no_weight_decay()` names.

    With `layerDecay` or `stageDecay` each layer has groups of its own with an `lr_scale`, which
    timm's schedules multiply by. The first group is always one that trains at the full rate.

    Args:
        model: the network itself, in no wrapper: its parameters' names tell the layers apart.

    Raises:
        ValueError: the recipe is `fused` and the parameters' device has no such kernel, or a decay
            meets a model that does not tell its layers apart.
    """
    options: dict[str, Any] = {"betas": tuple(recipe["betas"]), "eps": recipe["eps"]}
    if recipe["fused"]:
        _check_fused(model)
        # Left out where it is off: an explicit False would also turn off the kernels over lists
        # of tensors, which torch takes on a GPU by itself.
        options["fused"] = True
    return create_optimizer_v2(
        model,
        opt=recipe["optimizer"],
        lr=effective_lr(recipe),
        param_group_fn=lambda network: _groups(network, recipe),
        **options,
    )


def _check_fused(model: nn.Module) -> None:
    """Takes a step of one weight on each of the model's devices: torch only looks in a step."""
    for device in sorted({parameter.device for parameter in model.parameters()}, key=str):
        weight = nn.Parameter(torch.zeros(1, device=device))
        weight.grad = torch.zeros_like(weight)
        try:
            torch.optim.AdamW([weight], fused=True).step()
        except RuntimeError as error:
            raise ValueError(
                f"recipe.fused is true, and AdamW has no fused kernel on {device}: write "
                f"fused: false ({error})"
            ) from error


def _groups(model: nn.Module, recipe: dict[str, Any]) -> list[dict[str, Any]]:
    """Groups of parameters, by their weight decay and their share of the learning rate."""
    exempt = getattr(model, "no_weight_decay", set)()
    groups = param_groups_weight_decay(model, recipe["weightDecay"], no_weight_decay_list=exempt)
    scales = layer_scales(model, recipe)
    if scales is None:
        return groups
    scale_of = {parameter: scales[name] for name, parameter in model.named_parameters()}
    return sorted(
        (each for group in groups for each in _by_scale(group, scale_of)),
        key=lambda group: -group["lr_scale"],
    )


def _by_scale(group: dict[str, Any], scale_of: dict[nn.Parameter, float]) -> list[dict[str, Any]]:
    cut: dict[float, list[nn.Parameter]] = {}
    for parameter in group["params"]:
        cut.setdefault(scale_of[parameter], []).append(parameter)
    return [{**group, "params": params, "lr_scale": scale} for scale, params in cut.items()]
