"""Runs `python -m fovea_runtime.verify` as the harness does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from emitted_kernels import ROOT


def verify(*words: object, cache: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fovea_runtime.verify", *map(str, words), "--cache", cache]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python")}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def certificates(done: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    """By the kernel's name."""
    return {found["kernel"]: found for found in json.loads(done.stdout)["kernels"]}
