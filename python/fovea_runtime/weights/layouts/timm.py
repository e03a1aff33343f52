"""ConvNeXt as timm names it (`conv_mlp=False`, the default of all sizes from tiny up)."""

from collections.abc import Iterator

from fovea_runtime.weights.declared import CONVNEXT, Config, plain_stages
from fovea_runtime.weights.layout import Entry, affine, mixer_conv_bias
from fovea_runtime.weights.layouts.convnext import require_one_convolution


def entries(config: Config) -> Iterator[Entry]:
    """All entries in the order of timm's state dict.

    Raises:
        NotOfFamily: the network is no ConvNeXt, whatever its sizes.
    """
    yield from affine("stem.conv", "stem.0")
    yield from affine("stem.norm", "stem.1")
    for stage in plain_stages(config, CONVNEXT, head="layer"):
        require_one_convolution(stage)
        name = f"stages.{stage.index}"
        if stage.index > 0:
            yield from affine(f"{name}.downsample.norm", f"{name}.downsample.0")
            yield from affine(f"{name}.downsample.conv", f"{name}.downsample.1")
        for index in range(stage.depth):
            block = f"{name}.blocks.{index}"
            if config["block"]["layerScale"] is not False:
                yield Entry(f"{block}.layer_scale", f"{block}.gamma")
            yield from mixer_conv_bias(f"{block}.mixer.large", f"{block}.conv_dw")
            yield from affine(f"{block}.norm", f"{block}.norm")
            yield from affine(f"{block}.expand", f"{block}.mlp.fc1")
            yield from affine(f"{block}.project", f"{block}.mlp.fc2")
    yield from affine("head.norm", "head.norm")
    yield from affine("head.linear", "head.fc")
