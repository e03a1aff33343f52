"""Updates: when, how many, which weights go and which grow."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sparse_nets import (
    adamw,
    assert_zero,
    backward,
    counts,
    masked_weights,
    small_net,
    sparse,
    train,
)
from torch import nn


@pytest.mark.parametrize("grow", ["random", "gradient"])
@pytest.mark.parametrize("init", ["uniform", "erk", "snip"])
def test_a_whole_training_keeps_its_counts_and_its_zeros(init, grow) -> None:
    model = small_net()
    optimizer = adamw(model)
    backward(model)
    sparsity = sparse(model, optimizer, init=init, grow=grow)
    start = counts(sparsity)
    density = sparsity.event["density"]
    events = []

    def look(number, event) -> None:
        assert counts(sparsity) == start
        assert_zero(model, optimizer, sparsity)
        sparsity.check()
        if event is not None:
            events.append(event)
            assert event is sparsity.event
            assert event["step"] == number
            assert event["layers"] == start
            assert event["density"] == density
            assert 0 < event["churn"] < 0.3

    train(model, optimizer, sparsity, after=look)
    assert [event["step"] for event in events] == [5, 10, 15, 20]
    explored = [event["explored"] for event in events]
    assert explored == sorted(explored)
    assert density < explored[0] < explored[-1] <= 1
    masked = sum(mask.numel() for mask in sparsity.masks.values())
    total = 216 + 200 + 3072 + 120
    # What is dense counts as kept and explored.
    assert density == (total - masked + sum(start.values())) / total


@pytest.mark.parametrize("grow", ["random", "gradient"])
def test_the_smallest_go_and_the_right_ones_grow(grow) -> None:
    model = small_net()
    optimizer = adamw(model)
    sparsity = sparse(model, optimizer, grow=grow, every=1, steps=8)
    for number in range(1, 4):
        optimizer.zero_grad()
        backward(model, number)
        before = dict(sparsity.masks)
        optimizer.step()
        weights = {n: p.detach().clone() for n, p in model.named_parameters()}
        event = sparsity.step()
        assert event is not None
        share = 0.005 + 0.295 * (1 + math.cos(math.pi * number / 8)) / 2
        moved = 0
        for name, new in sparsity.masks.items():
            old, weight = before[name], weights[name].abs()
            gradient = model.get_parameter(name).grad.abs()
            gone, grown = old & ~new, new & ~old
            count = round(share * int(old.sum()))
            moved += count
            assert int(gone.sum()) == int(grown.sum()) == count
            assert weight[gone].max() <= weight[old & new].min()
            assert not model.get_parameter(name)[grown].any()
            largest = gradient[grown].min() >= gradient[~old & ~grown].max()
            # At random the largest would be all there by a chance of nothing.
            assert bool(largest) == (grow == "gradient")
        assert event["churn"] == moved / sum(counts(sparsity).values())


@settings(max_examples=80)
@given(
    values=st.lists(
        st.tuples(st.integers(-3, 3), st.integers(-3, 3), st.booleans()), min_size=4, max_size=40
    ),
    share=st.floats(0, 0.99),
)
def test_ties_are_broken_by_place(values, share) -> None:
    """Against sorting by hand, with many equal weights and gradients."""
    weight = nn.Parameter(torch.tensor([[float(w) for w, _, _ in values]]))
    model = nn.Module()
    model.weight = weight
    optimizer = torch.optim.SGD([weight], lr=0.0)
    sparsity = sparse(
        model, optimizer, amount=0.5, prune=share, every=1, steps=10**9, grow="gradient"
    )
    old = sparsity.masks["weight"][0].tolist()
    weight.grad = torch.tensor([[float(g) for _, g, _ in values]])
    held = weight.detach()[0].tolist()
    sparsity.step()
    last = min(0.005, share)
    kept = [at for at, on in enumerate(old) if on]
    free = [at for at, on in enumerate(old) if not on]
    count = min(round((last + (share - last)) * len(kept)), len(free))
    gone = sorted(kept, key=lambda at: (abs(held[at]), at))[:count]
    grown = sorted(free, key=lambda at: (-abs(values[at][1]), at))[:count]
    wanted = [(on and at not in gone) or at in grown for at, on in enumerate(old)]
    assert sparsity.masks["weight"][0].tolist() == wanted


def test_the_share_follows_a_cosine_to_a_half_percent_and_stays_there() -> None:
    model = nn.Linear(100, 100)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    sparsity = sparse(model, optimizer, every=10, prune=0.5, steps=100)
    churn = [event["churn"] for _ in range(130) if (event := sparsity.step())]
    wanted = [
        0.005 + 0.495 * (1 + math.cos(math.pi * min(step, 100) / 100)) / 2
        for step in range(10, 131, 10)
    ]
    assert churn == pytest.approx(wanted, abs=1 / 6000)


def test_a_share_of_zero_keeps_the_first_masks() -> None:
    model = small_net()
    optimizer = adamw(model)
    sparsity = sparse(model, optimizer, prune=0)
    before = sparsity.masks
    train(model, optimizer, sparsity, last=10)
    assert all(torch.equal(before[name], mask) for name, mask in sparsity.masks.items())
    assert sparsity.event["churn"] == 0


def test_no_more_is_exchanged_than_was_pruned() -> None:
    """Nine of ten weights are kept and half should go: the tenth that is free is exchanged."""
    model = nn.Linear(20, 20)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    sparsity = sparse(model, optimizer, amount=0.1, prune=0.5, every=1, steps=10**9)
    old = sparsity.masks["weight"]
    sparsity.step()
    new = sparsity.masks["weight"]
    assert int((old & ~new).sum()) == 40
    assert new[~old].all()


def test_growing_by_gradient_needs_gradients() -> None:
    model = small_net()
    optimizer = adamw(model)
    sparsity = sparse(model, optimizer, grow="gradient", every=1)
    backward(model)
    optimizer.step()
    optimizer.zero_grad()
    with pytest.raises(ValueError, match=r"call step\(\) before optimizer\.zero_grad\(\)"):
        sparsity.step()


def test_a_gradient_that_is_not_finite_puts_the_update_off_by_a_step() -> None:
    model = small_net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    sparsity = sparse(model, optimizer, grow="gradient", every=3)
    seen = []
    for number in range(1, 7):
        optimizer.zero_grad()
        backward(model, number)
        if number == 3:
            model[6].weight.grad[0, 0] = math.inf
        else:
            optimizer.step()
        seen.append(sparsity.step() is not None)
    assert seen == [False, False, False, True, False, True]


def test_two_updates_draw_differently() -> None:
    model = nn.Linear(50, 50)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    sparsity = sparse(model, optimizer, every=1, steps=10**9, prune=0.1)
    places = []
    for _ in range(2):
        old = sparsity.masks["weight"]
        sparsity.step()
        # Which of those that were free, in their order.
        places.append(sparsity.masks["weight"][~old])
    assert int(places[0].sum()) == int(places[1].sum()) == 150
    # By chance 150 · 150 / 1000 are the same.
    assert int((places[0] & places[1]).sum()) < 60


def test_a_layer_without_gradient_still_grows() -> None:
    model = small_net()
    model.add_module("unused", nn.Linear(10, 10))
    forward = nn.Sequential(*list(model)[:-1])
    optimizer = adamw(model)
    sparsity = sparse(model, optimizer, grow="gradient", every=2)
    for number in (1, 2):
        optimizer.zero_grad()
        backward(forward, number)
        optimizer.step()
        sparsity.step()
    assert counts(sparsity)["unused.weight"] == 60
    assert masked_weights(model, sparsity)
