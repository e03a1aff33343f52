"""The tally of training's evaluation and of `fovea eval`, held against torchmetrics and PyTorch."""

from __future__ import annotations

import math

import pytest
import torch
from fovea_runtime.evaluation.tally import Tally
from torch import Tensor
from torch.nn import functional
from torchmetrics.classification import MulticlassAccuracy

CPU = torch.device("cpu")


def drawn(classes: int, images: int = 203) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(7)
    logits = torch.randn(images, classes, generator=generator)
    return logits, torch.randint(0, classes, (images,), generator=generator)


def counted(logits: Tensor, labels: Tensor, classes: int, batch: int = 50) -> Tally:
    tally = Tally(classes, CPU)
    for some, theirs in zip(logits.split(batch), labels.split(batch), strict=True):
        tally.add(some, theirs)
    return tally


@pytest.mark.parametrize("classes", [2, 4, 5, 17])
def test_is_what_torchmetrics_counts(classes: int) -> None:
    logits, labels = drawn(classes)
    tally = counted(logits, labels, classes)
    found = tally.metrics()
    for name, top in (("top1", 1), ("top5", min(5, classes))):
        metric = MulticlassAccuracy(num_classes=classes, top_k=top, average="micro")
        assert found[name] == pytest.approx(100 * float(metric(logits, labels)), abs=1e-4)
    loss = functional.cross_entropy(logits.double(), labels)
    assert found["loss"] == pytest.approx(float(loss), rel=1e-6)
    by_class = MulticlassAccuracy(num_classes=classes, top_k=1, average="none")(logits, labels)
    rows = tally.by_class()
    assert [row["class"] for row in rows] == list(range(classes))
    assert [row["images"] for row in rows] == torch.bincount(labels, minlength=classes).tolist()
    wanted = [100 * float(each) for each in by_class]
    assert [row["top1"] for row in rows] == pytest.approx(wanted, abs=1e-4)


def test_batches_and_processes_make_no_difference() -> None:
    logits, labels = drawn(6)
    whole = counted(logits, labels, 6, batch=203).metrics()
    assert counted(logits, labels, 6, batch=7).metrics() == pytest.approx(whole, rel=1e-12)
    mine, other = (counted(logits[part::2], labels[part::2], 6) for part in (0, 1))
    theirs = iter([torch.stack([other.images, other.first, other.top]), other.loss])
    mine.share(lambda tensor: tensor + next(theirs))
    assert mine.metrics() == pytest.approx(whole, rel=1e-12)


def test_of_equal_scores_the_lower_class_wins() -> None:
    labels = torch.arange(10)
    found = counted(torch.zeros(10, 10), labels, 10).metrics()
    assert (found["top1"], found["top5"]) == (10, 50)
    assert found["loss"] == pytest.approx(math.log(10))


def test_what_is_no_number_is_no_hit() -> None:
    logits = torch.eye(3)
    logits[0, 0] = logits[1, 2] = float("nan")
    tally = counted(logits, torch.arange(3), 3)
    found = tally.metrics()
    assert found["top1"] == pytest.approx(100 / 3, abs=1e-4)
    assert math.isnan(found["loss"])


def test_one_class_and_a_class_without_images() -> None:
    logits, labels = torch.randn(4, 1), torch.zeros(4, dtype=torch.int64)
    assert counted(logits, labels, 1).metrics() == {"top1": 100, "top5": 100, "loss": 0}
    rows = counted(torch.eye(3)[:2], torch.arange(2), 3).by_class()
    assert rows[2] == {"class": 2, "images": 0, "top1": None}


def test_nothing_counted_has_no_figures() -> None:
    assert all(math.isnan(value) for value in Tally(3, CPU).metrics().values())
