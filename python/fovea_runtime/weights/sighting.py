"""What a state dict looks like: its format, and the sizes of its network."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from torch import Tensor

from fovea_runtime.weights.declared import Config, Sides, stages_of
from fovea_runtime.weights.formats import FORMATS
from fovea_runtime.weights.layout import NotOfFamily


@dataclass(frozen=True)
class Sighting:
    """Sizes by stage. `kernels` are heights and widths, of the tall stripes of two."""

    format: str
    depths: tuple[int, ...]
    channels: tuple[int, ...]
    kernels: tuple[Sides, ...]
    striped: bool

    def name(self, known: Iterable[Config]) -> str | None:
        """The shipped network that has these sizes, if there is one."""
        return next((each["name"] for each in known if self == declared(self.format, each)), None)

    def described(self, known: Iterable[Config]) -> str:
        """In words: `SLaK in its authors' layout (slak_small)`, or its sizes."""
        words, name = FORMATS[self.format].words, self.name(known)
        if name is not None:
            return f"{words} ({name})"
        kernels = ", ".join(f"{h}" if h == w else f"{h}x{w}" for h, w in self.kernels)
        depths, channels = (", ".join(map(str, each)) for each in (self.depths, self.channels))
        return f"{words} (depths {depths}; channels {channels}; kernels {kernels})"


def sight(weights: Mapping[str, object]) -> Sighting | None:
    """Recognises a state dict; a few keys may be missing. None where no format knows it."""
    for name in FORMATS:
        found = _sight_as(name, weights)
        if found is not None:
            return found
    return None


def declared(name: str, config: Config) -> Sighting | None:
    """What a checkpoint of a declared network looks like in a format; None where it has no place."""
    entries = FORMATS[name].declared
    if entries is None:
        return None
    try:
        list(entries(config))
    except NotOfFamily:
        return None
    stages = stages_of(config)
    sides = [stage.sides for stage in stages]
    return Sighting(
        name,
        tuple(stage.depth for stage in stages),
        tuple(stage.channels for stage in stages),
        tuple(each for each in sides if each is not None),
        any(stage.is_striped for stage in stages),
    )


def _sight_as(name: str, weights: Mapping[str, object]) -> Sighting | None:
    chosen = FORMATS[name]
    depths: dict[int, int] = {}
    channels: dict[int, int] = {}
    kernels: dict[int, Sides] = {}
    for key, value in weights.items():
        if not isinstance(value, Tensor):
            continue
        if (found := chosen.kernel.fullmatch(key)) and value.ndim >= 3:
            stage = int(found["stage"])
            height, width = value.shape[-2:]
            kernels[stage] = (height, width)
            depths[stage] = max(depths.get(stage, 0), int(found["block"]) // chosen.steps + 1)
        if (found := chosen.norm.fullmatch(key)) and value.ndim == 1:
            channels[int(found["stage"])] = value.shape[0]
    if not kernels:
        return None
    stages = sorted(kernels)
    return Sighting(
        name,
        tuple(depths[stage] for stage in stages),
        tuple(channels.get(stage, 0) for stage in stages),
        tuple(kernels[stage] for stage in stages),
        any(".LoRA1." in key or ".mixer.tall." in key for key in weights),
    )
