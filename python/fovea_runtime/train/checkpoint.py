"""Checkpoints: all that a run needs to go on as if it had never stopped."""

import zipfile
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from fovea_runtime.files import file_sha256, write_atomically
from fovea_runtime.train.learner import Learner

_KEYS = {
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


def checkpoint_state(
    learner: Learner, *, step: int, evaluated: bool, best: float | None, seed: int, experiment: str
) -> dict[str, Any]:
    """What a checkpoint holds; `torch.load(weights_only=True)` reads it.

    The random generators are seeded from (seed, step) before every step, and the order of the
    images is a function of (seed, epoch): `seed` and `step` stand for both. `evaluated` says
    whether the evaluation that is due after the step is done, `best` is the best top-1 so far, and
    `experiment` the hash of the experiment.
    """
    return {
        "model": learner.model.state_dict(),
        "ema": None if learner.ema is None else learner.ema.module.state_dict(),
        "optimizer": learner.optimizer.state_dict(),
        "schedule": learner.schedule.state_dict(),
        "scaler": learner.scaler.state_dict(),
        "sparsity": None,
        "step": step,
        "evaluated": evaluated,
        "best": best,
        "seed": seed,
        "experiment": experiment,
    }


def save(path: Path, state: dict[str, Any]) -> str:
    """Writes a checkpoint, whole or not at all; returns its SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = ""

    def write(temporary: Path) -> None:
        nonlocal digest
        torch.save(state, temporary)
        digest = file_sha256(temporary)

    write_atomically(path, write)
    return digest


def load(path: Path) -> dict[str, Any]:
    """Reads a checkpoint onto the CPU; every byte of its content is checked.

    Raises:
        CheckpointError: the file is damaged or no checkpoint of fovea.
    """
    try:
        # torch reads past a flipped bit; the archive's own checksums do not.
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()
        if damaged is not None:
            raise CheckpointError(f"the checkpoint {path} is damaged: wrong checksum of {damaged}")
        state = torch.load(path, map_location="cpu", weights_only=True)
    except CheckpointError:
        raise
    except Exception as error:  # zipfile, pickle and torch each have their own for damage
        raise CheckpointError(f"the checkpoint {path} is damaged: {error}") from error
    if not isinstance(state, dict) or _KEYS - state.keys():
        missing = (
            ", ".join(sorted(_KEYS - state.keys())) if isinstance(state, dict) else "everything"
        )
        raise CheckpointError(f"the checkpoint {path} lacks {missing}")
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
