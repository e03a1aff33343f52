"""Which weights of a network can be masked, and what counts as one weight."""

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn.parallel import DataParallel, DistributedDataParallel

from fovea_runtime.sparsity.large_kernels import Grid, Merge, grid_of, merges_of


@dataclass(eq=False)
class Weight:
    """A parameter, with its name as the bare network has it."""

    name: str
    parameter: nn.Parameter


@dataclass(frozen=True)
class Stratum:
    """Weights of one layer that are exchanged with each other: all, but in expanded kernels.

    `taps` is what each of them counts for. `cells` flags those of one channel that belong to it,
    (A · B,); None for all weights.
    """

    taps: int
    size: int
    cells: Tensor | None

    def among(self, flags: Tensor) -> Tensor:
        """The flags of those that belong to it; flags (numel,)."""
        if self.cells is None:
            return flags
        cells = self.cells.to(flags.device)
        return (flags.view(-1, len(cells)) & cells).flatten()

    def count(self, flags: Tensor) -> int:
        """How many of its weights have a flag."""
        return int(self.among(flags).sum())


@dataclass(eq=False)
class Layer:
    """A weight with its own mask, and branches whose masks follow it.

    `strata` cover the weight, those that count for most taps first; `shape` is that of a
    convolution's weight or a matrix. `followers` come with the cell of each of their taps.
    """

    weight: Weight
    shape: tuple[int, ...]
    strata: list[Stratum]
    followers: list[tuple[Weight, Tensor]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.weight.name

    @property
    def size(self) -> int:
        """Weights as they are counted."""
        return sum(stratum.taps * stratum.size for stratum in self.strata)

    @property
    def weights(self) -> list[Weight]:
        """The weight and those that follow it."""
        return [self.weight, *(follower for follower, _ in self.followers)]

    def total(self, values: list[Tensor]) -> Tensor:
        """A value for each mask bit: the sum over the weights that it masks; flat.

        `values` are tensors of the shapes of `weights`. The order of the sum is fixed, so that all
        processes find the same bits.
        """
        first, *others = values
        if not others:
            return first.flatten()
        total = first.flatten(1).clone()
        for (_, cells), other in zip(self.followers, others, strict=True):
            taps = other.flatten(1)
            for tap, cell in enumerate(cells.tolist()):
                total[:, cell] += taps[:, tap]
        return total.flatten()

    def spread(self, mask: Tensor) -> list[Tensor]:
        """The masks of `weights`, of their shapes, where `mask` (numel,) is that of the first."""
        masks = [mask.view(self.weight.parameter.shape)]
        for follower, cells in self.followers:
            bits = masks[0].flatten(1)[:, cells.to(mask.device)]
            masks.append(bits.reshape(follower.parameter.shape))
        return masks


def find_layers(model: nn.Module, *, expanded: bool) -> list[Layer]:
    """Every layer whose weights can be masked, in the order of the parameters.

    These are the trainable parameters of two and four dimensions, and the large kernels (C, A, B)
    of generated networks. A parameter that several modules share is one.

    Args:
        expanded: whether weights are counted as the merged kernels have them.

    Raises:
        ValueError: there is none, one is sharded, or a branch can't follow its kernel.
    """
    model = unwrapped(model)
    grids = _grids(model)
    layers: dict[nn.Parameter, Layer] = {}
    for path, parameter in model.named_parameters():
        grid = grids.get(parameter)
        wanted = parameter.ndim in (2, 4) or grid is not None
        if not wanted or not parameter.requires_grad or not parameter.is_floating_point():
            continue
        if parameter.numel() == 0:
            continue
        if hasattr(parameter, "device_mesh"):
            raise ValueError(
                f"{path} is spread over processes (DTensor), and no one of them can rank all its "
                "weights; train with DistributedDataParallel"
            )
        weight = Weight(bare_name(path), parameter)
        layers[parameter] = _layer(weight, grid, expanded=expanded)
    if not layers:
        raise ValueError(
            "the model has no trainable parameter of two or four dimensions, so there is nothing "
            "to mask; wrappers that flatten parameters (FSDP) are not supported"
        )
    if expanded:
        _follow(model, layers)
        for parameter, grid in grids.items():
            if parameter in layers:
                _stratify(layers[parameter], grid)
    return list(layers.values())


def unwrapped(model: nn.Module) -> nn.Module:
    """The network inside of wrappers that parallelise it."""
    while isinstance(model, DistributedDataParallel | DataParallel):
        model = model.module
    return model


def bare_name(path: str) -> str:
    """A parameter's name without what `torch.compile` adds to it."""
    return path.replace("_orig_mod.", "")


def _grids(model: nn.Module) -> dict[nn.Parameter, Grid]:
    found: dict[nn.Parameter, Grid] = {}
    for module in model.modules():
        grid = grid_of(module)
        if grid is not None:
            assert isinstance(module.weight, nn.Parameter)
            found[module.weight] = grid
    return found


def _layer(weight: Weight, grid: Grid | None, *, expanded: bool) -> Layer:
    shape = tuple(weight.parameter.shape)
    if grid is not None:
        channels, *cells = shape
        shape = (channels, 1, *(grid.kernel if expanded else cells))
    return Layer(weight, shape, [Stratum(1, weight.parameter.numel(), None)])


def _stratify(layer: Layer, grid: Grid) -> None:
    """Parts a kernel's weights by the taps that they count for, and by the branch's below them.

    Exchanged within these, both the kernel and its branches keep as many weights as they had.
    """
    channels = len(layer.weight.parameter)
    taps = grid.taps
    below = torch.zeros_like(taps)
    for _, cells in layer.followers:
        below += torch.bincount(cells, minlength=len(taps))
    kinds = sorted(set(zip(taps.tolist(), below.tolist(), strict=True)), reverse=True)
    layer.strata = []
    for count, branches in kinds:
        cells = (taps == count) & (below == branches)
        layer.strata.append(Stratum(count, channels * int(cells.sum()), cells))


def _follow(model: nn.Module, layers: dict[nn.Parameter, Layer]) -> None:
    """Makes the branches that `fuse()` merges followers of their kernels."""
    led: dict[nn.Parameter, nn.Parameter] = {}
    for path, module in model.named_modules():
        for merge in _merges(path, module):
            if (
                merge.kernel not in layers
                and merge.branch not in layers
                and merge.branch not in led
            ):
                continue  # both frozen
            if led.get(merge.branch) is merge.kernel:
                continue  # one mixer in two places
            if merge.kernel not in layers or merge.branch not in layers:
                raise ValueError(
                    f'on="expanded" masks a branch with the kernel it merges into, and of those of '
                    f"{path} one is frozen or follows another; train both, freeze both, or write "
                    'on="shared"'
                )
            led[merge.branch] = merge.kernel
            follower = layers.pop(merge.branch).weight
            layers[merge.kernel].followers.append((follower, merge.cells))


def _merges(path: str, module: nn.Module) -> list[Merge]:
    try:
        return merges_of(module)
    except ValueError as error:
        raise ValueError(f'{path}: {error}; on="shared" needs neither') from error
