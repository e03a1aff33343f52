"""The first masks: what has one, how many weights each keeps, what is said of mistakes."""

from __future__ import annotations

import math
import warnings

import pytest
import torch
from fovea_runtime.sparsity import DynamicSparsity
from hypothesis import given, settings
from hypothesis import strategies as st
from sparse_nets import OPTIONS, adamw, backward, counts, masked_weights, small_net, sparse
from torch import nn

MATRICES = {"0.weight": 216, "3.weight": 200, "6.weight": 3072, "8.weight": 120}
"""Weights of `small_net` of two and four dimensions."""


def test_matrices_and_convolutions_are_masked_and_vectors_are_not() -> None:
    model = small_net()
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    sparsity = sparse(model)
    assert {name: mask.numel() for name, mask in sparsity.masks.items()} == MATRICES
    for name, parameter in model.named_parameters():
        mask = sparsity.masks.get(name)
        wanted = before[name] if mask is None else before[name].masked_fill(~mask, 0)
        assert torch.equal(parameter, wanted)
    assert all(mask.dtype == torch.bool for mask in sparsity.masks.values())


@settings(max_examples=60)
@given(
    sides=st.lists(st.tuples(st.integers(1, 7), st.integers(1, 7)), min_size=1, max_size=6),
    amount=st.floats(0.01, 0.99),
)
def test_uniform_keeps_the_share_of_each_layer_and_of_all(sides, amount) -> None:
    model = nn.ModuleList(nn.Linear(a, b) for a, b in sides)
    sparsity = sparse(model, amount=amount)
    wanted = {f"{index}.weight": (1 - amount) * a * b for index, (a, b) in enumerate(sides)}
    found = counts(sparsity)
    assert found.keys() == wanted.keys()
    assert all(abs(found[name] - wanted[name]) <= 1 for name in wanted)
    assert min(found.values()) >= 1
    # The sum is right to a weight where no layer had to be left its last one.
    if min(wanted.values()) >= 1:
        assert abs(sum(found.values()) - sum(wanted.values())) <= 1


def test_erk_has_its_closed_form() -> None:
    """Conv (8, 4, 3, 3) and matrix (6, 20): shares are e · sides' sum / product, none is full."""
    model = nn.Sequential(nn.Conv2d(4, 8, 3), nn.Flatten(), nn.Linear(20, 6))
    sparsity = sparse(model, init="erk", amount=0.8)
    # size · raw = sum of the sides: e · (18 + 26) = 0.2 · (288 + 120).
    scale = 0.2 * 408 / (18 + 26)
    found = counts(sparsity)
    assert abs(found["0.weight"] - scale * 18) <= 1
    assert abs(found["2.weight"] - scale * 26) <= 1
    assert sum(found.values()) == round(0.2 * 408)


def test_erk_leaves_dense_what_would_be_fuller_than_full() -> None:
    """(2, 3) would have a share of 5/6 · e with e > 6/5; the two others share the rest."""
    model = nn.ModuleList([nn.Linear(3, 2), nn.Linear(30, 20), nn.Linear(40, 10)])
    sparsity = sparse(model, init="erk", amount=0.5)
    scale = (0.5 * 1006 - 6) / (50 + 50)
    found = counts(sparsity)
    assert found.keys() == {"1.weight", "2.weight"}
    assert abs(found["1.weight"] - scale * 50) <= 1
    assert abs(found["2.weight"] - scale * 50) <= 1
    assert sum(found.values()) + 6 == 503
    assert sparsity.event["density"] == pytest.approx(0.5, abs=1 / 1006)
    assert (model[0].weight != 0).all()


