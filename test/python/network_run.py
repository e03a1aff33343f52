"""Runs of the demo's network as the harness writes them, with its generated package."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from tiny_run import ROOT, TinyRun, make_run

NETWORK = "pelk_digits"
PACKAGE = ROOT / "generated" / NETWORK


def make_network_run(path: Path, **options: Any) -> TinyRun:
    """A run of two steps of `pelk_digits`, at its own size."""
    run = make_run(path, **{"steps": 2, "evalEvery": 1, "checkpointEvery": 1, **options})
    shutil.rmtree(path / "package")
    shutil.copytree(
        PACKAGE, path / "package" / NETWORK, ignore=shutil.ignore_patterns("__pycache__")
    )
    spec = json.loads((PACKAGE / "manifest.json").read_text("utf-8"))["network"]
    record_path = path / "run.json"
    record = json.loads(record_path.read_text("utf-8"))
    record["experiment"]["network"] = spec
    record["package"] = f"package/{NETWORK}"
    record_path.write_text(json.dumps(record), "utf-8")
    return run
