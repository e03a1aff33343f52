"""Files of effective receptive fields: each whole or not at all."""

import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from fovea_runtime.erf.figure import Panel, figure
from fovea_runtime.erf.heat_map import heat_map, sheet
from fovea_runtime.files import write_atomically
from fovea_runtime.weights.mistake import UNWRITABLE, WeightsMistake

TOGETHER = "side-by-side"
"""Name of the figure of all networks; no network and no run can have it."""


def require_writable(folder: Path) -> None:
    """Passes where files can be put into a folder, which need not be there yet.

    Raises:
        WeightsMistake: they cannot.
    """
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not there.is_dir():
        raise _unwritable(folder, f"{there} is no folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise _unwritable(folder, f"nothing can be written in {there}")


def write_panel(out: Path | None, name: str, panel: Panel) -> list[str]:
    """One network's contributions as they are (`.npy`), as heat map and as figure; their paths.

    Nothing is written where `out` is None.

    Raises:
        WeightsMistake: the disk refuses.
    """
    if out is None:
        return []
    array = io.BytesIO()
    np.save(array, panel.scores)
    return _write(
        {
            out / f"{name}.npy": array.getvalue(),
            out / f"{name}.png": _png(heat_map(panel.scores)),
            out / f"{name}.svg": figure([panel]).encode(),
        }
    )


def write_together(out: Path | None, panels: Sequence[Panel]) -> list[str]:
    """All networks beside each other, as pictures and as figure; see `write_panel`."""
    if out is None or not panels:
        return []
    picture = sheet([(panel.title, panel.scores) for panel in panels])
    return _write(
        {
            out / f"{TOGETHER}.png": _png(picture),
            out / f"{TOGETHER}.svg": figure(panels).encode(),
        }
    )


def _png(picture: Image.Image) -> bytes:
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()


def _write(contents: Mapping[Path, bytes]) -> list[str]:
    for path, content in contents.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, _writer(content))
        except OSError as error:
            raise _unwritable(path, error.strerror or str(error)) from error
    return [str(path) for path in contents]


def _writer(content: bytes):
    return lambda temporary: temporary.write_bytes(content)


def _unwritable(path: Path, why: str) -> WeightsMistake:
    return WeightsMistake(
        UNWRITABLE,
        f"{path} cannot be written: {why}",
        value=str(path),
        fix="free some space, or name a folder that you can write in --out",
    )
