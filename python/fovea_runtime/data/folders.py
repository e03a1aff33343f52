"""Folders that a user names: what is wrong with them, with what is there in their place."""

import os
from pathlib import Path

from fovea_runtime.data.folder_files import folders_in
from fovea_runtime.data.unreadable import listed


def named_path(written: str) -> Path:
    """A path as a user writes it: from where fovea was started, `~` for the home."""
    return Path(os.path.abspath(Path(written).expanduser()))


def require_folder(kind: str, folder: Path, fix: str) -> None:
    """Refuses what is no folder that can be listed.

    Args:
        fix: what the user should do, as the end of a sentence.

    Raises:
        ValueError: names the folder, what lies where it should, and the fix.
    """
    if folder.is_dir():
        if os.access(folder, os.R_OK | os.X_OK):
            return
        raise ValueError(f"{kind}: the folder {folder} cannot be read: change its permissions")
    if os.path.lexists(folder):
        raise ValueError(f"{kind}: {folder} is no folder: {fix}")
    raise ValueError(f"{kind}: there is no folder {folder}: {_beside(folder)}; {fix}")


def _beside(folder: Path) -> str:
    """What there is of the way to a folder."""
    there = folder.parent
    while not there.is_dir() and there != there.parent:
        there = there.parent
    try:
        folders = folders_in(there)
        empty = not folders and next(there.iterdir(), None) is None
    except OSError:
        return f"{there} cannot be listed"
    if empty:
        return f"{there} is empty"
    return f"{there} holds {f'the folders {listed(folders)}' if folders else 'no folders'}"
