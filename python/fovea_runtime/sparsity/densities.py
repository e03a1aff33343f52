"""The density of each layer at the start: uniform, Erdős–Rényi-Kernel, or by SNIP's scores."""

import math
import warnings

import torch
from torch import Tensor

from fovea_runtime.sparsity.exchange import dense_gradient
from fovea_runtime.sparsity.layers import Layer
from fovea_runtime.sparsity.settings import Settings

DENSE = 0.99
"""Layers that SNIP leaves so dense are not masked (SLaK)."""

_NO_GRADIENTS = (
    'init="snip" scores weights by |w · gradient|, and no parameter has a gradient: |w| alone fixes '
    "each layer's density. Call backward() on the loss of one batch before DynamicSparsity(…)"
)


def densities(layers: list[Layer], settings: Settings) -> list[float]:
    """Share of each layer's counted weights that is kept; 1 where the layer has no mask.

    Raises:
        ValueError: SNIP's gradients are not finite.
    """
    density = 1 - settings.amount
    if settings.init == "uniform":
        return [density] * len(layers)
    if settings.init == "erk":
        return erk(layers, density)
    if not has_gradients(layers):
        warnings.warn(_NO_GRADIENTS, stacklevel=3)
    return [1.0 if found >= DENSE else found for found in snip(layers, density)]


def erk(layers: list[Layer], density: float) -> list[float]:
    """Erdős–Rényi-Kernel (Evci et al. 2020): the sum of a weight's sides over their product.

    All shares are scaled alike so that the counted weights of all layers together have `density`.
    A layer that this would fill beyond 1 is dense, and the others share what is left.
    """
    raw = [sum(layer.shape) / math.prod(layer.shape) for layer in layers]
    sizes = [layer.size for layer in layers]
    budget = density * sum(sizes)
    dense: set[int] = set()
    while True:
        thin = [index for index in range(len(layers)) if index not in dense]
        left = budget - sum(sizes[index] for index in dense)
        scale = left / sum(raw[index] * sizes[index] for index in thin)
        # What is full now stays full: the scale only grows when a full layer leaves.
        full = [index for index in thin if scale * raw[index] >= 1]
        if not full:
            return [1.0 if index in dense else scale * raw[index] for index in range(len(layers))]
        dense.update(full)


def snip(layers: list[Layer], density: float) -> list[float]:
    """SNIP (Lee et al. 2019) as SLaK uses it: the weights with the largest |w · ∇w| of all layers.

    The gradients are those on the parameters; where none has one, |w| stands alone. Only how many
    of them a layer has is used. A shared weight that counts for t taps has the t-th part of its
    score for each.

    Raises:
        ValueError: a gradient is not finite.
    """
    by_gradient = has_gradients(layers)
    scores = torch.cat([_scores(layer, by_gradient=by_gradient) for layer in layers])
    taps = torch.cat([_taps(layer) for layer in layers])
    if not bool(scores.isfinite().all()):
        raise ValueError(
            'init="snip" scores weights by |w · gradient|, and a weight or gradient is not finite; '
            "construct DynamicSparsity after a backward pass that is"
        )
    order = scores.sort(descending=True, stable=True).indices
    budget = round(density * int(taps.sum()))
    kept = torch.zeros_like(taps)
    taken = order[taps[order].cumsum(0) <= budget]
    kept[taken] = taps[taken]
    numels = [layer.weight.parameter.numel() for layer in layers]
    counts = [int(part.sum()) for part in kept.split(numels)]
    return [count / layer.size for count, layer in zip(counts, layers, strict=True)]


def has_gradients(layers: list[Layer]) -> bool:
    """Whether any weight has a gradient to be scored by."""
    return any(w.parameter.grad is not None for layer in layers for w in layer.weights)


def _scores(layer: Layer, *, by_gradient: bool) -> Tensor:
    """|w · ∇w| a tap, flat, in float32; |w| where there are no gradients."""
    values = []
    for weight in layer.weights:
        parameter = weight.parameter.detach().float()
        if by_gradient:
            parameter = parameter * dense_gradient(weight.parameter).float()
        values.append(parameter.abs())
    return layer.total(values) / _taps(layer)


def _taps(layer: Layer) -> Tensor:
    """What each weight counts for, flat."""
    parameter = layer.weight.parameter
    taps = torch.ones(parameter.numel(), dtype=torch.int32, device=parameter.device)
    for stratum in layer.strata:
        if stratum.taps > 1:
            taps[stratum.among(torch.ones_like(taps, dtype=torch.bool))] = stratum.taps
    return taps
