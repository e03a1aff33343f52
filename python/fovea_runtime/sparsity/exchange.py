"""Which weights are pruned and which grow in their place."""

import torch
from torch import Tensor, nn

from fovea_runtime.randomness import Purpose, seed_sequence


def smallest(candidates: Tensor, magnitudes: Tensor, count: int) -> Tensor:
    """Flags of the `count` candidates with the smallest magnitudes; of equal ones the first.

    Flags and magnitudes are flat. What is no number is the largest.
    """
    return _best(candidates, -_finite(magnitudes), count)


def largest(candidates: Tensor, magnitudes: Tensor, count: int) -> Tensor:
    """Flags of the `count` candidates with the largest magnitudes; of equal ones the first."""
    return _best(candidates, _finite(magnitudes), count)


def drawn(candidates: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """Flags of `count` of the candidates at random; the generator is the CPU's.

    So the draw is the same on every device.
    """
    places = candidates.nonzero().squeeze(1)
    order = torch.randperm(len(places), generator=generator)[:count]
    flags = torch.zeros_like(candidates)
    flags[places[order.to(places.device)]] = True
    return flags


def _best(candidates: Tensor, keys: Tensor, count: int) -> Tensor:
    # A threshold, and then the ties: a stable sort takes six times as long.
    if count == 0:
        return torch.zeros_like(candidates)
    keys = keys.where(candidates, -torch.inf)
    least = keys.topk(count, sorted=False).values.min()
    flags = keys > least
    tied = (keys == least).nonzero().squeeze(1)
    flags[tied[: count - int(flags.sum())]] = True
    return flags


def _finite(magnitudes: Tensor) -> Tensor:
    most = torch.finfo(magnitudes.dtype).max
    return magnitudes.nan_to_num(nan=most, posinf=most)


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
