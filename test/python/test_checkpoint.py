"""A damaged or foreign checkpoint is named, and never replaced by a start from nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from fovea_runtime.files import remove_temporaries, write_atomically
from fovea_runtime.train.checkpoint import CheckpointError, load
from fovea_runtime.train.content_hash import content_hash
from tiny_run import TinyRun, make_run, same


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> TinyRun:
    run = make_run(tmp_path_factory.mktemp("trained"))
    assert run.train() == 0
    return run


@pytest.fixture
def run(trained: TinyRun, tmp_path: Path) -> TinyRun:
    shutil.copytree(trained.path, tmp_path / "run")
    return TinyRun(tmp_path / "run")


def truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size * 2 // 3)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def garbage(path: Path) -> None:
    path.write_bytes(b"no checkpoint at all" * 100)


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    # In the middle of a weight, where torch alone would not notice.
    weight = torch.load(path, weights_only=True)["model"]["head.weight"]
    data[data.index(weight.numpy().tobytes()) + 5] ^= 1
    path.write_bytes(data)


def changed(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    """A checkpoint that says something else, and is whole."""

    def apply(path: Path) -> None:
        state = torch.load(path, weights_only=True)
        change(state)
        torch.save({**state, "digest": content_hash(state)}, path)

    return apply


def with_shape(state: dict[str, Any]) -> None:
    state["model"]["head.weight"] = torch.zeros(3, 8)


def with_moments(state: dict[str, Any]) -> None:
    state["optimizer"]["state"][0]["exp_avg"] = torch.zeros(1)


DAMAGES = {
    "truncated": truncated,
    "emptied": emptied,
    "garbage": garbage,
    "flipped": flipped,
    "without weights": changed(lambda state: state.pop("model")),
}
MISFITS = {
    "without a weight": changed(lambda state: state["model"].pop("head.bias")),
    "without moments": changed(lambda state: state["optimizer"].pop("state")),
    "of other shapes": changed(with_shape),
    "with moments of other shapes": changed(with_moments),
    "of another experiment": changed(lambda state: state.update(experiment="cd" * 32)),
    "without the average": changed(lambda state: state.update(ema=None)),
    "of a newer fovea": changed(lambda state: state.update(v=99)),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_last_good_checkpoint_stands_in_for_a_damaged_one(
    run: TinyRun, damage: str, capfd: pytest.CaptureFixture[str]
) -> None:
    losses, whole = run.losses, run.load_last()
    DAMAGES[damage](run.last)
    assert run.train(resume=True) == 0
    assert str(run.last) in capfd.readouterr().err
    first, second = (event["message"] for event in run.of("warning"))
    assert str(run.last) in first
    assert "step-000000009.pt of step 9" in second
    assert run.of("run_start")[-1]["step"] == 9
    assert run.losses == losses
    assert same(run.load_last(), whole)


def test_what_is_left_is_used_in_the_order_of_its_age(run: TinyRun) -> None:
    losses, best = run.losses, load(run.path / "checkpoints" / "best.pt")["step"]
    for name in ("last.pt", "step-000000009.pt"):
        emptied(run.path / "checkpoints" / name)
    assert run.train(resume=True) == 0
    assert run.of("run_start")[-1]["step"] == best
    assert run.losses == losses


def test_a_damaged_one_of_a_later_step_does_not_stay_for_a_good_one(run: TinyRun) -> None:
    folder = run.path / "checkpoints"
    best = load(folder / "best.pt")["step"]
    for name in ("last.pt", "step-000000009.pt"):
        emptied(folder / name)
    assert run.train(resume=True, keep=3) == 0
    older = sorted(folder.glob("step-*.pt"))
    assert [load(path)["step"] for path in older] == [s for s in (3, 6, 9) if s > best]


def test_without_a_good_checkpoint_nothing_begins_anew(
    run: TinyRun, capfd: pytest.CaptureFixture[str]
) -> None:
    steps = len(run.of("step"))
    for path in (run.path / "checkpoints").iterdir():
        emptied(path)
    assert run.train(resume=True) == 1
    assert str(run.last) in capfd.readouterr().err
    assert "no checkpoint can be used" in (run.assert_ended("failed") or "")
    assert run.last.read_bytes() == b""
    assert len(run.of("step")) == steps


@pytest.mark.parametrize("misfit", MISFITS)
def test_a_checkpoint_that_does_not_fit_is_refused(
    run: TinyRun, misfit: str, capfd: pytest.CaptureFixture[str]
) -> None:
    MISFITS[misfit](run.last)
    before = run.last.read_bytes()
    steps = len(run.of("step"))
    assert run.train(resume=True) == 1
    assert str(run.last) in capfd.readouterr().err
    assert run.assert_ended("failed") is not None
    assert run.last.read_bytes() == before
    assert len(run.of("step")) == steps


@pytest.mark.parametrize(("keep", "kept"), [(0, []), (1, [9]), (2, [9, 6]), (9, [9, 6, 3])])
def test_so_many_older_checkpoints_stay(tmp_path: Path, keep: int, kept: list[int]) -> None:
    run = make_run(tmp_path)
    assert run.train(keep=keep) == 0
    older = sorted((tmp_path / "checkpoints").glob("step-*.pt"), reverse=True)
    assert [load(path)["step"] for path in older] == kept


@pytest.mark.parametrize("place", range(0, 100, 9))
def test_no_flipped_bit_changes_what_is_read(run: TinyRun, place: int) -> None:
    good = load(run.last)
    data = bytearray(run.last.read_bytes())
    data[len(data) * place // 100] ^= 0x10
    run.last.write_bytes(data)
    try:
        state = load(run.last)
    except CheckpointError:
        return
    # Some bytes are padding.
    for name, weight in good["model"].items():
        assert torch.equal(state["model"][name], weight)


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "last.pt"
    path.write_text("old", "utf-8")

    def fail(temporary: Path) -> None:
        temporary.write_text("half", "utf-8")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_atomically(path, fail)
    assert path.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_temporaries_are_removed_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "last.pt").write_text("kept", "utf-8")
    (tmp_path / "last.pt.77.tmp").write_text("half", "utf-8")
    remove_temporaries(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["last.pt"]


@pytest.mark.parametrize("content", [b"", b"x\n", b"\x80\x02c__main__\nNone\n."])
def test_what_is_no_checkpoint_is_refused_in_one_line_without_torchs_advice(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "last.pt"
    path.write_bytes(content)
    with pytest.raises(CheckpointError) as caught:
        load(path)
    words = str(caught.value)
    assert words.startswith(f"the checkpoint {path} is damaged (")
    assert "\n" not in words
    assert "weights_only" not in words
