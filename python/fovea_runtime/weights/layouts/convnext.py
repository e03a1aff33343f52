"""ConvNeXt as facebookresearch/ConvNeXt names it."""

from collections.abc import Iterator

from fovea_runtime.weights.declared import Config, Stage
from fovea_runtime.weights.layout import Entry, NotOfFamily, mixer_conv_bias
from fovea_runtime.weights.layouts.trunk import trunk


def entries(config: Config) -> Iterator[Entry]:
    """All entries in the order of the authors' state dict.

    Raises:
        NotOfFamily: the network is no ConvNeXt, whatever its sizes.
    """
    return trunk(config, _mixer)


def require_one_convolution(stage: Stage) -> None:
    """Raises NotOfFamily where a stage mixes with anything but one convolution with a bias."""
    if stage.is_striped:
        raise NotOfFamily(f"stage {stage.index + 1} has stripes")
    if stage.has_branch:
        raise NotOfFamily(f"stage {stage.index + 1} has a parallel branch")


def _mixer(stage: Stage, ours: str, theirs: str) -> Iterator[Entry]:
    require_one_convolution(stage)
    yield from mixer_conv_bias(f"{ours}.mixer.large", f"{theirs}.dwconv")
