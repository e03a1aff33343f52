"""What the tests of dynamic sparsity share: small networks and plain loops around them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from fovea_runtime.sparsity import DynamicSparsity
from torch import Tensor, nn
from torch.nn import functional

OPTIONS: dict[str, Any] = {
    "amount": 0.4,
    "init": "uniform",
    "every": 5,
    "prune": 0.3,
    "grow": "random",
    "steps": 20,
    "seed": 0,
}


def small_net(seed: int = 0) -> nn.Sequential:
    """Images (N, 3, 8, 8) -> logits (N, 5): convolutions, a depthwise one, a norm, two matrices."""
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.Conv2d(8, 8, 5, padding=2, groups=8, bias=False),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Linear(128, 24),
        nn.ReLU(),
        nn.Linear(24, 5),
    )


def adamw(model: nn.Module, **options: Any) -> torch.optim.AdamW:
    """AdamW with a rate that moves every weight."""
    return torch.optim.AdamW(model.parameters(), **{"lr": 0.01, "weight_decay": 0.05, **options})


def sparse(model: nn.Module, optimizer: Any = None, **changes: Any) -> DynamicSparsity:
    """A sparsity of the usual options with some changed."""
    return DynamicSparsity(model, optimizer or adamw(model), **{**OPTIONS, **changes})


def backward(model: nn.Module, number: int = 0) -> Tensor:
    """Gradients of batch `number`."""
    generator = torch.Generator().manual_seed(number)
    dtype = next(model.parameters()).dtype
    images = torch.randn(6, 3, 8, 8, generator=generator, dtype=torch.float64).to(dtype)
    labels = torch.randint(5, (6,), generator=generator)
    loss = functional.cross_entropy(model(images), labels)
    loss.backward()
    return loss.detach()


def train(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    sparsity: DynamicSparsity,
    *,
    first: int = 1,
    last: int = 20,
    after: Callable[[int, Any], None] | None = None,
) -> None:
    """Steps `first` to `last`; `after(number, event)` is called after each."""
    for number in range(first, last + 1):
        optimizer.zero_grad()
        backward(model, number)
        optimizer.step()
        event = sparsity.step()
        if after is not None:
            after(number, event)


def masked_weights(
    model: nn.Module, sparsity: DynamicSparsity
) -> list[tuple[nn.Parameter, Tensor]]:
    """Parameters and their masks."""
    parameters = dict(model.named_parameters())
    return [(parameters[name], mask) for name, mask in sparsity.masks.items()]


def counts(sparsity: DynamicSparsity) -> dict[str, int]:
    """Kept weights by name."""
    return {name: int(mask.sum()) for name, mask in sparsity.masks.items()}


def assert_zero(
    model: nn.Module, optimizer: torch.optim.Optimizer, sparsity: DynamicSparsity
) -> None:
    """Pruned weights and what the optimizer holds for them are positive zeros."""
    for parameter, mask in masked_weights(model, sparsity):
        held = [
            value
            for value in optimizer.state.get(parameter, {}).values()
            if isinstance(value, Tensor) and value.shape == parameter.shape
        ]
        for tensor in (parameter.detach(), *held):
            pruned = tensor[~mask]
            assert torch.equal(pruned, torch.zeros_like(pruned))
            assert not pruned.signbit().any()


PARALLEL: dict[str, Any] = {"init": "snip", "grow": "gradient", "every": 2}
"""Options under which gradients decide everything."""


def two_layers(seed: int = 0) -> nn.Module:
    """Rows (N, 6) -> (N, 3), in float64."""
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(6, 20), nn.Tanh(), nn.Linear(20, 3)).double()


def sparse_steps(
    parallel: nn.Module, model: nn.Module, rows: slice, options: dict[str, Any]
) -> DynamicSparsity:
    """Eight sparse steps on some rows of a batch of eight."""
    x = torch.randn(8, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(1))[rows]
    optimizer = adamw(model)
    parallel(x).square().mean().backward()
    sparsity = sparse(parallel, optimizer, **options)
    for _ in range(8):
        optimizer.zero_grad()
        parallel(x).square().mean().backward()
        optimizer.step()
        sparsity.step()
    return sparsity
