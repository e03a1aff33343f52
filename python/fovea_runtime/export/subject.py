"""The network that is exported: built, with its weights, in the form and dtype asked for."""

from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from fovea_runtime.export.request import ExportRequest, Size
from fovea_runtime.reparam.fused import quietly_fused
from fovea_runtime.reparam.own_weights import read_own
from fovea_runtime.weights.package import SEED, Package


@dataclass(frozen=True)
class Subject:
    """One network twice, with the same weights, in eval mode.

    `network` computes as users run it, `plain` with PyTorch's own convolutions alone. `notes` say
    what was chosen for the user.
    """

    request: ExportRequest
    package: Package
    network: Any
    plain: nn.Module
    classes: int
    notes: list[str]

    @property
    def name(self) -> str:
        return self.package.name

    @property
    def channels(self) -> int:
        return self.package.config["input"]["channels"]

    @property
    def size(self) -> Size:
        """Height and width of the images asked for, or else of those in the declaration."""
        if self.request.size is not None:
            return self.request.size
        size = self.package.config["input"]["size"]
        return (size, size) if isinstance(size, int) else (size[0], size[1])

    @property
    def least(self) -> int:
        """Side of an image that leaves two pixels of every map.

        A program that is traced with maps of one pixel is one for such maps alone.
        """
        return 2 * self.network.feature_info[-1]["reduction"]

    @property
    def tried_size(self) -> Size:
        """`size`, but large enough to stand for any where none is asked for."""
        if self.request.size is not None:
            return self.request.size
        return max(self.size[0], self.least), max(self.size[1], self.least)

    def loaded(self, state: dict[str, Tensor]) -> nn.Module:
        """The network anew, with these weights, as users load them: strictly."""
        return _with_state(self.package, self.request, self.classes, state)


def build(request: ExportRequest) -> Subject:
    """The network of the request's package.

    Raises:
        WeightsMistake: the weights cannot be read, or are those of another network.
    """
    package = Package(request.package)
    network, classes, notes = _network(request, package)
    if request.fused:
        # Weights of the fused form are in it already, and stay as they are.
        network = quietly_fused(network)
    network = network.to(request.dtype)
    state = network.state_dict()
    if classes != package.classes:
        notes.append(f"the classifier has {classes} classes, where {package.classes} are declared")
    plain = _with_state(package, request, classes, state, method="reference")
    subject = Subject(request, package, network, plain, classes, notes)
    if subject.tried_size != subject.size and request.format in ("onnx", "torch-export"):
        notes.append(f"any size is any from {subject.least} pixels a side on; --size fixes one")
    return subject


def _network(request: ExportRequest, package: Package) -> tuple[nn.Module, int, list[str]]:
    """The network with its weights, in their form, and its classes."""
    if request.weights is None:
        fresh = f"the weights are fresh, drawn with seed {SEED}; --weights names trained ones"
        return package.fresh().eval(), package.classes, [fresh]
    own = read_own(
        request.weights,
        package,
        average=request.average,
        known=request.known,
        allow_fused=request.fused,
    )
    return own.network(package), own.classes, own.notes


def _with_state(
    package: Package,
    request: ExportRequest,
    classes: int,
    state: dict[str, Tensor],
    method: str = "auto",
) -> nn.Module:
    model = package.skeleton(classes, method)
    model = quietly_fused(model) if request.fused else model
    model.load_state_dict(state, strict=True, assign=True)
    return model.eval()
