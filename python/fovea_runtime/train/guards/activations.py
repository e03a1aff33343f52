"""What a forward pass keeps in memory for the backward pass, without computing anything."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.utils._pytree import tree_leaves

from fovea_runtime.train.learner import Learner


@dataclass(frozen=True)
class Activation:
    """A tensor that is kept, and the module that made it."""

    layer: str
    shape: tuple[int, ...]
    bytes: int


@dataclass(frozen=True)
class Activations:
    """All that is kept of a forward pass, in bytes, and the largest of it."""

    bytes: int
    largest: tuple[Activation, ...]


def activations_of(learner: Learner, shape: Sequence[int], *, largest: int = 3) -> Activations:
    """Runs the network that is trained on images of `shape` (N, C, H, W) with tensors that have
    shapes and no content.

    Raises:
        Exception: an operator of the network cannot be run so.
    """
    # Half a second to import, for the runs that need it.
    from torch._subclasses.fake_tensor import FakeTensorMode

    model = learner.model.train()
    mode = FakeTensorMode(allow_non_fake_inputs=True)
    fakes: dict[str, Tensor] = {
        name: mode.from_tensor(tensor)
        for name, tensor in [*model.named_parameters(), *model.named_buffers()]
    }
    kept = _Kept(fakes.values())
    with ExitStack() as stack:
        stack.enter_context(torch.compiler.set_stance("force_eager"))
        stack.enter_context(mode)
        stack.enter_context(torch.enable_grad())
        stack.enter_context(torch.autograd.graph.saved_tensors_hooks(kept.save, kept.give))
        images = torch.empty(tuple(shape), device=learner.device)
        kept.made("images", [images])
        for name, module in model.named_modules():
            stack.callback(module.register_forward_pre_hook(kept.entry(name)).remove)
            stack.callback(module.register_forward_hook(kept.exit(name)).remove)
        learner.forward(lambda each: functional_call(model, fakes, (each,)), images)
    return kept.report(largest)


class _Kept:
    """Counts each memory once, however many tensors look at it."""

    def __init__(self, weights: Any) -> None:
        self._weights = {_memory(tensor) for tensor in weights}
        # The tensors are held on to, so that no memory's number is given to another.
        self._saved: dict[int, tuple[str, Tensor]] = {}
        self._makers: dict[int, tuple[str, Tensor]] = {}
        self._running: list[str] = []

    def save(self, tensor: Tensor) -> Tensor:
        """The backward pass will ask for the tensor."""
        memory = _memory(tensor)
        if memory not in self._weights:
            maker = self._running[-1] if self._running else "loss"
            self._saved.setdefault(memory, (maker, tensor))
        return tensor

    def give(self, tensor: Tensor) -> Tensor:
        """Gives it back."""
        return tensor

    def made(self, name: str, tensors: Sequence[Tensor]) -> None:
        """Module `name` returned the tensors; the innermost module comes first."""
        for tensor in tensors:
            self._makers.setdefault(_memory(tensor), (name, tensor))

    def entry(self, name: str) -> Any:
        """A hook before a module's forward pass."""
        return lambda _module, _inputs: self._running.append(name)

    def exit(self, name: str) -> Any:
        """A hook after it."""

        def leave(_module: nn.Module, _inputs: Any, output: Any) -> None:
            self._running.pop()
            self.made(name, [each for each in tree_leaves(output) if isinstance(each, Tensor)])

        return leave

    def report(self, largest: int) -> Activations:
        """The sum, and so many of the largest."""
        found: list[Activation] = []
        for memory, (saver, saved) in self._saved.items():
            name, tensor = self._makers.get(memory, (saver, saved))
            size = tensor.untyped_storage().nbytes()
            found.append(Activation(name or "the network", tuple(tensor.shape), size))
        found.sort(key=lambda each: each.bytes, reverse=True)
        return Activations(sum(each.bytes for each in found), tuple(found[:largest]))


def _memory(tensor: Tensor) -> int:
    return tensor.untyped_storage()._cdata
