"""Weights of a network for a network of the same frame with other kernels."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from fovea_runtime.reparam.grid import Grid, centred, grids_of
from fovea_runtime.reparam.own_weights import read_own
from fovea_runtime.reparam.resize import Resized, resize
from fovea_runtime.reparam.source import EMBEDDING
from fovea_runtime.reparam.statistics import check_variances
from fovea_runtime.weights.accounting import account
from fovea_runtime.weights.declared import Config
from fovea_runtime.weights.layout import Shape
from fovea_runtime.weights.mistake import DOES_NOT_FIT, WeightsMistake
from fovea_runtime.weights.package import Package
from fovea_runtime.weights.write import write_safetensors


@dataclass(frozen=True)
class ResizeRequest:
    """`package` is the network that the file is of, `to_package` the one with other kernels."""

    source: Path
    package: Path
    to_package: Path
    out: Path
    average: bool
    known: list[Config]


def resize_weights(request: ResizeRequest) -> dict[str, Any]:
    """Writes `out`, which loads strictly into `create_model()` of `to_package`, and reports on it.

    Raises:
        WeightsMistake: nothing has been written.
    """
    package = Package(request.package)
    own = read_own(request.source, package, average=request.average, known=request.known)
    check_variances(own.state, request.source)
    target = Package(request.to_package)
    old, new = (grids_of(each.skeleton(own.classes)) for each in (package, target))
    wanted = target.shapes(own.classes)
    _check_frame(own.state, wanted, (old, new), (package.name, target.name))
    layers: dict[str, Resized] = {}
    state: dict[str, Tensor] = {}
    for key, shape in wanted.items():
        layer = key.removesuffix(".weight")
        if layer in new:
            layers[layer] = resize(own.state[key], old[layer], new[layer])
            state[key] = layers[layer].weight.float()
        elif key.endswith(EMBEDDING):
            state[key] = centred(own.state[key], (shape[1], shape[2])).contiguous()
        else:
            state[key] = own.state[key]
    parameters = target.count_strictly(state, own.classes)
    write_safetensors(request.out, state, {"network": target.name, "resized": package.name})
    return {
        "network": package.name,
        "to": target.name,
        "from": str(request.source),
        "out": str(request.out),
        "entry": own.entry,
        "average": own.average,
        "classes": own.classes,
        "tensors": len(state),
        "parameters": parameters,
        "notes": [*own.notes, *_other_embeddings(package.config, target.config)],
        "layers": [_layer(name, resized, old[name], new[name]) for name, resized in layers.items()],
    }


def _check_frame(
    state: Mapping[str, Tensor],
    wanted: Mapping[str, Shape],
    grids: tuple[Mapping[str, Grid], Mapping[str, Grid]],
    names: tuple[str, str],
) -> None:
    """Raises WeightsMistake where the networks differ in more than their kernels."""
    old, new = grids
    seen: dict[str, object] = {}
    for key, tensor in state.items():
        layer, shape = key.removesuffix(".weight"), wanted.get(key, ())
        is_kernel = (layer in old and layer in new) or key.endswith(EMBEDDING)
        # Of what is made for a kernel, only the channels have to agree.
        agrees = is_kernel and shape[:1] == tensor.shape[:1]
        seen[key] = tensor.new_zeros(()).expand(shape) if agrees else tensor
    found = account(seen, wanted)
    if found.is_clear:
        return
    source, target = names
    raise WeightsMistake(
        DOES_NOT_FIT,
        f"{target} differs from {source} in more than its kernels: {found.summary()}",
        value=target,
        fix="name a network of the same frame, branches and embeddings",
        lines=found.lines(),
    )


def _other_embeddings(old: Config, new: Config) -> list[str]:
    kinds = [[mixer["embedding"] for mixer in config["mixers"]] for config in (old, new)]
    return [
        f"the embedding of stages.{stage} is {before} in one network and {after} in the other"
        for stage, (before, after) in enumerate(zip(*kinds, strict=True))
        if before != after
    ]


def _layer(name: str, resized: Resized, old: Grid, new: Grid) -> dict[str, Any]:
    return {
        "layer": name,
        "from": list(old.sides),
        "kernel": list(new.sides),
        "copied": resized.copied,
        "averaged": resized.averaged,
        "added": resized.added,
        "grown": resized.grown,
        "dropped": resized.dropped,
        "change": resized.change,
    }
