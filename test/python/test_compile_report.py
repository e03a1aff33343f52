"""`python -m fovea_runtime.compile_report`: what kernels take of a GPU, without a GPU."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from emitted_kernels import ROOT, kernel_path

triton = pytest.importorskip("triton")

# A kernel file with as little in it as there can be: a matrix product, and a copy that depends on
# the map's height.
TINY = """
import torch
import triton
import triton.language as tl

ROWS: tuple[int, ...] = (1,)
COLUMNS: tuple[int, ...] = (1,)
METHODS: tuple[str, ...] = ("auto", "triton")
MAPS: tuple[tuple[int, int], ...] = ((64, 64), (32, 32))


@triton.jit
def _block(x_pointer, BLOCK: tl.constexpr):
    i = tl.arange(0, BLOCK)
    return tl.load(x_pointer + i[:, None] * BLOCK + i[None, :])


@triton.jit
def _product_kernel(x_pointer, weight_pointer, y_pointer, BIAS: tl.constexpr, BLOCK: tl.constexpr):
    x, weight = _block(x_pointer, BLOCK), _block(weight_pointer, BLOCK)
    y = tl.dot(x, weight) + BIAS
    i = tl.arange(0, BLOCK)
    tl.store(y_pointer + i[:, None] * BLOCK + i[None, :], y.to(y_pointer.dtype.element_ty))


@triton.jit
def _copy_kernel(x_pointer, y_pointer, height, BLOCK: tl.constexpr):
    i = tl.arange(0, BLOCK)
    tl.store(y_pointer + i, tl.load(x_pointer + i, mask=i < height), mask=i < height)


_LAUNCH = {"BLOCK": 64, "num_warps": 4, "enable_fp_fusion": True}


def _convolve(x, weight, bias, flipped):
    y = torch.empty_like(x)
    _product_kernel[(1,)](x, weight, y, BIAS=bias is not None, **_LAUNCH)
    return y


def _gradients(x, weight, gradient, kept, needed):
    y = torch.empty(weight.shape, dtype=torch.float32, device=x.device)
    _copy_kernel[(1,)](x, y, x.shape[2], **_LAUNCH)
    return None, y


_IMPLEMENTATIONS = {"triton": (_convolve, _gradients)}
"""


def write(path: Path, *edits: tuple[str, str]) -> Path:
    text = TINY
    for before, after in edits:
        assert before in text
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")
    return path


def report(*words: object, cache: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fovea_runtime.compile_report", *map(str, words)]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "python"),
        "TRITON_CACHE_DIR": str(cache),
        # What a user may have set, and what must not matter here.
        "TRITON_INTERPRET": "1",
        "TRITON_STORE_BINARY_ONLY": "1",
    }
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def kernels(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return json.loads(done.stdout)["kernels"]


def cuobjdump(cubin: Path) -> dict[str, int]:
    tool = Path(triton.__file__).parent / "backends/nvidia/bin/cuobjdump"
    command = [tool, "--dump-resource-usage", cubin]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {name: int(size) for name, size in re.findall(r"(REG|STACK|LOCAL):(\d+)", told)}


Reported = tuple[Path, Path, subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Reported:
    """A kernel file, Triton's cache, and the report."""
    folder = tmp_path_factory.mktemp("reported")
    file, cache = write(folder / "tiny.py"), folder / "cache"
    words = ("--arch", "sm_90,sm_80,sm_100", "--dtype", "bf16,fp16")
    return file, cache, report(file, *words, cache=cache)


