"""A training that stops and goes on has the bits of one that never stopped."""

from __future__ import annotations

import copy
import io
from typing import Any

import pytest
import torch
from fovea_runtime.sparsity import DynamicSparsity
from sparse_nets import OPTIONS, adamw, backward, counts, small_net, sparse, train
from tiny_run import same
from torch import nn


def whole(**changes: Any) -> tuple[nn.Module, DynamicSparsity, dict[str, Any]]:
    """Twenty steps, and a checkpoint after the twelfth."""
    model = small_net()
    optimizer = adamw(model)
    sparsity = sparse(model, optimizer, **changes)
    saved: dict[str, Any] = {}

    def look(number: int, _: Any) -> None:
        if number == 12:
            saved.update(
                model=copy.deepcopy(model.state_dict()),
                optimizer=copy.deepcopy(optimizer.state_dict()),
                sparsity=sparsity.state_dict(),
            )

    train(model, optimizer, sparsity, after=look)
    return model, sparsity, saved


def through_a_file(state: Any) -> Any:
    """As torch.load(weights_only=True) reads it."""
    file = io.BytesIO()
    torch.save(state, file)
    file.seek(0)
    return torch.load(file, weights_only=True)


@pytest.mark.parametrize("grow", ["random", "gradient"])
@pytest.mark.parametrize("order", ["model first", "model last", "resume"])
def test_a_resumed_training_has_the_same_bits(grow, order) -> None:
    wanted, sparsity, saved = whole(grow=grow, init="erk")
    saved = through_a_file(saved)
    model = small_net(seed=9)
    optimizer = adamw(model)
    # How the masks began and what seed they are drawn from is the state's to say.
    options = {**OPTIONS, "grow": grow, "init": "uniform", "seed": 77}

    def load() -> None:
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])

    if order == "model first":
        load()
        resumed = DynamicSparsity(model, optimizer, **options)
        resumed.load_state_dict(saved["sparsity"])
    elif order == "model last":
        resumed = DynamicSparsity(model, optimizer, **options)
        resumed.load_state_dict(saved["sparsity"])
        load()
    else:
        load()
        resumed = DynamicSparsity.resume(model, optimizer, saved["sparsity"], **options)
    resumed.check()
    assert same(model.state_dict(), saved["model"])
    assert same(resumed.state_dict(), saved["sparsity"])
    train(model, optimizer, resumed, first=13)
    assert same(model.state_dict(), wanted.state_dict())
    assert same(resumed.state_dict(), sparsity.state_dict())
    assert resumed.event == sparsity.event


def test_weights_that_were_loaded_after_are_not_put_back() -> None:
    """A checkpoint of an update has grown weights at zero, where the new model had others."""
    model = small_net()
    optimizer = adamw(model)
    sparsity = sparse(model, optimizer)
    train(model, optimizer, sparsity, last=5)
    other = small_net(seed=9)
    resumed = sparse(other, adamw(other))
    other.load_state_dict(model.state_dict())
    resumed.load_state_dict(sparsity.state_dict())
    assert same(other.state_dict(), model.state_dict())


def test_a_state_is_a_copy() -> None:
    model = small_net()
    optimizer = adamw(model)
    sparsity = sparse(model, optimizer)
    state = sparsity.state_dict()
    kept = copy.deepcopy(state)
    train(model, optimizer, sparsity, last=5)
    assert same(state, kept)
    sparsity.load_state_dict(state)
    assert counts(sparsity) == {name: int(mask.sum()) for name, mask in kept["masks"].items()}
    train(model, optimizer, sparsity, last=5)
    assert same(state, kept)


def test_a_state_has_masks_step_and_generator() -> None:
    _, sparsity, saved = whole()
    state = saved["sparsity"]
    assert (state["step"], state["seed"]) == (12, 0)
    masks = sparsity.masks
    assert state["masks"].keys() == masks.keys()
    assert all(mask.dtype == torch.bool for mask in state["masks"].values())
    assert all(state["masks"][name].shape == masks[name].shape for name in masks)
    assert all((state["ever"][n] >= state["masks"][n]).all() for n in masks)


def test_layers_that_snip_left_dense_stay_so() -> None:
    model = small_net()
    backward(model)
    sparsity = sparse(model, init="snip", amount=0.05)
    assert 0 < len(sparsity.masks) < 4
    other = small_net()
    resumed = DynamicSparsity.resume(
        other, adamw(other), sparsity.state_dict(), **{**OPTIONS, "init": "snip", "amount": 0.05}
    )
    assert resumed.masks.keys() == sparsity.masks.keys()
    assert resumed.event["density"] == sparsity.event["density"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": 0.5}, "another sparsity: amount is 0.4 there and 0.5 here"),
        ({"grow": "gradient", "every": 7}, "every is 5 there and 7 here, grow is 'random'"),
        ({"on": "expanded"}, "on is 'shared' there"),
    ],
)
def test_a_state_of_another_sparsity_is_refused(changes, words) -> None:
    state = sparse(small_net()).state_dict()
    model = small_net()
    other = sparse(model, **changes)
    before = copy.deepcopy(model.state_dict())
    with pytest.raises(ValueError, match=words):
        other.load_state_dict(state)
    assert same(model.state_dict(), before)


def test_a_state_of_another_network_is_refused() -> None:
    state = sparse(small_net()).state_dict()
    with pytest.raises(ValueError, match=r"another network: its mask of 0\.weight is .*\(4, 4\)"):
        sparse(nn.Sequential(nn.Linear(4, 4))).load_state_dict(state)
    with pytest.raises(ValueError, match="no state of a DynamicSparsity"):
        sparse(small_net()).load_state_dict({"masks": {}})
    with pytest.raises(ValueError, match="version 2; 1 is read"):
        sparse(small_net()).load_state_dict({**state, "v": 2})
    del state["ever"]["0.weight"]
    with pytest.raises(ValueError, match=r"lacks a mask of 0\.weight"):
        sparse(small_net()).load_state_dict(state)