@settings(max_examples=60)
@given(
    sides=st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), min_size=1, max_size=6),
    amount=st.floats(0.05, 0.95),
)
def test_erk_meets_the_target_and_its_proportions(sides, amount) -> None:
    model = nn.ModuleList(nn.Linear(a, b) for a, b in sides)
    sparsity = sparse(model, init="erk", amount=amount)
    total = sum(a * b for a, b in sides)
    found = counts(sparsity)
    kept = {index: found.get(f"{index}.weight", a * b) for index, (a, b) in enumerate(sides)}
    assert abs(sum(kept.values()) - (1 - amount) * total) <= 1 + len(sides)
    scales = [
        (kept[index] / (a + b), 1 / (a + b))
        for index, (a, b) in enumerate(sides)
        if f"{index}.weight" in found and kept[index] > 1
    ]
    # A layer that is thin has the common scale to one weight; a dense one would need less.
    for scale, slack in scales:
        for other, more in scales:
            assert abs(scale - other) <= slack + more
    for index, (a, b) in enumerate(sides):
        if f"{index}.weight" not in found and scales:
            assert a * b / (a + b) <= max(scale + slack for scale, slack in scales) + 1e-9


def test_snip_takes_the_densities_of_the_largest_scores_of_all_layers() -> None:
    model = small_net()
    backward(model)
    scores = {
        name: (parameter * parameter.grad).abs().detach()
        for name, parameter in model.named_parameters()
        if parameter.ndim in (2, 4)
    }
    ranked = torch.cat([score.flatten() for score in scores.values()]).sort(descending=True).values
    least = ranked[round(0.6 * len(ranked)) - 1]
    wanted = {name: int((score >= least).sum()) for name, score in scores.items()}
    thin = {name: n for name, n in wanted.items() if n < 0.99 * MATRICES[name]}
    sparsity = sparse(model, init="snip")
    found = counts(sparsity)
    assert found.keys() == thin.keys()
    assert all(abs(found[name] - wanted[name]) <= 1 for name in found)
    # At that density, but not those weights.
    kept = scores["6.weight"] >= least
    assert 0.3 < (sparsity.masks["6.weight"] & kept).sum() / kept.sum() < 0.9


def test_snip_leaves_dense_what_it_keeps_nearly_all_of() -> None:
    """Of the first layer two weights of 400 score below all of the second: 99.5% is dense."""
    model = nn.ModuleList([nn.Linear(20, 20), nn.Linear(20, 20)])
    torch.manual_seed(0)
    for layer, size in zip(model, (10.0, 1.0), strict=True):
        layer.weight.data.uniform_(1, 2)
        layer.weight.grad = torch.full_like(layer.weight, size)
    model[0].weight.data[0, :2] = 1e-3
    sparsity = sparse(model, init="snip", amount=0.25)
    assert list(sparsity.masks) == ["1.weight"]
    assert counts(sparsity) == {"1.weight": 600 - 398}
    assert (model[0].weight != 0).all()
    assert sparsity.event["layers"] == counts(sparsity)


def test_snip_without_gradients_says_so_and_goes_by_magnitude() -> None:
    model = nn.ModuleList([nn.Linear(10, 10), nn.Linear(10, 10)])
    model[0].weight.data.fill_(2.0)
    model[1].weight.data.copy_(torch.linspace(1, 3, 100).view(10, 10))
    with pytest.warns(UserWarning, match=r"no parameter has a gradient.*backward\(\)"):
        sparsity = sparse(model, init="snip", amount=0.75)
    # Only the 50 above 2 of the second are among the largest 50 of 200.
    assert counts(sparsity) == {"0.weight": 1, "1.weight": 50}
    other = nn.Linear(4, 4)
    other(torch.ones(4)).sum().backward()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sparse(other, init="snip")


def test_snip_refuses_gradients_that_are_not_finite() -> None:
    model = small_net()
    backward(model)
    model[6].weight.grad[0, 0] = math.nan
    with pytest.raises(ValueError, match="not finite"):
        sparse(model, init="snip")


def test_the_seed_alone_decides_and_no_global_generator_moves() -> None:
    torch.manual_seed(5)
    wanted = torch.rand(1)
    torch.manual_seed(5)
    model = nn.Linear(30, 30)
    torch.manual_seed(5)
    one = sparse(model).masks["weight"]
    assert torch.equal(torch.rand(1), wanted)
    torch.manual_seed(6)
    assert torch.equal(one, sparse(nn.Linear(30, 30)).masks["weight"])
    assert not torch.equal(one, sparse(nn.Linear(30, 30), seed=1).masks["weight"])


