"""The formats of `--format`, one table: how each is named, laid out, recognised and wrapped."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from fovea_runtime.weights.declared import Config
from fovea_runtime.weights.layout import Entry
from fovea_runtime.weights.layouts import convnext, fovea, replknet, slak, timm


@dataclass(frozen=True)
class Format:
    """A code base's layout.

    `family` is the network's name in words and `layout` whose names these are, where several have
    their own; `declared` gives the
    entries of a network, or raises NotOfFamily, and is None where the names are ours. `kernel` finds the
    weight of a block's large kernel, and `norm` a vector as long as the stage has channels: both
    have the groups `stage` and `block`. A block of ours is `steps` blocks of theirs. `wrapper` is
    the entry under which the authors' code looks for the weights in a `.pth`; None for a bare
    state dict.
    """

    family: str
    declared: Callable[[Config], Iterator[Entry]] | None
    kernel: re.Pattern[str]
    norm: re.Pattern[str]
    layout: str | None = None
    steps: int = 1
    wrapper: str | None = None

    @property
    def words(self) -> str:
        return self.family if self.layout is None else f"{self.family} in {self.layout} layout"

    def entries(self, config: Config, keys: Iterable[str]) -> list[Entry]:
        """All entries of the network with this declaration and these keys.

        Raises:
            NotOfFamily: it has no place in this layout.
        """
        return list(fovea.entries(keys) if self.declared is None else self.declared(config))


def _pattern(block: str, leaf: str) -> re.Pattern[str]:
    return re.compile(rf"stages\.(?P<stage>\d+)\.{block}(?P<block>\d+)\.{leaf}")


FORMATS: dict[str, Format] = {
    "replknet": Format(
        family="RepLKNet",
        declared=replknet.entries,
        kernel=_pattern("blocks\\.", r"large_kernel\.(?:lkb_origin\.conv|lkb_reparam)\.weight"),
        norm=_pattern("blocks\\.", r"prelkb_bn\.weight"),
        steps=2,
    ),
    "slak": Format(
        family="SLaK",
        declared=slak.entries,
        kernel=_pattern("", r"large_kernel\.(?:(?:LoRA1|lkb_origin)\.conv|lkb_reparam)\.weight"),
        norm=_pattern("", r"norm\.weight"),
        wrapper="model",
    ),
    "convnext": Format(
        family="ConvNeXt",
        layout="Facebook's",
        declared=convnext.entries,
        kernel=_pattern("", r"dwconv\.weight"),
        norm=_pattern("", r"norm\.weight"),
        wrapper="model",
    ),
    "timm": Format(
        family="ConvNeXt",
        layout="timm's",
        declared=timm.entries,
        kernel=_pattern("blocks\\.", r"conv_dw\.weight"),
        norm=_pattern("blocks\\.", r"norm\.weight"),
    ),
    "fovea": Format(
        family="a network",
        layout="fovea's own",
        declared=None,
        kernel=_pattern("blocks\\.", r"mixer\.(?:large|tall)\.weight"),
        norm=_pattern("blocks\\.", r"norm\.weight"),
    ),
}
