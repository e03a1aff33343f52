"""The golden losses of the networks that take seconds; CI has all (scripts/golden-losses.ts)."""

from __future__ import annotations

import copy

import golden_losses
import pytest
from conftest import Emitted
from golden_losses import committed, difference, first_losses, verdict

QUICK = ("pelk_digits", "convnext_tiny")


@pytest.mark.parametrize("name", QUICK)
def test_first_losses(packages: dict[str, Emitted], name: str) -> None:
    network = packages[name]
    assert verdict(committed(name), first_losses(network.folder, network.network)) is None


def test_every_golden_is_of_a_network_and_whole(packages: dict[str, Emitted]) -> None:
    names = {path.stem for path in golden_losses.GOLDENS.glob("*.json")}
    assert names <= packages.keys()
    assert all(len(committed(name)["losses"]) == golden_losses.STEPS for name in names)


def test_what_counts_as_another_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    golden = committed("pelk_digits")
    found = copy.deepcopy(golden)
    tolerance = golden["tolerance"]
    assert verdict(golden, found) is None
    found["losses"][3] *= 1 + tolerance / 2
    assert difference(golden, found) == (4, pytest.approx(tolerance / 2))
    monkeypatch.setattr(golden_losses, "conditions", lambda golden: [])
    assert "differ from step 4 on" in (verdict(golden, found) or "")
    monkeypatch.setattr(golden_losses, "conditions", lambda golden: ["host.threads: 1 → 2"])
    assert verdict(golden, found) is None
    found["losses"][3] *= 1 + tolerance
    assert "host.threads" in (verdict(golden, found) or "")
    found["losses"][3] = float("nan")
    assert verdict(golden, found) is not None
