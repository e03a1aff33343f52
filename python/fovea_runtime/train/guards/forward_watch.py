"""Watches a forward pass for the first value that is not finite."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from torch import Tensor, nn
from torch.utils._pytree import tree_leaves

from fovea_runtime.train.guards.finding import Finding, first_bad, values_of


class ForwardWatch:
    """What the modules of a network do, in the order in which they do it.

    `finding` is the innermost module whose output is not finite though its input is: a layer, or
    the code of a module between the layers that it calls. `finished` are the modules' names as
    they returned.
    """

    def __init__(self) -> None:
        self.finding: Finding | None = None
        self.finished: list[str] = []
        self._running: list[tuple[str, nn.Module]] = []

    @contextmanager
    def on(self, model: nn.Module) -> Iterator[None]:
        """Watches all forward passes of `model` in the block."""
        handles = []
        for name, module in model.named_modules(remove_duplicate=True):
            handles += [
                module.register_forward_pre_hook(self._entry(name), with_kwargs=True),
                module.register_forward_hook(self._exit(name), with_kwargs=True),
            ]
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()

    def _entry(self, name: str) -> Any:
        def enter(module: nn.Module, args: Any, kwargs: Any) -> None:
            if self.finding is None and (bad := first_bad(_tensors(args, kwargs))) is not None:
                # All that run have been given finite values.
                self.finding = self._between(bad, name) if self._running else _images(bad)
            self._running.append((name, module))

        return enter

    def _exit(self, name: str) -> Any:
        def leave(module: nn.Module, args: Any, kwargs: Any, output: Any) -> None:
            self._running.pop()
            self.finished.append(name)
            if self.finding is None and (bad := first_bad(_tensors(output))) is not None:
                inputs = [values_of(each).largest for each in _tensors(args, kwargs)]
                self.finding = _layer(name, module, bad, max(inputs, default=0.0))

        return leave

    def _between(self, bad: Tensor, before: str) -> Finding:
        name, module = self._running[-1]
        values = values_of(bad)
        return Finding(
            "activation",
            f"{_named(name, module)} is the first to compute what is not finite, in its own code "
            f"before {before}: {values.words}",
            {"layer": name, "before": before, **values.figures},
        )


def _tensors(*values: Any) -> list[Tensor]:
    leaves = tree_leaves(values)
    return [leaf for leaf in leaves if isinstance(leaf, Tensor) and leaf.is_floating_point()]


def _named(name: str, module: nn.Module) -> str:
    return f"{name or 'the network'} ({type(module).__name__})"


def _layer(name: str, module: nn.Module, output: Tensor, largest_input: float) -> Finding:
    values = values_of(output)
    return Finding(
        "activation",
        f"{_named(name, module)} is the first layer whose output is not finite: {values.words}; "
        f"the largest of its input is {largest_input:.4g}",
        {"layer": name, "largest_input": largest_input, **values.figures},
    )


def _images(images: Tensor) -> Finding:
    values = values_of(images)
    bad = int((~images.isfinite()).flatten(1).any(1).sum()) if images.ndim > 1 else values.bad
    return Finding(
        "images",
        f"the images themselves are not finite: {bad} of {len(images)}, {values.words}",
        {"images": bad, **values.figures},
    )
