"""A whole run with dynamic sparsity: events, checkpoints, resume, two processes of a batch."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch
from fovea_runtime.data.cut import Cut
from fovea_runtime.train.learner import Learner
from rank_processes import train_ranks
from tiny_run import RECIPE, TinyRun, after_step, make_run, same, stop_after
from torch import nn
from torch.nn import functional

SPARSITY = {
    "amount": 0.4,
    "init": "snip",
    "every": 4,
    "prune": 0.3,
    "grow": "gradient",
    "on": "shared",
}
WEIGHTS = {"stem.weight": 128, "mixer.weight": 200, "head.weight": 80}
MIXING = {"mixup": 0.8, "cutmix": 1.0}


def make(path: Path, **changes: Any) -> TinyRun:
    options = {"augment": MIXING, "accumulate": 2, **changes}
    return make_run(path, sparsity={**SPARSITY, **options.pop("sparsity", {})}, **options)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> TinyRun:
    """The run that was never stopped."""
    run = make(tmp_path_factory.mktemp("whole"))
    assert run.train() == 0
    return run


def test_each_update_is_an_event(whole: TinyRun) -> None:
    events = whole.of("sparsity")
    assert [event["step"] for event in events] == [4, 8, 12]
    masks = whole.load_last()["sparsity"]["masks"]
    kept = {name: int(mask.sum()) for name, mask in masks.items()}
    dense = sum(size for name, size in WEIGHTS.items() if name not in masks)
    for event in events:
        assert event["layers"] == kept
        assert event["density"] == (dense + sum(kept.values())) / 408
        assert event["density"] == pytest.approx(0.6, abs=0.01)
    # p is 0.23 after step 4 of 12 and 0.08 after step 8; half a percent of these layers is none.
    assert [event["churn"] for event in events] == pytest.approx([0.227, 0.079, 0], abs=0.01)
    explored = [event["explored"] for event in events]
    assert explored == sorted(explored)
    assert events[0]["density"] < explored[0] < explored[1]


def test_the_checkpoint_holds_masks_and_exact_zeros(whole: TinyRun) -> None:
    state = whole.load_last()
    masks = state["sparsity"]["masks"]
    assert 0 < len(masks) <= 3
    for name, mask in masks.items():
        assert mask.dtype == torch.bool
        for weights in (state["model"], state["ema"]):
            assert mask.shape == weights[name].shape
            assert not weights[name][~mask].any()
        assert (state["ema"][name][mask] != 0).double().mean() > 0.9


def test_a_layer_is_asked_once_though_the_batch_is_scored_and_cut(whole: TinyRun) -> None:
    (event,) = whole.of("kernel_methods")
    assert [said["layer"] for said in event["layers"]] == ["mixer"]


@pytest.mark.parametrize("stop", [1, 4, 5, 8])
def test_cancelled_and_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: TinyRun, stop: int
) -> None:
    run = make(tmp_path)
    with monkeypatch.context() as patch:
        assert run.train(interrupt=stop_after(patch, stop)) == 130
    assert run.train(resume=True) == 0
    assert run.losses == whole.losses
    assert [event["step"] for event in run.of("sparsity")] == [4, 8, 12]
    left, right = run.load_last(), whole.load_last()
    for key in right:
        assert same(left[key], right[key]), key


def test_killed_between_an_update_and_its_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: TinyRun
) -> None:
    """The update after step 8 is made again after that of step 6 was loaded."""

    class Killed(BaseException):
        pass

    def die() -> None:
        raise Killed

    run = make(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("fovea_runtime.train.guards.finale.Finale.write", lambda *_: None)
        after_step(patch, 9, die)
        run.train()
    assert run.train(resume=True) == 0
    assert [event["step"] for event in run.of("sparsity")] == [4, 8, 8, 12]
    assert run.losses == whole.losses
    assert same(run.load_last(), whole.load_last())


def test_snip_scores_the_dense_network_on_the_first_batch(monkeypatch, tmp_path: Path) -> None:
    """Against |w · gradient| of the whole batch at once; statistics and weights are as before."""
    seen: dict[str, Any] = {}
    made = Learner.begin

    def begin(learner: Learner, pieces: Any) -> None:
        if not learner.sparsity.waits:
            return
        model = learner.model.train()
        before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
        images, labels = (torch.cat(parts) for parts in zip(*pieces, strict=True))
        loss = functional.cross_entropy(model(images), labels, label_smoothing=0.1)
        loss.backward()
        seen["scores"] = {
            name: (weight * weight.grad).abs()
            for name, weight in model.named_parameters()
            if name in WEIGHTS
        }
        model.load_state_dict(before)
        made(learner, pieces)
        masks = learner.sparsity.state()["masks"]  # pyright: ignore[reportOptionalSubscript]
        seen["kept"] = {name: int(mask.sum()) for name, mask in masks.items()}
        for name, tensor in learner.model.state_dict().items():
            wanted = before[name]
            assert torch.equal(
                tensor, wanted.masked_fill(~masks[name], 0) if name in masks else wanted
            )
        assert all(weight.grad is None for weight in learner.model.parameters())

    monkeypatch.setattr(Learner, "begin", begin)
    # The piece is the batch, and nothing is drawn: both passes see the same.
    run = make(tmp_path, accumulate=1, augment={}, dropPath=0.0, steps=1, warmupSteps=0)
    assert run.train() == 0
    scores = torch.cat([score.flatten() for score in seen["scores"].values()])
    least = scores.sort(descending=True).values[round(0.6 * 408) - 1]
    for name, kept in seen["kept"].items():
        assert abs(kept - int((seen["scores"][name] >= least).sum())) <= 1


def test_bfloat16_fused_and_without_an_average(tmp_path: Path) -> None:
    run = make(
        tmp_path, ema=False, amp="bf16", fused=True, sparsity={"init": "erk", "grow": "random"}
    )
    assert run.train() == 0
    state = run.load_last()
    assert state["sparsity"]["masks"]
    for name, mask in state["sparsity"]["masks"].items():
        assert not state["model"][name][~mask].any()


def test_snip_finds_a_scale_that_does_not_overflow() -> None:
    """Float16 overflows at the scaler's first scale; float32 does at this one."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(16, 10))
    learner = Learner(
        model,
        {**RECIPE, "lr": 0.01},
        torch.device("cpu"),
        steps=4,
        per_epoch=4,
        cut=Cut(8),
        classes=10,
        seed=0,
        sparsity={**SPARSITY, "every": 2},
    )
    learner.scaler = torch.amp.GradScaler("cpu", init_scale=2.0**127)
    batch = (300 * torch.randn(8, 1, 4, 4), torch.arange(8))
    learner.begin([batch])
    assert learner.scaler.get_scale() < 2.0**127
    state = learner.sparsity.state()
    assert state is not None
    assert int(state["masks"]["1.weight"].sum()) == 96
    for number in range(1, 5):
        result = learner.step([batch], number)
        assert math.isfinite(result.loss)


