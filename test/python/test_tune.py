"""The search for launches: scripted, on a stand-in kernel, and in Triton's interpreter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType, SimpleNamespace
from unittest import mock

import pytest
import torch
from emitted_kernels import PAIRS, PERIPHERAL_13, ROOT, kernel_path, load
from fovea_runtime.kernel_file import TargetError
from fovea_runtime.tune import __main__ as command
from fovea_runtime.tune.candidates import rounds, variants
from fovea_runtime.tune.device import Compiler
from fovea_runtime.tune.kernels import Results, Wanted, tune_kernels
from fovea_runtime.tune.search import BrokenDefaultError, Fault, Launches, search
from fovea_runtime.tune.watch import launches_of
from tuning import STAND_IN, ScriptedClock, ScriptedTrials, kernel_file

TOEPLITZ = {"BLOCK": 32, "num_warps": 4}
CHAINED = {"num_warps": 4, "num_stages": 2}
DEFAULTS: Launches = {"toeplitz": TOEPLITZ, "chained": CHAINED}


def no_fault(launches: Launches, name: str | None) -> Fault | None:
    del launches, name
    return None


def test_the_fastest_candidate_is_found_launch_by_launch() -> None:
    def times(launches: Launches) -> float:
        toeplitz, chained = launches["toeplitz"], launches["chained"]
        time = 10.0 - 2 * (toeplitz == {"BLOCK": 64, "num_warps": 2})
        # Shows only beside what was found before.
        time -= 3 * (toeplitz["BLOCK"] == 64 and chained["num_warps"] == 8)
        return time - (chained == {"num_warps": 8, "num_stages": 4})

    trials = ScriptedTrials(times, no_fault)
    found = search(DEFAULTS, trials)
    assert found.launches == {
        "toeplitz": {"BLOCK": 64, "num_warps": 2},
        "chained": {"num_warps": 8, "num_stages": 4},
    }
    assert found.tuned / found.default == pytest.approx(0.4)
    assert found.candidates == len(trials.asked) - 1
    assert not found.dropped
    assert DEFAULTS == {"toeplitz": TOEPLITZ, "chained": CHAINED}


@pytest.mark.parametrize(("gain", "changes"), [(0.0, False), (0.029, False), (0.03, True)])
def test_the_default_stays_unless_enough_is_gained(gain: float, changes: bool) -> None:
    better = {"num_warps": 8, "num_stages": 2}
    trials = ScriptedTrials(lambda each: 1 - gain * (each["chained"] == better), no_fault)
    found = search(DEFAULTS, trials)
    assert found.launches["chained"] == (better if changes else CHAINED)
    assert found.launches["toeplitz"] == TOEPLITZ


def test_of_equals_the_first_is_taken() -> None:
    trials = ScriptedTrials(lambda each: 1 - 0.5 * (each["toeplitz"] != TOEPLITZ), no_fault)
    assert search(DEFAULTS, trials).launches["toeplitz"] == {"BLOCK": 16, "num_warps": 2}


def test_what_is_won_step_by_step_must_show_as_a_whole() -> None:
    def times(launches: Launches) -> float:
        # Measured beside the defaults alone, nothing is gained.
        alone = trials.measured[-1][0] == DEFAULTS and len(trials.measured[-1]) == 2
        return 1.0 if alone else 1 - 0.5 * (launches["chained"]["num_warps"] == 8)

    trials = ScriptedTrials(times, no_fault)
    found = search(DEFAULTS, trials)
    assert (found.launches, found.tuned) == (DEFAULTS, found.default)


def test_what_fails_is_dropped_however_fast() -> None:
    known = {2: Fault("spills", "4 registers"), 8: Fault("wrong", "off by 1")}

    def faults(launches: Launches, name: str | None) -> Fault | None:
        return known.get(launches["chained"]["num_warps"]) if name == "chained" else None

    trials = ScriptedTrials(lambda each: 1 / each["chained"]["num_warps"], faults)
    found = search(DEFAULTS, trials)
    assert found.launches == DEFAULTS
    assert found.dropped == {"spills": 1, "wrong": 1}
    tried = [each["chained"]["num_warps"] for side in trials.measured for each in side]
    assert set(tried) == {4}


def test_a_default_that_is_wrong_is_an_error() -> None:
    trials = ScriptedTrials(lambda _: 1.0, lambda *_: Fault("wrong", "off by 1"))
    with pytest.raises(BrokenDefaultError, match="off by 1"):
        search(DEFAULTS, trials)
    assert trials.asked == [(None, DEFAULTS)]
    assert not trials.measured


def test_the_order_is_fixed() -> None:
    runs = [ScriptedTrials(lambda _: 1.0, no_fault) for _ in range(2)]
    for trials in runs:
        search(DEFAULTS, trials)
    first, second = runs
    assert (first.asked, first.measured) == (second.asked, second.measured)
    names = [name for name, _ in first.asked]
    assert names == [None, *sorted((name for name in names if name), reverse=True)]
    tiles = [each["toeplitz"] for name, each in first.asked if name == "toeplitz"]
    assert tiles[:3] == [{"BLOCK": 16, "num_warps": warps} for warps in (2, 4, 8)]
    assert TOEPLITZ not in tiles


def test_variants_have_the_constants_of_the_launch() -> None:
    launch = {"BLOCK": 64, "num_warps": 8, "num_stages": 2, "maxnreg": 248}
    tiles, pipeline = (list(variants(launch, axes)) for axes in rounds("general"))
    assert len(tiles) == 3 * 3 - 1
    assert len(pipeline) == 4 * 2 - 1
    for variant in tiles + pipeline:
        assert list(variant) == list(launch)
    # Of a launch that nobody knows, tiles stay.
    unknown = [v for axes in rounds("new") for v in variants({"BLOCK": 7, "num_warps": 4}, axes)]
    assert unknown == [{"BLOCK": 7, "num_warps": 2}, {"BLOCK": 7, "num_warps": 8}]


def tune_stand_in(
    folder: Path,
    times: Callable[[Launches], float],
    *,
    text: str = STAND_IN,
    dtype: str = "fp16",
    batch: int = 2,
    channels: Mapping[tuple[str, tuple[int, int]], int] | None = None,
    compiler: Compiler = launches_of,
) -> tuple[Results, ModuleType]:
    path = folder / "stand_in.py"
    path.write_text(text, encoding="utf-8")
    file, module = kernel_file(path)
    clock = ScriptedClock(module, times, int(dtype == "fp32"))
    wanted = Wanted("sm_90", (dtype,), (batch,), channels or {}, clock, compiler, "cpu")
    return tune_kernels([file], wanted), module()


def smaller_is_faster(launches: Launches) -> float:
    return launches["general"]["BLOCK"]


def test_a_table_holds_what_is_fastest_and_right(tmp_path: Path) -> None:
    def times(launches: Launches) -> float:
        general, gradient = launches["general"], launches["weight_gradient"]
        # What is dropped would be faster still.
        return general["BLOCK"] / 64 + general["num_warps"] / 8 + gradient["BLOCK"] / 512

    channels = {("stand_in", (6, 6)): 3}
    results, module = tune_stand_in(tmp_path, times, channels=channels)
    assert results.failures == []
    launches = {
        "general": {"BLOCK": 16, "num_warps": 4, "num_stages": 2},
        "weight_gradient": {"BLOCK": 32, "num_warps": 2},
    }
    shared = {"arch": "sm_90", "dtype": "float16", "rows": [1, 2], "columns": [1, 1, 1]}
    assert results.entries == [
        {**shared, "map": size, "batch": 2, "launches": launches} for size in ([5, 4], [6, 6])
    ]
    assert [(each["map"], each["channels"]) for each in results.cases] == [
        ([5, 4], 64),
        ([6, 6], 3),
    ]
    for case in results.cases:
        # 2 and 8 warps of the one, tiles of 16 of the other.
        assert case["dropped"] == {"compile": 3, "resources": 3, "wrong": 3}
        assert case["tuned"] < case["default"]
    assert module._LAUNCHES["general"][0] == {"BLOCK": 64, "num_warps": 4, "num_stages": 2}


def test_float32_has_launches_of_its_own(tmp_path: Path) -> None:
    results, module = tune_stand_in(tmp_path, smaller_is_faster, dtype="fp32")
    assert results.entries[0]["dtype"] == "float32"
    assert results.entries[0]["launches"] == {
        "general": {"BLOCK": 16, "num_warps": 4},
        "weight_gradient": {"BLOCK": 32, "num_warps": 4},
    }
    assert module._LAUNCHES["general"][1] == {"BLOCK": 32, "num_warps": 4}


def test_what_spills_is_dropped(tmp_path: Path) -> None:
    def compiler(kernel: ModuleType, call: Callable[[], object]) -> dict[str, int]:
        block = kernel._LAUNCHES["general"][0]["BLOCK"]
        return {**launches_of(kernel, call), "general": int(block == 16)}

    results, _ = tune_stand_in(tmp_path, smaller_is_faster, compiler=compiler, batch=1)
    assert results.entries[0]["launches"]["general"]["BLOCK"] == 32
    assert results.cases[0]["dropped"]["spills"] == 1


def test_a_candidate_that_writes_nothing_is_wrong(tmp_path: Path) -> None:
    text = STAND_IN.replace("UNWRITTEN = False", "UNWRITTEN = True")
    results, _ = tune_stand_in(tmp_path, smaller_is_faster, text=text)
    assert results.entries[0]["launches"]["general"]["BLOCK"] == 32


def test_a_kernel_that_is_wrong_by_itself_gets_no_entry(tmp_path: Path) -> None:
    text = STAND_IN.replace('"BLOCK": 64, "num_warps": 8', '"BLOCK": 16, "num_warps": 8')
    results, _ = tune_stand_in(tmp_path, smaller_is_faster, text=text)
    assert results.entries == []
    assert len(results.failures) == 2
    told = "stand_in float16 5x4 batch 2: forward_backward: weight_gradient is off by"
    assert results.failures[0].startswith(told)


def test_a_file_that_does_not_load_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "broken.py"
    path.write_text("raise RuntimeError('no')", encoding="utf-8")
    file, module = kernel_file(path)
    clock = ScriptedClock(module, smaller_is_faster, 0)
    results = tune_kernels([file], Wanted("sm_90", ("fp16",), (2,), {}, clock, launches_of))
    assert results.failures == [f"{path} cannot be run: RuntimeError: no"]


def test_a_kernel_without_planned_maps_is_the_users_mistake(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="nothing to tune"):
        text = STAND_IN.replace("((5, 4), (6, 6))", "()")
        tune_stand_in(tmp_path, smaller_is_faster, text=text)


def test_launches_and_their_spills_are_seen() -> None:
    jit = pytest.importorskip("triton.runtime.jit")
    kernel = ModuleType("kernel")
    kernel._launch = lambda x, name: {}  # pyright: ignore[reportAttributeAccessIssue]

    def run(self: object, *_: object, spills: int) -> SimpleNamespace:
        del self
        return SimpleNamespace(n_spills=spills)

    def call() -> None:
        for name, spills in (("toeplitz", 0), ("chained", 4), ("toeplitz", 2), ("chained", 0)):
            kernel._launch(None, name)
            jit.JITFunction.run(None, spills=spills)

    with mock.patch.object(jit.JITFunction, "run", run):
        assert launches_of(kernel, call) == {"toeplitz": 2, "chained": 4}
        assert jit.JITFunction.run is run
    assert kernel._launch(None, "x") == {}


def test_a_real_kernel_in_the_interpreter() -> None:
    # Named, because PYTHONSAFEPATH keeps a script's own folder off the path.
    here = Path(__file__).parent
    path = os.pathsep.join(filter(None, [str(here), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, here / "tune_interpreted.py"],
        env={**os.environ, "PYTHONPATH": path},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["failures"] == []
    (entry,) = answer["entries"]
    assert {k: entry[k] for k in ("dtype", "map", "batch")} == {
        "dtype": "float16",
        "map": [5, 9],
        "batch": 2,
    }
    assert (entry["rows"], entry["columns"]) == tuple(map(list, PAIRS["asymmetric"]))
    gemm, gradient = entry["launches"]
    assert gemm == "gemm"
    assert "weight_gradient" in gradient
    assert entry["launches"]["gemm"]["BLOCK_N"] == 16
    # A tile that is no power of two does not compile.
    assert answer["cases"][0]["dropped"] == {"compile": 1}


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_without_a_device_nothing_is_simulated(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([str(kernel_path("dense_7"))]) == 2
    seen = capsys.readouterr()
    assert seen.out == ""
    assert "CUDA device" in seen.err


@pytest.mark.parametrize(
    "words",
    [["--dtype", "fp64"], ["--batch", "3"], ["--channels", "a=1,2"], ["--channels", "1,2,3"]],
)
def test_wrong_words_are_the_users_mistake(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(["x.py", *words])
    assert ended.value.code == 2


class OnDevice:
    """As much of a tensor on a GPU as `_launch` looks at."""

    is_cuda = True
    device = "cuda"

    def __init__(self, shape: tuple[int, ...], dtype: torch.dtype) -> None:
        self.shape, self.dtype = shape, dtype


def test_an_emitted_file_launches_what_was_tuned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gemm = {"BLOCK_N": 16, "BLOCK_K": 32, "BLOCK_Q": 128, "num_warps": 2, "num_stages": 3}
    launch = {**gemm, "maxnreg": 128}
    entry = {
        "arch": "sm_90",
        "dtype": "bfloat16",
        "map": [8, 11],
        "rows": PERIPHERAL_13,
        "columns": PERIPHERAL_13,
        "batch": 64,
        "launches": {"gemm": launch},
    }
    wanted = {
        "rows": PERIPHERAL_13,
        "columns": PERIPHERAL_13,
        "maps": [[8, 11], [20, 15]],
        "tuned": [entry, {**entry, "rows": [1], "columns": [1]}, {**entry, "map": [9, 9]}],
    }
    script = [ROOT / "node_modules/.bin/jiti", "test/support/emit-kernels.ts", tmp_path]
    subprocess.run([*script, json.dumps({"tuned": wanted})], cwd=ROOT, check=True)
    path = tmp_path / "tuned.py"
    module = load(path, "emitted_tuned")
    assert len(module._TUNED) == 1
    for rule in (["check", "--isolated"], ["format", "--check", "--isolated"]):
        subprocess.run([sys.executable, "-m", "ruff", *rule, path], check=True, cwd=tmp_path)

    def launched(
        name: str = "gemm",
        *,
        batch: int = 64,
        size: tuple[int, int] = (8, 11),
        dtype: torch.dtype = torch.bfloat16,
        capability: tuple[int, int] = (9, 0),
    ) -> dict[str, int]:
        monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: capability)
        constants = module._launch(OnDevice((batch, 3, *size), dtype), name)
        assert constants.pop("enable_fp_fusion") is True
        return constants

    default = module._LAUNCHES["gemm"]
    assert launch not in default
    assert launched() == launched(batch=33) == launch
    assert launched(batch=32) == launched(batch=65) == default[0]
    assert launched(dtype=torch.float16) == default[0]
    assert launched(dtype=torch.float32) == default[1]
    assert launched(size=(11, 8)) == launched(size=(9, 9)) == default[0]
    assert launched(capability=(8, 0)) == launched(capability=(10, 0)) == default[0]
    assert launched("weight_gradient") == module._LAUNCHES["weight_gradient"][0]
    # What is handed out can be added to.
    module._launch(OnDevice((64, 3, 8, 11), torch.bfloat16), "gemm").clear()
    monkeypatch.setattr(OnDevice, "is_cuda", False)
    assert launched() == default[0]
    monkeypatch.undo()
