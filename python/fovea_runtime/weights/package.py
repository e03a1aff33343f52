"""A generated package, as far as its weights go."""

import importlib.util
import itertools
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, nn

from fovea_runtime.weights.declared import Config
from fovea_runtime.weights.layout import Shape

SEED = 0
"""What a fresh classifier is drawn with."""

CLASSIFIER = ("head.linear.weight", "head.linear.bias")


class Package:
    """The network of a generated package. Two packages may have one name."""

    def __init__(self, folder: Path) -> None:
        module = _load(folder)
        self._create_model = module.create_model
        self.config: Config = module.CONFIG

    @property
    def name(self) -> str:
        return self.config["name"]

    @property
    def classes(self) -> int:
        return self.config["head"]["classes"]

    def shapes(self, classes: int) -> dict[str, Shape]:
        """Shapes of all that its state dict holds, in its order."""
        return shapes_of(self.skeleton(classes))

    def fresh_classifier(self, classes: int) -> dict[str, Tensor]:
        """A classifier as `create_model` starts one, the same at every call.

        Weights from a truncated normal of the declared deviation; biases zero. (Building the
        network for its last layer takes half a minute for the largest.)
        """
        weight, bias = CLASSIFIER
        drawn = self.drawn({weight: self.shapes(classes)[weight]})
        return {**drawn, bias: torch.zeros(classes)}

    def drawn(self, shapes: Mapping[str, Shape]) -> dict[str, Tensor]:
        """Fresh weights of layers from the declared normal, the same at every call."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(SEED)
            return {
                key: nn.init.trunc_normal_(torch.empty(shape), std=self.config["initStd"])
                for key, shape in shapes.items()
            }

    def fresh(self) -> nn.Module:
        """The network as it starts, the same at every call."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(SEED)
            return self._create_model()

    def model(self, state: dict[str, Tensor], classes: int) -> nn.Module:
        """The network with these weights, in eval mode.

        Raises:
            RuntimeError: `load_state_dict` refuses them.
        """
        model = self.skeleton(classes)
        model.load_state_dict(state, strict=True, assign=True)
        return model.eval()

    def count_strictly(self, state: dict[str, Tensor], classes: int) -> int:
        """Loads `state` as a user will, strictly, and counts the trainable parameters.

        Raises:
            RuntimeError: `load_state_dict` refuses it.
        """
        return sum(parameter.numel() for parameter in self.model(state, classes).parameters())

    def skeleton(self, classes: int, method: str = "auto") -> nn.Module:
        """The network on the meta device: names and shapes, and no memory.

        `method` is how its large kernels are computed.
        """
        with torch.device("meta"):
            return self._create_model(num_classes=classes, method=method)


def shapes_of(model: nn.Module) -> dict[str, Shape]:
    """Shapes of all that a network's state dict holds, in its order."""
    return {key: tuple(tensor.shape) for key, tensor in model.state_dict().items()}


_LOADED = itertools.count()


def _load(folder: Path) -> ModuleType:
    # By its path and under a name of its own: another package, or a library, may have this name.
    name = f"fovea_package_{next(_LOADED)}_{folder.name}"
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    with _timm_unseen():
        spec.loader.exec_module(module)
    return module


@contextmanager
def _timm_unseen() -> Iterator[None]:
    """Lets a package think that timm is not installed.

    It would import it, which takes two seconds, and tell it of a network that it may know already.
    """
    modules: dict[str, Any] = sys.modules
    known = "timm" in modules
    timm = modules.get("timm")
    modules["timm"] = None
    try:
        yield
    finally:
        if known:
            modules["timm"] = timm
        else:
            del modules["timm"]
