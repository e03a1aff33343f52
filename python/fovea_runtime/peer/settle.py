"""From a declared peer to the arguments that timm builds it with."""

from dataclasses import dataclass
from typing import Any

import timm
import torch
from torch import nn

from fovea_runtime.peer.error import PeerError
from fovea_runtime.peer.names import require_model

Arguments = dict[str, Any]

_OPTION = {"drop_path_rate": "dropPath", "in_chans": "input.channels", "num_classes": "classes"}
"""The option of `timm()` behind each argument of timm's."""


@dataclass(frozen=True)
class SettledPeer:
    """A peer with all that its declaration left to timm."""

    name: str
    """What tables call it."""
    model: str
    """timm's name."""
    channels: int
    size: tuple[int, int]
    """Height and width of its images in pixels."""
    classes: int
    arguments: Arguments
    """What `timm.create_model` takes."""

    def build(self) -> nn.Module:
        """The model, with random weights; nothing is downloaded."""
        return timm.create_model(self.model, pretrained=False, **self.arguments)

    def outline(self) -> nn.Module:
        """The model on the meta device: shapes without numbers."""
        with torch.device("meta"):
            return self.build()


def settle(
    peer: dict[str, Any],
    *,
    classes: int | None = None,
    drop_path: float | None = None,
    size: tuple[int, int] | None = None,
) -> SettledPeer:
    """Finds out what timm makes of a declared peer (src/ir/peer.ts), without its weights.

    The image size is handed over where the model takes one and it is not the model's own: to
    transformers with a table of positions or windows, not to convolutional networks. A rate of 0
    is handed over where the model takes a rate, whatever its default.

    Args:
        classes, drop_path, size: in place of the declared ones.

    Raises:
        PeerError: timm has no such model, or cannot build it so.
    """
    model = peer["model"]
    require_model(model)
    rate = peer["dropPath"] if drop_path is None else drop_path
    channels = peer["input"]["channels"]
    outputs = peer["classes"] if classes is None else classes
    needed: Arguments = {"num_classes": outputs}
    wished: Arguments = {}
    # Where it is timm's default, a model need not take it.
    (needed if channels != 3 else wished)["in_chans"] = channels
    (needed if rate > 0 else wished)["drop_path_rate"] = rate
    arguments, own = _accepted(model, needed, wished, "model")
    declared = size or _sides(peer["input"]["size"])
    if declared is not None and declared != own:
        arguments, _ = _accepted(model, arguments, {"img_size": declared}, "input.size")
    used = declared or own
    if used is None:
        raise PeerError(
            f"timm does not tell the image size of {model}",
            path="input.size",
            fix="write input: { size: 224 }",
        )
    return SettledPeer(peer["name"], model, channels, used, outputs, arguments)


def _accepted(
    model: str, needed: Arguments, wished: Arguments, path: str
) -> tuple[Arguments, tuple[int, int] | None]:
    """The arguments, without those of the wished ones that the model does not know; its own size."""
    arguments = {**needed, **wished}
    while True:
        try:
            with torch.device("meta"):
                built = timm.create_model(model, pretrained=False, **arguments)
        except Exception as error:  # whatever a model of timm's raises, the declaration is why
            unknown = _unknown(error, arguments)
            if unknown in wished:
                del arguments[unknown]
                continue
            if unknown in needed:
                raise _unsupported(model, unknown) from error
            raise _unbuilt(model, arguments, error, path) from error
        source: dict[str, Any] = getattr(built, "pretrained_cfg", {})
        size = source.get("input_size")
        return arguments, None if size is None else (size[1], size[2])


def _unknown(error: Exception, arguments: Arguments) -> str | None:
    text = str(error)
    if not isinstance(error, TypeError) or "unexpected keyword argument" not in text:
        return None
    return next((name for name in arguments if f"'{name}'" in text), None)


def _unsupported(model: str, argument: str) -> PeerError:
    path = _OPTION[argument]
    known = {
        "dropPath": ("0: this model has no drop path", "write dropPath: 0"),
        "input.channels": ("3: this model takes no other number", "write input: { channels: 3 }"),
        "classes": ("a model with a classifier", "name another model"),
    }
    allowed, fix = known[path]
    return PeerError(
        f"timm's {model} does not take {argument}", path=path, allowed=allowed, fix=fix
    )


def _unbuilt(model: str, arguments: Arguments, error: Exception, path: str) -> PeerError:
    shown = ", ".join(f"{name}={value}" for name, value in arguments.items())
    return PeerError(
        f"timm cannot build {model} with {shown}: {first_line(error)}",
        path=path,
        fix="write another size, such as the model's own"
        if path == "input.size"
        else "name another model, or change its options",
    )


def first_line(error: Exception) -> str:
    """An error's kind and first words."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def _sides(size: int | list[int] | None) -> tuple[int, int] | None:
    if size is None:
        return None
    return (size, size) if isinstance(size, int) else (size[0], size[1])
