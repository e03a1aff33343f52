"""Scripts of timm's with a generated network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
import sys
import beside
import timm
print(__name__, sys.argv[1:], type(timm.create_model(sys.argv[1])).__module__)
"""


def run(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-B", "-m", "fovea_runtime.timm_script", *map(str, words)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "python"), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_script_finds_the_network(packages, tmp_path) -> None:
    script = tmp_path / "train.py"
    script.write_text(SCRIPT)
    (tmp_path / "beside.py").write_text("")
    done = run(packages["plain_dense"].folder, script, "plain_dense", "--lr", "1")
    assert done.stdout == "__main__ ['plain_dense', '--lr', '1'] plain_dense.model\n", done.stderr
    assert done.returncode == 0


def test_its_exit_status_is_the_scripts(packages, tmp_path) -> None:
    script = tmp_path / "fails.py"
    script.write_text("raise SystemExit(7)")
    assert run(packages["plain_dense"].folder, script).returncode == 7


def test_mistakes(packages, tmp_path) -> None:
    folder = packages["plain_dense"].folder
    for words, said in [
        ((), "PACKAGE SCRIPT"),
        ((tmp_path, "train.py"), "is no generated package"),
        ((folder, tmp_path / "train.py"), "there is no script"),
    ]:
        done = run(*words)
        assert done.returncode == 2
        assert said in done.stderr
