"""All mixers and embeddings of a network from those of another."""

from collections.abc import Mapping

import torch
from torch import Tensor

from fovea_runtime.reparam.constants import embedding_for
from fovea_runtime.reparam.grid import Grid
from fovea_runtime.reparam.project import Mixer, Projected, project_mixer
from fovea_runtime.reparam.source import EMBEDDING, MIXER
from fovea_runtime.weights.layout import Shape
from fovea_runtime.weights.package import Package

_ONES = ("_norm.weight", "_norm.running_var")
"""What a BatchNorm starts at 1."""


def fresh_mixers(package: Package, wanted: Mapping[str, Shape]) -> dict[str, Tensor]:
    """The tensors of all mixers as `create_model` starts them, but for large kernels, which are 0."""
    shapes = {key: shape for key, shape in wanted.items() if MIXER.fullmatch(key)}
    state = {key: _start(key, shape) for key, shape in shapes.items()}
    return state | package.drawn(
        {key: shape for key, shape in shapes.items() if key.endswith(".small.weight")}
    )


def _start(key: str, shape: Shape) -> Tensor:
    if key.endswith(".num_batches_tracked"):
        return torch.tensor(0)
    return torch.ones(shape) if key.endswith(_ONES) else torch.zeros(shape)


def project_mixers(
    old: Mapping[str, Tensor],
    old_grids: Mapping[str, Grid],
    fresh: Mapping[str, Tensor],
    grids: Mapping[str, Grid],
) -> dict[str, Projected]:
    """The mixers of a network whose tensors begin as `fresh`, by their names."""
    sources = _mixers(old, old_grids)
    return {
        name: project_mixer(sources[name], target) for name, target in _mixers(fresh, grids).items()
    }


def start_embeddings(
    state: dict[str, Tensor],
    wanted: Mapping[str, Shape],
    mixers: Mapping[str, Projected],
    grids: Mapping[str, Grid],
) -> float:
    """Adds the embeddings: zero, or such that they stand for constants that have no other place.

    Returns the largest constant that none could stand for.
    """
    missed = 0.0
    for key in (key for key in wanted if key.endswith(EMBEDDING)):
        blocks = [
            name for name in mixers if name.startswith(f"{key.removesuffix(EMBEDDING)}.blocks.")
        ]
        constants = [constant for name in blocks if (constant := mixers[name].constant) is not None]
        if not constants:
            state[key] = torch.zeros(wanted[key])
            continue
        weights = torch.stack([state[f"{name}.large.weight"].double() for name in blocks])
        grid = grids[f"{blocks[0]}.large"]
        state[key], left = embedding_for(weights, torch.stack(constants), grid)
        missed = max(missed, left)
    return missed


def _mixers(state: Mapping[str, Tensor], grids: Mapping[str, Grid]) -> dict[str, Mixer]:
    tensors: dict[str, dict[str, Tensor]] = {}
    for key, tensor in state.items():
        if found := MIXER.fullmatch(key):
            name = found["mixer"]
            tensors.setdefault(name, {})[key.removeprefix(f"{name}.")] = tensor
    return {
        name: Mixer(
            each,
            {
                layer.removeprefix(f"{name}."): grid
                for layer, grid in grids.items()
                if layer.startswith(f"{name}.")
            },
        )
        for name, each in tensors.items()
    }
