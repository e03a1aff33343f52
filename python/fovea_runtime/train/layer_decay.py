"""Learning rates that fall from the last layer to the first."""

from collections.abc import Iterator
from typing import Any

from timm.models import group_parameters
from torch import nn


def layer_scales(model: nn.Module, recipe: dict[str, Any]) -> dict[str, float] | None:
    """The share of the recipe's learning rate that each parameter trains with, by its name.

    Layers are those of the model's own `group_matcher`, as in timm: the stem, every block, the
    head. A network's downsampling and what a stage's blocks share belong to the stage's first
    block. With N for the number of the last one, layer i of N has decay^(N - i): the head trains
    at the full rate. `layerDecay` takes `layerBlocks` consecutive blocks of a stage for one layer
    (3 is ConvNeXt's and SLaK's), `stageDecay` a whole stage.

    Returns:
        None where the recipe has neither decay.

    Raises:
        ValueError: the model has no `group_matcher`, or only one layer.
    """
    name = "stageDecay" if recipe["stageDecay"] is not False else "layerDecay"
    decay = recipe[name]
    if decay is False:
        return None
    if not hasattr(model, "group_matcher"):
        raise ValueError(
            f"recipe.{name} is {decay}, and {type(model).__name__} has no group_matcher() that "
            f"tells its layers apart: write {name}: false, or give the model one, as timm's have"
        )
    stages = _layers(model, coarse=True)
    layers = stages if name == "stageDecay" else _layers(model, coarse=False)
    if name == "layerDecay" and recipe["layerBlocks"] > 1:
        layers = _joined(layers, stages, recipe["layerBlocks"])
    last = max(layers.values())
    if last == 0:
        raise ValueError(
            f"recipe.{name} is {decay}, and the group_matcher() of {type(model).__name__} knows "
            f"one layer only: write {name}: false"
        )
    return {parameter: decay ** (last - layer) for parameter, layer in layers.items()}


def _layers(model: Any, *, coarse: bool) -> dict[str, int]:
    """Numbers of layers from 0 at the stem, by parameter."""
    return group_parameters(model, model.group_matcher(coarse=coarse), reverse=True)


def _joined(layers: dict[str, int], stages: dict[str, int], blocks: int) -> dict[str, int]:
    """`blocks` consecutive layers of a stage as one."""
    # A norm behind the last stage is of its last block, and a stage of its own.
    stage_of: dict[int, int] = {}
    for name, layer in layers.items():
        stage_of[layer] = min(stages[name], stage_of.get(layer, stages[name]))
    joined = dict(_numbered(stage_of, blocks))
    return {name: joined[layer] for name, layer in layers.items()}


def _numbered(stage_of: dict[int, int], blocks: int) -> Iterator[tuple[int, int]]:
    number, position, before = -1, 0, None
    for layer in sorted(stage_of):
        position = position + 1 if stage_of[layer] == before else 0
        before = stage_of[layer]
        if position % blocks == 0:
            number += 1
        yield layer, number
