"""What is timed: generated networks, as trained and as fused, and models of timm."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from torch import nn

from fovea_runtime.package import load_package
from fovea_runtime.peer.settle import SettledPeer


@dataclass(frozen=True)
class Contestant:
    """A network on its device, without drop path; names are distinct."""

    name: str
    kind: Literal["own", "peer"]
    form: Literal["trained", "fused"]
    """`fused` is what `fuse()` returns: for inference only."""
    module: nn.Module
    model: str | None
    """timm's name of a peer."""

    @property
    def parameters(self) -> int:
        return sum(parameter.numel() for parameter in self.module.parameters())


def of_package(folder: Path, channels: int, device: str) -> list[Contestant]:
    """A generated network as it is trained, and as `fuse()` leaves it."""
    module = load_package(folder).create_model(in_chans=channels, drop_path_rate=0.0)
    fused = module.eval().fuse()
    return [
        Contestant(folder.name, "own", "trained", module.to(device), None),
        Contestant(f"{folder.name} fused", "own", "fused", fused.to(device), None),
    ]


def of_peer(peer: SettledPeer, device: str) -> Contestant:
    """A model of timm."""
    return Contestant(peer.name, "peer", "trained", peer.build().to(device), peer.model)
