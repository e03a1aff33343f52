"""What a run says that diverged, ran out of memory or met a full disk."""

from __future__ import annotations

import json
import math
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from fovea_runtime.data.cut import Cut
from fovea_runtime.train.guards.activations import activations_of
from fovea_runtime.train.guards.history import History
from fovea_runtime.train.guards.smaller_pieces import smaller_pieces
from fovea_runtime.train.learner import Learner
from fovea_runtime.train.step_result import StepResult
from tiny_run import AUGMENT, RECIPE, ROOT, TinyRun, make_run
from torch import nn
from waiting import PATIENCE

MIXING = {"mixup": 0.8, "cutmix": 1.0}
# From the fifth batch of training on, evaluation left out.
FIFTH = "self.calls = getattr(self, 'calls', 0) + self.training; bad = self.calls >= 5\n        "


def diverged(run: TinyRun) -> dict[str, Any]:
    """Trains a run that diverges; its record."""
    assert run.train() == 1
    reason = run.assert_ended("diverged") or ""
    record = json.loads((run.path / "diverged.json").read_text("utf-8"))
    assert record["error"] in reason
    assert record["found"]["words"] in reason
    assert "\n" not in reason
    assert f"at step {record['step']}" in reason
    return record


def test_the_first_layer_that_is_not_finite_is_named(tmp_path: Path) -> None:
    # 8 of 32 channels of 4 images overflow in `norm`, which follows `mixer`.
    prelude = """
class Over(nn.BatchNorm2d):
    def forward(self, x):
        self.calls = getattr(self, "calls", 0) + self.training
        x = super().forward(x)
        return x * torch.where(torch.arange(8) < 2, 3e38, 1e10)[:, None, None] if self.calls >= 5 else x
nn.BatchNorm2d = Over
"""
    run = make_run(tmp_path, package="overflows", prelude=prelude, lr=1e-5, augment=MIXING)
    try:
        found = diverged(run)
    finally:
        nn.BatchNorm2d = torch.nn.modules.batchnorm.BatchNorm2d
    assert found["step"] == 5
    assert found["found"]["kind"] == "activation"
    assert found["found"]["layer"] == "norm"
    assert found["found"]["dtype"] == "float32"
    assert found["found"]["shape"] == [8, 8, 4, 4]
    # Normal values over 1.13 overflow, in two of eight channels: 2/8 · P(|z| > 1.134) = 6.4%.
    assert 0.03 < found["found"]["share"] < 0.1
    assert 1e38 < found["found"]["largest"] < 3.5e38
    assert 0 < found["found"]["largest_input"] < 100
    summary = found["summary"]["loss"]
    losses = {step: loss for step, loss in run.losses.items() if step < 5}
    assert summary["first"] == losses[1]
    assert (summary["lowest"], summary["lowest_step"]) == min((v, k) for k, v in losses.items())
    assert (summary["highest"], summary["highest_step"]) == max((v, k) for k, v in losses.items())
    assert summary["last"] is None
    assert [each["step"] for each in found["steps"]] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("package", "forward", "kind", "words"),
    [
        # Between the layers: the module whose code it is, and where it was seen.
        ("between", "x = x / 0 if bad else x", "activation", "the network (Net) is the first"),
        (
            "weighted",
            "self.head.bias.data[0] = float('nan') if bad else 0",
            "parameter",
            "the parameter head.bias is not finite: 10% of its float32 values",
        ),
        (
            "steep",
            "x = x + (self.mixer.weight[0, 0, 0, 0] * 0).abs().sqrt() if bad else x",
            "gradient",
            "mixer.weight is the first parameter whose gradient is not",
        ),
        (
            "once",
            "x = x / 0 if self.calls == 5 and self.training else x",
            "unknown",
            "does not repeat",
        ),
    ],
)
def test_where_it_began(tmp_path: Path, package: str, forward: str, kind: str, words: str) -> None:
    run = make_run(tmp_path, package=f"begins_{package}", forward=FIFTH + forward)
    found = diverged(run)
    assert found["step"] == 5
    assert found["found"]["kind"] == kind
    assert words in found["found"]["words"]


def test_images_that_are_not_finite_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fovea_runtime.data.digits import source

    batches = source.DigitsSource.batches

    def broken(*arguments: Any) -> Iterator[Any]:
        for number, (images, labels) in enumerate(batches(*arguments)):
            if number == 2:
                images[3, 0, 5, 5] = math.inf
            yield images, labels

    monkeypatch.setattr(source.DigitsSource, "batches", broken)
    found = diverged(make_run(tmp_path))["found"]
    assert (found["kind"], found["images"]) == ("images", 1)
    assert found["share"] == 1 / (8 * 16 * 16)


