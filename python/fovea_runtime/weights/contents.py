"""Which of a file's entries are the weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from fovea_runtime.weights.mistake import NO_CHECKPOINT, WeightsMistake

_WEIGHTS = ("model", "state_dict", "model_state_dict", "module")
_AVERAGES = ("model_ema", "state_dict_ema", "ema")
_OF_RUNS = "ema"
"""The average in a checkpoint of fovea's own."""
_PREFIXES = ("module.", "_orig_mod.")
"""What DataParallel and torch.compile put before every key."""


@dataclass(frozen=True)
class Contents:
    """The weights of a file.

    `weights` may hold what is no tensor, which is for the accounting to tell. `entry` is where
    they were, None for a bare state dict; `others` are the file's other entries, which hold no
    weights that are wanted; `notes` tell what was chosen and changed. `step` is how many optimizer
    steps there were before, where the file tells.
    """

    weights: dict[str, object]
    entry: str | None
    others: list[str]
    notes: list[str]
    step: int | None

    @property
    def is_average(self) -> bool:
        return self.entry in _AVERAGES


def find_weights(path: Path, read: object, *, average: bool | None) -> Contents:
    """The weights in what `read_file` returned; the moving average where `average` asks for it.

    With None it is that of a run where the file has one: what training evaluates.

    Raises:
        WeightsMistake: the file holds no weights, or no average.
    """
    if not isinstance(read, Mapping) or not all(isinstance(key, str) for key in read):
        raise _no_weights(path, f"it holds a {type(read).__name__}, not a dict of tensors")
    entries: dict[str, object] = dict(read)
    if average is None:
        average = _has_tensors(entries.get(_OF_RUNS))
    plain = next((name for name in _WEIGHTS if _has_tensors(entries.get(name))), None)
    mean = next((name for name in _AVERAGES if _has_tensors(entries.get(name))), None)
    if plain is None and mean is None:
        if average:
            raise _no_average(path)
        if not _has_tensors(entries):
            names = ", ".join(list(entries)[:8]) or "none"
            raise _no_weights(path, f"its entries are {names}, and none is a dict of tensors")
        return _contents(entries, {}, None, [])
    if average and mean is None:
        raise _no_average(path)
    taken = mean if average or plain is None else plain
    assert taken is not None
    notes = []
    if taken == mean and not average:
        notes.append(f"the file holds only a moving average ({mean}), which is taken")
    elif taken == plain and mean is not None:
        notes.append(f"{plain} is taken; --ema takes the moving average ({mean})")
    weights = entries.pop(taken)
    assert isinstance(weights, Mapping)
    return _contents(dict(weights), entries, taken, notes)


def _contents(
    weights: dict[str, object], others: dict[str, object], entry: str | None, notes: list[str]
) -> Contents:
    while prefix := next((p for p in _PREFIXES if all(k.startswith(p) for k in weights)), None):
        weights = {key.removeprefix(prefix): value for key, value in weights.items()}
        notes = [*notes, f"the prefix {prefix} is left off every key"]
    step = others.get("step")
    return Contents(weights, entry, list(others), notes, step if isinstance(step, int) else None)


def _has_tensors(value: object) -> bool:
    return (
        isinstance(value, Mapping)
        and all(isinstance(key, str) for key in value)
        and any(isinstance(each, Tensor) for each in value.values())
    )


def _no_average(path: Path) -> WeightsMistake:
    return WeightsMistake(
        NO_CHECKPOINT,
        f"{path} holds no moving average ({', '.join(_AVERAGES)})",
        value=str(path),
        fix="leave --ema out",
    )


def _no_weights(path: Path, why: str) -> WeightsMistake:
    return WeightsMistake(
        NO_CHECKPOINT,
        f"{path} holds no weights: {why}",
        value=str(path),
        fix=f"name a state dict, bare or as one of {', '.join((*_WEIGHTS, *_AVERAGES))}",
    )
