"""Reading checkpoint files. Nothing of a pickle is run: `torch.load(weights_only=True)`."""

import argparse
import pickle
import re
import warnings
import zipfile
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from fovea_runtime.weights.file_kind import SAFETENSORS, ZIP, described, kind_of
from fovea_runtime.weights.mistake import HOLDS_CODE, NO_CHECKPOINT, UNREADABLE, WeightsMistake
from fovea_runtime.weights.pickled_names import pickled_names

_ALLOWED: list[Any] = [argparse.Namespace]
"""Classes that published checkpoints hold beside tensors: the arguments of a training run."""

_PROTOCOL = 2
"""What torch.save pickles with, and all that `weights_only` reads."""

_REFUSED = re.compile(r"\bGLOBAL (\w[\w.]*\w)")
_HARMLESS = re.compile(r"torch\.|collections\.OrderedDict$|argparse\.Namespace$")


def read_file(path: Path) -> object:
    """What a `.pth`, `.pt` or `.safetensors` file holds, on the CPU.

    Raises:
        WeightsMistake: there is no such file, it is no checkpoint, it is damaged, or it names
            classes that are not on the list above.
    """
    try:
        kind = kind_of(path)
        if kind is None:
            raise _no_checkpoint(path, f"it is {described(path)}")
        return _read_safetensors(path) if kind == SAFETENSORS else _read_torch(path, kind)
    except OSError as error:
        raise WeightsMistake(
            UNREADABLE,
            f"{path} cannot be read: {error.strerror or error}",
            value=str(path),
            fix="look at the path",
        ) from error


def _read_safetensors(path: Path) -> object:
    try:
        return load_file(path)
    except SafetensorError as error:
        raise _damaged(path, str(error)) from error


def _read_torch(path: Path, kind: str) -> object:
    if kind == ZIP:
        _check_archive(path)
    try:
        with torch.serialization.safe_globals(_ALLOWED), warnings.catch_warnings():
            # torch warns of what it is about to refuse, and of classes that it will deprecate.
            warnings.simplefilter("ignore")
            return torch.load(path, map_location="cpu", weights_only=True, mmap=kind == ZIP)
    except OSError:
        raise
    except Exception as error:  # pickle, zip and torch each have their own for damage
        names = _refused_names(path, kind, error)
        if names:
            raise _holds_code(path, names) from error
        if kind == ZIP and (protocol := _protocol(path)) > _PROTOCOL:
            raise _other_protocol(path, protocol) from error
        if isinstance(error, pickle.UnpicklingError):
            raise _no_checkpoint(
                path, "it is a pickle, but not one that torch.save writes"
            ) from error
        raise _damaged(path, _first_line(error)) from error


def _check_archive(path: Path) -> None:
    # torch reads past a flipped bit; the archive's own checksums do not.
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            damaged = archive.testzip()
    except (zipfile.BadZipFile, EOFError) as error:
        raise _damaged(path, f"{error}") from error
    if any(name.endswith("/constants.pkl") for name in names):
        raise WeightsMistake(
            HOLDS_CODE,
            f"{path} is a TorchScript program, not a state dict; it was not run",
            value=str(path),
            fix="save its weights: torch.save(torch.jit.load(…).state_dict(), …)",
        )
    if not any(name.endswith("/data.pkl") for name in names):
        shown = ", ".join(names[:3])
        raise _no_checkpoint(path, f"it is a zip archive of other things ({shown}, …)")
    if damaged is not None:
        raise _damaged(path, f"wrong checksum of {damaged}")


def _refused_names(path: Path, kind: str, error: Exception) -> list[str]:
    """What torch would not load; it names one thing at a time, the pickle names all."""
    if kind == ZIP:
        with zipfile.ZipFile(path) as archive, archive.open(_pickle_in(archive)) as file:
            names = pickled_names(file)
    else:
        with path.open("rb") as file:
            names = pickled_names(file)
    first = _REFUSED.search(str(error))
    refused = [name for name in names if not _HARMLESS.match(name)]
    if first is not None and first[1] not in refused:
        refused.insert(0, first[1])
    return refused


def _protocol(path: Path) -> int:
    """The protocol that a zip checkpoint was pickled with; 0 where it tells none."""
    with zipfile.ZipFile(path) as archive, archive.open(_pickle_in(archive)) as file:
        start = file.read(2)
    return start[1] if start[:1] == b"\x80" else 0


def _pickle_in(archive: zipfile.ZipFile) -> str:
    return next(name for name in archive.namelist() if name.endswith("/data.pkl"))


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _holds_code(path: Path, names: list[str]) -> WeightsMistake:
    return WeightsMistake(
        HOLDS_CODE,
        f"{path} holds more than weights: loading it would call {', '.join(names)}; nothing of it was run",
        value=str(path),
        fix="where you trust the file, load it with its authors' code and save the weights alone: "
        "torch.save(model.state_dict(), …)",
    )


def _no_checkpoint(path: Path, why: str) -> WeightsMistake:
    return WeightsMistake(
        NO_CHECKPOINT,
        f"{path} is no checkpoint: {why}",
        value=str(path),
        fix="name a file that torch.save or safetensors wrote",
    )


def _other_protocol(path: Path, protocol: int) -> WeightsMistake:
    return WeightsMistake(
        UNREADABLE,
        f"{path} was saved with pickle_protocol={protocol}, which torch.load(weights_only=True) "
        f"does not read; torch.save's own is {_PROTOCOL}",
        value=str(path),
        fix="where you trust the file, load it and save it again: "
        "torch.save(torch.load(…, weights_only=False), …)",
    )


def _damaged(path: Path, why: str) -> WeightsMistake:
    return WeightsMistake(
        NO_CHECKPOINT,
        f"{path} is damaged or cut off: {why}",
        value=str(path),
        fix="download or copy it again",
    )
