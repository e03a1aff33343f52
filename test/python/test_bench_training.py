"""The benchmark of a run's loop measures what it says, and leaves the run alone."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from fovea_runtime.bench.training import main
from tiny_run import make_run


def test_every_figure_of_a_tiny_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = make_run(tmp_path)
    before = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.*"))
    words = ["--run", str(run.path), "--device", "cpu", "--rounds", "2", "--steps", "1"]
    monkeypatch.setattr(sys, "argv", ["training", *words, "--sparsity", "0.4"])
    assert main() == 0
    report = json.loads(capsys.readouterr().out)
    assert report["batch"] == 8
    assert report["device"] == "cpu"
    plain, bare = (report["step_ms"][name] for name in ("session", "bare"))
    assert plain > 0
    assert bare > 0
    least, most = report["spread_ms"]["bare"]
    assert least <= bare <= most
    # Two rounds: the median of two ratios is their mean.
    assert report["loop_overhead"] > -1
    share = report["event_us"] / 1e3 / plain
    assert report["event_share"] == pytest.approx(share, rel=0.05)
    assert 0 < report["checkpoint_pause_s"] <= report["checkpoint_on_disk_s"]
    wanted = (report["masking_ms"] + report["exchange_ms"] / 100) / plain
    assert report["sparsity_overhead"] == pytest.approx(wanted, rel=0.05)
    after = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.*"))
    assert [path for path in after if "__pycache__" not in str(path)] == before
