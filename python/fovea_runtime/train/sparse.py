"""The dynamic sparsity of a run, where its experiment declares one."""

from collections.abc import Mapping
from typing import Any

from torch import nn
from torch.optim import Optimizer

from fovea_runtime.sparsity import DynamicSparsity


class RunSparsity:
    """No sparsity, one that waits for the run's first batch, or one that is under way.

    Args:
        options: the experiment's (src/ir/sparsity.ts); None where all weights are trained.
        average: the average of the weights, which is masked with them; None where there is none.
    """

    def __init__(
        self,
        options: Mapping[str, Any] | None,
        model: nn.Module,
        optimizer: Optimizer,
        average: nn.Module | None,
        *,
        steps: int,
        seed: int,
    ) -> None:
        self._options = None if options is None else {**options, "steps": steps, "seed": seed}
        self._model = model
        self._optimizer = optimizer
        self._average = average
        self._sparsity: DynamicSparsity | None = None
        self._changed = False
        self._event: dict[str, Any] | None = None

    @property
    def waits(self) -> bool:
        """Whether the first masks are still to be chosen."""
        return self._options is not None and self._sparsity is None

    @property
    def needs_gradients(self) -> bool:
        """Whether gradients of the dense network choose them."""
        return self._options is not None and self._options["init"] == "snip"

    def begin(self) -> None:
        """Chooses the first masks, by the gradients that the parameters have where they count."""
        assert self._options is not None
        self._sparsity = DynamicSparsity(self._model, self._optimizer, **self._options)
        if self._average is not None:
            self._sparsity.apply_to(self._average)

    def step(self) -> None:
        """After an optimizer step, before the average takes the weights up."""
        if self._sparsity is None:
            return
        event = self._sparsity.step()
        self._changed = event is not None
        self._event = event or self._event

    def mask_average(self) -> None:
        """After the average took the weights up: between updates it stays masked by itself."""
        if self._sparsity is not None and self._average is not None and self._changed:
            self._sparsity.apply_to(self._average)

    def take(self) -> dict[str, Any] | None:
        """The `sparsity` event of an update since the last call, if there was one."""
        event, self._event = self._event, None
        return event

    def state(self) -> dict[str, Any] | None:
        """What a checkpoint holds; None without masks."""
        return None if self._sparsity is None else self._sparsity.state_dict()

    def restore(self, state: Mapping[str, Any] | None, step: int) -> None:
        """Goes on from what a checkpoint of this step holds; weights and moments are there already.

        Raises:
            ValueError: it is of another sparsity.
        """
        if self._options is None:
            if state is not None:
                raise ValueError("it has a sparsity, and the experiment declares none")
            return
        if state is not None:
            self._sparsity = DynamicSparsity.resume(
                self._model, self._optimizer, state, **self._options
            )
        elif step > 0:
            raise ValueError("it has no sparsity, and the experiment declares one")
