"""The generated network of a run, and what its large kernels run."""

import importlib
import sys
from pathlib import Path
from typing import Any

from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle


def load_model(package: Path, experiment: dict[str, Any], classes: int) -> nn.Module:
    """The network of a generated package, with `classes` outputs and the recipe's drop path."""
    network, drop_path = experiment["network"], experiment["recipe"]["dropPath"]
    sys.path.insert(0, str(package.parent.resolve()))
    module = importlib.import_module(package.name)
    return module.create_model(
        num_classes=classes,
        in_chans=network["input"]["channels"],
        drop_path_rate=network["dropPath"] if drop_path is None else drop_path,
    )


class MethodRecorder:
    """Asks every large-kernel layer once, at its first input, which implementation it runs.

    A layer is any module with `which_method(x) -> "<name>: <why>"`.
    """

    def __init__(self, model: nn.Module) -> None:
        self._layers: list[dict[str, str]] = []
        self._handles: list[RemovableHandle] = [
            module.register_forward_pre_hook(self._asker(name))
            for name, module in model.named_modules()
            if callable(getattr(module, "which_method", None))
        ]

    def take(self) -> list[dict[str, str]]:
        """What the layers said, the first time after a batch; nothing before and afterwards."""
        layers, self._layers = self._layers, []
        if layers:
            self._stop()
        return layers

    def _stop(self) -> None:
        for handle in self._handles:
            handle.remove()

    def _asker(self, name: str) -> Any:
        def ask(module: Any, inputs: tuple[Tensor, ...]) -> None:
            method, _, reason = module.which_method(inputs[0]).partition(":")
            self._layers.append({"layer": name, "method": method, "reason": reason.strip()})

        return ask
