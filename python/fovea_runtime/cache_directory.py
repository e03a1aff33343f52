"""Where what is expensive to make is kept (src/launch/cache-dir.ts, contract line 36)."""

import os
from pathlib import Path


def cache_directory() -> Path:
    """`FOVEA_CACHE`, else `fovea` in the user's cache folder. Nothing is made here."""
    if given := os.environ.get("FOVEA_CACHE"):
        return Path(given).absolute()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "fovea"
