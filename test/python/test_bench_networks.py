"""`python -m fovea_runtime.bench_networks`: what is timed beside what; never how long it takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import timm
import torch
from conftest import ROOT
from fovea_runtime.bench_networks.contestant import Contestant
from fovea_runtime.bench_networks.measure import Conditions, measure
from torch import Tensor, nn

DIRECTIONS = ("forward", "forward_backward")
SPREAD = ("min", "lower_quartile", "median", "upper_quartile", "max")
PACKAGE = """
import torch
from torch import nn

CONFIG = {}

class Net(nn.Module):
    def __init__(self, in_chans, drop_path_rate):
        super().__init__()
        self.rate = drop_path_rate
        self.conv = nn.Conv2d(in_chans, 4, 3)
        self.norm = nn.BatchNorm2d(4)
        self.head = nn.Linear(4, 10)

    def forward(self, x):
        assert self.rate == 0
        return self.head(self.norm(self.conv(x)).mean((2, 3)))

    def fuse(self):
        fused = Net(self.conv.in_channels, 0)
        fused.norm = nn.Identity()
        return fused

def create_model(num_classes=10, in_chans=3, drop_path_rate=0.5):
    return Net(in_chans, drop_path_rate)
"""


def peer(model: str, name: str = "a_peer") -> str:
    network = {"kind": "timm", "name": name, "model": model, "dropPath": 0.5, "classes": 1000}
    return json.dumps({**network, "input": {"channels": 3, "size": None}})


def bench(*words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "fovea_runtime.bench_networks", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def check_times(times: dict[str, Any], batch: int, rounds: int) -> None:
    spread = [times[key] for key in SPREAD]
    assert spread == sorted(spread) and spread[0] > 0
    assert times["rounds"] == rounds
    assert times["images_per_second"] == pytest.approx(1000 * batch / times["median"])


def test_times_networks_beside_peers_on_the_same_images(tmp_path: Path) -> None:
    folder = tmp_path / "timed_net"
    folder.mkdir()
    (folder / "__init__.py").write_text(PACKAGE, "utf-8")
    words = ("--package", str(folder), "--peer", peer("test_resnet"), "--batch", "2")
    done = bench(*words, "--channels", "1", "--size", "32x48", "--rounds", "3", "--threads", "1")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert (document["device"], document["threads"], document["dtype"]) == ("cpu", 1, "fp32")
    assert (document["batch"], document["channels"], document["size"]) == (2, 1, [32, 48])
    own, fused, timms = document["networks"]
    assert [each["name"] for each in document["networks"]] == [
        "timed_net",
        "timed_net fused",
        "a_peer",
    ]
    assert [own["kind"], fused["form"], timms["kind"]] == ["own", "fused", "peer"]
    # A grey image, 1000 classes.
    wanted = timm.create_model("test_resnet", in_chans=1)
    assert timms["parameters"] == sum(p.numel() for p in wanted.parameters())
    assert own["parameters"] == fused["parameters"] + 8
    for each in (own, timms):
        for direction in DIRECTIONS:
            check_times(each[direction], 2, 3)
        # At least the gradients of all weights, in float32.
        assert each["peak_memory"] >= 4 * each["parameters"]
    check_times(fused["forward"], 2, 3)
    assert fused["forward_backward"] is None and fused["peak_memory"] is None
    assert own["forward"]["ratio"] == own["forward_backward"]["ratio"] == 1


def test_peers_alone_are_timed_at_the_first_ones_size() -> None:
    words = ("--peer", peer("test_vit"), "--peer", peer("test_resnet", "b_peer"), "--batch", "1")
    done = bench(*words, "--rounds", "1", "--dtype", "bf16")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["size"] == [160, 160]
    assert [each["model"] for each in document["networks"]] == ["test_vit", "test_resnet"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--peer", peer("swin_tiny"), "--batch", "1"), "has no model swin_tiny"),
        (("--peer", peer("test_vit"), "--batch", "1", "--dtype", "fp16"), "fp16"),
    ],
)
def test_mistakes_are_told_without_a_traceback(words: tuple[str, ...], said: str) -> None:
    done = bench(*words)
    assert done.returncode == 2
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


class Endless(nn.Module):
    """Gives what is no number."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(10))

    def forward(self, x: Tensor) -> Tensor:
        return x.mean((1, 2, 3))[:, None] * self.weight / 0


class Shapeless(Endless):
    """Gives one number an image and pixel."""

    def forward(self, x: Tensor) -> Tensor:
        return x * self.weight[0]


class Right(Endless):
    def forward(self, x: Tensor) -> Tensor:
        return x.mean((1, 2, 3))[:, None] * self.weight


def test_what_is_wrong_is_not_timed() -> None:
    contestants = [
        Contestant(type(module).__name__, "own", "trained", module, None)
        for module in (Endless(), Shapeless(), Right())
    ]
    conditions = Conditions("cpu", torch.float32, (2, 3, 4, 4), 2)
    endless, shapeless, right = measure(contestants, conditions)
    assert endless["failures"] == ["its output is not finite"]
    assert "(2, 3, 4, 4)" in shapeless["failures"][0]
    for wrong in (endless, shapeless):
        assert [wrong[direction] for direction in DIRECTIONS] == [None, None]
    assert right["failures"] == []
    # There is nothing to compare with: the first is wrong.
    assert right["forward"]["ratio"] is None


def test_inference_and_training_are_what_they_are_called() -> None:
    seen: set[tuple[bool, bool]] = set()

    class Watched(Right):
        def forward(self, x: Tensor) -> Tensor:
            seen.add((self.training, torch.is_grad_enabled()))
            return super().forward(x)

    contestant = Contestant("watched", "own", "trained", Watched(), None)
    measure([contestant], Conditions("cpu", torch.float32, (2, 3, 4, 4), 2))
    assert seen == {(False, False), (True, True)}
    assert contestant.module.get_parameter("weight").grad is not None
