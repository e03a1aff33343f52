"""Runs that train a model of timm: steps, resume, what the record says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import timm
from tiny_run import TinyRun, make_run, same, stop_after

PEER = {
    "kind": "timm",
    "name": "peer",
    "model": "test_resnet",
    "input": {"channels": 1, "size": 32},
    "dropPath": 0.1,
    "classes": 10,
}


def make_peer_run(path: Path, network: dict[str, Any] | None = None, **recipe: Any) -> TinyRun:
    """A run whose network is a peer: run.json without a package."""
    path.mkdir()
    record_path = path / "run.json"
    options = {"steps": 4, "evalEvery": 2, "checkpointEvery": 2, "dropPath": None, **recipe}
    run = make_run(path, **options)
    record = json.loads(record_path.read_text("utf-8"))
    record["experiment"]["network"] = {**PEER, **(network or {})}
    record["package"] = None
    record_path.write_text(json.dumps(record), "utf-8")
    return run


@pytest.mark.parametrize("model", ["test_resnet", "test_vit", "test_convnext"])
def test_trains_evaluates_and_says_what_runs(tmp_path: Path, model: str) -> None:
    run = make_peer_run(tmp_path / "run", {"model": model})
    assert run.train() == 0
    run.assert_ended("completed")
    assert list(run.losses) == [1, 2, 3, 4]
    assert set(run.of("eval")[-1]["metrics"]) == {"top1", "top5", "loss"}
    [start] = run.of("run_start")
    arguments = {"num_classes": 10, "in_chans": 1, "img_size": 32}
    if model != "test_vit":
        del arguments["img_size"]
    wanted = timm.create_model(model, **arguments)
    assert start["parameters"] == sum(p.numel() for p in wanted.parameters())
    [methods] = run.of("kernel_methods")
    [layer] = methods["layers"]
    assert (layer["layer"], layer["method"]) == ("*", "timm")
    assert timm.__version__ in layer["reason"]
    assert run.of("warning") == []
    wanted.load_state_dict(run.load_last()["model"])


def test_resumes_to_the_same_bits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, cut = (make_peer_run(tmp_path / name, {"dropPath": 0.3}) for name in ("whole", "cut"))
    assert whole.train() == 0
    with monkeypatch.context() as patch:
        assert cut.train(interrupt=stop_after(patch, 2)) == 130
    cut.assert_ended("cancelled")
    assert cut.train(resume=True) == 0
    assert cut.losses == whole.losses
    assert same(cut.load_last(), whole.load_last())


def test_its_own_size_is_that_of_the_images(tmp_path: Path) -> None:
    run = make_peer_run(
        tmp_path / "run",
        {"model": "test_vit", "input": {"channels": 3, "size": None}, "classes": 1000},
        steps=1,
        warmupSteps=0,
    )
    assert run.train() == 0
    weights = run.load_last()["model"]
    # test_vit is made for 160 pixels: ten times ten patches of 16, and a class token.
    assert weights["pos_embed"].shape[1] in (100, 101)
    assert run.of("warning")[0]["message"].startswith("the head declares 1000 classes")


def test_drop_path_of_the_recipe_wins(tmp_path: Path) -> None:
    runs = {
        name: make_peer_run(tmp_path / name, {"model": "test_vit", "dropPath": rate}, **recipe)
        for name, rate, recipe in (
            ("network", 0.9, {}),
            ("recipe", 0.0, {"dropPath": 0.9}),
            ("none", 0.0, {}),
        )
    }
    for run in runs.values():
        assert run.train() == 0
    assert runs["network"].losses == runs["recipe"].losses
    assert runs["network"].losses != runs["none"].losses


@pytest.mark.parametrize(
    ("network", "said"),
    [
        ({"model": "swin_tiny"}, "PeerError: timm .* has no model swin_tiny"),
        ({"model": "densenet121"}, "PeerError: .* does not take drop_path_rate"),
    ],
)
def test_what_cannot_be_built_ends_as_failed(
    tmp_path: Path, network: dict[str, Any], said: str
) -> None:
    run = make_peer_run(tmp_path / "run", network)
    assert run.train() == 1
    reason = run.assert_ended("failed")
    assert reason is not None
    assert re.match(said, reason)
