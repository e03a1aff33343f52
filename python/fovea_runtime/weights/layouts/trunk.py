"""What Facebook's ConvNeXt and SLaK, which began as a copy of it, name alike."""

from collections.abc import Callable, Iterator
from typing import Any

from fovea_runtime.weights.declared import CONVNEXT, Config, Stage, plain_stages
from fovea_runtime.weights.layout import Entry, affine

MixerEntries = Callable[[Stage, str, str], Iterator[Entry]]
"""The entries of a block's mixer, from the names of both blocks."""


def trunk(config: Config, mixer: MixerEntries) -> Iterator[Entry]:
    """All entries of a network, in the order of the authors' state dict.

    Raises:
        NotOfFamily: the network is not made of ConvNeXt's blocks.
    """
    stages = list(plain_stages(config, CONVNEXT, head="layer"))
    yield from affine("stem.conv", "downsample_layers.0.0")
    yield from affine("stem.norm", "downsample_layers.0.1")
    for stage in stages[1:]:
        ours, theirs = f"stages.{stage.index}.downsample", f"downsample_layers.{stage.index}"
        yield from affine(f"{ours}.norm", f"{theirs}.0")
        yield from affine(f"{ours}.conv", f"{theirs}.1")
    for stage in stages:
        for block in range(stage.depth):
            names = f"stages.{stage.index}.blocks.{block}", f"stages.{stage.index}.{block}"
            yield from _block(stage, *names, config["block"], mixer)
    yield from affine("head.norm", "norm")
    yield from affine("head.linear", "head")


def _block(
    stage: Stage, ours: str, theirs: str, declared: dict[str, Any], mixer: MixerEntries
) -> Iterator[Entry]:
    if declared["layerScale"] is not False:
        yield Entry(f"{ours}.layer_scale", f"{theirs}.gamma")
    yield from mixer(stage, ours, theirs)
    yield from affine(f"{ours}.norm", f"{theirs}.norm")
    yield from affine(f"{ours}.expand", f"{theirs}.pwconv1")
    yield from affine(f"{ours}.project", f"{theirs}.pwconv2")
