"""A peer's parameters and multiply-adds."""

from typing import Any

import timm
import torch
from timm.layers.config import set_fused_attn
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from fovea_runtime.peer.error import PeerError
from fovea_runtime.peer.settle import SettledPeer, first_line

Counts = dict[str, int]
SELF = "self"
"""The row of what the model itself holds and multiplies, outside its parts."""


def peer_card(peer: SettledPeer) -> dict[str, Any]:
    """The card of src/ir/peer-card.ts.

    Parameters are those that are trained. Multiply-adds are half of what torch's FlopCounterMode
    counts of one image in eval mode: convolutions and matrix products, attention's among them;
    norms, activations, pooling, softmax and FFTs are not counted. The model is built on the meta
    device, so that nothing is computed.

    Raises:
        PeerError: the model cannot take images of this size, or does not classify.
    """
    # Attention as its two products: fused kernels have other names from device to device.
    set_fused_attn(False)
    model = peer.outline().eval()
    params = _parameters(model)
    macs = _macs(model, peer)
    total = sum(params.values())
    parts = [(name, type(module).__name__) for name, module in model.named_children()]
    rows = [*parts, (SELF, type(model).__name__)]
    layers = [
        {"name": name, "kind": kind, "params": _same(params[name]), "macs": _same(macs[name])}
        for name, kind in rows
        if params[name] or macs[name]
    ]
    return {
        "name": peer.name,
        "model": peer.model,
        "description": None,
        "input": {"channels": peer.channels, "size": list(peer.size)},
        "sparsity": 0,
        "params": {**_same(total), "embedding": 0, "merged": total},
        "macs": _same(sum(macs.values())),
        "stages": [],
        "layers": layers,
        "checks": [],
        "versions": {"timm": timm.__version__, "torch": torch.__version__},
    }


def _same(count: int) -> Counts:
    return {"dense": count, "nonzero": count}


def _parameters(model: nn.Module) -> Counts:
    """Trained parameters of each part; one that two parts share belongs to the first."""
    counts = dict.fromkeys([*dict(model.named_children()), SELF], 0)
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            part = name.partition(".")[0]
            counts[part if "." in name else SELF] += parameter.numel()
    return counts


def _macs(model: nn.Module, peer: SettledPeer) -> Counts:
    # In no_grad the counter's hooks stumble over parameters that enter a module as inputs.
    model.requires_grad_(False)
    image = torch.zeros(1, peer.channels, *peer.size, device="meta")
    try:
        with FlopCounterMode(display=False) as counter:
            output = model(image)
    except Exception as error:  # whatever a model of timm's raises, the image is why
        raise PeerError(
            f"timm's {peer.model} cannot take {peer.channels} channels of "
            f"{peer.size[0]}x{peer.size[1]} pixels: {first_line(error)}",
            path="input.size",
            fix="write another size, such as the model's own",
        ) from error
    shape = tuple(getattr(output, "shape", ()))
    if shape != (1, peer.classes):
        gives = shape or type(output).__name__
        raise PeerError(
            f"timm's {peer.model} is no classifier: it gives {gives} for one image and "
            f"{peer.classes} classes",
            path="model",
            allowed="models that give one number a class",
            fix="name another model",
        )
    found = {name: sum(each.values()) for name, each in counter.get_flop_counts().items()}
    root = type(model).__name__
    counts = {
        name: _within(found, f"{root}.{name}", part) // 2 for name, part in model.named_children()
    }
    return {**counts, SELF: counter.get_total_flops() // 2 - sum(counts.values())}


def _within(found: Counts, path: str, module: nn.Module) -> int:
    """FLOPs of a module; of a list that is never called itself, those of its entries."""
    if path in found:
        return found[path]
    return sum(_within(found, f"{path}.{name}", part) for name, part in module.named_children())
