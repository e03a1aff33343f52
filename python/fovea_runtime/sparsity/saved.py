"""What a checkpoint holds of a dynamic sparsity, and whether it is of this one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from fovea_runtime.sparsity.layers import Layer
from fovea_runtime.sparsity.masked import MaskedLayer
from fovea_runtime.sparsity.settings import Settings

VERSION = 1
_KEYS = ("masks", "ever", "step", "seed", "due", "settings", "v")


@dataclass(frozen=True)
class Saved:
    """A state that fits: masked layers with their masks, and where the training is."""

    layers: list[MaskedLayer]
    step: int
    seed: int
    due: bool


def write(saved: Saved, settings: Settings) -> dict[str, Any]:
    """Plain values and copies of the masks; `torch.load(weights_only=True)` reads them."""
    masks = {name: bits.clone() for layer in saved.layers for name, bits in layer.named.items()}
    ever = {
        layer.layer.name: layer.ever.view(layer.layer.weight.parameter.shape).clone()
        for layer in saved.layers
    }
    return {
        "v": VERSION,
        "masks": masks,
        "ever": ever,
        "step": saved.step,
        "seed": saved.seed,
        "due": saved.due,
        "settings": settings.described,
    }


def read(state: Mapping[str, Any], settings: Settings, layers: list[Layer]) -> Saved:
    """A state for a model with these layers.

    Raises:
        ValueError: it is none, or of another sparsity or another network.
    """
    if not isinstance(state, Mapping) or any(key not in state for key in _KEYS):
        raise ValueError(
            f"no state of a DynamicSparsity: one has {', '.join(_KEYS)}; give what state_dict() made"
        )
    if state["v"] != VERSION:
        raise ValueError(f"the state is of version {state['v']}; {VERSION} is read here")
    _check_settings(state["settings"], settings)
    masks: Mapping[str, Tensor] = state["masks"]
    _check_names(masks, state["ever"], layers)
    found = [
        _masked(layer, masks, state["ever"][layer.name]) for layer in layers if layer.name in masks
    ]
    return Saved(found, int(state["step"]), int(state["seed"]), bool(state["due"]))


def _check_settings(there: Mapping[str, Any], settings: Settings) -> None:
    here = settings.described
    differing = [
        f"{name} is {there.get(name)!r} there and {value!r} here"
        for name, value in here.items()
        if there.get(name) != value
    ]
    if differing:
        raise ValueError(
            f"the state is of another sparsity: {', '.join(differing)}; "
            "give the same options, or begin without the state"
        )


def _check_names(
    masks: Mapping[str, Tensor], ever: Mapping[str, Tensor], layers: list[Layer]
) -> None:
    known = {weight.name: weight for layer in layers for weight in layer.weights}
    for name, bits in masks.items():
        shape = tuple(known[name].parameter.shape) if name in known else None
        if shape != tuple(bits.shape) or bits.dtype != torch.bool:
            here = "none" if shape is None else str(shape)
            raise ValueError(
                f"the state is of another network: its mask of {name} is {tuple(bits.shape)} of "
                f"{bits.dtype}, and here the weight is {here}"
            )
    for layer in layers:
        own = [weight.name for weight in layer.weights if weight.name in masks]
        if own and (len(own) < len(layer.weights) or layer.name not in ever):
            raise ValueError(f"the state is of another network: it lacks a mask of {layer.name}")
        if own and ever[layer.name].shape != masks[layer.name].shape:
            raise ValueError(f"the state's history of {layer.name} does not have its mask's shape")


def _masked(layer: Layer, masks: Mapping[str, Tensor], ever: Tensor) -> MaskedLayer:
    device = layer.weight.parameter.device
    bits = masks[layer.name].to(device, copy=True).contiguous()
    for weight, wanted in zip(layer.weights, layer.spread(bits), strict=True):
        if not torch.equal(masks[weight.name].to(device), wanted):
            raise ValueError(
                f"the state's mask of {weight.name} is not that of {layer.name}, which it is "
                "merged into"
            )
    return MaskedLayer(layer, bits.flatten(), ever.to(device, copy=True).flatten())