def test_masks_are_spread_evenly() -> None:
    """Of 100 columns of 400 rows, each keeps 240 in the mean, with a deviation below 10."""
    mask = sparse(nn.Linear(100, 400)).masks["weight"]
    columns = mask.sum(0).double()
    assert columns.mean() == 240
    assert 6 < columns.std() < 13


def test_a_shared_parameter_is_one() -> None:
    model = nn.Sequential(nn.Linear(6, 6), nn.ReLU(), nn.Linear(6, 6))
    model[2].weight = model[0].weight
    sparsity = sparse(model)
    assert counts(sparsity) == {"0.weight": 22}


def test_frozen_and_embeddings_of_kernels_are_left_alone() -> None:
    model = small_net()
    model[6].weight.requires_grad_(False)
    model.register_parameter("embedding", nn.Parameter(torch.ones(2, 3, 3)))
    before = model[6].weight.clone()
    sparsity = sparse(model, adamw(model))
    assert sparsity.masks.keys() == {"0.weight", "3.weight", "8.weight"}
    assert torch.equal(model[6].weight, before)
    assert (model.get_parameter("embedding") == 1).all()


def test_compiled_and_parallel_models_have_their_own_names() -> None:
    model = small_net()
    wrapped = nn.DataParallel(torch.compile(model))  # pyright: ignore[reportArgumentType]
    assert sparse(wrapped, adamw(model)).masks.keys() == MATRICES.keys()


def test_channels_last_and_other_types() -> None:
    model = small_net().to(memory_format=torch.channels_last).to(torch.bfloat16)  # pyright: ignore[reportCallIssue]
    sparsity = sparse(model)
    assert counts(sparsity) == counts(sparse(small_net()))
    for parameter, mask in masked_weights(model, sparsity):
        assert not parameter[~mask].any()
        assert (parameter[mask] != 0).double().mean() > 0.99


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("amount", 0, "above 0 and below 1"),
        ("amount", 1.0, "above 0 and below 1"),
        ("amount", math.nan, "above 0 and below 1"),
        ("amount", "0.4", "amount is '0.4'"),
        ("prune", 1, "from 0 and below 1"),
        ("prune", True, "prune is True"),
        ("init", "ERK", "init is 'ERK'; one of snip, uniform, erk"),
        ("grow", "momentum", "one of random, gradient"),
        ("on", "merged", "one of shared, expanded"),
        ("every", 0, "every is 0; a whole number from 1"),
        ("every", 2.0, "every is 2.0; a whole number"),
        ("steps", 0, "a whole number from 1"),
        ("seed", -1, "a whole number from 0"),
    ],
)
def test_options_that_are_none_are_refused_in_words(option, value, words) -> None:
    model = nn.Linear(4, 4)
    before = model.weight.detach().clone()
    with pytest.raises(ValueError, match=words):
        sparse(model, **{option: value})
    assert torch.equal(model.weight, before)


def test_a_sharded_parameter_is_refused() -> None:
    model = small_net()
    model[6].weight.device_mesh = "as DTensor has one"
    with pytest.raises(ValueError, match=r"6\.weight is spread over processes.*Distributed"):
        sparse(model)


def test_nothing_to_mask_and_no_optimizer_are_refused() -> None:
    model = nn.BatchNorm2d(4)
    with pytest.raises(ValueError, match="no trainable parameter of two or four"):
        sparse(model)
    with pytest.raises(TypeError, match=r"optimizer is a Linear; one of torch\.optim"):
        DynamicSparsity(nn.Linear(2, 2), nn.Linear(2, 2), **OPTIONS)  # pyright: ignore[reportArgumentType]


def test_an_optimizer_of_another_model_is_refused() -> None:
    model = small_net()
    before = [parameter.detach().clone() for parameter in model.parameters()]
    with pytest.raises(ValueError, match="the optimizer has none of the weights"):
        sparse(model, adamw(small_net()))
    assert all(map(torch.equal, model.parameters(), before))


def test_applying_masks_to_a_state_is_refused_in_words() -> None:
    model = small_net()
    with pytest.raises(TypeError, match=r"takes a torch\.nn\.Module, not a OrderedDict"):
        sparse(model).apply_to(model.state_dict())  # pyright: ignore[reportArgumentType]