def test_reports_what_cuobjdump_says_of_the_cubins_in_tritons_cache(reported: Reported) -> None:
    file, cache, done = reported
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert set(document["versions"]) == {"fovea", "python", "torch", "triton"}
    assert document["failures"] == []
    rows = document["kernels"]
    cubins = set(cache.rglob("*.cubin"))
    assert {Path(row["cubin"]) for row in rows} == cubins
    assert len(rows) == len(cubins)
    for row in rows:
        cubin = Path(row["cubin"])
        used = cuobjdump(cubin)
        metadata = json.loads(cubin.with_suffix(".json").read_text())
        assert row["kernel"] == metadata["name"]
        assert row["arch"] == f"sm_{metadata['target']['arch']}"
        assert row["registers"] == used["REG"] > 0
        assert row["spills"] == used["STACK"] + used["LOCAL"] == 0
        assert row["shared"] == metadata["shared"]
        assert row["module"] == "tiny"

    # One row for each specialisation: with and without bias, and by what divides the height.
    maps = [[64, 64], [32, 32], [37, 41]]
    for arch, instruction in (("sm_90", "wgmma"), ("sm_80", "mma"), ("sm_100", "tcgen05")):
        of_arch = [row for row in rows if row["arch"] == arch]
        products = [row for row in of_arch if row["kernel"] == "_product_kernel"]
        seen = [(row["dtypes"], row["constants"]["BIAS"], row["mma"]) for row in products]
        assert seen == [
            (["bf16"], False, instruction),
            (["bf16"], True, instruction),
            (["fp16"], False, instruction),
            (["fp16"], True, instruction),
        ]
        assert all(row["maps"] == maps and row["shared"] > 0 for row in products)
        copies = [row for row in of_arch if row["kernel"] == "_copy_kernel"]
        assert [(row["dtypes"], row["maps"], row["mma"]) for row in copies] == [
            (["bf16"], maps[:2], None),
            (["bf16"], maps[2:], None),
            (["fp16"], maps[:2], None),
            (["fp16"], maps[2:], None),
        ]
        assert [("height" in row["divisible_by_16"]) for row in copies] == [True, False] * 2
        assert copies[0]["signature"] == {
            "x_pointer": "*bf16",
            "y_pointer": "*fp32",
            "height": "i32",
        }
    assert [row["arch"] for row in rows] == ["sm_90"] * 8 + ["sm_80"] * 8 + ["sm_100"] * 8

    # Afresh, whatever is in the cache.
    before = {cubin: cubin.stat().st_mtime_ns for cubin in cubins}
    again = report(file, "--arch", "sm_80", "--dtype", "fp16", cache=cache)
    assert kernels(again) == [
        row for row in rows if row["arch"] == "sm_80" and row["dtypes"] == ["fp16"]
    ]
    for row in kernels(again):
        assert Path(row["cubin"]).stat().st_mtime_ns > before[Path(row["cubin"])]


