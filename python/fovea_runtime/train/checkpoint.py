"""Checkpoints: all that a run needs to go on as if it had never stopped."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from fovea_runtime.train.content_hash import content_hash
from fovea_runtime.train.learner import Learner

VERSION = 1
"""Of what a checkpoint holds; one that is newer is refused."""
_KEYS = {
    "v",
    "digest",
    "model",
    "ema",
    "optimizer",
    "schedule",
    "scaler",
    "sparsity",
    "step",
    "evaluated",
    "best",
    "seed",
    "experiment",
}


class CheckpointError(Exception):
    """A checkpoint cannot be used; the message names the file."""


class DamagedError(CheckpointError):
    """A checkpoint's file is not what was written: an older one may do."""


def checkpoint_state(
    learner: Learner, *, step: int, evaluated: bool, best: float | None, seed: int, experiment: str
) -> dict[str, Any]:
    """What a checkpoint holds, but for its digest; `torch.load(weights_only=True)` reads it.

    The random generators are seeded from (seed, step) before every step, and the order of the
    images is a function of (seed, epoch): `seed` and `step` stand for both. `evaluated` says
    whether the evaluation that is due after the step is done, `best` is the best top-1 so far, and
    `experiment` the hash of the experiment.
    """
    return {
        "v": VERSION,
        "model": learner.model.state_dict(),
        "ema": None if learner.ema is None else learner.ema.module.state_dict(),
        "optimizer": learner.optimizer.state_dict(),
        "schedule": learner.schedule.state_dict(),
        "scaler": learner.scaler.state_dict(),
        "sparsity": learner.sparsity.state(),
        "step": step,
        "evaluated": evaluated,
        "best": best,
        "seed": seed,
        "experiment": experiment,
    }


def load(path: Path) -> dict[str, Any]:
    """Reads a checkpoint onto the CPU; its content is held against the digest in it.

    Raises:
        DamagedError: the file is damaged, or no checkpoint.
        CheckpointError: it is of a newer fovea.
    """
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # pickle, zipfile and torch each have their own for damage
        # One sentence: torch goes on in many lines, and advises to load without weights_only.
        words = f"{type(error).__name__}: {error}".splitlines()[0].split(". ")[0]
        raise DamagedError(f"the checkpoint {path} is damaged ({words})") from error
    version = state.get("v") if isinstance(state, dict) else None
    if isinstance(version, int) and version > VERSION:
        raise CheckpointError(
            f"the checkpoint {path} has version {version}, and this fovea reads {VERSION}: "
            "resume with the fovea that wrote it"
        )
    missing = _KEYS - state.keys() if isinstance(state, dict) else _KEYS
    if missing:
        raise DamagedError(f"the checkpoint {path} lacks {', '.join(sorted(missing))}")
    # torch reads past a flipped bit.
    if content_hash(state) != state["digest"]:
        raise DamagedError(f"the checkpoint {path} is damaged: its content has another hash")
    return state


def restore(learner: Learner, state: dict[str, Any], path: Path, experiment: str) -> None:
    """Puts a learner where a checkpoint was written.

    Raises:
        CheckpointError: the checkpoint is of another experiment or another network.
    """
    if state["experiment"] != experiment:
        raise CheckpointError(
            f"the checkpoint {path} is of another experiment ({state['experiment']})"
        )
    if (state["ema"] is None) != (learner.ema is None):
        raise CheckpointError(f"the checkpoint {path} and the recipe differ in ema")
    try:
        learner.model.load_state_dict(state["model"])
        if learner.ema is not None:
            learner.ema.module.load_state_dict(state["ema"])
        learner.optimizer.load_state_dict(state["optimizer"])
        learner.schedule.load_state_dict(state["schedule"])
        learner.scaler.load_state_dict(state["scaler"])
        _check_moments(learner.optimizer)
        learner.sparsity.restore(state["sparsity"], state["step"])
    except (RuntimeError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(f"the checkpoint {path} does not fit the network: {error}") from error


def _check_moments(optimizer: torch.optim.Optimizer) -> None:
    # The optimizer takes any shape here and fails, or broadcasts, at its next step.
    for parameter, moments in optimizer.state.items():
        for name, value in moments.items():
            if isinstance(value, Tensor) and value.ndim > 0 and value.shape != parameter.shape:
                raise ValueError(
                    f"{name} of a parameter of shape {tuple(parameter.shape)} has shape {tuple(value.shape)}"
                )
