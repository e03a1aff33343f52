"""Generated packages, by their folders."""

import importlib
import sys
from pathlib import Path
from types import ModuleType


def load_package(folder: Path) -> ModuleType:
    """Imports the package of a folder under the folder's name."""
    sys.path.insert(0, str(folder.parent.resolve()))
    return importlib.import_module(folder.name)
