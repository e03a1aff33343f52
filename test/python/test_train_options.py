"""How a step is computed - in pieces, compiled, in another memory format - does not change it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from fovea_runtime.data.cut import Cut
from fovea_runtime.package import load_package
from fovea_runtime.train.learner import Learner
from tiny_run import AUGMENT, RECIPE, ROOT, make_run
from torch import nn

STEPS, BATCH = 4, 8


def network() -> nn.Module:
    """The emitted PeLK of the demo: LayerNorms, large kernels, no BatchNorm."""
    torch.manual_seed(0)
    package = load_package(ROOT / "generated" / "pelk_digits")
    return package.create_model(num_classes=10)


def train(cut: Cut | None = None, **recipe: Any) -> tuple[list[float], Learner]:
    """Losses of a few steps, each computed in the pieces of `cut`."""
    cut = cut or Cut(BATCH)
    learner = Learner(
        network(),
        {**RECIPE, "augment": AUGMENT, "accumulate": cut.accumulate, "lr": 1e-3, **recipe},
        torch.device("cpu"),
        steps=STEPS,
        per_epoch=STEPS,
        cut=cut,
        classes=10,
        seed=0,
    )
    generator = torch.Generator().manual_seed(1)
    losses = []
    for number in range(1, STEPS + 1):
        images = torch.randn(BATCH, 1, 48, 48, generator=generator)
        labels = torch.randint(10, (BATCH,), generator=generator)
        pieces = list(zip(images.split(cut.size), labels.split(cut.size), strict=True))
        losses.append(learner.step(pieces, number).loss)
    return losses, learner


@pytest.fixture(scope="module")
def plain() -> list[float]:
    return train()[0]


def test_the_whole_learns(plain: list[float]) -> None:
    assert len(set(plain)) == STEPS


@pytest.mark.parametrize("accumulate", [2, 4, 8])
def test_pieces_are_the_whole(plain: list[float], accumulate: int) -> None:
    # Nothing in this network looks at more than one image. Sums are taken in another order, in
    # float32, and AdamW's first steps divide small gradients by their own size.
    losses, _ = train(Cut(BATCH, accumulate))
    assert losses[0] == pytest.approx(plain[0], rel=1e-6)
    assert losses == pytest.approx(plain, rel=2e-4)


def test_channels_last_changes_the_memory_alone(plain: list[float]) -> None:
    losses, learner = train(channelsLast=True)
    assert losses[0] == pytest.approx(plain[0], rel=1e-5)
    assert losses == pytest.approx(plain, rel=2e-4)
    convolution = next(w for w in learner.model.parameters() if w.ndim == 4 and w.shape[1] > 1)
    assert convolution.is_contiguous(memory_format=torch.channels_last)


def test_activations_can_be_computed_again(plain: list[float]) -> None:
    losses, learner = train(checkpointActivations=True)
    assert losses == pytest.approx(plain, rel=1e-6)
    assert any(getattr(module, "grad_checkpointing", False) for module in learner.model.modules())


def test_compiled(plain: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = []
    whole = nn.Module.compile

    def with_backend(module: nn.Module, *arguments: Any, **options: Any) -> None:
        compiled.append(module)
        # Inductor takes half a minute on a CPU; what is traced is the same.
        whole(module, *arguments, backend="aot_eager", **options)

    monkeypatch.setattr(nn.Module, "compile", with_backend)
    losses, learner = train(compile=True)
    assert compiled == [learner.model]
    assert losses == pytest.approx(plain, rel=2e-4)
    assert all("_orig_mod" not in name for name in learner.model.state_dict())


def test_a_compiled_network_says_what_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = nn.Module.compile
    monkeypatch.setattr(nn.Module, "compile", lambda module: whole(module, backend="aot_eager"))
    run = make_run(tmp_path, compile=True, dropPath=0.0)
    assert run.train() == 0
    (methods,) = run.of("kernel_methods")
    assert methods["layers"] == [{"layer": "mixer", "method": "dense", "reason": "maps of 4x4"}]
    # Asking must not be seen in BatchNorm's statistics.
    steps = run.load_last()["model"]["norm.num_batches_tracked"]
    assert steps == 12
    eager = make_run(tmp_path / "eager", dropPath=0.0)
    eager.train()
    assert list(run.losses.values()) == pytest.approx(list(eager.losses.values()), rel=1e-3)


def test_what_a_device_cannot_do_is_an_error(tmp_path: Path) -> None:
    run = make_run(tmp_path, syncBatchNorm=True)
    assert run.train() == 1
    assert "recipe.syncBatchNorm" in (run.assert_ended("failed") or "")


def test_a_network_that_keeps_its_activations_is_an_error(tmp_path: Path) -> None:
    run = make_run(tmp_path, checkpointActivations=True)
    assert run.train() == 1
    assert "recipe.checkpointActivations" in (run.assert_ended("failed") or "")


def test_pieces_that_are_not_equal_are_refused(tmp_path: Path) -> None:
    run = make_run(tmp_path, accumulate=3)
    assert run.train() == 1
    assert "batch 8 cannot be cut into 3" in (run.assert_ended("failed") or "")
    assert run.of("step") == []


def test_a_batch_of_more_than_there_is_is_said(tmp_path: Path) -> None:
    run = make_run(tmp_path, batch=64)
    assert run.train() == 0
    assert ["recipe.batch is 64 and there are 40 training images: a step has 40"] == [
        event["message"] for event in run.of("warning")
    ]
    assert run.of("run_start")[0]["batch"] == 40
