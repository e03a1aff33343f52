"""`fovea bench data`: what is measured, on tiny data."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from fovea_runtime.bench_data.__main__ import main
from fovea_runtime.bench_data.contestants import floor, open_peer, ours, peer
from fovea_runtime.bench_data.opening import Request
from test_image_folder import STRONG
from written_data import jpeg, write_ade20k, write_images

COUNTS = {"cat": 5, "dog": 5}


@pytest.fixture(autouse=True)
def _threads() -> Any:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_images(tmp_path / "train", COUNTS, 0)
    write_images(tmp_path / "val", {"cat": 1, "dog": 1}, 1)
    return tmp_path


def request(root: Path, **changes: Any) -> dict[str, Any]:
    data = {
        "type": "image_folder",
        "root": str(root),
        "train": "train",
        "validation": "val",
        "workers": 3,
        "corrupt": 2,
    }
    experiment = {
        "data": data,
        "network": {"kind": "network", "input": {"channels": 3, "size": 16}},
        "recipe": {"augment": STRONG, "batch": 4},
        "seed": 0,
    }
    asked = {"experiment": experiment, "data": None, "batch": None}
    return {**asked, "workers": [0, 1], "batches": 2, "rounds": 2, **changes}


def answer(
    asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, dict[str, Any]]:
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(asked)))
    status = main()
    return status, json.loads(capsys.readouterr().out)


def test_rates_of_all_beside_each_other(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, found = answer(request(root), monkeypatch, capsys)
    assert status == 0
    assert (found["images"], found["batch"], found["size"]) == (10, 4, 16)
    assert [row["workers"] for row in found["rows"]] == [0, 1]
    for row in found["rows"]:
        for name in ("ours", "floor", "peer"):
            assert 0 < row[name]["min"] <= row[name]["median"] <= row[name]["max"]
        # Reading is a part of decoding.
        assert row["to_floor"] < 1
        assert row["to_peer"] > 0
    sizes = [file.stat().st_size for file in (root / "train").rglob("*.*")]
    assert min(sizes) < found["bytes_per_image"] < max(sizes)
    assert all(found["open"][name] > 0 for name in ("first", "kept", "peer"))


def test_ours_is_what_training_gets(root: Path) -> None:
    asked = Request.of(request(root))
    opened = asked.open(0)
    (left, labels), _ = list(ours(opened, 4)(2))
    assert left.shape == (4, 3, 16, 16)
    assert labels.shape == (4,)
    # And the peer makes tensors of the same kind.
    folder = open_peer(asked)
    assert folder is not None
    (right, theirs), _ = list(peer(asked, folder, 0)(2))
    assert (right.shape, right.dtype, theirs.dtype) == (left.shape, left.dtype, labels.dtype)
    assert isinstance(opened, type(asked.open(1)))


def test_the_floor_reads_every_byte(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Request.of(request(root)).open(0)
    sizes = {file.stat().st_size for file in (root / "train").rglob("*.*")}
    read: list[int] = []
    items: Any = vars(opened)["train"].items
    made = type(items).read
    monkeypatch.setattr(
        type(items), "read", lambda self, i: (read.append(len(got := made(self, i))), got)[1]
    )
    assert next(floor(opened, 6, 0)(1)) == sum(read)  # pyright: ignore[reportArgumentType]
    assert len(read) == 6
    assert set(read) <= sizes


def test_an_unreadable_image_is_told(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("cat", "dog"):
        file = root / "train" / name / "0.jpg"
        file.write_bytes(jpeg(40, 40, 0)[:-400])
    asked = request(root, workers=[0], batches=10)
    status, found = answer(asked, monkeypatch, capsys)
    assert status == 0
    (row,) = found["rows"]
    assert row["ours"] is not None
    assert row["peer"] is None
    assert row["to_peer"] is None
    told = "\n".join(found["problems"])
    assert "torchvision's loader failed: image file is truncated" in told
    assert f"{root}/train/cat/0.jpg cannot be used" in told


def test_data_of_a_dense_task(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_ade20k(root / "ade", [(40, 50)] * 4, [(40, 50)])
    data = {"type": "ade20k", "root": str(root / "ade"), "crop": 32, "workers": 4, "corrupt": 0}
    asked = request(root, experiment=None, data=data, batch=2, workers=[1], rounds=1)
    status, found = answer(asked, monkeypatch, capsys)
    assert status == 0
    (row,) = found["rows"]
    assert row["ours"]["median"] > 0
    assert row["floor"]["median"] > row["ours"]["median"]
    assert row["peer"] is None
    image, mask = root / "ade" / "images" / "training", root / "ade" / "annotations" / "training"
    sizes = [
        sum(f.stat().st_size for f in pair)
        for pair in zip(image.iterdir(), mask.iterdir(), strict=True)
    ]
    assert min(sizes) * 0.5 < found["bytes_per_image"] < max(sizes) * 2


def test_scenes_are_composed(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = request(root, workers=[0, 2])
    asked["experiment"]["data"] = {"type": "digits", "train": 20, "test": 10}
    asked["experiment"]["network"]["input"]["channels"] = 1
    status, found = answer(asked, monkeypatch, capsys)
    assert status == 0
    (row,) = found["rows"]
    assert (row["workers"], row["floor"], row["peer"]) == (0, None, None)


@pytest.mark.parametrize("what", ["missing", "batch"])
def test_data_that_cannot_be_used(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    asked = request(root / "nowhere" if what == "missing" else root)
    asked["experiment"]["recipe"]["batch"] = 11
    status, found = answer(asked, monkeypatch, capsys)
    assert status == 2
    assert found["error"]["code"] == "FOV0100"
    said = "no folder" if what == "missing" else "recipe.batch is 11"
    assert said in found["error"]["message"]


def test_the_users_cache_stays_as_it_is(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FOVEA_CACHE", str(tmp_path / "own"))
    answer(request(root, workers=[0], rounds=1), monkeypatch, capsys)
    assert not (tmp_path / "own").exists()
