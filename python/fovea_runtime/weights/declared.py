"""A generated network's declaration, its `CONFIG`, as the layouts need it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fovea_runtime.weights.layout import NotOfFamily

Config = dict[str, Any]
Sides = tuple[int, int]


@dataclass(frozen=True)
class Stage:
    """One stage: `depth` blocks of `channels` channels, and what its blocks mix with."""

    index: int
    depth: int
    channels: int
    mixer: dict[str, Any]

    @property
    def is_striped(self) -> bool:
        return self.mixer["type"] == "stripes"

    @property
    def has_branch(self) -> bool:
        return self.mixer["branch"] is not False

    @property
    def sides(self) -> Sides | None:
        """Height and width of the kernel, of the tall stripe of two; None where weights are shared."""
        mixer = self.mixer
        match mixer["type"]:
            case "dense":
                return _sides(mixer["kernel"])
            case "stripes":
                return _sides(mixer["kernel"])[0], mixer["width"]
            case "grid" if set(mixer["rows"]) == set(mixer["columns"]) == {1}:
                return len(mixer["rows"]), len(mixer["columns"])
            case "peripheral" if _sides(mixer["kernel"]) == (mixer["centre"],) * 2:
                return _sides(mixer["kernel"])
        return None


def stages_of(config: Config) -> list[Stage]:
    rows = zip(config["depths"], config["widths"], config["mixers"], strict=True)
    return [
        Stage(index, depth, math.floor(width * config["widen"]), mixer)
        for index, (depth, width, mixer) in enumerate(rows)
    ]


CONVNEXT = {"block": "convnext", "stem": "patchify", "downsample": "patchify"}
REPLKNET = {"block": "replknet", "stem": "convolutional", "downsample": "transition"}
"""The parts that a network is made of."""


def plain_stages(config: Config, parts: dict[str, str], head: str) -> Iterator[Stage]:
    """The stages of a network of the given parts, none of whose weights are shared.

    `head` is the norm before the classifier.

    Raises:
        NotOfFamily: the network has other parts, shared weights, an embedding, or channels that
            are not convolved. No official checkpoint has any of these.
    """
    for part, wanted in parts.items():
        if config[part]["type"] != wanted:
            raise NotOfFamily(f"its {part} is {config[part]['type']}, not {wanted}")
    if config["head"]["norm"] != head:
        raise NotOfFamily(f"the norm of its head is {config['head']['norm']}, not {head}")
    for stage in stages_of(config):
        where, kind = f"stage {stage.index + 1}", stage.mixer["type"]
        if stage.sides is None:
            raise NotOfFamily(f"the {kind} kernels of {where} share their weights")
        if stage.mixer["partial"] != 1:
            raise NotOfFamily(f"{where} convolves only a part of its channels")
        if stage.mixer["embedding"] is not False:
            raise NotOfFamily(f"{where} has a positional embedding")
        yield stage


def _sides(kernel: int | list[int]) -> Sides:
    if isinstance(kernel, int):
        return kernel, kernel
    height, width = kernel
    return height, width
