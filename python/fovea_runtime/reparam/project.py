"""A mixer of dense kernels becomes one on a sharing grid (or on any other single grid)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from fovea_runtime.reparam.convolution import (
    EPS,
    Convolution,
    convolution_of,
    distance,
    summed,
)
from fovea_runtime.reparam.grid import Grid, centred

State = dict[str, Tensor]
SMALL = "small"


@dataclass(frozen=True)
class Mixer:
    """One block's mixer: its tensors under names within it, the grids of its large kernels."""

    state: State
    grids: Mapping[str, Grid]

    @property
    def leaves(self) -> Sequence[str]:
        """Its convolutions."""
        return [*self.grids, *([SMALL] if f"{SMALL}.weight" in self.state else [])]

    @property
    def is_normed(self) -> bool:
        return any(f"{leaf}_norm.weight" in self.state for leaf in self.grids)

    def norm(self, leaf: str) -> State | None:
        """The tensors of a convolution's norm, if it has one."""
        start = f"{leaf}_norm."
        found = {n.removeprefix(start): t for n, t in self.state.items() if n.startswith(start)}
        return found or None

    def convolution(self, leaves: Sequence[str] | None = None) -> Convolution:
        """Those of its convolutions as one."""
        leaves = self.leaves if leaves is None else leaves
        return summed(convolution_of(self.state, leaf, self.grids.get(leaf)) for leaf in leaves)

    def has_branch_like(self, other: "Mixer") -> bool:
        """Whether both have a small branch of one size."""
        sides = [
            mixer.state[f"{SMALL}.weight"].shape[2:]
            for mixer in (self, other)
            if SMALL in mixer.leaves
        ]
        return len(sides) == 2 and sides[0] == sides[1]


@dataclass(frozen=True)
class Projected:
    """The tensors of the new mixer, and what was lost.

    `constant` (C,) is what its state has no place for: a network whose embedding is a constant a
    channel has no other. `error` compares what both mixers compute on the channels that the new
    one convolves, `cropped` the part of it that lies outside the new kernel; both are relative
    Frobenius norms. `dropped` are channels that the old one convolves and the new one passes on.
    """

    state: State
    constant: Tensor | None
    error: float
    cropped: float
    dropped: int


def project_mixer(source: Mixer, target: Mixer) -> Projected:
    """The weights of `target`, whose state gives shapes and fresh values, from those of `source`.

    A branch of the same size stays a branch. A kernel and its norm are kept apart where both
    mixers have them; else a norm that changes nothing stands behind what is folded. A branch that
    the source lacks keeps its fresh weight behind a norm of scale zero: it adds nothing, and can
    be trained.
    """
    leaf, grid = next(iter(target.grids.items()))
    channels = target.state[f"{leaf}.weight"].shape[0]
    keeps_branch = source.has_branch_like(target)
    others = [each for each in source.leaves if not (keeps_branch and each == SMALL)]
    state: State = {}
    constant = None
    norm = source.norm(others[0]) if len(others) == 1 else None
    if norm is not None and target.is_normed:
        kernel = source.grids[others[0]].expand(source.state[f"{others[0]}.weight"].double())
        state |= {f"{leaf}_norm.{name}": _first(each, channels) for name, each in norm.items()}
    else:
        folded = source.convolution(others).first(channels)
        kernel, bias = folded.kernel, folded.bias
        if target.is_normed:
            state |= _standing_norm(leaf, bias, [source.norm(each) for each in others])
        elif f"{leaf}.bias" in target.state:
            state[f"{leaf}.bias"] = bias.float()
        else:
            constant = bias
    state[f"{leaf}.weight"] = grid.project(centred(kernel[:channels], grid.sides)).float()
    if SMALL in target.leaves:
        state |= _branch(source if keeps_branch else None, target, channels)
    return _judged(source, Mixer(state, target.grids), constant, channels)


def _judged(source: Mixer, target: Mixer, constant: Tensor | None, channels: int) -> Projected:
    old, new = source.convolution(), target.convolution()
    kernel = old.kernel[:channels]
    sides = (new.kernel.shape[1], new.kernel.shape[2])
    return Projected(
        target.state,
        constant,
        error=distance(new.kernel, kernel),
        cropped=distance(centred(kernel, sides), kernel),
        dropped=old.kernel.shape[0] - channels,
    )


def _branch(source: Mixer | None, target: Mixer, channels: int) -> State:
    names = [name for name in target.state if name.startswith((f"{SMALL}.", f"{SMALL}_norm."))]
    if source is not None:
        return {name: _first(source.state[name], channels) for name in names}
    state = {name: target.state[name] for name in names}
    scale = f"{SMALL}_norm.weight"
    return {**state, scale: torch.zeros_like(state[scale])}


def _standing_norm(leaf: str, bias: Tensor, norms: Sequence[State | None]) -> State:
    """A norm that changes nothing but to add `bias` (C,), in eval mode, up to rounding.

    Where all that was folded had norms (some are None where not), it has the statistics of their
    sum, which a batch would give it: mean and variance add up where parallel maps are not
    correlated. Else, and in channels whose norms are off, its mean is 0 and its variance 1.
    """
    channels = len(bias)
    variance, shift = torch.ones_like(bias), bias
    present = [norm for norm in norms if norm is not None]
    if len(present) == len(norms):
        shift = torch.stack([norm["bias"][:channels].double() for norm in present]).sum(0)
        scales = torch.stack([norm["weight"][:channels].double() for norm in present])
        squares = scales.square().sum(0)
        variance = torch.where(squares > 2 * EPS, squares, variance)
    return {
        f"{leaf}_norm.weight": variance.sqrt().float(),
        f"{leaf}_norm.bias": shift.float(),
        f"{leaf}_norm.running_mean": (shift - bias).float(),
        f"{leaf}_norm.running_var": (variance - EPS).float(),
        f"{leaf}_norm.num_batches_tracked": torch.tensor(0),
    }


def _first(tensor: Tensor, channels: int) -> Tensor:
    return tensor if tensor.ndim == 0 else tensor[:channels].clone()