def test_compiles_exactly_what_a_launch_does(
    reported: Reported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fovea_runtime.compile_target import use_architecture
    from fovea_runtime.kernel_file import find_kernel_files
    from triton.runtime.driver import driver

    file, _, done = reported
    monkeypatch.setenv("TRITON_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(driver, "_active", None)
    use_architecture("sm_90")
    launched: list[Any] = []
    run = triton.JITFunction.run

    def compile_only(self: Any, *arguments: Any, **options: Any) -> None:
        launched.append(run(self, *arguments, **{**options, "warmup": True}))

    monkeypatch.setattr(triton.JITFunction, "run", compile_only)
    (kernel,) = find_kernel_files([file])
    convolve, differentiate = kernel.load().__dict__["_IMPLEMENTATIONS"]["triton"]
    x = torch.empty(64, 48, 64, 64, dtype=torch.float16, device="meta")
    weight = torch.empty(48, 1, 1, dtype=torch.float16, device="meta")
    differentiate(x, weight, convolve(x, weight, None, False), None, (True, True))
    expected = {
        Path(path).parent.name
        for compiled in launched
        for name, path in compiled.metadata_group.items()
        if name.endswith(".cubin")
    }
    assert len(expected) == 2
    assert expected <= {Path(row["cubin"]).parent.name for row in kernels(done)}


def test_what_is_unfit_fails_and_is_named(tmp_path: Path) -> None:
    product = "tl.dot(x, weight"
    files = [
        write(tmp_path / "spilling.py", ('"num_warps": 4', '"num_warps": 1, "maxnreg": 40')),
        write(tmp_path / "greedy.py", ('"BLOCK": 64', '"BLOCK": 128')),
        write(tmp_path / "unsound.py", (product, "tl.dot(x[0], weight")),
        write(tmp_path / "raising.py", ("y = torch.empty_like(x)", "raise OSError('no disk')")),
        write(
            tmp_path / "idle.py",
            ("_product_kernel[(1,)](x, weight, y, BIAS=bias is not None, **_LAUNCH)", ""),
            ("_copy_kernel[(1,)](x, y, x.shape[2], **_LAUNCH)", ""),
        ),
        write(
            tmp_path / "tuned.py",
            ("_LAUNCH = ", "_TUNED = {('sm_86', 'float32', 64, 64, 33): {}}\n_LAUNCH = "),
            ("bias is not None", "torch.cuda.get_device_capability(x.device)[x.is_cuda]"),
            ("x.shape[2]", "x.shape[0]"),
        ),
    ]
    done = report(*files, "--arch", "sm_86", "--dtype", "fp32", cache=tmp_path / "cache")
    assert done.returncode == 1
    document = json.loads(done.stdout)
    for failure in document["failures"]:
        assert failure in done.stderr
    rows = document["kernels"]
    failures = "\n".join(document["failures"])
    spills = {row["kernel"]: row["spills"] for row in rows if row["module"] == "spilling"}
    assert spills["_product_kernel"] > 0
    assert spills["_copy_kernel"] == 0
    assert (
        f"spilling _product_kernel sm_86 fp32 spills {spills['_product_kernel']} bytes" in failures
    )
    assert re.search(r"greedy _product_kernel sm_86 .* shared memory, a block has 101376", failures)
    assert "unsound _product_kernel sm_86 fp32 does not compile: CompilationError" in failures
    assert {row["kernel"] for row in rows if row["module"] == "unsound"} == {"_copy_kernel"}
    assert "raising.py cannot be run: OSError: no disk" in failures
    assert "idle.py launches no Triton kernel" in failures
    assert "tuned" not in failures

    # Launching code that asks hears of a GPU of that architecture, and sees all tuned batches.
    tuned = [row for row in rows if row["module"] == "tuned"]
    assert [row["constants"].get("BIAS", row["kernel"]) for row in tuned] == [
        6,
        *["_copy_kernel"] * 3,
    ]
    assert [row["divisible_by_16"][2:] for row in tuned[1:]] == [["height"], [], []]
    assert tuned[3]["constants"]["height"] == 1


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--arch", "sm_80,sm_70"], "'sm_70' is unknown, wanted of sm_80, sm_86"),
        (["--arch", ""], "'' is unknown"),
        (["--dtype", "fp64"], "'fp64' is unknown, wanted of bf16, fp16, fp32"),
        ([], "missing.py is no kernel file"),
    ],
    ids=str,
)
def test_mistakes_of_the_user(words: list[str], named: str, tmp_path: Path) -> None:
    file = write(tmp_path / "tiny.py") if words else tmp_path / "missing.py"
    done = report(file, *words, cache=tmp_path / "cache")
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr.splitlines()[-1]
    assert not (tmp_path / "cache").exists()


def test_without_triton(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['triton'] = None; "
        "from fovea_runtime.compile_report import main; sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, write(tmp_path / "tiny.py")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "python")},
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("kernels cannot be compiled without triton >= 3.6")


def test_compiles_every_kernel_of_an_emitted_file(tmp_path: Path) -> None:
    path = kernel_path("peripheral_13")
    done = report(path, "--arch", "sm_90", "--dtype", "bf16", cache=tmp_path / "cache")
    assert done.returncode == 0, done.stderr
    decorated = r"@triton\.jit(?:\(.*\))?\n +def (\w+_kernel)\("
    jitted = re.findall(decorated, path.read_text(encoding="utf-8"))
    assert jitted
    assert {row["kernel"] for row in kernels(done)} == set(jitted)
