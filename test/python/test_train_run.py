"""A run from its directory to a completed end, and every other end."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch
from fovea_runtime.interrupt import Aborted, Interrupt
from fovea_runtime.train.checkpoint import load
from tiny_run import after_step, make_run, stop_after


def test_a_completed_run(tmp_path: Path) -> None:
    run = make_run(tmp_path, logEvery=5)
    assert run.train() == 0
    assert run.assert_ended("completed") is None
    start = run.events[0]
    assert (start["type"], start["step"], start["steps"], start["epochs"]) == (
        "run_start",
        0,
        12,
        2.4,
    )
    assert start["parameters"] == (16 * 8 + 8) + (25 * 8 + 8) + 2 * 8 + (8 * 10 + 10)
    assert start["device"] == "cpu"
    assert start["versions"]["torch"] == torch.__version__.partition("+")[0]
    assert [event["step"] for event in run.of("step")] == [5, 10]
    assert [event["step"] for event in run.of("eval")] == [4, 8, 12]
    lasts = [
        event["step"] for event in run.of("checkpoint") if event["path"] == "checkpoints/last.pt"
    ]
    assert lasts == [3, 6, 9, 12]
    assert run.load_last()["step"] == 12
    names = {path.name for path in (tmp_path / "checkpoints").iterdir()}
    assert names == {"last.pt", "best.pt", "step-000000009.pt"}


def test_step_events_say_what_was_done(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    run.train()
    steps = run.of("step")
    assert [event["step"] for event in steps] == list(range(1, 13))
    # 40 scenes in batches of 8: five steps an epoch.
    assert [event["epoch"] for event in steps] == [step / 5 for step in range(1, 13)]
    for event in steps:
        assert 0 < event["loss"] < 10
        assert event["grad_norm"] > 0
        assert event["images_per_second"] > 0
    assert steps[-1]["loss"] < steps[0]["loss"]


def test_metrics_are_percentages_of_the_held_out_scenes(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    run.train()
    last = run.of("eval")[-1]
    assert last["split"] == "test"
    metrics = last["metrics"]
    assert metrics.keys() == {"top1", "top5", "loss"}
    # 20 scenes: every share is a multiple of 5 percent.
    for name in ("top1", "top5"):
        assert 0 <= metrics[name] <= 100
        assert math.isclose(metrics[name] / 5, round(metrics[name] / 5), abs_tol=1e-4)
    assert metrics["top1"] <= metrics["top5"]


def test_the_metrics_are_those_of_the_averaged_weights(tmp_path: Path) -> None:
    from fovea_runtime.data.open import open_source
    from fovea_runtime.train.model import load_model

    run = make_run(tmp_path)
    run.train()
    experiment = json.loads((tmp_path / "run.json").read_text("utf-8"))["experiment"]
    images, labels = next(open_source(experiment).held_out(20))
    model = load_model(tmp_path / "package" / "tiny_network", experiment, 10).eval()
    model.load_state_dict(run.load_last()["ema"])
    with torch.no_grad():
        logits = model(images)
    metrics = run.of("eval")[-1]["metrics"]
    top1 = (logits.argmax(1) == labels).double().mean() * 100
    assert math.isclose(metrics["top1"], float(top1), rel_tol=1e-5)
    assert math.isclose(
        metrics["loss"], float(torch.nn.functional.cross_entropy(logits, labels)), rel_tol=1e-5
    )


def test_checkpoint_events_hold_the_hash_of_the_file(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    run.train()
    for name in ("last.pt", "best.pt"):
        event = [e for e in run.of("checkpoint") if e["path"] == f"checkpoints/{name}"][-1]
        data = (tmp_path / event["path"]).read_bytes()
        assert event["sha256"] == hashlib.sha256(data).hexdigest()
        assert torch.load(tmp_path / event["path"], weights_only=True)["step"] == event["step"]


def test_best_is_the_first_of_the_best_evaluations(tmp_path: Path) -> None:
    run = make_run(tmp_path, evalEvery=1)
    run.train()
    top1 = [event["metrics"]["top1"] for event in run.of("eval")]
    best = torch.load(tmp_path / "checkpoints" / "best.pt", weights_only=True)
    assert best["step"] == top1.index(max(top1)) + 1
    assert best["best"] == max(top1)


def test_the_checkpoint_holds_what_the_contract_says(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    run.train()
    state = run.load_last()
    assert {"model", "ema", "optimizer", "step", "sparsity"} <= state.keys()
    assert state["sparsity"] is None
    assert state["model"].keys() == state["ema"].keys()


def test_without_ema_there_is_none(tmp_path: Path) -> None:
    run = make_run(tmp_path, ema=False)
    assert run.train() == 0
    assert run.load_last()["ema"] is None


def test_every_large_kernel_says_what_it_runs(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    run.train()
    (event,) = run.of("kernel_methods")
    assert event["layers"] == [{"layer": "mixer", "method": "dense", "reason": "maps of 4x4"}]


def test_another_head_is_warned_about(tmp_path: Path) -> None:
    run = make_run(tmp_path, head=1000)
    run.train()
    (warning,) = run.of("warning")
    assert "1000" in warning["message"]
    assert "10" in warning["message"]
    assert run.load_last()["model"]["head.weight"].shape == (10, 8)


def test_augmentation_that_digits_do_not_take_is_warned_about(tmp_path: Path) -> None:
    run = make_run(tmp_path, augment={"flip": 0.5, "cropScale": 0.5})
    run.train()
    (warning,) = run.of("warning")
    assert "augment.flip, augment.cropScale" in warning["message"]


def test_without_steps_the_epochs_count(tmp_path: Path) -> None:
    # Nothing said of when: evaluation and checkpoint once an epoch of five steps.
    run = make_run(tmp_path, steps=None, epochs=2, evalEvery=None, checkpointEvery=None)
    run.train()
    assert run.events[0]["steps"] == 10
    assert run.events[0]["epochs"] == 2
    assert [event["step"] for event in run.of("eval")] == [5, 10]


def test_steps_win_over_epochs(tmp_path: Path) -> None:
    run = make_run(tmp_path, steps=3, epochs=100, warmupSteps=1)
    run.train()
    assert run.events[0]["steps"] == 3


def test_fewer_images_than_a_batch(tmp_path: Path) -> None:
    run = make_run(tmp_path, batch=64, data={"type": "digits", "train": 5, "test": 3}, steps=4)
    assert run.train() == 0
    assert [event["epoch"] for event in run.of("step")] == [1, 2, 3, 4]


def test_status_while_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    run = make_run(tmp_path)
    (tmp_path / "status.json").write_text(
        json.dumps({"status": "queued", "reason": None, "launcher": "local", "job": "12_3"}),
        "utf-8",
    )
    seen: list[dict[str, Any]] = []
    after_step(monkeypatch, 2, lambda: seen.append(run.status))
    run.train()
    (status,) = seen
    assert status["status"] == "running"
    assert status["pid"] == os.getpid()
    fields = Path("/proc/self/stat").read_text("utf-8").rpartition(")")[2].split()
    assert status["started"] == fields[22 - 3]
    assert run.status["job"] == "12_3"


def test_an_error_of_the_network_is_a_failure(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run = make_run(
        tmp_path, package="broken", forward="raise RuntimeError('first\\nno such layer')"
    )
    assert run.train() == 1
    assert run.assert_ended("failed") == "RuntimeError: no such layer (exit code 1)"
    assert "Traceback" in capfd.readouterr().err


def test_a_package_that_cannot_be_imported_is_a_failure(tmp_path: Path) -> None:
    run = make_run(tmp_path, package="unimportable", prelude="import no_such_module_at_all")
    assert run.train() == 1
    reason = run.assert_ended("failed")
    assert reason == "ModuleNotFoundError: No module named 'no_such_module_at_all' (exit code 1)"


@pytest.mark.parametrize(
    ("package", "error"),
    [
        ("gpu_memory", "torch.OutOfMemoryError('CUDA out of memory.')"),
        ("host_memory", "MemoryError()"),
        ("cpu_memory", 'RuntimeError("DefaultCPUAllocator: can\'t allocate memory")'),
    ],
)
def test_out_of_memory(tmp_path: Path, package: str, error: str) -> None:
    run = make_run(tmp_path, package=package, forward=f"raise {error}")
    assert run.train() == 1
    run.assert_ended("out_of_memory")


@pytest.mark.parametrize(("package", "value"), [("gets_nan", "nan"), ("gets_inf", "inf")])
def test_a_loss_that_is_not_finite_ends_the_run_at_once(
    tmp_path: Path, package: str, value: str
) -> None:
    # Training batches only: step 5 is the fifth, and evaluation after step 4 stays finite.
    forward = f"self.calls = getattr(self, 'calls', 0) + self.training; x = x * (float('{value}') if self.calls == 5 else 1)"
    run = make_run(tmp_path, package=package, forward=forward)
    assert run.train() == 1
    reason = run.assert_ended("diverged")
    assert reason is not None
    assert "step 5" in reason
    assert run.losses == {**{step: run.losses[step] for step in range(1, 5)}, 5: None}
    # The last good state is still there.
    state = load(run.last)
    assert state["step"] == 3
    assert all(value.isfinite().all() for value in state["model"].values())


def test_a_gradient_that_is_not_finite_ends_the_run_before_it_reaches_the_weights(
    tmp_path: Path,
) -> None:
    # The square root's slope at 0 is infinite; its value is not.
    run = make_run(
        tmp_path,
        package="steep",
        forward="x = x + (self.stem.weight.sum() * 0).sqrt() * 0 + (self.head.bias * 0).abs().sqrt().sum()",
    )
    assert run.train() == 1
    reason = run.assert_ended("diverged")
    assert reason is not None
    assert "gradient" in reason
    assert "step 1" in reason


def test_weights_that_are_not_finite_never_reach_a_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(tmp_path)
    from fovea_runtime.train.learner import Learner

    learners: list[Learner] = []
    is_finite = Learner.is_finite
    made = Learner.__init__

    def init(learner: Learner, *args: Any, **kwargs: Any) -> None:
        made(learner, *args, **kwargs)
        learners.append(learner)

    monkeypatch.setattr(Learner, "__init__", init)
    after_step(
        monkeypatch, 6, lambda: learners[0].model.get_parameter("head.bias").data.fill_(math.nan)
    )
    assert run.train() == 1
    reason = run.assert_ended("diverged")
    assert reason is not None
    assert "step 6" in reason
    assert load(run.last)["step"] == 3
    assert not is_finite(learners[0])


def test_a_signal_between_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = make_run(tmp_path)
    assert run.train(interrupt=stop_after(monkeypatch, 5)) == 130
    assert run.assert_ended("cancelled") == "SIGINT at step 5"
    assert run.load_last()["step"] == 5
    assert max(run.losses) == 5


def test_a_signal_before_the_first_step(tmp_path: Path) -> None:
    interrupt = Interrupt()
    interrupt.signal = "SIGTERM"
    run = make_run(tmp_path)
    assert run.train(interrupt=interrupt) == 130
    run.assert_ended("cancelled")
    assert run.load_last()["step"] == 0


def test_a_second_signal_stops_without_a_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def abort() -> None:
        raise Aborted("SIGINT")

    after_step(monkeypatch, 5, abort)
    run = make_run(tmp_path)
    assert run.train() == 130
    run.assert_ended("cancelled")
    assert run.load_last()["step"] == 3


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    run = make_run(tmp_path)
    monkeypatch.setattr("fovea_runtime.train.checkpoint_files.torch.save", full)
    assert run.train() == 1
    reason = run.assert_ended("failed")
    assert reason is not None
    assert "No space left on device" in reason
    assert list((tmp_path / "checkpoints").iterdir()) == []


@pytest.mark.parametrize("device", ["cuda:99", "tpu"])
def test_a_device_that_is_not_there_is_a_failure(tmp_path: Path, device: str) -> None:
    run = make_run(tmp_path)
    assert run.train(device=device) == 1
    reason = run.assert_ended("failed")
    assert reason is not None
    assert device in reason


def test_fp16_on_a_cpu_is_refused_before_training(tmp_path: Path) -> None:
    run = make_run(tmp_path, amp="fp16")
    assert run.train() == 1
    reason = run.assert_ended("failed")
    assert reason is not None
    assert "fp16" in reason
    assert run.of("step") == []


def test_bf16_trains_on_a_cpu(tmp_path: Path) -> None:
    run = make_run(tmp_path, amp="bf16")
    assert run.train() == 0
    whole = make_run(tmp_path / "whole")
    whole.train()
    assert run.losses != whole.losses
    assert math.isclose(run.losses[1], whole.losses[1], rel_tol=0.02)


def test_mixup_asks_for_an_even_batch(tmp_path: Path) -> None:
    run = make_run(tmp_path, batch=7, augment={"mixup": 0.8})
    assert run.train() == 1
    reason = run.assert_ended("failed")
    assert reason is not None
    assert "7" in reason


def test_a_directory_without_a_run_is_left_alone(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    from fovea_runtime.train.options import TrainOptions
    from fovea_runtime.train.run import run

    assert run(tmp_path, Interrupt(), TrainOptions()) == 1
    assert "run.json" in capfd.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_trained_run_is_not_begun_again(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run = make_run(tmp_path)
    run.train()
    before = run.events
    assert run.train() == 1
    assert "last.pt" in capfd.readouterr().err
    assert run.events == before
    run.assert_ended("completed")


def test_the_start_says_what_is_trained_on_and_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MKL_NUM_THREADS", "1")
    tiny = make_run(tmp_path, steps=4)
    assert tiny.train() == 0
    [start] = tiny.of("run_start")
    assert start["data"].keys() == {"train", "test"}
    assert all(len(digest) == 64 for digest in start["data"].values())
    host = start["host"]
    assert host["threads"] == str(torch.get_num_threads())
    assert host["cpu_capability"] == torch.backends.cpu.get_cpu_capability()
    assert host["processor"] != ""
    assert host["MKL_NUM_THREADS"] == "1"
    assert "gpus" not in host


def test_a_run_that_stops_after_a_step_is_on_the_schedule_of_the_whole(tmp_path: Path) -> None:
    whole, part = make_run(tmp_path / "whole"), make_run(tmp_path / "part")
    assert whole.train() == 0
    assert part.train(stop_after=5) == 0
    assert part.assert_ended("cancelled") == "stopped after step 5 of 12, as asked"
    assert part.losses == {step: whole.losses[step] for step in range(1, 6)}
    assert [each["lr"] for each in part.of("step")] == [each["lr"] for each in whole.of("step")][:5]
    # What is due is made, and nothing else but the checkpoint that it can go on from.
    assert [each["step"] for each in part.of("eval")] == [4]
    assert part.load_last()["step"] == 5
    assert part.train(resume=True) == 0
    assert part.losses == whole.losses


def test_stopping_after_the_last_step_is_completing(tmp_path: Path) -> None:
    tiny = make_run(tmp_path, steps=4)
    assert tiny.train(stop_after=7) == 0
    tiny.assert_ended("completed")
