"""A network with all that changes it: optimizer, schedule, average of the weights, mixing."""

import math
from typing import Any

import torch
from timm.utils.model_ema import ModelEmaV3
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import clip_grads_with_norm_, get_total_norm

from fovea_runtime.randomness import Purpose, seed_everything
from fovea_runtime.train.device import autocast_dtype
from fovea_runtime.train.mixing import make_mixup
from fovea_runtime.train.optimizer import make_optimizer
from fovea_runtime.train.schedule import make_schedule
from fovea_runtime.train.step_result import Diverged, StepResult


class Learner:
    """Trains `model` on `device` by a recipe (src/ir/experiment.ts), `steps` steps in all.

    AdamW without decay of vectors, biases and embeddings; linear warm-up, then a cosine down to
    `minLr` at the last step. The average of the weights is a plain mean until it spans
    1 / (1 - ema) steps, so that short runs have one too.

    Raises:
        ValueError: the device cannot compute in the recipe's `amp`, or mixing meets an odd batch.
    """

    def __init__(
        self,
        model: nn.Module,
        recipe: dict[str, Any],
        device: torch.device,
        *,
        steps: int,
        per_epoch: int,
        batch: int,
        classes: int,
        seed: int,
    ) -> None:
        self._amp = autocast_dtype(recipe["amp"], device)
        self._mixup = make_mixup(recipe, batch, classes)
        self._smoothing = recipe["labelSmoothing"]
        self._clip = recipe["clipGrad"]
        self._seed = seed
        self.device = device
        self.model = model.to(device)
        self.ema = (
            ModelEmaV3(self.model, decay=recipe["ema"], use_warmup=True, warmup_power=1.0)
            if recipe["ema"] is not False
            else None
        )
        self.optimizer = make_optimizer(self.model, recipe)
        self.schedule = make_schedule(self.optimizer, recipe, steps=steps, per_epoch=per_epoch)
        self.scaler = torch.amp.GradScaler(device.type, enabled=self._amp == torch.float16)

    @property
    def evaluated(self) -> nn.Module:
        """The network whose accuracy counts: the averaged one where there is one."""
        return self.model if self.ema is None else self.ema.module

    def step(self, images: Tensor, labels: Tensor, number: int) -> StepResult:
        """Optimizer step `number` (from 1) on a batch.

        Raises:
            Diverged: the loss or the gradient is not finite; the weights are as before.
        """
        seed_everything(self._seed, Purpose.STEP, number)
        self.schedule.step_update(number)
        images, labels = self._on_device(images), self._on_device(labels)
        if self._mixup is not None:
            images, labels = self._mixup(images, labels)
        self.model.train()
        loss = functional.cross_entropy(
            self._forward(self.model, images),
            labels,
            label_smoothing=self._smoothing if self._mixup is None else 0.0,
        )
        self.optimizer.zero_grad(set_to_none=True)
        self.scaler.scale(loss).backward()
        self.scaler.unscale_(self.optimizer)
        norm = self._gradient_norm()
        # One wait for the device a step, not two.
        loss_value, norm_value = torch.stack([loss.detach(), norm]).tolist()
        result = StepResult(loss_value, norm_value, self.optimizer.param_groups[0]["lr"])
        self._check(result, number)
        if self._clip is not False:
            clip_grads_with_norm_(self.model.parameters(), self._clip, norm)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        if self.ema is not None:
            self.ema.update(self.model, step=number)
        return result

    @torch.no_grad()
    def predict(self, images: Tensor) -> Tensor:
        """Logits (N, classes) in float32 of the network whose accuracy counts."""
        return self._forward(self.evaluated.eval(), self._on_device(images))

    def is_finite(self) -> bool:
        """Whether all weights are numbers."""
        return math.isfinite(float(get_total_norm(self.model.parameters())))

    def _forward(self, model: nn.Module, images: Tensor) -> Tensor:
        with torch.autocast(self.device.type, dtype=self._amp, enabled=self._amp is not None):
            logits = model(images)
        return logits.float()

    def _gradient_norm(self) -> Tensor:
        gradients = [p.grad for p in self.model.parameters() if p.grad is not None]
        return get_total_norm(gradients).float()

    def _check(self, result: StepResult, number: int) -> None:
        if not math.isfinite(result.loss):
            raise Diverged(f"the loss is {result.loss} at step {number}", result)
        # Under float16 the scaler leaves such a step out and goes on with a smaller scale.
        if not math.isfinite(result.grad_norm) and not self.scaler.is_enabled():
            raise Diverged(f"the gradient's norm is {result.grad_norm} at step {number}", result)

    def _on_device(self, tensor: Tensor) -> Tensor:
        return tensor.to(self.device, non_blocking=True)
