"""What a run trains: its generated network or a model of timm; and what its large kernels run."""

from pathlib import Path
from typing import Any

import timm
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from fovea_runtime.package import load_package
from fovea_runtime.peer.settle import settle


def is_peer(network: dict[str, Any]) -> bool:
    """Whether an experiment trains a model of timm (src/ir/peer.ts)."""
    return network.get("kind") == "timm"


def declared_classes(network: dict[str, Any]) -> int:
    """Outputs of the classifier as declared; the data's number is trained."""
    return network["classes"] if is_peer(network) else network["head"]["classes"]


def with_input_size(experiment: dict[str, Any]) -> dict[str, Any]:
    """The experiment, with the size that timm gives a peer where none is declared.

    Raises:
        PeerError: timm has no such model.
    """
    network = experiment["network"]
    if not is_peer(network) or network["input"]["size"] is not None:
        return experiment
    size = list(settle(network, drop_path=experiment["recipe"]["dropPath"]).size)
    return {**experiment, "network": {**network, "input": {**network["input"], "size": size}}}


def load_model(package: Path | None, experiment: dict[str, Any], classes: int) -> nn.Module:
    """The network of a generated package, or a peer, with `classes` outputs and the recipe's drop path.

    Raises:
        PeerError: timm has no such model, or cannot build it so.
    """
    network, drop_path = experiment["network"], experiment["recipe"]["dropPath"]
    if package is None:
        return settle(network, classes=classes, drop_path=drop_path).build()
    return load_package(package).create_model(
        num_classes=classes,
        in_chans=network["input"]["channels"],
        drop_path_rate=network["dropPath"] if drop_path is None else drop_path,
    )


def peer_methods() -> list[dict[str, str]]:
    """What `kernel_methods` says of a peer, whose layers are none of ours."""
    reason = f"a model of timm {timm.__version__} as it is: nothing is generated"
    return [{"layer": "*", "method": "timm", "reason": reason}]


class MethodRecorder:
    """Asks every large-kernel layer once, at its first input, which implementation it runs.

    A layer is any module with `which_method(x) -> "<name>: <why>"`.
    """

    def __init__(self, model: nn.Module) -> None:
        self._layers: dict[str, dict[str, str]] = {}
        self._handles: list[RemovableHandle] = [
            module.register_forward_pre_hook(self._asker(name))
            for name, module in model.named_modules()
            if callable(getattr(module, "which_method", None))
        ]

    @property
    def waits(self) -> bool:
        """Whether there are layers, and none has been asked yet."""
        return len(self._handles) > 0

    def take(self) -> list[dict[str, str]]:
        """What the layers said, the first time after a batch; nothing before and afterwards."""
        layers, self._layers = list(self._layers.values()), {}
        if layers:
            self._stop()
        return layers

    def _stop(self) -> None:
        for handle in self._handles:
            handle.remove()
        self._handles = []

    def _asker(self, name: str) -> Any:
        def ask(module: Any, inputs: tuple[Tensor, ...]) -> None:
            # A batch may come in pieces, and a layer's pass be computed again.
            if name not in self._layers:
                method, _, reason = module.which_method(inputs[0]).partition(":")
                said = {"layer": name, "method": method, "reason": reason.strip()}
                self._layers[name] = said

        return ask
