"""What the Python tests share: packages emitted by the TypeScript side."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from hypothesis import settings
from networks import FEATURES

os.environ.setdefault("OMP_NUM_THREADS", "1")

# The same values at every run, so that no change is refused for a value that has nothing to do with
# it; a busy machine is no failure either. `HYPOTHESIS_PROFILE=random` is how to look for more.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("random", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

ROOT = Path(__file__).resolve().parents[2]

# As the harness does: the checkout's own runtime, whatever is installed.
sys.path.insert(0, str(ROOT / "python"))


@dataclass(frozen=True)
class Emitted:
    """An emitted package, and what the analysis says of its network."""

    name: str
    kind: str
    network: dict[str, Any]
    params: dict[str, int]
    macs: dict[str, int]
    rates: list[float]
    layers: list[str]
    folder: Path

    def load(self) -> ModuleType:
        """Imports the package."""
        parent = str(self.folder.parent)
        if parent not in sys.path:
            sys.path.insert(0, parent)
        return importlib.import_module(self.name)


@pytest.fixture
def same_weights() -> None:
    """Fresh weights are drawn: from one seed, whatever ran before in this process."""
    torch.manual_seed(0)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing is kept where the user keeps it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOVEA_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Emitted]:
    """Every feature, shipped and example network, emitted into a folder of this session."""
    folder = tmp_path_factory.mktemp("packages")
    command = [ROOT / "node_modules/.bin/jiti", "test/support/emit-packages.ts", folder]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    rows = json.loads(done.stdout)
    return {
        row["network"]["name"]: Emitted(
            name=row["network"]["name"], folder=folder / row["network"]["name"], **row
        )
        for row in rows
    }


@pytest.fixture(params=FEATURES)
def feature(request, packages):
    """One feature network's package."""
    return packages[request.param]
