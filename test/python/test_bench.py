"""`python -m fovea_runtime.bench`: what it compares with, what it refuses to time."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from emitted_kernels import ROOT, kernel_hash, kernel_path
from fovea_runtime.bench.arguments import parse_arguments

PEERS = {"conv2d_nchw", "conv2d_channels_last", "torch_fft", "toeplitz_bmm"}
SPREAD = ("min", "lower_quartile", "median", "upper_quartile", "max")


def bench(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fovea_runtime.bench", *map(str, words)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python")}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def candidates(shape: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {found["name"]: found for found in shape["candidates"]}


def test_times_every_candidate_beside_the_floor() -> None:
    words = ("--shape", "2,3,9,12", "--shape", "asymmetric=1,2,5,20", "--rounds", "3")
    done = bench(kernel_path("asymmetric"), kernel_path("dense_7"), *words, "--threads", "1")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    shared, dense = document["kernels"]
    assert (shared["hash"], shared["device"]) == (kernel_hash("asymmetric"), "cpu")
    assert (shared["passed"], shared["threads"], shared["failures"]) == (True, 1, [])
    assert set(shared["versions"]) == {"fovea", "python", "torch", "triton"}
    assert [shape["shape"] for shape in shared["shapes"]] == [[2, 3, 9, 12], [1, 2, 5, 20]]
    assert [shape["shape"] for shape in dense["shapes"]] == [[2, 3, 9, 12]]
    for kernel in document["kernels"]:
        for shape in kernel["shapes"]:
            check_shape(shape, kernel["limits"][shape["dtype"]])


def test_alone_measures_auto_without_peers_behind_the_same_gate() -> None:
    words = ("--shape", "2,3,9,12", "--rounds", "1", "--alone")
    done = bench(kernel_path("asymmetric"), *words)
    assert done.returncode == 0, done.stderr
    (kernel,) = json.loads(done.stdout)["kernels"]
    (shape,) = kernel["shapes"]
    (auto,) = shape["candidates"]
    assert (auto["name"], auto["failures"]) == ("auto", [])
    assert set(auto["errors"]) == {"forward", "input_gradient", "weight_gradient"}
    assert 0 < auto["forward"]["median"]
    assert shape["best_peer"] == {"forward": None, "forward_backward": None}


def check_shape(shape: dict[str, Any], limit: float) -> None:
    found = candidates(shape)
    timed = {name for name, each in found.items() if each["skipped"] is None}
    assert {name for name in timed if found[name]["kind"] == "peer"} == PEERS
    assert "auto" in timed
    assert set(found) - timed == {"triton", "torch_compile", "replknet_cutlass"}
    for name in timed:
        each = found[name]
        assert set(each["errors"]) == {"forward", "input_gradient", "weight_gradient"}
        assert 0 <= max(each["errors"].values()) <= limit
        # The results themselves are memory: y, dx and dw in float32.
        assert each["peak_memory"] >= 2 * 4 * math.prod(shape["shape"])
        for direction in ("forward", "forward_backward"):
            times = each[direction]
            spread = [times[key] for key in SPREAD]
            assert spread == sorted(spread) and spread[0] > 0
            assert times["rounds"] == 3
            share = shape["floor"][direction]["ms"] / times["median"]
            assert times["floor_share"] == pytest.approx(share)
    for direction in ("forward", "forward_backward"):
        best = shape["best_peer"][direction]
        assert best["ratio"] == found[best["name"]][direction]["ratio"]
        assert best["name"] == min(PEERS, key=lambda name: found[name][direction]["median"])
        assert found["auto"][direction]["ratio"] == 1


# What is put below a kernel file's code, and the candidate that it breaks.
WRAPPER = """

_right = peripheral_conv2d


def peripheral_conv2d(x, weight, bias=None, *, method="auto"):
    y = _right(x, weight, bias, method=method)
    return {edit} if method == {method!r} else y
"""
BROKEN = {
    "forward": ("y * 1.001", "auto"),
    "gradients": ("2 * y - y.detach()", "reference"),
    "poisoned": ("y * float('nan')", "reference"),
    "dtype": ("y.double()", "reference"),
    "raises": ("y.no_such_method()", "reference"),
}


def test_what_is_wrong_is_not_timed(tmp_path: Path) -> None:
    good = kernel_path("asymmetric").read_text(encoding="utf-8")
    for name, (edit, method) in BROKEN.items():
        text = good + WRAPPER.format(edit=edit, method=method)
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    (tmp_path / "syntax.py").write_text(good.replace("import math", "import math,"))
    done = bench(*sorted(tmp_path.glob("*.py")), "--shape", "2,3,9,12", "--rounds", "1")
    assert done.returncode == 1, done.stderr
    kernels = {kernel["kernel"]: kernel for kernel in json.loads(done.stdout)["kernels"]}
    assert not any(kernel["passed"] for kernel in kernels.values())
    syntax = kernels.pop("syntax")
    assert (syntax["shapes"], "SyntaxError" in syntax["failures"][0]) == ([], True)
    assert set(kernels) == set(BROKEN)
    for name, (_, method) in BROKEN.items():
        (shape,) = kernels[name]["shapes"]
        found = candidates(shape)
        wrong = [each["name"] for each in found.values() if each["failures"]]
        assert wrong == [method], name
        for key in ("forward", "forward_backward", "peak_memory"):
            assert found[method][key] is None, name
        assert all(failure.startswith(f"{method} on") for failure in kernels[name]["failures"])
        peer = found["torch_fft"]["forward_backward"]
        assert peer["median"] > 0
        assert (peer["ratio"] is None) == (method == "auto")
        assert (shape["best_peer"]["forward_backward"] is None) == (method == "auto")
    poisoned = candidates(kernels["poisoned"]["shapes"][0])["reference"]
    assert poisoned["errors"]["forward"] is None


@pytest.mark.parametrize(
    ("words", "told"),
    [(("missing.py",), "missing.py"), ((kernel_path, "--shape", "other=1,2,3,4"), "one_tap")],
)
def test_mistakes_of_the_user(words: tuple[Any, ...], told: str) -> None:
    done = bench(*(kernel_path("one_tap") if word is kernel_path else word for word in words))
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--shape", "1,2,3"),
        ("--shape", "1,2,3,0"),
        ("--shape", "1,2,3,x"),
        ("--rounds", "0"),
        ("--threads", "-1"),
        ("--dtype", "fp64"),
    ],
)
def test_wrong_options(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse_arguments(["kernel.py", f"{option}={value}"])
    assert ended.value.code == 2
    assert value in capsys.readouterr().err
