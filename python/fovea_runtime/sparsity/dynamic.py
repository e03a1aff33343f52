"""Dynamic sparse training of one model: SET (Mocanu 2018), RigL (Evci 2020) and SLaK's use of them."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from fovea_runtime.sparsity import agreement, saved
from fovea_runtime.sparsity.aside import SetAside
from fovea_runtime.sparsity.average import mask_average
from fovea_runtime.sparsity.counts import kept_counts
from fovea_runtime.sparsity.densities import densities
from fovea_runtime.sparsity.exchange import dense_gradient, generator_of
from fovea_runtime.sparsity.invariants import ZeroWatch, check_counts, check_places, check_zeros
from fovea_runtime.sparsity.layers import find_layers, unwrapped
from fovea_runtime.sparsity.masked import Exchange, MaskedLayer
from fovea_runtime.sparsity.masking import Mask, tensors_of, zero_pruned
from fovea_runtime.sparsity.saved import Saved
from fovea_runtime.sparsity.settings import Settings


class DynamicSparsity:
    """Keeps a share of a model's weights exactly zero, and exchanges which from time to time.

        sparsity = DynamicSparsity(model, optimizer, amount=0.4, init="erk", every=100, prune=0.3,
                                   grow="random", steps=steps, seed=0)
        for images, labels in batches:
            loss(model(images), labels).backward()
            optimizer.step()
            sparsity.step()
            optimizer.zero_grad()

    Masked are the trainable parameters of two and four dimensions and the large kernels (C, A, B)
    of generated networks; vectors and embeddings of kernels are not, nor what `erk` and `snip`
    leave dense. The weights are masked at once; with `snip`, the gradients that the parameters
    have at that moment fix each layer's density.

    Args:
        model: any network; DistributedDataParallel and torch.compile around it are looked through.
        optimizer: any of torch; fused, foreach and capturable ones too.
        amount: share of the weights that are zero, above 0 and below 1.
        init: "uniform" (every layer the same), "erk" (Erdős–Rényi-Kernel) or "snip".
        every: steps from one update to the next.
        prune: share of a layer's kept weights that an update exchanges; a cosine takes it to 0.005
            at `steps`.
        grow: "random", or "gradient": where the gradient is largest.
        steps: steps of the whole training.
        seed: of all that is drawn. No global generator is read or changed.
        on: what one weight is: a parameter's entry ("shared"), or a tap of the kernel that `fuse()`
            of a generated network makes ("expanded").

    Raises:
        ValueError: an option is not allowed, there is nothing to mask, or the optimizer is another
            model's.
        TypeError: the optimizer is none.
        RuntimeError: the processes of a distributed training have chosen different masks.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizer: Optimizer,
        *,
        amount: float,
        init: str,
        every: int,
        prune: float,
        grow: str,
        steps: int,
        seed: int,
        on: str = "shared",
    ) -> None:
        if not isinstance(optimizer, Optimizer):
            raise TypeError(
                f"optimizer is a {type(optimizer).__name__}; one of torch.optim is wanted"
            )
        settings = Settings(amount, init, every, prune, grow, steps, seed, on)
        self._prepare(model, optimizer, settings)
        shares = densities(self._found, settings)
        self._start(shares)

    @classmethod
    def resume(
        cls, model: nn.Module, optimizer: Optimizer, state: Mapping[str, Any], **options: Any
    ) -> "DynamicSparsity":
        """One that goes on from a state, without first masks of its own.

        `options` are those that the state was made with, by name; `seed` is the state's.

        Raises:
            ValueError: the state is of another sparsity or of another network.
        """
        made = cls.__new__(cls)
        made._prepare(model, optimizer, Settings(**{"seed": 0, "on": "shared", **options}))
        made.load_state_dict(state)
        return made

    def _prepare(self, model: nn.Module, optimizer: Optimizer, settings: Settings) -> None:
        if not isinstance(optimizer, Optimizer):
            raise TypeError(
                f"optimizer is a {type(optimizer).__name__}; one of torch.optim is wanted"
            )
        self._settings = settings
        self._seed = settings.seed
        self._model = unwrapped(model)
        self._optimizer = optimizer
        self._found = find_layers(self._model, expanded=settings.on == "expanded")
        self._check_optimizer()
        self._layers: list[MaskedLayer] = []
        self._step = 0
        self._due = False
        self._watch = ZeroWatch()
        self._aside: SetAside | None = None

    def _check_optimizer(self) -> None:
        """One made for another model, such as a copy, would keep moments of pruned weights."""
        held = {id(each) for group in self._optimizer.param_groups for each in group["params"]}
        if not any(id(layer.weight.parameter) in held for layer in self._found):
            raise ValueError(
                "the optimizer has none of the weights that are to be masked; make it from "
                "model.parameters() of the model that is given here"
            )

    @torch.no_grad()
    def _start(self, shares: list[float]) -> None:
        """Draws the first masks and applies them to the weights."""
        thin = [
            (layer, share) for layer, share in zip(self._found, shares, strict=True) if share < 1
        ]
        counts = kept_counts([layer for layer, _ in thin], [share for _, share in thin])
        generator = generator_of(self._seed, 0)
        self._layers = [
            MaskedLayer.at_random(layer, count, generator)
            for (layer, _), count in zip(thin, counts, strict=True)
        ]
        agreement.check_agreement(self.masks, 0)
        pairs = self._pairs()
        self._aside = SetAside(pairs)
        zero_pruned(pairs)
        self.event = self._describe(0)

    @property
    def masks(self) -> dict[str, Tensor]:
        """For each masked parameter's name a bool tensor of its shape, true where it is kept.

        An update puts new tensors in the place of these.
        """
        return {name: bits for layer in self._layers for name, bits in layer.named.items()}

    @torch.no_grad()
    def step(self) -> dict[str, Any] | None:
        """To be called after every `optimizer.step()`, also one that a GradScaler skipped.

        Makes pruned weights and their moments exactly zero, whatever stands there. After steps
        `every`, 2 · `every`, … it exchanges weights, and returns what `event` then is.

        Raises:
            ValueError: the gradients that are to grow are gone.
            RuntimeError: an invariant does not hold, or the processes' masks differ.
        """
        self._aside = None
        self._step += 1
        self._zero()
        self._due |= self._step % self._settings.every == 0
        event = None
        if self._due and self._can_update():
            self._due = False
            event = self._update()
        self._look()
        return event

    def apply_to(self, average: nn.Module) -> None:
        """Zeroes what is masked in another module with the same parameter names, such as an EMA.

        Prefixes of wrappers (`module.`, `_orig_mod.`) do not matter. An average that was masked
        stays so until masks change: once at the start and after each update is enough.

        Raises:
            TypeError: it is no module.
            ValueError: a parameter is missing or has another shape.
        """
        masks = [mask for layer in self._layers for mask in layer.masks]
        mask_average(average, dict(zip(self.masks, masks, strict=True)))

    @torch.no_grad()
    def check(self) -> None:
        """Looks at all that must hold after a step.

        Raises:
            RuntimeError: it does not: a density is off its target by a weight, a pruned weight is
                not zero, a parameter of the model is not the one that was masked, or processes
                have different masks.
        """
        self._inspect()
        check_zeros(self._layers)

    def state_dict(self) -> dict[str, Any]:
        """Masks, step and seed, and the options; a copy that later steps leave alone.

        All that is drawn follows from the seed and the step, so they are the generator's state.
        """
        return saved.write(Saved(self._layers, self._step, self._seed, self._due), self._settings)

    @torch.no_grad()
    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Goes on from a state; the model's own may be loaded before or after.

        Raises:
            ValueError: the state is of another sparsity or of another network; nothing is changed.
        """
        found = saved.read(state, self._settings, self._found)
        if self._aside is not None:
            self._aside.put_back()
            self._aside = None
        self._layers = found.layers
        self._step, self._seed, self._due = found.step, found.seed, found.due
        self._watch = ZeroWatch()
        zero_pruned(self._pairs())
        self.event = self._describe(0)

    def _pairs(self) -> list[tuple[Tensor, Mask]]:
        return [pair for layer in self._layers for pair in layer.pairs]

    def _zero(self) -> None:
        zero_pruned(tensors_of(self._optimizer, self._pairs()))

    def _look(self) -> None:
        """At one layer a step, in turn."""
        if self._layers:
            layer = self._layers[self._step % len(self._layers)]
            for parameter, mask in layer.pairs:
                self._watch.look(layer.layer.name, parameter, mask)

    def _can_update(self) -> bool:
        """Whether there is what decides; where a scaler skipped the step, the next one is taken."""
        if self._settings.grow == "random":
            return True
        parameters = [parameter for layer in self._layers for parameter, _ in layer.pairs]
        if parameters and all(parameter.grad is None for parameter in parameters):
            raise ValueError(
                'grow="gradient" reads the gradients, and they are gone; call step() before '
                "optimizer.zero_grad()"
            )
        return all(bool(dense_gradient(each).isfinite().all()) for each in parameters)

    def _update(self) -> dict[str, Any]:
        at_random = self._settings.grow == "random"
        how = Exchange(
            share=self._settings.share(self._step),
            generator=generator_of(self._seed, self._step) if at_random else None,
        )
        exchanged = sum(layer.exchange(how) for layer in self._layers)
        self._zero()
        self._inspect()
        self.event = self._describe(exchanged)
        return self.event

    def _inspect(self) -> None:
        self._watch.read()
        check_places(self._model, self._layers)
        check_counts(self._layers)
        agreement.check_agreement(self.masks, self._step)

    def _describe(self, exchanged: int) -> dict[str, Any]:
        """The `sparsity` event: shares are of weights as they are counted, layers' of entries."""
        total = sum(layer.size for layer in self._found)
        masked = sum(layer.layer.size for layer in self._layers)
        kept = sum(layer.counted(layer.bits) for layer in self._layers)
        ever = sum(layer.counted(layer.ever) for layer in self._layers)
        return {
            "step": self._step,
            "density": (total - masked + kept) / total,
            "layers": {name: int(bits.sum()) for name, bits in self.masks.items()},
            "churn": exchanged / kept if kept else 0.0,
            "explored": (total - masked + ever) / total,
        }