def test_a_later_start_forgets_where_an_earlier_one_diverged(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    (tmp_path / "diverged.json").write_text("{}", "utf-8")
    assert run.train() == 0
    assert not (tmp_path / "diverged.json").exists()


def test_the_last_fifty_steps_are_kept() -> None:
    history = History()
    assert history.words() is None
    for step in range(1, 101):
        history.add(step, StepResult(loss=abs(step - 70), grad_norm=math.inf, lr=step / 1000))
    record = history.record()
    assert [each["step"] for each in record["steps"]] == list(range(51, 101))
    assert record["summary"]["loss"] == {
        "first": 19,
        "lowest": 0,
        "lowest_step": 70,
        "highest": 30,
        "highest_step": 100,
        "last": 30,
    }
    assert record["summary"]["grad_norm"]["lowest"] is None
    words = history.words() or ""
    assert words.startswith(
        "steps 51 to 100: the loss 19 to 30 (lowest 0 at 70, highest 30 at 100)"
    )


class Small(nn.Module):
    """A convolution, BatchNorm, dropout and a classifier."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.norm = nn.BatchNorm2d(4)
        self.drop = nn.Dropout(0.5)
        self.head = nn.Linear(4 * 4 * 4, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.drop(torch.relu(self.norm(self.conv(x))))
        return self.head(x.flatten(1))


def learner(**recipe: Any) -> Learner:
    torch.manual_seed(0)
    settings = {**RECIPE, "augment": {**AUGMENT, **MIXING}, "accumulate": 2, **recipe}
    return Learner(
        Small(),
        settings,
        torch.device("cpu"),
        steps=20,
        per_epoch=10,
        cut=Cut(8, settings["accumulate"]),
        classes=10,
        seed=0,
    )


@pytest.mark.parametrize("amp", [False, "bf16"])
def test_a_step_repeated_is_the_step_and_leaves_nothing_behind(amp: Any) -> None:
    trained = learner(amp=amp)
    torch.manual_seed(1)
    pieces = [(torch.randn(4, 1, 6, 6), torch.randint(10, (4,))) for _ in range(2)]
    before = {name: value.clone() for name, value in trained.model.state_dict().items()}
    first = trained.repeat(pieces, 7)
    for name, value in trained.model.state_dict().items():
        assert torch.equal(value, before[name]), name
    # The very pieces, after the step mixed them.
    result = trained.step(pieces, 7)
    assert result.loss == pytest.approx(sum(first) / 2, rel=1e-6)
    trained.model.load_state_dict(before)
    assert trained.repeat(pieces, 7) == first
    assert trained.repeat(pieces, 8) != first


def test_what_the_backward_pass_keeps_is_what_a_real_forward_pass_keeps() -> None:
    trained = learner(accumulate=1)
    kept: dict[int, torch.Tensor] = {}
    weights = {p.data_ptr() for p in trained.model.state_dict().values()}

    def save(tensor: torch.Tensor) -> torch.Tensor:
        if tensor.data_ptr() not in weights:
            kept[tensor.untyped_storage().data_ptr()] = tensor
        return tensor

    images = torch.randn(8, 1, 6, 6)
    before = trained.model.state_dict()["norm.running_mean"].clone()
    with torch.autograd.graph.saved_tensors_hooks(save, lambda tensor: tensor):
        trained.forward(trained.model.train(), images)
    trained.model.state_dict()["norm.running_mean"].copy_(before)
    found = activations_of(trained, (8, 1, 6, 6))
    assert found.bytes == sum(each.untyped_storage().nbytes() for each in kept.values())
    # 8 images, 4 channels of 4×4, four bytes each.
    assert {each.bytes for each in found.largest} == {8 * 4 * 16 * 4}
    assert found.largest[0].layer == "conv"
    assert found.largest[0].shape == (8, 4, 4, 4)
    assert torch.equal(trained.model.state_dict()["norm.running_mean"], before)


def test_an_emitted_network_is_counted_without_its_memory(packages: Any) -> None:
    # 4096 images of pelk_tiny keep hundreds of GiB: more than any machine has.
    torch.manual_seed(0)
    trained = Learner(
        packages["pelk_tiny"].load().create_model(),
        {**RECIPE, "ema": False, "warmupSteps": None},
        torch.device("cpu"),
        steps=1,
        per_epoch=1,
        cut=Cut(4096),
        classes=1000,
        seed=0,
    )
    found = activations_of(trained, (4096, 3, 224, 224))
    assert found.bytes > 2**39
    # A stage of 124 channels (96 · 1.3), four times as many in the block's MLP, maps of 56×56.
    assert found.largest[0].bytes == 4096 * 56 * 56 * 4 * 124 * 4
    assert found.largest[0].layer.startswith("stages.0.")


@pytest.mark.parametrize(
    ("cut", "mixes", "accumulate"),
    [
        (Cut(8), False, 2),
        (Cut(12, 2), False, 3),
        (Cut(12, 4), False, 6),
        (Cut(12, 3), True, 6),
        (Cut(24, 3, 2), False, 4),
        (Cut(6, 3), True, None),
        (Cut(7), False, 7),
        (Cut(4, 4), False, None),
    ],
)
def test_the_next_smaller_pieces(cut: Cut, mixes: bool, accumulate: int | None) -> None:
    recipe = {"augment": {"mixup": 0.8 if mixes else 0, "cutmix": 0}}
    found = smaller_pieces(recipe, cut)
    assert (found and found.accumulate) == accumulate
    if found is not None:
        assert (found.batch, found.processes) == (cut.batch, cut.processes)


def test_out_of_memory_says_what_was_large_and_what_takes_less(tmp_path: Path) -> None:
    # Only tensors that have a content do not fit.
    forward = (
        "self.calls = getattr(self, 'calls', 0) + 1\n        "
        "if self.calls == 3: raise torch.OutOfMemoryError('CUDA out of memory. Tried all.')"
    )
    run = make_run(tmp_path, package="too_large", forward=forward, accumulate=2)
    assert run.train() == 1
    reason = run.assert_ended("out_of_memory") or ""
    assert reason.startswith(
        "OutOfMemoryError: CUDA out of memory. Tried all. (in 'step' of step 2); peak: "
    )
    assert " resident; a forward pass of 4 images 1x16x16 keeps " in reason
    # 4 images, 8 channels of 4×4, float32: 2 KiB.
    assert " 4x8x4x4 2 KiB" in reason
    assert "--set recipe.accumulate=4 (the same 8 images a step, 2 at a time)" in reason
    assert "--set recipe.amp=bf16" in reason
    # This network cannot, and it is not told to.
    assert "checkpointActivations" not in reason


def test_out_of_memory_under_a_real_limit(tmp_path: Path) -> None:
    # 256 MiB beside what is there; the step wants 8 · 8 · 1600² floats, 655 MB.
    prelude = """
import resource
def limit():
    pages = int(open("/proc/self/statm").read().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + 2**28,) * 2)
