"""The scenes of `digits`, against what docs/digits.md promises."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fovea_runtime.data.cut import Cut
from fovea_runtime.data.digits.draws import Draws, mix
from fovea_runtime.data.digits.layout import layout
from fovea_runtime.data.digits.scans import scans
from fovea_runtime.data.digits.scene import scenes
from fovea_runtime.data.digits.source import DigitsSource
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tiny_run import ROOT

sides = st.integers(8, 80)

GOLDEN_LABELS = [1, 6, 6, 9, 7, 8]
GOLDEN_BOXES = [[14, 2, 27, 19], [38, 21, 51, 41], [35, 43, 46, 61]]


def source(**changes: object) -> DigitsSource:
    options = {"train": 20, "test": 7, "channels": 1, "size": (16, 16), "seed": 0, "notes": []}
    return DigitsSource(**{**options, **changes})  # pyright: ignore[reportArgumentType]


def test_draws_are_splitmix64() -> None:
    # The sequence of the seed 1234567 that implementations of SplitMix64 are checked with.
    golden = np.uint64(0x9E3779B97F4A7C15)
    with np.errstate(over="ignore"):
        places = np.uint64(1234567) + np.arange(1, 4, dtype=np.uint64) * golden
        words = mix(places)
    assert words.tolist() == [6457827717110365317, 3203168211198807973, 9817491932198370423]


def test_draws_of_a_scene_do_not_depend_on_its_company() -> None:
    alone = Draws((1, 2), np.array([5]))
    together = Draws((1, 2), np.array([3, 5, 9]))
    for count in (1, 4, 3):
        assert np.array_equal(alone.uniform(count)[0], together.uniform(count)[1])
    assert np.array_equal(alone.octets(13)[0], together.octets(13)[1])


def test_draws_are_uniform() -> None:
    numbers = Draws((0,), np.arange(500)).uniform(200)
    assert abs(numbers.mean() - 0.5) < 0.005
    assert np.histogram(numbers, 10, (0, 1))[0].min() > 9500


@settings(max_examples=40)
@given(sides, sides, st.integers(0, 2**31 - 1), st.integers(0, 10**9 - 3))
def test_a_scene_depends_on_its_number_alone(
    height: int, width: int, seed: int, first: int
) -> None:
    together = scenes(seed, "train", np.arange(first, first + 3), height, width)
    alone = scenes(seed, "train", np.array([first + 1]), height, width)
    assert together.images.shape == (3, height, width)
    for name in ("images", "labels", "masks", "boxes", "box_labels", "asked"):
        assert np.array_equal(getattr(together, name)[1:2], getattr(alone, name)), name


@settings(max_examples=40)
@given(sides, sides, st.sampled_from(["train", "test"]))
def test_label_mask_and_boxes_agree(height: int, width: int, split: str) -> None:
    made = scenes(0, split, np.arange(4), height, width)  # pyright: ignore[reportArgumentType]
    for mask, boxes, labels, asked, label in zip(
        made.masks, made.boxes, made.box_labels, made.asked, made.labels, strict=True
    ):
        assert label == labels[asked]
        assert len(set(labels)) == len(labels)
        assert set(np.unique(mask)) == {0, *(labels + 1)}
        for box, box_label in zip(boxes, labels, strict=True):
            rows, columns = np.nonzero(mask == box_label + 1)
            tight = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
            assert tuple(box) == tight


def test_the_mark_stands_beside_the_digit_asked_for_and_no_other() -> None:
    made = scenes(0, "train", np.arange(200), 48, 64)
    plan = layout(48, 64)
    sides_seen = set()
    for image, boxes, asked in zip(made.images, made.boxes, made.asked, strict=True):
        # At the borders stand marks and clutter, and clutter is fainter.
        rows, columns = np.nonzero(image >= 255 - 32)
        edge = (columns < plan.mark) | (columns >= 64 - plan.mark)
        counts = np.bincount(rows[edge], minlength=48)
        marked = np.flatnonzero(counts >= plan.mark)
        assert len(marked) == plan.mark_height
        beside = [(box[1] < marked.max() + 1) and (marked.min() < box[3]) for box in boxes]
        assert beside[asked]
        middle = (marked.min() + marked.max() + 1) / 2
        distances = [abs((box[1] + box[3]) / 2 - middle) for box in boxes]
        assert int(np.argmin(distances)) == asked
        sides_seen.add(bool(columns[edge].mean() < 32))
    assert sides_seen == {True, False}


def test_digits_stand_in_lanes_of_their_own_on_a_lattice() -> None:
    for height, width in ((48, 48), (64, 64), (100, 33)):
        plan = layout(height, width)
        boxes = scenes(0, "train", np.arange(500), height, width).boxes
        assert boxes.shape[1] == plan.digits == 3
        for lane in range(3):
            assert boxes[:, lane, 1].min() >= lane * plan.lane
            assert boxes[:, lane, 3].max() <= (lane + 1) * plan.lane
        # Neither over a mark, nor all in one place.
        assert boxes[..., 0].min() >= plan.mark
        assert boxes[..., 2].max() <= width - plan.mark
        assert len(np.unique(boxes[..., 0])) > plan.columns


@given(sides, sides)
def test_everything_fits_into_a_scene_of_any_size(height: int, width: int) -> None:
    plan = layout(height, width)
    assert plan.digits * plan.lane <= height
    last_row = (plan.digits - 1) * plan.lane + (plan.rows - 1) * plan.lattice
    assert last_row + plan.digit <= height
    assert plan.mark + (plan.columns - 1) * plan.lattice + plan.digit <= width - plan.mark
    assert plan.mark_height <= height
    assert plan.fragment <= min(plan.digit, height, width)


def test_every_class_and_every_place_is_asked_for_equally_often() -> None:
    made = scenes(0, "train", np.arange(5000), 32, 32)
    assert np.bincount(made.labels, minlength=10).min() > 400
    assert np.bincount(made.asked, minlength=3).min() > 1500


def test_seed_split_and_size_change_the_scenes() -> None:
    number = np.array([4])
    first = scenes(0, "train", number, 32, 32).images
    assert not np.array_equal(first, scenes(1, "train", number, 32, 32).images)
    assert not np.array_equal(first, scenes(0, "test", number, 32, 32).images)
    wide = scenes(0, "train", number, 32, 40).images
    assert not np.array_equal(first, wide[:, :, :32])


def test_scenes_stay_the_same_over_versions() -> None:
    # What a run was trained on can be made again; a change here changes every digits run.
    made = scenes(0, "train", np.arange(6), 64, 64)
    assert made.labels.tolist() == GOLDEN_LABELS
    assert made.boxes[0].tolist() == GOLDEN_BOXES


def test_held_out_scans_are_never_trained_on() -> None:
    train, test = scans("train", 8).images[-1], scans("test", 8).images[-1]
    assert len(train) + len(test) == 1797
    assert 0.15 < len(test) / 1797 < 0.25
    known = {scan.tobytes() for scan in train}
    assert not any(scan.tobytes() in known for scan in test)


def test_scans_are_sorted_by_class() -> None:
    from sklearn.datasets import load_digits

    bunch: Any = load_digits()
    bank = scans("train", 8)
    largest = bank.images[-1]
    for label in (0, 9):
        first, count = bank.first[label], bank.count[label]
        original = bunch.images[bunch.target == label][0]
        assert np.allclose(largest[first], original / original.max() * 255, atol=1)
        assert count == sum(index % 5 != 4 for index in range((bunch.target == label).sum()))


@pytest.mark.parametrize(("height", "width"), [(7, 64), (64, 7)])
def test_a_scene_that_is_too_small_is_refused(height: int, width: int) -> None:
    with pytest.raises(ValueError, match=f"{height}×{width}.*at least 8"):
        scenes(0, "train", np.array([0]), height, width)
    with pytest.raises(ValueError, match="at least 8"):
        source(size=(height, width))


def test_every_channel_shows_the_scene() -> None:
    images, labels = next(source(channels=3).batches(0, 1, Cut(4)))
    assert images.shape == (4, 3, 16, 16)
    assert images.dtype == torch.float32
    assert labels.dtype == torch.int64
    assert torch.equal(images[:, 0], images[:, 2])


def test_pixels_are_scaled_and_the_background_is_far_from_0() -> None:
    images, _ = next(source(train=200, size=(64, 64)).batches(0, 1, Cut(200)))
    assert float(images.abs().max()) <= 2
    assert float(images.median()) < -1


def test_any_step_can_be_gone_to() -> None:
    whole = list(source().batches(0, 10, Cut(6)))
    for start in (1, 3, 7):
        for (images, labels), (again, labels_again) in zip(
            whole[start:], source().batches(start, 10, Cut(6)), strict=True
        ):
            assert torch.equal(images, again)
            assert torch.equal(labels, labels_again)


def test_an_epoch_shows_every_scene_once_in_an_order_of_its_own() -> None:
    steps = [images for images, _ in source().batches(0, 8, Cut(5))]
    epochs = [
        [image.numpy().tobytes() for batch in steps[at : at + 4] for image in batch]
        for at in (0, 4)
    ]
    assert len(set(epochs[0])) == 20
    assert set(epochs[0]) == set(epochs[1])
    assert epochs[0] != epochs[1]


def test_held_out_scenes_come_in_order_and_all() -> None:
    sizes = [len(labels) for _, labels in source().held_out(4)]
    assert sizes == [4, 3]
    labels = torch.cat([labels for _, labels in source().held_out(4)])
    assert labels.tolist() == scenes(0, "test", np.arange(7), 16, 16).labels.tolist()


def test_scenes_that_do_not_fit_in_memory_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = next(source().batches(2, 3, Cut(6)))
    monkeypatch.setattr("fovea_runtime.data.digits.source._KEPT", 0)
    composed = next(source().batches(2, 3, Cut(6)))
    assert torch.equal(kept[0], composed[0])
    assert torch.equal(kept[1], composed[1])


def test_the_sheet_shows_the_scenes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "fovea_runtime.data.digits", "--out", tmp_path / "sheet.png"]
    command += ["--size", "20", "24", "--rows", "2", "--columns", "3", "--scale", "1"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python")}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    made = scenes(0, "train", np.arange(6), 20, 24)
    assert done.stdout.split() == [str(label) for label in made.labels]
    with Image.open(tmp_path / "sheet.png") as sheet:
        pixels = np.asarray(sheet)
    assert np.array_equal(pixels[22:42, 26:50], made.images[4])
