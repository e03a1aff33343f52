"""`fovea eval` in Python: what training evaluates, other data, other networks, every mistake."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import timm
import torch
from fovea_runtime.data.digits.source import DigitsSource
from fovea_runtime.evaluation.conditions import Conditions
from fovea_runtime.evaluation.evaluate_network import evaluate_network
from fovea_runtime.evaluation.request import EvalRequest
from fovea_runtime.package import load_package
from fovea_runtime.subject.request import SubjectRequest
from fovea_runtime.weights.mistake import WeightsMistake
from network_run import NETWORK, PACKAGE, make_network_run
from PIL import Image
from timm.data.transforms_factory import create_transform
from tiny_run import AUGMENT, RECIPE, TinyRun
from torch.nn import functional
from torchvision.datasets import ImageFolder

DIGITS = {"type": "digits", "train": 1, "test": 20}
PEER = {
    "kind": "timm",
    "name": "peer",
    "model": "test_resnet",
    "input": {"channels": 1, "size": 32},
    "dropPath": 0,
    "classes": 1000,
}


def asked(subject: SubjectRequest, **more: Any) -> EvalRequest:
    """A request as the command line makes it of weights and `--data digits:20`."""
    request = EvalRequest(
        subject=subject,
        data=DIGITS,
        recipe={**RECIPE, "augment": AUGMENT},
        seed=0,
        is_run=False,
        is_own_data=False,
        size=None,
        batch=None,
        device="cpu",
        amp=None,
        fuse=False,
        throughput=None,
        known=[],
    )
    return replace(request, **more)


def of_run(run: TinyRun, checkpoint: str = "last.pt", **more: Any) -> EvalRequest:
    """The request that `fovea eval RUN` makes."""
    record = json.loads((run.path / "run.json").read_text("utf-8"))
    package, experiment = record["package"], record["experiment"]
    subject = SubjectRequest(
        name=None,
        package=None if package is None else run.path / package,
        peer=None if package is not None else experiment["network"],
        weights=run.path / "checkpoints" / checkpoint,
        average=more.pop("average", None),
    )
    own = {
        "data": experiment["data"],
        "recipe": experiment["recipe"],
        "seed": experiment["seed"],
        "is_run": True,
        "is_own_data": True,
    }
    return asked(subject, **{**own, **more})


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> TinyRun:
    """A run with a moving average, whose last and best checkpoints differ."""
    made = make_network_run(tmp_path_factory.mktemp("eval") / "run", lr=0.003)
    assert made.train() == 0
    return made


def last_metrics(run: TinyRun) -> dict[str, float]:
    return run.of("eval")[-1]["metrics"]


def test_a_run_gives_its_last_figures_again(run: TinyRun) -> None:
    report = evaluate_network(of_run(run))
    assert report["metrics"] == last_metrics(run)
    assert report["passed"]
    assert report["checkpoint"] == {
        "file": str(run.path / "checkpoints" / "last.pt"),
        "average": True,
        "step": 2,
    }
    assert (report["network"], report["images"], report["batch"]) == (NETWORK, 20, 8)
    assert (report["size"], report["amp"]) == ([48, 48], "off")
    rows = report["classes"]
    assert sum(row["images"] for row in rows) == 20
    hits = sum(row["images"] * (row["top1"] or 0) / 100 for row in rows)
    assert 100 * hits / 20 == pytest.approx(report["metrics"]["top1"])


@pytest.mark.parametrize(
    "recipe",
    [{"ema": False}, {"amp": "bf16"}, {"channelsLast": True, "batch": 12}],
    ids=lambda recipe: ",".join(recipe),
)
def test_so_does_one_of_another_recipe(tmp_path: Path, recipe: dict[str, Any]) -> None:
    made = make_network_run(tmp_path / "run", steps=1, **recipe)
    assert made.train() == 0
    assert evaluate_network(of_run(made))["metrics"] == last_metrics(made)


def test_a_peer_is_evaluated_as_it_was_trained(tmp_path: Path) -> None:
    made = make_network_run(tmp_path / "run", steps=1)
    record_path = made.path / "run.json"
    record = json.loads(record_path.read_text("utf-8"))
    record["experiment"]["network"] = PEER
    record_path.write_text(json.dumps({**record, "package": None}), "utf-8")
    assert made.train() == 0
    report = evaluate_network(of_run(made))
    assert report["metrics"] == last_metrics(made)
    assert report["checkpoint"]["average"]


def test_weights_themselves_and_the_average_are_told_apart(run: TinyRun) -> None:
    state = run.load_last()
    seen = {}
    for average in (True, False):
        report = evaluate_network(of_run(run, average=average))
        assert report["checkpoint"]["average"] is average
        seen[average] = report["metrics"]["loss"]
    assert seen[True] == last_metrics(run)["loss"]
    assert seen[True] != seen[False]
    # The weights themselves, by the definition.
    source = DigitsSource(train=1, test=20, channels=1, size=(48, 48), seed=3, notes=[])
    images, labels = next(source.held_out(20))
    model = load_package(PACKAGE).create_model(num_classes=10, in_chans=1).eval()
    model.load_state_dict(state["model"])
    with torch.no_grad():
        loss = functional.cross_entropy(model(images).double(), labels)
    assert seen[False] == pytest.approx(float(loss), rel=1e-5)


def test_other_scenes_another_size_and_the_fused_form(run: TinyRun) -> None:
    common = {"data": {**DIGITS, "test": 11}, "is_own_data": False, "size": (40, 56)}
    report = evaluate_network(of_run(run, **common))
    fused = evaluate_network(of_run(run, **common, fuse=True))
    assert (report["images"], report["size"], report["batch"]) == (11, [40, 56], 8)
    assert (report["fused"], fused["fused"]) == (False, True)
    assert fused["metrics"]["loss"] == pytest.approx(report["metrics"]["loss"], rel=1e-4)


def test_throughput_is_timed_by_batch_and_type(run: TinyRun) -> None:
    rows = evaluate_network(of_run(run, throughput=[1, 3]))["throughput"]
    assert [(row["batch"], row["amp"]) for row in rows] == [
        (1, "off"),
        (1, "bf16"),
        (3, "off"),
        (3, "bf16"),
    ]
    for row in rows:
        assert row["slowest"] <= row["images_per_second"] <= row["fastest"]
        median = row["milliseconds"]["median"]
        assert row["images_per_second"] == pytest.approx(1000 * row["batch"] / median)
    only = evaluate_network(of_run(run, throughput=[1], amp=False))["throughput"]
    assert [row["amp"] for row in only] == ["off"]


def write_images(root: Path, classes: list[str], each: int = 3) -> Path:
    generator = np.random.default_rng(1)
    for name in classes:
        (root / name).mkdir(parents=True)
        for index in range(each):
            pixels = generator.integers(0, 255, (40, 50, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(root / name / f"{index}.png")
    return root


def folder(root: Path, name: str) -> dict[str, Any]:
    kinds = {"train": name, "validation": name, "workers": 0, "corrupt": 0}
    return {"type": "image_folder", "root": str(root), **kinds}


def test_timms_own_weights_on_a_folder_of_images(tmp_path: Path) -> None:
    torch.manual_seed(1)
    model = timm.create_model("test_resnet", num_classes=3).eval()
    torch.save(model.state_dict(), tmp_path / "theirs.pth")
    write_images(tmp_path / "three", ["owl", "cat", "dog"])
    peer = {**PEER, "input": {"channels": 3, "size": 32}}
    subject = SubjectRequest(None, None, peer, tmp_path / "theirs.pth", None)
    report = evaluate_network(asked(subject, data=folder(tmp_path, "three"), batch=4))
    assert report["images"] == 9
    assert [row["name"] for row in report["classes"]] == ["cat", "dog", "owl"]
    # The same through timm's own loader.
    transform = create_transform((3, 32, 32), interpolation="bicubic", crop_pct=0.875)
    pairs = list(ImageFolder(str(tmp_path / "three"), transform=transform))
    with torch.no_grad():
        logits = model(torch.stack([image for image, _ in pairs]))
    labels = torch.tensor([label for _, label in pairs])
    wanted = functional.cross_entropy(logits, labels)
    assert report["metrics"]["loss"] == pytest.approx(float(wanted), rel=1e-5)
    hits = (logits.argmax(1) == labels).float().mean()
    assert report["metrics"]["top1"] == pytest.approx(100 * float(hits), abs=1e-3)


def refused(request: EvalRequest) -> WeightsMistake:
    with pytest.raises(WeightsMistake) as caught:
        evaluate_network(request)
    return caught.value


def test_data_of_other_classes(run: TinyRun, tmp_path: Path) -> None:
    write_images(tmp_path / "val", ["a", "b"])
    mistake = refused(of_run(run, data=folder(tmp_path, "val"), is_own_data=False))
    assert mistake.code == "FOV0040"
    assert "the data have 2 classes" in mistake.message
    assert "has 10" in mistake.message


def test_data_that_cannot_be_read(run: TinyRun, tmp_path: Path) -> None:
    write_images(tmp_path / "val", [f"{index}" for index in range(10)], each=1)
    (tmp_path / "val" / "3" / "0.png").write_bytes(b"no image")
    (tmp_path / "empty").mkdir()
    for name, told in (("val", "0.png"), ("empty", "empty"), ("absent", "absent")):
        mistake = refused(of_run(run, data=folder(tmp_path, name), is_own_data=False))
        assert mistake.code == "FOV0030"
        assert told in mistake.message


def test_what_a_cpu_does_not_compute(run: TinyRun) -> None:
    mistake = refused(of_run(run, amp="fp16"))
    assert "fp16" in mistake.message
    assert mistake.fix == "write --amp bf16 or --amp off"
    if not torch.cuda.is_available():
        assert "--device cuda" in refused(of_run(run, device="cuda")).message


def test_images_that_are_too_small(run: TinyRun, tmp_path: Path) -> None:
    write_images(tmp_path / "val", [f"{index}" for index in range(10)], each=1)
    images = folder(tmp_path, "val")
    for data, told in ((DIGITS, "too small"), (images, "at least 8x8 is wanted")):
        mistake = refused(of_run(run, data=data, is_own_data=False, size=(4, 4)))
        assert told in mistake.message
        assert mistake.fix == "write another --size"


def test_a_batch_that_does_not_fit_in_memory(run: TinyRun, monkeypatch: pytest.MonkeyPatch) -> None:
    def logits(self: Conditions, model: Any, images: torch.Tensor) -> torch.Tensor:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 PB")

    monkeypatch.setattr(Conditions, "logits", logits)
    mistake = refused(of_run(run, batch=16))
    assert mistake.code == "FOV0040"
    assert "--batch 16: 16 images of 48x48 pixels do not fit" in mistake.message
    assert mistake.fix == "write --batch 8"


def test_what_does_not_fit_is_not_timed(run: TinyRun, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Conditions.logits

    def logits(self: Conditions, model: Any, images: torch.Tensor) -> torch.Tensor:
        if len(images) == 30 and self.amp is None:
            raise RuntimeError("can't allocate memory")
        return made(self, model, images)

    monkeypatch.setattr(Conditions, "logits", logits)
    rows = evaluate_network(of_run(run, throughput=[30]))["throughput"]
    assert [row["images_per_second"] is None for row in rows] == [True, False]


def test_weights_of_another_network(run: TinyRun, tmp_path: Path) -> None:
    peer = SubjectRequest(None, None, PEER, run.last, None)
    mistake = refused(asked(peer))
    assert mistake.code == "FOV0082"
    assert "does not fit timm's test_resnet" in mistake.message
    assert any(line.startswith("missing: conv1") for line in mistake.lines)
    torch.save(timm.create_model("test_resnet").state_dict(), tmp_path / "theirs.pth")
    own = SubjectRequest(None, PACKAGE, None, tmp_path / "theirs.pth", None)
    assert refused(asked(own)).code == "FOV0082"


def test_a_model_that_timm_does_not_have() -> None:
    subject = SubjectRequest(None, None, {**PEER, "model": "test_resnett"}, None, None)
    mistake = refused(asked(subject))
    assert (mistake.code, mistake.value) == ("FOV0062", "timm:test_resnett")
    assert "test_resnet" in str(mistake.fix)


def test_no_average_where_there_is_none(tmp_path: Path) -> None:
    made = make_network_run(tmp_path / "run", steps=1, ema=False)
    assert made.train() == 0
    mistake = refused(of_run(made, average=True))
    assert (mistake.code, mistake.fix) == ("FOV0080", "leave --ema out")


def test_a_network_that_gives_no_numbers_fails(run: TinyRun, tmp_path: Path) -> None:
    state = run.load_last()["model"]
    state["head.linear.bias"] = torch.full_like(state["head.linear.bias"], 3e38)
    state["head.linear.weight"] = torch.full_like(state["head.linear.weight"], 3e38)
    torch.save(state, tmp_path / "huge.pt")
    report = evaluate_network(
        asked(SubjectRequest(None, PACKAGE, None, tmp_path / "huge.pt", None))
    )
    assert not report["passed"]
    assert report["metrics"]["loss"] is None


def test_timm_models_are_not_fused(tmp_path: Path) -> None:
    model = timm.create_model("test_resnet", num_classes=10, in_chans=1)
    torch.save(model.state_dict(), tmp_path / "theirs.pth")
    subject = SubjectRequest(None, None, PEER, tmp_path / "theirs.pth", None)
    assert "which fovea does not fuse" in refused(asked(subject, fuse=True)).message
