"""`python -m fovea_runtime.verify`: certificates, and kernels that must not get one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from emitted_kernels import ROOT, kernel_hash, kernel_path

METHODS = {"reference", "dense", "fft", "triton"}


def verify(*words: object, cache: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fovea_runtime.verify", *map(str, words), "--cache", cache]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python")}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def certificates(done: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    return {found["kernel"]: found for found in json.loads(done.stdout)["kernels"]}


def test_certifies_once_per_hash(tmp_path: Path) -> None:
    path, cache = kernel_path("asymmetric"), tmp_path / "cache"
    first = verify(path, "--device", "cpu", "--json", cache=cache)
    assert (first.returncode, first.stderr) == (0, "")
    found = certificates(first)["asymmetric"]
    assert found["hash"] == kernel_hash("asymmetric")
    assert (found["passed"], found["cached"], found["failures"]) == (True, False, [])
    assert found["device"] == "cpu"
    assert set(found["versions"]) == {"fovea", "python", "torch", "triton"}
    assert set(found["errors"]) == METHODS
    for dtypes in found["errors"].values():
        for dtype, errors in dtypes.items():
            assert set(errors) == {
                "forward",
                "input_gradient",
                "weight_gradient",
                "bias_gradient",
            }
            assert 0 <= max(errors.values()) <= found["limits"][dtype]
    (kept,) = (cache / "certificates").iterdir()
    assert kept.name.startswith(f"{found['hash']}-cpu")

    # Another header is the same code.
    other = tmp_path / "renamed.py"
    other.write_text("# Another header.\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    again = certificates(verify(other, "--device", "cpu", "--json", cache=cache))["renamed"]
    assert again["cached"] is True
    assert again["errors"] == found["errors"]

    # A certificate of another version, or a torn one, does not hold.
    stale = json.loads(kept.read_text())
    stale["versions"]["torch"] = "1.0"
    for text in (json.dumps(stale), "{"):
        kept.write_text(text)
        made = certificates(verify(path, "--device", "cpu", "--json", cache=cache))["asymmetric"]
        assert made["cached"] is False
    assert json.loads(kept.read_text())["versions"] == found["versions"]


# What each edit breaks, and in which of the methods it must show.
BROKEN = {
    "scale": ("(share / (length_h * length_w))", "(share / (length_h * length_h))", "fft"),
    "reach": ("return min(kernel // 2,", "return min(kernel // 2 - 1,", "dense"),
    "flip": ("kernel = kernel.flip(1, 2)", "kernel = kernel.flip(2)", "dense"),
    "tile": ("written = (p < height)", "written = (p < height - 1)", "triton"),
    "sign": ("row = p + SIGN * (tap - 5)", "row = p + (tap - 5)", "triton"),
    "precision": (
        "return torch.float32 if dtype in _HALVES",
        "return dtype if dtype in _HALVES",
        "",
    ),
    "syntax": ("import math", "import math,", ""),
}


def test_refuses_broken_kernels(tmp_path: Path) -> None:
    good = kernel_path("asymmetric").read_text(encoding="utf-8")
    for name, (before, after, _) in BROKEN.items():
        assert before in good, name
        (tmp_path / f"{name}.py").write_text(good.replace(before, after), encoding="utf-8")
    done = verify(
        *(tmp_path / f"{name}.py" for name in BROKEN),
        kernel_path("asymmetric"),
        "--json",
        cache=tmp_path / "cache",
    )
    assert done.returncode == 1
    found = certificates(done)
    assert found.pop("asymmetric")["passed"] is True
    assert set(found) == set(BROKEN)
    for name, (_, _, method) in BROKEN.items():
        assert found[name]["passed"] is False, name
        assert any(failure.startswith(method) for failure in found[name]["failures"]), name
    assert len(list((tmp_path / "cache/certificates").iterdir())) == 1


def test_verifies_every_kernel_of_a_package(tmp_path: Path) -> None:
    package = tmp_path / "net"
    (package / "kernels").mkdir(parents=True)
    names = ("dense_7", "one_tap")
    for name in names:
        shutil.copy(kernel_path(name), package / "kernels")
    kernels = [{"path": f"kernels/{name}.py"} for name in names]
    (package / "manifest.json").write_text(json.dumps({"kernels": kernels}))
    done = verify(package, "--device", "cpu", cache=tmp_path / "cache")
    assert done.returncode == 0
    assert "dense_7 passed on cpu" in done.stdout
    assert "one_tap passed on cpu" in done.stdout
    assert "interpreter" in done.stdout


@pytest.mark.parametrize("kind", ["missing", "no_kernel", "empty_folder", "cuda"])
def test_mistakes_of_the_user(kind: str, tmp_path: Path) -> None:
    target = tmp_path / "target.py"
    words: list[object] = [target]
    if kind == "no_kernel":
        target.write_text("x = 1\n")
    elif kind == "empty_folder":
        words = [tmp_path]
    elif kind == "cuda":
        words = [kernel_path("one_tap"), "--device", "cuda"]
        if shutil.which("nvidia-smi"):
            pytest.skip("there may be a CUDA device")
    done = verify(*words, "--json", cache=tmp_path / "cache")
    assert (done.returncode, done.stdout) == (2, "")
    assert ("cuda" if kind == "cuda" else str(words[0])) in done.stderr.lower()
    assert not (tmp_path / "cache").exists()
