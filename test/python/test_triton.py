"""The Triton kernels: in the interpreter against float64, and compiled without a GPU."""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from emitted_kernels import kernel

triton = pytest.importorskip("triton")

LIMITS = {"float16": 2e-3, "float32": 1e-5}
CASES = (
    # Two tiles along each axis, more than one image and channel, on and off the tile's size.
    ("asymmetric", (1, 1, 35, 33), "float32", 0.0),
    ("asymmetric", (2, 2, 32, 3), "float16", 1.0),
    ("asymmetric", (3, 2, 5, 9), "float32", 1.0),
    ("asymmetric", (1, 3, 1, 1), "float32", 0.0),
    # Maps smaller than the kernel, and maps that every cell reaches.
    ("peripheral_51", (1, 1, 7, 6), "float32", 0.0),
    ("peripheral_51", (1, 1, 34, 5), "float32", 1.0),
    ("peripheral_13", (1, 2, 8, 11), "float16", 0.0),
    ("tall_stripe", (1, 1, 9, 4), "float32", 0.0),
    ("dense_7", (2, 1, 6, 34), "float32", 0.0),
    ("one_row_cell", (2, 2, 4, 3), "float32", 1.0),
    ("one_tap", (1, 2, 3, 4), "float32", 0.0),
    *((f"random_{i}", (1, 2, 6, 7), "float32", 0.0) for i in range(6)),
)


@functools.cache
def interpreted() -> dict[str, Any]:
    # Named, because PYTHONSAFEPATH keeps a script's own folder off the path.
    here = Path(__file__).parent
    path = os.pathsep.join(filter(None, [str(here), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, here / "triton_cases.py"],
        env={**os.environ, "PYTHONPATH": path},
        input=json.dumps(CASES),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_interpreted_kernels_stay_within_the_limits(case: tuple[Any, ...]) -> None:
    answer = interpreted()["cases"][CASES.index(case)]
    assert answer["error"] <= LIMITS[case[2]]
    assert answer["dtypes"] == [f"torch.{case[2]}"] * 3


def test_interpreted_second_derivatives() -> None:
    assert interpreted()["second"] < 1e-5


def test_dtypes_that_the_kernels_do_not_take_are_refused_by_name() -> None:
    assert re.search("triton.*bfloat16.*TRITON_INTERPRET", interpreted()["bfloat16"])
    assert re.search("triton.*float64", interpreted()["float64"])


def resource_usage(name: str, kernel_name: str, arch: int, dtype: str, folder: Path) -> str:
    """What cuobjdump says of a kernel compiled ahead of time."""
    from triton.backends.compiler import GPUTarget
    from triton.compiler import ASTSource

    function = getattr(kernel(name), kernel_name)
    types = {
        "partial_pointer": "*fp32",
        **dict.fromkeys(("SIGN", "BLOCK"), "constexpr"),
        **dict.fromkeys(
            ("x_pointer", "weight_pointer", "y_pointer", "gradient_pointer"), f"*{dtype}"
        ),
    }
    signature = {argument: types.get(argument, "i32") for argument in function.arg_names}
    constants = {"SIGN": -1, "BLOCK": 32}
    source = ASTSource(
        function,
        signature=signature,
        constexprs={
            (i,): constants[argument]
            for i, argument in enumerate(function.arg_names)
            if argument in constants
        },
    )
    compiled = triton.compile(
        source,
        target=GPUTarget("cuda", arch, 32),
        options={"num_warps": 4, "enable_fp_fusion": True},
    )
    cubin = folder / "kernel.cubin"
    cubin.write_bytes(compiled.asm["cubin"])
    tool = Path(triton.__file__).parent / "backends/nvidia/bin/cuobjdump"
    done = subprocess.run(
        [tool, "--dump-resource-usage", cubin], capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.parametrize("arch", [80, 90, 100])
@pytest.mark.parametrize("dtype", ["fp16", "fp32"])
@pytest.mark.parametrize("kernel_name", ["_convolve_kernel", "_weight_gradient_kernel"])
def test_compiles_ahead_of_time(
    kernel_name: str, dtype: str, arch: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRITON_CACHE_DIR", str(tmp_path / "cache"))
    usage = resource_usage("peripheral_51", kernel_name, arch, dtype, tmp_path)
    assert kernel_name in usage
    found = {name: int(size) for name, size in re.findall(r"(REG|STACK|LOCAL):(\d+)", usage)}
    assert found["REG"] <= 128
    # ptxas keeps two registers of one kernel on the stack for sm_80.
    assert found["STACK"] + found["LOCAL"] <= (16 if arch == 80 else 0)
