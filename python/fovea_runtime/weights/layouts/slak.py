"""SLaK as VITA-Group/SLaK names it."""

from collections.abc import Iterator

from fovea_runtime.weights.declared import Config, Stage
from fovea_runtime.weights.layout import Entry, NotOfFamily, mixer_conv_norm
from fovea_runtime.weights.layouts.trunk import trunk


def entries(config: Config) -> Iterator[Entry]:
    """All entries in the order of the authors' state dict.

    `LoRA1` is the tall stripe, k rows of n taps, `LoRA2` the wide one; a kernel that is not
    decomposed is `lkb_origin`.

    Raises:
        NotOfFamily: the network is no SLaK, whatever its sizes.
    """
    return trunk(config, _mixer)


def _mixer(stage: Stage, ours: str, theirs: str) -> Iterator[Entry]:
    ours, theirs = f"{ours}.mixer", f"{theirs}.large_kernel"
    if stage.is_striped:
        yield from mixer_conv_norm(f"{ours}.tall", f"{theirs}.LoRA1")
        yield from mixer_conv_norm(f"{ours}.wide", f"{theirs}.LoRA2")
    elif stage.has_branch:
        yield from mixer_conv_norm(f"{ours}.large", f"{theirs}.lkb_origin")
    else:
        raise NotOfFamily(f"stage {stage.index + 1} has neither stripes nor a parallel branch")
    if stage.has_branch:
        yield from mixer_conv_norm(f"{ours}.small", f"{theirs}.small_conv", shared=False)
