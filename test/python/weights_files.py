"""Checkpoints as the authors' code saves them, and packages to import them into."""

from __future__ import annotations

import argparse
import atexit
import functools
import importlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from fovea_runtime.weights.export_weights import ExportRequest, export_weights
from fovea_runtime.weights.import_weights import ImportRequest, import_weights
from safetensors.torch import load_file
from torch import Tensor

ROOT = Path(__file__).resolve().parents[2]
State = Mapping[str, Tensor]


@functools.cache
def _emitted() -> tuple[Path, list[dict[str, Any]]]:
    folder = Path(tempfile.mkdtemp(prefix="fovea-weights-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    command = [ROOT / "node_modules/.bin/jiti", "test/support/emit-weights-networks.ts", folder]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return folder, json.loads(done.stdout)


def package_of(name: str) -> Path:
    return _emitted()[0] / name


def known() -> list[dict[str, Any]]:
    """Declarations of the shipped networks."""
    return _emitted()[1]


def module_of(name: str) -> ModuleType:
    parent = str(package_of(name).parent)
    if parent not in sys.path:
        sys.path.insert(0, parent)
    return importlib.import_module(name)


def as_published(file_format: str, state: State) -> object:
    """What the file of a format holds: bare, under `model`, or with a whole training run."""
    match file_format:
        case "slak":
            return {
                "model": state,
                "optimizer": {"state": {0: {"step": 3}}, "param_groups": [{"lr": 0.1}]},
                "epoch": 299,
                "scaler": {"scale": 65536.0},
                "args": argparse.Namespace(lr=4e-3, device="cuda", output_dir=None),
            }
        case "convnext":
            return {"model": state}
    return state


def import_from(
    source: Path, file_format: str, network: str, out: Path, **more: Any
) -> dict[str, Any]:
    """Imports a file; returns the report."""
    asked = {"classes": None, "average": False, "known": known(), **more}
    return import_weights(
        ImportRequest(
            source=source, format=file_format, package=package_of(network), out=out, **asked
        )
    )


def import_state(
    content: object, file_format: str, network: str, folder: Path, **more: Any
) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Saves what a file holds and imports it; returns what was written, and the report."""
    source, out = folder / "checkpoint.pth", folder / "out.safetensors"
    torch.save(content, source)
    report = import_from(source, file_format, network, out, **more)
    return load_file(out), report


def export_to(
    source: Path, file_format: str, network: str, out: Path, **more: Any
) -> dict[str, Any]:
    asked = {"average": False, "known": known(), **more}
    return export_weights(
        ExportRequest(
            source=source, format=file_format, package=package_of(network), out=out, **asked
        )
    )
