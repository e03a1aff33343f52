"""`python -m fovea_runtime.verify`: certificates, and mistakes of the user."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from emitted_kernels import CPU_METHODS, kernel_hash, kernel_path
from verification import certificates, verify

_QUANTITIES = ("forward", "input_gradient", "weight_gradient", "bias_gradient")
QUANTITIES = {prefix + name for prefix in ("", "partial_") for name in _QUANTITIES}
METHODS = {*CPU_METHODS, "triton"}


def test_certifies_once_per_hash(tmp_path: Path) -> None:
    path, cache = kernel_path("one_row_cell"), tmp_path / "cache"
    first = verify(path, "--device", "cpu", "--json", cache=cache)
    assert (first.returncode, first.stderr) == (0, "")
    found = certificates(first)["one_row_cell"]
    assert found["hash"] == kernel_hash("one_row_cell")
    assert (found["passed"], found["cached"], found["failures"]) == (True, False, [])
    assert found["device"] == "cpu"
    assert set(found["versions"]) == {"fovea", "python", "torch", "triton"}
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
        made = certificates(verify(path, "--device", "cpu", "--json", cache=cache))["one_row_cell"]
        assert made["cached"] is False
    assert json.loads(kept.read_text())["versions"] == found["versions"]


def test_a_certificate_says_what_was_run(tmp_path: Path) -> None:
    done = verify(kernel_path("asymmetric"), "--json", cache=tmp_path / "cache")
    (found,) = certificates(done).values()
    assert set(found["errors"]) == METHODS
    for dtypes in found["errors"].values():
        for dtype, errors in dtypes.items():
            assert set(errors) == QUANTITIES
            assert 0 <= max(errors.values()) <= found["limits"][dtype]
    assert set(found["means"]) == {"0", "1", "100"}
    for methods in found["means"].values():
        assert set(methods) == METHODS
        assert all(set(methods[method]) == set(found["limits"]) for method in METHODS - {"triton"})
    assert set(found["means"]["100"]["triton"]) == {"float16"}
    for method in METHODS:
        for dtype, limit in found["limits"].items():
            by_mean = [means[method].get(dtype, 0) for means in found["means"].values()]
            assert max(by_mean) == max(found["errors"][method].get(dtype, {"": 0}).values())
            assert max(by_mean) <= limit


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
