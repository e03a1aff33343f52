"""ImageNet's layout, on small images in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from fovea_runtime.data.cut import Cut
from fovea_runtime.data.image_folder import ImageFolderSource
from fovea_runtime.data.image_transforms import train_transform
from fovea_runtime.randomness import Purpose, seed_everything
from PIL import Image
from tiny_run import AUGMENT, make_run, same, stop_after
from written_data import write_images

STRONG = {
    **AUGMENT,
    "flip": 0.5,
    "cropScale": 0.3,
    "randAugment": "rand-m9-mstd0.5-inc1",
    "erasing": 0.5,
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("images")
    write_images(root / "train", {"cat": 6, "dog": 5, "eel": 6}, 0)
    write_images(root / "val", {"cat": 3, "dog": 2, "eel": 2}, 1)
    return root


def source(root: Path, **changes: Any) -> ImageFolderSource:
    options: dict[str, Any] = {
        "root": root,
        "train": "train",
        "validation": "val",
        "workers": 0,
        "channels": 3,
        "size": (16, 24),
        "seed": 0,
        "augment": STRONG,
    }
    return ImageFolderSource(**{**options, **changes})


def test_classes_and_sizes(root: Path) -> None:
    images = source(root)
    assert images.classes == 3
    assert images.train_size == 17
    batch, labels = next(images.batches(0, 1, Cut(5)))
    assert batch.shape == (5, 3, 16, 24)
    assert batch.dtype == torch.float32
    assert labels.dtype == torch.int64
    held_out = list(images.held_out(4))
    assert [len(labels) for _, labels in held_out] == [4, 3]
    assert torch.cat([labels for _, labels in held_out]).tolist() == [0, 0, 0, 1, 1, 2, 2]


def test_any_step_can_be_gone_to(root: Path) -> None:
    whole = list(source(root).batches(0, 7, Cut(5)))
    for start in (1, 4):
        for (images, labels), (again, labels_again) in zip(
            whole[start:], source(root).batches(start, 7, Cut(5)), strict=True
        ):
            assert torch.equal(images, again)
            assert torch.equal(labels, labels_again)


def test_worker_processes_change_nothing(root: Path) -> None:
    alone = list(source(root).batches(1, 5, Cut(5)))
    helped = list(source(root, workers=2).batches(1, 5, Cut(5)))
    for (images, labels), (again, labels_again) in zip(alone, helped, strict=True):
        assert torch.equal(images, again)
        assert torch.equal(labels, labels_again)


def test_augmentation_differs_by_epoch_and_seed(root: Path) -> None:
    # One batch is the whole of the training images.
    first, second = (
        images.sum(dim=(1, 2, 3)).sort()[0] for images, _ in source(root).batches(0, 2, Cut(17))
    )
    assert not torch.equal(first, second)
    ((other, _),) = source(root, seed=1).batches(0, 1, Cut(17))
    assert not torch.equal(first, other.sum(dim=(1, 2, 3)).sort()[0])


def test_without_augmentation_an_image_stays_the_same(root: Path) -> None:
    sums = [
        images.sum(dim=(1, 2, 3)).sort()[0]
        for images, _ in source(root, augment=AUGMENT).batches(0, 2, Cut(17))
    ]
    assert torch.equal(sums[0], sums[1])


@pytest.mark.parametrize("channels", [1, 3])
def test_every_strength_of_randaugment_works(channels: int) -> None:
    # Posterizing to 0 bits is black: up to Pillow 12 by itself, from 13 on an error in timm.
    augment = {**AUGMENT, "randAugment": "rand-m10-inc1-p1.0-n1"}
    mode = {1: "L", 3: "RGB"}[channels]
    image = Image.new(mode, (32, 32), 200 if channels == 1 else (200, 100, 50))
    transform = train_transform(channels, (16, 16), augment)
    blackest = []
    for seed in range(120):
        seed_everything(seed, Purpose.SAMPLE)
        blackest.append(float(transform(image).max()))
    black = float(train_transform(channels, (16, 16), AUGMENT)(Image.new(mode, (32, 32))).max())
    assert min(blackest) == pytest.approx(black)


def test_images_are_normalised_as_imagenets(root: Path, tmp_path: Path) -> None:
    for split in ("train", "val"):
        (tmp_path / split / "white").mkdir(parents=True)
        Image.new("RGB", (30, 30), "white").save(tmp_path / split / "white" / "0.png")
    images, _ = next(source(tmp_path).held_out(1))
    white = [
        (1 - mean) / std
        for mean, std in zip((0.485, 0.456, 0.406), (0.229, 0.224, 0.225), strict=True)
    ]
    assert torch.allclose(images.mean(dim=(0, 2, 3)), torch.tensor(white), atol=1e-5)


def test_grey_networks_get_grey_images(root: Path) -> None:
    images, _ = next(source(root, channels=1).batches(0, 1, Cut(4)))
    assert images.shape == (4, 1, 16, 24)


def test_other_channels_are_refused(root: Path) -> None:
    with pytest.raises(ValueError, match="takes 2"):
        source(root, channels=2)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=str(tmp_path / "train")):
        source(tmp_path)


def test_other_classes_in_validation_are_named(tmp_path: Path) -> None:
    write_images(tmp_path / "train", {"cat": 1, "dog": 1}, 0)
    write_images(tmp_path / "val", {"cat": 1, "fox": 1}, 1)
    with pytest.raises(ValueError, match="dog, fox"):
        source(tmp_path)


@pytest.mark.parametrize("workers", [0, 2])
def test_a_corrupt_image_is_named(tmp_path: Path, workers: int) -> None:
    for split in ("train", "val"):
        write_images(tmp_path / split, {"cat": 2, "dog": 2}, 0)
    corrupt = tmp_path / "train" / "dog" / "0.jpg"
    corrupt.write_bytes(corrupt.read_bytes()[:200])
    with pytest.raises(ValueError, match=str(corrupt)):
        list(source(tmp_path, workers=workers).batches(0, 1, Cut(4)))


@pytest.mark.parametrize("workers", [0, 2])
def test_a_run_resumes_to_the_same_losses(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    data = {
        "type": "image_folder",
        "root": str(root),
        "train": "train",
        "validation": "val",
        "workers": workers,
    }
    options: dict[str, Any] = {
        "data": data,
        "channels": 3,
        "augment": STRONG,
        "batch": 5,
        "steps": 7,
    }
    whole = make_run(tmp_path / "whole", **options)
    assert whole.train() == 0
    assert whole.of("eval")[-1]["metrics"]["top5"] == 100
    run = make_run(tmp_path / "run", **options)
    with monkeypatch.context() as patch:
        assert run.train(interrupt=stop_after(patch, 4)) == 130
    assert run.train(resume=True) == 0
    assert run.losses == whole.losses
    assert same(run.load_last()["model"], whole.load_last()["model"])
    (warning,) = run.of("warning")[:1]
    assert "10" in warning["message"]
