"""RepLKNet as DingXiaoH/RepLKNet-pytorch names it, in training form."""

from collections.abc import Iterator

from fovea_runtime.weights.declared import REPLKNET, Config, Stage, plain_stages
from fovea_runtime.weights.layout import (
    Entry,
    NotOfFamily,
    affine,
    batch_norm,
    conv_norm,
    mixer_conv_norm,
)

_STEM = ("entry", "depthwise", "pointwise", "reduce")
_TRANSITION = ("pointwise", "reduce")


def entries(config: Config) -> Iterator[Entry]:
    """All entries in the order of the authors' state dict.

    A block of ours is two of theirs: `RepLKBlock` 2j and `ConvFFN` 2j + 1.

    Raises:
        NotOfFamily: the network is no RepLKNet, whatever its sizes.
    """
    stages = list(plain_stages(config, REPLKNET, head="batch"))
    for index, name in enumerate(_STEM):
        yield from conv_norm(f"stem.{name}", f"stem.{index}")
    for stage in stages:
        for block in range(stage.depth):
            yield from _block(stage, block)
    for stage in stages[1:]:
        for index, name in enumerate(_TRANSITION):
            ours = f"stages.{stage.index}.downsample.{name}"
            yield from conv_norm(ours, f"transitions.{stage.index - 1}.{index}")
    yield from batch_norm("head.norm", "norm")
    yield from affine("head.linear", "head")


def _block(stage: Stage, index: int) -> Iterator[Entry]:
    if stage.is_striped:
        raise NotOfFamily(f"stage {stage.index + 1} has stripes")
    ours, blocks = f"stages.{stage.index}.blocks.{index}", f"stages.{stage.index}.blocks"
    large, ffn = f"{blocks}.{2 * index}", f"{blocks}.{2 * index + 1}"
    yield from conv_norm(f"{ours}.enter", f"{large}.pw1")
    yield from conv_norm(f"{ours}.leave", f"{large}.pw2")
    yield from mixer_conv_norm(f"{ours}.mixer.large", f"{large}.large_kernel.lkb_origin")
    if stage.has_branch:
        small = f"{large}.large_kernel.small_conv"
        yield from mixer_conv_norm(f"{ours}.mixer.small", small, shared=False)
    yield from batch_norm(f"{ours}.norm", f"{large}.prelkb_bn")
    yield from batch_norm(f"{ours}.ffn.norm", f"{ffn}.preffn_bn")
    yield from conv_norm(f"{ours}.ffn.expand", f"{ffn}.pw1")
    yield from conv_norm(f"{ours}.ffn.project", f"{ffn}.pw2")
