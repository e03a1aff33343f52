"""What images are evaluated under: device, autocast, memory format."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from fovea_runtime.train.device import autocast_dtype, choose_device
from fovea_runtime.weights.mistake import WeightsMistake

WRONG_OPTION = "FOV0040"


@dataclass(frozen=True)
class Conditions:
    """`amp` is autocast's type, None for none. As in training, weights stay in float32."""

    device: torch.device
    amp: torch.dtype | None
    layout: torch.memory_format

    def placed(self, model: nn.Module) -> nn.Module:
        """The network on the device, in eval mode."""
        return model.to(self.device).to(memory_format=self.layout).eval()

    @torch.no_grad()
    def logits(self, model: nn.Module, images: Tensor) -> Tensor:
        """Logits (N, classes) in float32 of images (N, C, H, W) from anywhere."""
        images = images.to(self.device, non_blocking=True, memory_format=self.layout)
        with torch.autocast(self.device.type, dtype=self.amp, enabled=self.amp is not None):
            logits = model(images)
        return logits.float()


def find_device(requested: str) -> torch.device:
    """The device for `auto`, `cpu` or `cuda`.

    Raises:
        WeightsMistake: it is not here.
    """
    try:
        return choose_device(requested)
    except ValueError as error:
        raise WeightsMistake(
            WRONG_OPTION,
            f"--device {requested}: {error}",
            value=requested,
            fix="write --device cpu, or see `fovea doctor`",
        ) from error


def find_amp(amp: str | bool, device: torch.device) -> torch.dtype | None:
    """Autocast's type for `bf16`, `fp16` or False.

    Raises:
        WeightsMistake: the device has no such arithmetic; nothing else is taken in its place.
    """
    try:
        return autocast_dtype(amp, device)
    except ValueError as error:
        on = "a CPU" if device.type == "cpu" else torch.cuda.get_device_name(device)
        other = "bf16" if amp == "fp16" else "fp16"
        raise WeightsMistake(
            WRONG_OPTION,
            f"--amp {amp}: {on} does not compute in {amp}",
            value=str(amp),
            fix=f"write --amp {other} or --amp off",
        ) from error


def amp_name(amp: torch.dtype | None) -> str:
    """`bf16`, `fp16` or `off`, as it is written on the command line."""
    return {None: "off", torch.bfloat16: "bf16", torch.float16: "fp16"}[amp]
