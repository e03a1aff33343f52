"""A layer and its mask."""

from dataclasses import dataclass

import torch
from torch import Tensor

from fovea_runtime.sparsity.exchange import dense_gradient, drawn, largest, smallest
from fovea_runtime.sparsity.layers import Layer
from fovea_runtime.sparsity.masking import Mask


@dataclass(frozen=True)
class Exchange:
    """How an update exchanges weights: which share of them, and what grows.

    The generator draws what grows; without one the largest gradients grow.
    """

    share: float
    generator: torch.Generator | None


class MaskedLayer:
    """A layer's mask and its history.

    Attributes:
        bits: what is kept of the layer's weight, flat (numel,).
        ever: what was kept at any time, flat (numel,).
        kept: weights of each stratum that are kept, which never changes.
        masks: a mask for each of the layer's weights, followers included.
    """

    def __init__(self, layer: Layer, bits: Tensor, ever: Tensor) -> None:
        self.layer = layer
        self.bits = bits
        self.ever = ever
        self.kept = self.counts()
        self.masks = [Mask(mask) for mask in layer.spread(bits)]

    @classmethod
    def at_random(
        cls, layer: Layer, counts: list[int], generator: torch.Generator
    ) -> "MaskedLayer":
        """Keeps `counts[s]` weights of stratum s."""
        parameter = layer.weight.parameter
        bits = torch.zeros(parameter.numel(), dtype=torch.bool, device=parameter.device)
        everywhere = torch.ones_like(bits)
        for stratum, count in zip(layer.strata, counts, strict=True):
            bits |= drawn(stratum.among(everywhere), count, generator)
        return cls(layer, bits, bits.clone())

    @property
    def pairs(self) -> list[tuple[torch.nn.Parameter, Mask]]:
        """Each parameter with its mask."""
        weights = self.layer.weights
        return [(each.parameter, mask) for each, mask in zip(weights, self.masks, strict=True)]

    @property
    def named(self) -> dict[str, Tensor]:
        """Masks by their parameters' names."""
        weights = self.layer.weights
        return {each.name: mask.bits for each, mask in zip(weights, self.masks, strict=True)}

    def counts(self) -> list[int]:
        """Weights that are kept, by stratum."""
        return [stratum.count(self.bits) for stratum in self.layer.strata]

    def counted(self, flags: Tensor) -> int:
        """What the weights with a flag count for; flags (numel,)."""
        return sum(stratum.taps * stratum.count(flags) for stratum in self.layer.strata)

    def exchange(self, how: Exchange) -> int:
        """Prunes the smallest weights and lets as many grow; returns what they count for.

        What grows was pruned before: a weight that goes does not come back at once. Where fewer
        weights are pruned than the share, that many are exchanged.
        """
        parameters = [weight.parameter for weight in self.layer.weights]
        # Masks follow the parameters to another device.
        before = self.bits.to(parameters[0].device)
        magnitudes = self.layer.total([parameter.detach().abs() for parameter in parameters])
        gradients = None
        if how.generator is None:
            gradients = self.layer.total([dense_gradient(each).abs() for each in parameters])
        bits = before
        exchanged = 0
        for stratum, kept in zip(self.layer.strata, self.kept, strict=True):
            count = min(round(how.share * kept), stratum.size - kept)
            free = stratum.among(~before)
            if how.generator is not None:
                grown = drawn(free, count, how.generator)
            else:
                assert gradients is not None
                grown = largest(free, gradients, count)
            pruned = smallest(stratum.among(before), magnitudes, count)
            bits = (bits & ~pruned) | grown
            exchanged += count * stratum.taps
        self.bits = bits
        self.ever = self.ever.to(bits.device) | bits
        for mask, found in zip(self.masks, self.layer.spread(bits), strict=True):
            mask.replace(found)
        return exchanged
