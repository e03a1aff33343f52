"""ADE20K in ADEChallengeData2016's layout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fovea_runtime.data.cut import Cut
from fovea_runtime.data.dense.ade20k import open_ade20k
from fovea_runtime.data.dense.sample_feed import SampleFeed
from fovea_runtime.data.dense.segmentation_transform import SegmentationTransform, SegmentationView
from fovea_runtime.randomness import Purpose, seed_everything
from PIL import Image
from written_data import ade_mask, jpeg, picture, write_ade20k, write_mask

TRAINING = [(40, 60), (48, 36), (50, 50), (30, 90), (64, 40)]
VALIDATION = [(40, 60), (60, 40)]
CROP = 32
MEAN, STD = torch.tensor((0.485, 0.456, 0.406)), torch.tensor((0.229, 0.224, 0.225))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_ade20k(tmp_path / "ADEChallengeData2016", TRAINING, VALIDATION)
    return tmp_path / "ADEChallengeData2016"


def feed(root: Path, **changes: Any) -> SampleFeed:
    options: dict[str, Any] = {"crop": CROP, "corrupt": 0, "seed": 0, "workers": 0}
    return open_ade20k(root, **{**options, **changes})


def refused(root: Path, *words: str, **changes: Any) -> None:
    with pytest.raises(ValueError) as error:
        feed(root, **changes)
    text = str(error.value)
    assert len(text.splitlines()) == 1
    for word in words:
        assert word in text, text


def mask_of(root: Path, split: str, index: int) -> Path:
    return sorted((root / "annotations" / split).iterdir())[index]


def test_training_samples_are_crops(root: Path) -> None:
    ours = feed(root)
    assert (ours.train_size, len(ours.class_names)) == (5, 150)
    for batch in ours.batches(0, 4, Cut(5)):
        assert len(batch) == 5
        for image, mask in batch:
            assert (image.shape, image.dtype) == ((3, CROP, CROP), torch.float32)
            assert (mask.shape, mask.dtype) == ((CROP, CROP), torch.int64)
            assert set(mask.unique().tolist()) <= {*range(150), 255}


def test_held_out_masks_are_the_files_with_zero_left_out(root: Path) -> None:
    ((first, second),) = list(feed(root).held_out(2))
    for index, (image, mask) in enumerate((first, second)):
        stored = ade_mask(*VALIDATION[index], index).astype(np.int64)
        # 0 does not count, 1 to 150 become 0 to 149.
        assert np.array_equal(mask.numpy(), np.where(stored == 0, 255, stored - 1))
        height, width = VALIDATION[index]
        short = min(height, width)
        assert image.shape[1:] == (round(height * CROP / short), round(width * CROP / short))
    # The picture itself, scaled by Pillow: JPEG and another filter are within a few levels.
    height, width = first[0].shape[1:]
    expected = picture(*VALIDATION[0], 0).resize((width, height), Image.Resampling.BILINEAR)
    pixels = (first[0] * STD[:, None, None] + MEAN[:, None, None]) * 255
    difference = pixels - torch.from_numpy(np.array(expected)).permute(2, 0, 1)
    assert float(difference.abs().mean()) < 3


def test_samples_are_a_function_of_seed_epoch_and_index(root: Path) -> None:
    whole = list(feed(root).batches(0, 5, Cut(2)))
    for workers, start in ((0, 2), (2, 0), (2, 3)):
        again = list(feed(root, workers=workers).batches(start, 5, Cut(2)))
        for batch, other in zip(whole[start:], again, strict=True):
            for sample, repeated in zip(batch, other, strict=True):
                assert torch.equal(sample[0], repeated[0])
                assert torch.equal(sample[1], repeated[1])
    (other,) = list(feed(root, seed=1).batches(0, 1, Cut(2)))
    assert not torch.equal(whole[0][0][0], other[0][0])


def coordinates(height: int, width: int) -> tuple[torch.Tensor, torch.Tensor]:
    """An image whose red is its mask: geometry must move both alike."""
    mask = torch.arange(width, dtype=torch.uint8).repeat(height, 1)
    image = torch.stack([mask, mask // 2, torch.zeros_like(mask)])
    return image, mask


def test_mask_and_image_move_together() -> None:
    image, mask = coordinates(120, 120)
    transform = SegmentationTransform(64)
    transform._distort.p = 0.0
    scales: set[int] = set()
    flipped = 0
    for seed in range(40):
        seed_everything(seed, Purpose.SAMPLE)
        moved, classes = transform((image, mask))
        red = (moved[0] * STD[0] + MEAN[0]) * 255
        inside = classes != 255
        # Bilinear against nearest: at a scale of 1/4 they differ by a few columns at most.
        assert float((red - classes)[inside].abs().max()) < 4
        assert float(moved[:, ~inside].abs().sum()) == 0
        row = classes[0][inside[0]]
        flipped += int(row[0] > row[-1])
        scales.add(int(inside.sum(1).max()))
    assert 8 < flipped < 32
    # Below the crop's side at scales under 1, the crop's side above.
    assert min(scales) < 40
    assert max(scales) == 64


def test_a_crop_of_one_class_is_drawn_again() -> None:
    # One class but for the left eighth: most crops show it alone.
    mask = torch.zeros(64, 512, dtype=torch.uint8)
    mask[:, :64] = torch.arange(64, dtype=torch.uint8)
    image = torch.zeros(3, 64, 512, dtype=torch.uint8)
    transform = SegmentationTransform(32)
    varied = 0
    for seed in range(60):
        seed_everything(seed, Purpose.SAMPLE)
        varied += int(len(transform((image, mask))[1].unique()) > 5)
    # A crop of the first draw shows more classes in about one of six.
    assert varied > 30


def test_the_longer_side_has_a_limit() -> None:
    mask = torch.zeros(10, 1000, dtype=torch.uint8)
    image, _ = SegmentationView(32)((torch.zeros(3, 10, 1000, dtype=torch.uint8), mask))
    assert image.shape == (3, 1, 128)


def test_a_broken_file_is_replaced_and_named(root: Path) -> None:
    image = sorted((root / "images" / "training").iterdir())[1]
    image.write_bytes(image.read_bytes()[:-300])
    mask = mask_of(root, "training", 2)
    mask.write_bytes(mask.read_bytes()[:-30])
    ours = feed(root, corrupt=2)
    (batch,) = ours.batches(0, 1, Cut(5))
    assert len(batch) == 5
    told = sorted(ours.take_problems())
    assert told[0].startswith(f"{image} cannot be used: image file is truncated")
    assert "00000002.jpg cannot be used: " in told[1]


def test_masks_of_another_size(root: Path) -> None:
    write_mask(mask_of(root, "training", 3), ade_mask(30, 91, 0))
    refused(root, "00000003.jpg: its mask is 30×91 pixels, the image 30×90", "data.corrupt")
    assert feed(root, corrupt=1).train_size == 4


def test_masks_of_unknown_classes(root: Path) -> None:
    wrong = np.full(TRAINING[1], 151, np.uint8)
    write_mask(mask_of(root, "training", 1), wrong)
    with pytest.raises(ValueError, match="has the class 151, and there are 150"):
        list(feed(root).batches(0, 1, Cut(5)))


def test_masks_in_colour_are_those_of_another_dataset(root: Path) -> None:
    for file in (root / "annotations" / "training").iterdir():
        Image.open(file).convert("RGB").save(file)
    refused(root, "is in colour (RGB)", "ADEChallengeData2016", corrupt=10)


def test_lone_files(root: Path) -> None:
    mask_of(root, "training", 0).unlink()
    refused(root, "1 files have no mask", "ADE_train_00000000.jpg", "copy the missing ones")
    image = min((root / "images" / "training").iterdir())
    image.unlink()
    assert feed(root).train_size == 4
    (root / "images" / "validation" / "ADE_valid_00000001.jpg").unlink()
    refused(root, "1 files have no image", "ADE_valid_00000001.png")


def test_folders(root: Path) -> None:
    refused(root.parent, "no folder", "images/training", "holds the folders ADEChallengeData2016")
    refused(root / "x", "no folder", "ADEChallengeData2016")
    (root / "annotations" / "validation").rename(root / "annotations" / "val")
    refused(root, "annotations/validation", "holds the folders training, val")


def test_no_images(root: Path) -> None:
    for kind in ("images", "annotations"):
        for file in (root / kind / "validation").iterdir():
            file.unlink()
    refused(root, "no images in", "images/validation")


def test_a_jpeg_is_read_as_written(root: Path) -> None:
    (root / "images" / "validation" / "ADE_valid_00000000.jpg").write_bytes(jpeg(40, 60, 7))
    ((sample,), *_) = list(feed(root).held_out(1))
    assert sample[0].shape[0] == 3
