"""What a run that ran out of memory says: how far it came, what was large, what to change."""

import gc
import sys
import traceback
from collections.abc import Sequence
from typing import Any

import torch

from fovea_runtime.data.cut import Cut
from fovea_runtime.train.endings import OutOfMemory, last_line
from fovea_runtime.train.guards.activations import activations_of
from fovea_runtime.train.guards.smaller_pieces import smaller_pieces
from fovea_runtime.train.learner import Learner

_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")


def explained(
    error: BaseException,
    learner: Learner,
    recipe: dict[str, Any],
    cut: Cut,
    shape: Sequence[int] | None,
    at: str,
) -> OutOfMemory:
    """The same error with more words, all in one line.

    Args:
        shape: of a piece's images (C, H, W); none before the first.
        at: what the run was at.
    """
    words = [f"{last_line(error)} ({at})", f"peak: {_peak(learner.device)}"]
    # The frames of the error hold the activations.
    traceback.clear_frames(error.__traceback__)
    learner.optimizer.zero_grad(set_to_none=True)
    gc.collect()
    if shape is not None:
        words.append(_largest(learner, (cut.size, *shape)))
    words.append(f"what takes less: {_changes(learner, recipe, cut)}")
    return OutOfMemory("; ".join(words))


def _peak(device: torch.device) -> str:
    if device.type == "cuda":
        free, total = torch.cuda.mem_get_info(device)
        others = max(0, total - free - torch.cuda.memory_reserved(device))
        return (
            f"{in_words(torch.cuda.max_memory_allocated(device))} in tensors of "
            f"{in_words(total)} on {device}, where others hold {in_words(others)}"
        )
    if sys.platform == "win32":
        return "unknown"
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Bytes on macOS, KiB elsewhere.
    words = f"{in_words(peak if sys.platform == 'darwin' else peak * 1024)} resident"
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY:
        return words
    return f"{words}, under a limit of {in_words(limit)} of addresses (ulimit -v)"


def _largest(learner: Learner, shape: tuple[int, ...]) -> str:
    try:
        kept = activations_of(learner, shape)
    except Exception as failure:  # noqa: BLE001 - an operator without shapes, or no memory at all
        return f"the largest activations are not known ({last_line(failure)})"
    largest = ", ".join(
        f"{each.layer} {'x'.join(map(str, each.shape))} {in_words(each.bytes)}"
        for each in kept.largest
    )
    return (
        f"a forward pass of {shape[0]} images {'x'.join(map(str, shape[1:]))} keeps "
        f"{in_words(kept.bytes)} for the backward pass, the largest {largest}"
    )


def _changes(learner: Learner, recipe: dict[str, Any], cut: Cut) -> str:
    changes: list[str] = []
    if smaller := smaller_pieces(recipe, cut):
        changes.append(
            f"--set recipe.accumulate={smaller.accumulate} (the same {cut.batch} images a step, "
            f"{smaller.size} at a time)"
        )
    can_keep_less = callable(getattr(learner.model, "set_grad_checkpointing", None))
    if can_keep_less and not recipe["checkpointActivations"]:
        changes.append("--set recipe.checkpointActivations=true")
    if recipe["amp"] is False:
        changes.append("--set recipe.amp=bf16")
    if cut.batch > cut.processes:
        changes.append("a smaller recipe.batch")
    return ", ".join([*changes, "smaller images, or a smaller network"])


def in_words(size: float) -> str:
    """Bytes in the unit that suits them."""
    for unit in _UNITS[:-1]:
        if size < 1024:
            return f"{size:.4g} {unit}"
        size /= 1024
    return f"{size:.4g} {_UNITS[-1]}"
