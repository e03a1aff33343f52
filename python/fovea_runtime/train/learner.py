"""A network with all that changes it: optimizer, schedule, average of the weights, mixing."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import torch
from timm.utils.model_ema import ModelEmaV3
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.parallel import DistributedDataParallel
from torch.nn.utils import clip_grads_with_norm_, get_total_norm

from fovea_runtime.data.cut import Cut
from fovea_runtime.data.source import Batch
from fovea_runtime.randomness import Purpose, seed_everything, seed_processor
from fovea_runtime.train.device import autocast_dtype
from fovea_runtime.train.mixing import make_mixup
from fovea_runtime.train.optimizer import make_optimizer
from fovea_runtime.train.prepare import prepare_model
from fovea_runtime.train.processes import ALONE, Processes
from fovea_runtime.train.schedule import make_schedule
from fovea_runtime.train.sparse import RunSparsity
from fovea_runtime.train.step_result import Diverged, StepResult

_SCALES = 24
"""Scales that float16 tries, each half of the one before, where SNIP scores the first batch."""


class Learner:
    """Trains `model` on `device` by a recipe (src/ir/recipe.ts), `steps` steps in all.

    AdamW without decay of vectors, biases and embeddings; warm-up and schedule through timm. The
    average of the weights is a plain mean until it spans 1 / (1 - ema) steps, so that short runs
    have one too.

    A step's gradient is the mean over its `cut.pieces` pieces, whoever computes them. What is drawn
    for a piece (drop path, mixing) is drawn from (seed, step, piece).

    Raises:
        ValueError: the device cannot do what the recipe asks for, or mixing meets an odd piece.
    """

    def __init__(
        self,
        model: nn.Module,
        recipe: dict[str, Any],
        device: torch.device,
        *,
        steps: int,
        per_epoch: int,
        cut: Cut,
        classes: int,
        seed: int,
        processes: Processes = ALONE,
        sparsity: Mapping[str, Any] | None = None,
    ) -> None:
        self._amp = autocast_dtype(recipe["amp"], device)
        self._mixup = make_mixup(recipe, cut.size, classes)
        self._smoothing = recipe["labelSmoothing"]
        self._clip = recipe["clipGrad"]
        self._layout = torch.channels_last if recipe["channelsLast"] else torch.preserve_format
        self._seed = seed
        self._cut = cut
        self._processes = processes
        self.device = device
        self.model = prepare_model(model, recipe, device)
        self.ema = (
            ModelEmaV3(self.model, decay=recipe["ema"], use_warmup=True, warmup_power=1.0)
            if recipe["ema"] is not False
            else None
        )
        self.optimizer = make_optimizer(self.model, recipe)
        self.schedule = make_schedule(self.optimizer, recipe, steps=steps, per_epoch=per_epoch)
        self.scaler = torch.amp.GradScaler(device.type, enabled=self._amp == torch.float16)
        self.sparsity = RunSparsity(
            sparsity, self.model, self.optimizer, self.ema, steps=steps, seed=seed
        )
        self._compiled = recipe["compile"]
        if self._compiled:
            # After the average was copied: only what is trained is compiled.
            self.model.compile()
        self._parallel = self.model if processes.count == 1 else _parallel(self.model, device)

    @property
    def evaluated(self) -> nn.Module:
        """The network whose accuracy counts: the averaged one where there is one."""
        return self.model if self.ema is None else self.ema.module

    def begin(self, pieces: Sequence[Batch]) -> None:
        """Chooses the masks of a sparsity that has none yet, before the first step.

        SNIP scores the weights by this process's pieces of a batch; nothing else is left behind.

        Raises:
            Diverged: the loss is not finite.
        """
        if not self.sparsity.waits:
            return
        if self.sparsity.needs_gradients:
            self._score(pieces)
        self.sparsity.begin()
        self.optimizer.zero_grad(set_to_none=True)

    def step(self, pieces: Iterable[Batch], number: int) -> StepResult:
        """Optimizer step `number` (from 1) on this process's pieces of a batch.

        Raises:
            Diverged: the loss or the gradient is not finite; the weights are as before.
        """
        self.schedule.step_update(number)
        loss = self._gradients(pieces, number)
        norm = self._gradient_norm()
        # One wait for the device a step, not two.
        loss_value, norm_value = torch.stack([loss, norm]).tolist()
        result = StepResult(loss_value, norm_value, self.rate)
        self._check(result, number)
        if self._clip is not False:
            clip_grads_with_norm_(self.model.parameters(), self._clip, norm)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        self.sparsity.step()
        if self.ema is not None:
            self.ema.update(self.model, step=number)
            self.sparsity.mask_average()
        return result

    @property
    def rate(self) -> float:
        """The learning rate of the step that was made last: the largest of all layers'."""
        return max(group["lr"] for group in self.optimizer.param_groups)

    @property
    def peak_rate(self) -> float:
        """The learning rate that the schedule starts from."""
        return max(group["initial_lr"] for group in self.optimizer.param_groups)

    @torch.no_grad()
    def predict(self, images: Tensor) -> Tensor:
        """Logits (N, classes) in float32 of the network whose accuracy counts."""
        return self.forward(self.evaluated.eval(), self._images(images))

    def probe(self, images: Tensor) -> None:
        """A forward pass of a compiled network as it is written, which leaves nothing behind.

        What a layer runs is asked in its forward pass, where a compiled one cannot answer.
        """
        if self._compiled:
            with self._untouched():
                self.forward(self.model.train(), self._images(images))

    @torch.no_grad()
    def repeat(self, pieces: Iterable[Batch], number: int) -> list[float]:
        """The losses of step `number`'s pieces, computed as the step did; nothing is left behind."""
        losses: list[float] = []
        with self._untouched():
            self.model.train()
            for piece, (images, labels) in zip(self._cut.own, pieces, strict=False):
                self._seed_piece(number, piece)
                losses.append(float(self._loss(self.model, images, labels)))
        return losses

    def forward(self, model: Callable[[Tensor], Tensor], images: Tensor) -> Tensor:
        """Logits (N, classes) in float32 of images on the device, in the recipe's precision."""
        with torch.autocast(self.device.type, dtype=self._amp, enabled=self._amp is not None):
            logits = model(images)
        return logits.float()

    def is_finite(self) -> bool:
        """Whether all weights are numbers."""
        return math.isfinite(float(get_total_norm(self.model.parameters())))

    def _score(self, pieces: Sequence[Batch]) -> None:
        """Gradients on a batch, as a step would have them."""
        with self._untouched():
            for _ in range(_SCALES):
                loss = float(self._gradients(pieces, 0))
                if not math.isfinite(loss):
                    raise Diverged(f"the loss is {loss} where snip scores the first batch")
                finite = math.isfinite(float(self._gradient_norm()))
                # Where float16 overflows, this takes a smaller scale, as a skipped step does.
                self.scaler.update()
                if finite:
                    return

    def _gradients(self, pieces: Iterable[Batch], number: int) -> Tensor:
        """Computes the gradients of step `number`; returns the loss, the mean over all processes."""
        # Setting the mode visits every module.
        if not self.model.training:
            self.model.train()
        self.optimizer.zero_grad(set_to_none=True)
        loss = torch.zeros((), device=self.device)
        last = self._cut.own[-1]
        for piece, (images, labels) in zip(self._cut.own, pieces, strict=True):
            self._seed_piece(number, piece)
            with self._without_exchange(piece != last):
                loss += self._backward(images, labels)
        loss = self._processes.mean(loss)
        self.scaler.unscale_(self.optimizer)
        return loss

    def _seed_piece(self, number: int, piece: int) -> None:
        seed = seed_processor if self.device.type == "cpu" else seed_everything
        seed(self._seed, Purpose.STEP, number, piece)

    def _backward(self, images: Tensor, labels: Tensor) -> Tensor:
        """Adds a piece's share to the gradients; returns its share of this process's loss."""
        share = self._loss(self._parallel, images, labels) / self._cut.accumulate
        self.scaler.scale(share).backward()
        return share.detach()

    def _loss(self, model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
        images, labels = self._images(images), labels.to(self.device, non_blocking=True)
        if self._mixup is not None:
            images, labels = self._mixup(images, labels)
        return functional.cross_entropy(
            self.forward(model, images),
            labels,
            label_smoothing=self._smoothing if self._mixup is None else 0.0,
        )

    def _without_exchange(self, without: bool) -> AbstractContextManager[None]:
        """Gradients are exchanged once a step, with its last piece."""
        if without and isinstance(self._parallel, DistributedDataParallel):
            return self._parallel.no_sync()
        return nullcontext()

    @contextmanager
    def _untouched(self) -> Iterator[None]:
        """Passes over the network as it is written, which leave its buffers as they were."""
        kept = {name: buffer.clone() for name, buffer in self.model.named_buffers()}
        try:
            with torch.compiler.set_stance("force_eager"):
                yield
        finally:
            with torch.no_grad():
                for name, buffer in self.model.named_buffers():
                    buffer.copy_(kept[name])

    def _gradient_norm(self) -> Tensor:
        gradients = [p.grad for p in self.model.parameters() if p.grad is not None]
        return get_total_norm(gradients).float()

    def _check(self, result: StepResult, number: int) -> None:
        if not math.isfinite(result.loss):
            raise Diverged(f"the loss is {result.loss} at step {number}", result)
        # Under float16 the scaler leaves such a step out and goes on with a smaller scale.
        if not math.isfinite(result.grad_norm) and not self.scaler.is_enabled():
            raise Diverged(f"the gradient's norm is {result.grad_norm} at step {number}", result)

    def _images(self, images: Tensor) -> Tensor:
        # Mixing writes into its images, and a step may have to be looked at again.
        copy = self._mixup is not None
        return images.to(self.device, non_blocking=True, copy=copy, memory_format=self._layout)


def _parallel(model: nn.Module, device: torch.device) -> DistributedDataParallel:
    """The network with its gradients averaged over all processes."""
    return DistributedDataParallel(
        model,
        device_ids=[device] if device.type == "cuda" else None,
        gradient_as_bucket_view=True,
    )
