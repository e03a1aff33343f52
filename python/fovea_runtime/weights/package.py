"""A generated package, as far as its weights go."""

import importlib
import sys
from pathlib import Path

import torch
from torch import Tensor, nn

from fovea_runtime.weights.declared import Config
from fovea_runtime.weights.layout import Shape

SEED = 0
"""What a fresh classifier is drawn with."""

CLASSIFIER = ("head.linear.weight", "head.linear.bias")


class Package:
    """The network of a generated package."""

    def __init__(self, folder: Path) -> None:
        sys.path.insert(0, str(folder.parent.resolve()))
        module = importlib.import_module(folder.name)
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
        state = self._skeleton(classes).state_dict()
        return {key: tuple(tensor.shape) for key, tensor in state.items()}

    def fresh_classifier(self, classes: int) -> dict[str, Tensor]:
        """A classifier as `create_model` starts one, the same at every call.

        Weights from a truncated normal of the declared deviation; biases zero. (Building the
        network for its last layer takes half a minute for the largest.)
        """
        weight, bias = CLASSIFIER
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(SEED)
            drawn = torch.empty(self.shapes(classes)[weight])
            nn.init.trunc_normal_(drawn, std=self.config["initStd"])
        return {weight: drawn, bias: torch.zeros(classes)}

    def count_strictly(self, state: dict[str, Tensor], classes: int) -> int:
        """Loads `state` as a user will, strictly, and counts the trainable parameters.

        Raises:
            RuntimeError: `load_state_dict` refuses it.
        """
        model = self._skeleton(classes)
        model.load_state_dict(state, strict=True, assign=True)
        return sum(parameter.numel() for parameter in model.parameters())

    def _skeleton(self, classes: int) -> nn.Module:
        # On the meta device: names and shapes, and no memory.
        with torch.device("meta"):
            return self._create_model(num_classes=classes)
