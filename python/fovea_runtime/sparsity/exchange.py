"""Which weights are pruned and which grow in their place."""

import torch
from torch import Tensor, nn

from fovea_runtime.randomness import Purpose, seed_sequence


def smallest(candidates: Tensor, magnitudes: Tensor, count: int) -> Tensor:
    """The `count` candidates with the smallest magnitudes; of equal ones the first.

    candidates are indices in order, magnitudes (numel,) -> (count,). NaN is the largest.
    """
    return candidates[magnitudes[candidates].sort(stable=True).indices[:count]]


def largest(candidates: Tensor, magnitudes: Tensor, count: int) -> Tensor:
    """The `count` candidates with the largest magnitudes; of equal ones the first."""
    order = magnitudes[candidates].sort(descending=True, stable=True).indices
    return candidates[order[:count]]


def drawn(candidates: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """`count` of the candidates at random; the generator is the CPU's, whatever the device.

    The draw is the same on every device, and a GPU need not be waited for.
    """
    order = torch.randperm(len(candidates), generator=generator)[:count]
    return candidates[order.to(candidates.device)]


def generator_of(seed: int, step: int) -> torch.Generator:
    """The generator of the update after a step; of the first masks at 0.

    It depends on nothing else, so every process has the same, and a resumed run too.
    """
    (word,) = seed_sequence(seed, Purpose.SPARSITY, step).generate_state(1, "uint64").tolist()
    return torch.Generator().manual_seed(word >> 1)


def dense_gradient(parameter: nn.Parameter) -> Tensor:
    """The gradient as a plain tensor of the parameter's shape; zeros where there is none."""
    if parameter.grad is None:
        return torch.zeros_like(parameter)
    return (parameter.grad.to_dense() if parameter.grad.is_sparse else parameter.grad).detach()
