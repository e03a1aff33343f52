"""How the keys of a generated network and those of its authors' code belong together."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from torch import Tensor

Shape = tuple[int, ...]


class Form(Enum):
    """What becomes of a tensor on its way."""

    SAME = "same"
    DEPTHWISE = "depthwise"
    """Ours (C, h, w), theirs (C, 1, h, w) as in a grouped Conv2d."""
    COUNTER = "counter"
    """A BatchNorm's count of batches: a whole number without dimensions."""


@dataclass(frozen=True)
class Entry:
    """One tensor under both of its names."""

    ours: str
    theirs: str
    form: Form = Form.SAME

    def their_shape(self, shape: Shape) -> Shape:
        """The shape in their file of what has `shape` in ours."""
        return (shape[0], 1, *shape[1:]) if self.form is Form.DEPTHWISE else shape

    def to_ours(self, tensor: Tensor) -> Tensor:
        return tensor.squeeze(1) if self.form is Form.DEPTHWISE else tensor

    def to_theirs(self, tensor: Tensor) -> Tensor:
        return tensor.unsqueeze(1) if self.form is Form.DEPTHWISE else tensor


class NotOfFamily(Exception):
    """A network that has no place in a family's layout; the message says which part of it."""


def affine(ours: str, theirs: str) -> Iterator[Entry]:
    """Weight and bias of a linear layer, a convolution or a LayerNorm."""
    for leaf in ("weight", "bias"):
        yield Entry(f"{ours}.{leaf}", f"{theirs}.{leaf}")


def batch_norm(ours: str, theirs: str) -> Iterator[Entry]:
    yield from affine(ours, theirs)
    for leaf in ("running_mean", "running_var"):
        yield Entry(f"{ours}.{leaf}", f"{theirs}.{leaf}")
    leaf = "num_batches_tracked"
    yield Entry(f"{ours}.{leaf}", f"{theirs}.{leaf}", Form.COUNTER)


def conv_norm(ours: str, theirs: str) -> Iterator[Entry]:
    """A convolution without bias and the BatchNorm after it: `conv`, `norm`; theirs `conv`, `bn`."""
    yield Entry(f"{ours}.conv.weight", f"{theirs}.conv.weight")
    yield from batch_norm(f"{ours}.norm", f"{theirs}.bn")


def mixer_conv_norm(ours: str, theirs: str, *, shared: bool = True) -> Iterator[Entry]:
    """A convolution of a mixer and its BatchNorm: `<ours>`, `<ours>_norm`; theirs `conv`, `bn`.

    `shared` tells a kernel of the operator, whose weight is (C, h, w), from an ordinary Conv2d.
    """
    form = Form.DEPTHWISE if shared else Form.SAME
    yield Entry(f"{ours}.weight", f"{theirs}.conv.weight", form)
    yield from batch_norm(f"{ours}_norm", f"{theirs}.bn")


def mixer_conv_bias(ours: str, theirs: str) -> Iterator[Entry]:
    """A large-kernel convolution with a bias and no norm."""
    yield Entry(f"{ours}.weight", f"{theirs}.weight", Form.DEPTHWISE)
    yield Entry(f"{ours}.bias", f"{theirs}.bias")