"""
    forward = "limit() if not hasattr(self, 'done') else None; self.done = True; x = nn.functional.interpolate(x, scale_factor=400)"
    run = make_run(tmp_path, package="limited", prelude=prelude, forward=forward)
    assert start(run) == 1
    reason = run.assert_ended("out_of_memory") or ""
    assert "under a limit of " in reason
    assert "a forward pass of 8 images 1x16x16 keeps " in reason, reason
    assert "stem 8x8x1600x1600 625 MiB" in reason, reason
    assert "--set recipe.accumulate=2" in reason


def start(run: TinyRun, *words: str) -> int:
    """Trains in a process of its own."""
    command = [*words, sys.executable, "-m", "fovea_runtime.train", "--run", str(run.path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python"), "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, env=environment, check=False, timeout=PATIENCE).returncode


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KiB, where the tests may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode != 0:
        pytest.skip("no tmpfs can be mounted here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_disk_that_fills_up(small_disk: Path, tmp_path: Path) -> None:
    # The network, one checkpoint of 20 KiB and its successor fit, older ones do not.
    run = make_run(small_disk, steps=500, checkpointEvery=2, evalEvery=500)
    assert run.train(keep=100) == 1
    reason = run.assert_ended("failed") or ""
    assert "[Errno 28] No space left on device" in reason
    assert f"'{small_disk}/" in reason
    assert ".tmp" not in reason
    assert "--resume" in reason
    assert "--keep 0" in reason
    assert not list(small_disk.rglob("*.tmp"))
    assert run.load_last()["step"] == run.of("checkpoint")[-1]["step"]
    # With some space it goes on where it stopped.
    for path in (small_disk / "checkpoints").glob("step-*.pt"):
        path.unlink()
    subprocess.run(["mount", "-o", "remount,size=4m", str(small_disk)], check=True)
    whole = make_run(tmp_path / "whole", steps=500, checkpointEvery=2, evalEvery=500)
    assert whole.train(keep=0) == 0
    assert run.train(resume=True, keep=0) == 0
    assert run.losses == whole.losses


@pytest.fixture
def small_files() -> Iterator[None]:
    """No file of this process grows over 12 KiB."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (12 * 1024, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_events_that_cannot_be_written(tmp_path: Path, small_files: None) -> None:
    run = make_run(tmp_path, steps=500, checkpointEvery=500, evalEvery=500)
    assert run.train() == 1
    status, reason = run.status["status"], run.status["reason"]
    assert status == "failed"
    assert reason.startswith("OSError: [Errno 27] File too large: ")
    assert f"'{tmp_path}/events.jsonl'" in reason
    assert "ulimit -f" in reason
    # All lines are whole.
    assert len(run.of("step")) > 20
    assert {path.name for path in tmp_path.iterdir()} == {
        "run.json",
        "package",
        "events.jsonl",
        "status.json",
    }


def test_a_status_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("fovea_runtime.status._write_text", full)
    run = make_run(tmp_path)
    assert run.train() == 1
    (end,) = run.events
    assert end["status"] == "failed"
    assert f"No space left on device: '{tmp_path}/status.json'" in end["reason"]
    assert "the end of the run is not recorded" in capfd.readouterr().err
    assert {path.name for path in tmp_path.iterdir()} == {"run.json", "package", "events.jsonl"}