def test_two_processes_are_one_that_accumulates(tmp_path: Path) -> None:
    together, alone = make(tmp_path / "two", accumulate=1), make(tmp_path / "one")
    assert train_ranks(together.path) == [0, 0], (together.path / "stderr.log").read_text()
    assert train_ranks(alone.path, 1) == [0]
    assert together.losses == alone.losses
    ours, theirs = together.load_last(), alone.load_last()
    assert ours["sparsity"]["masks"]
    assert same(ours["sparsity"], theirs["sparsity"])
    assert same(ours["optimizer"], theirs["optimizer"])
    assert [e["explored"] for e in together.of("sparsity")] == [
        e["explored"] for e in alone.of("sparsity")
    ]


def test_a_dense_run_of_a_network_that_declares_a_sparsity_is_told_so(tmp_path: Path) -> None:
    run = make_run(tmp_path, steps=1, warmupSteps=0)
    record = json.loads((tmp_path / "run.json").read_text("utf-8"))
    record["experiment"]["network"]["sparsity"] = 0.4
    (tmp_path / "run.json").write_text(json.dumps(record), "utf-8")
    assert run.train() == 0
    (warning,) = run.of("warning")
    assert "declares a sparsity of 0.4 and the experiment none" in warning["message"]
    assert not run.of("sparsity")
    assert run.load_last()["sparsity"] is None


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ({}, {"amount": 0.5}, "another sparsity: amount is 0.4 there and 0.5 here"),
        ({}, None, "it has a sparsity, and the experiment declares none"),
        (None, {}, "it has no sparsity, and the experiment declares one"),
    ],
)
def test_a_checkpoint_of_another_sparsity_is_refused(tmp_path: Path, before, after, words) -> None:
    run = make_run(tmp_path, steps=2, warmupSteps=0, sparsity=None if before is None else SPARSITY)
    assert run.train() == 0
    record = json.loads((tmp_path / "run.json").read_text("utf-8"))
    record["experiment"]["sparsity"] = None if after is None else {**SPARSITY, **after}
    record["experiment"]["recipe"]["steps"] = 2
    (tmp_path / "run.json").write_text(json.dumps(record), "utf-8")
    assert run.train(resume=True) == 1
    assert words in str(run.assert_ended("failed"))


def test_a_run_that_was_stopped_before_its_first_step_begins(tmp_path, monkeypatch, whole) -> None:
    run = make(tmp_path)
    with monkeypatch.context() as patch:
        interrupt = stop_after(patch, 99)
        interrupt.signal = "SIGINT"
        assert run.train(interrupt=interrupt) == 130
    assert run.load_last()["sparsity"] is None
    assert run.train(resume=True) == 0
    assert run.losses == whole.losses
    assert same(run.load_last()["sparsity"], whole.load_last()["sparsity"])


def test_masks_that_never_change_are_told(tmp_path: Path) -> None:
    run = make_run(tmp_path, steps=2, warmupSteps=0, sparsity={**SPARSITY, "every": 3})
    assert run.train() == 0
    (warning,) = run.of("warning")
    assert "sparsity.every is 3 and the run has 2 steps" in warning["message"]
