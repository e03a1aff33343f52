"""After every step: weights and moments of what is pruned, whatever makes the step."""

from __future__ import annotations

import copy
import math
from typing import Any

import pytest
import torch
from fovea_runtime.sparsity import DynamicSparsity
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
from timm.utils.model_ema import ModelEmaV3
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn


def test_the_trajectory_is_that_of_a_loop_with_masks_written_out() -> None:
    """AdamW by its own formula in float64, with the masks that the sparsity had at each step."""
    model = small_net().double()
    model[1].eval()
    lr, decay, eps, betas = 0.01, 0.05, 1e-8, (0.9, 0.999)
    optimizer = adamw(model, lr=lr, weight_decay=decay, eps=eps, betas=betas)
    other = copy.deepcopy(model)
    sparsity = sparse(model, optimizer, grow="gradient", every=4)
    other.load_state_dict(model.state_dict())
    first = {n: torch.zeros_like(p) for n, p in other.named_parameters()}
    second = {n: torch.zeros_like(p) for n, p in other.named_parameters()}
    for number in range(1, 21):
        optimizer.zero_grad()
        loss = backward(model, number)
        optimizer.step()
        before = sparsity.masks
        sparsity.step()
        other.zero_grad()
        torch.testing.assert_close(backward(other, number), loss, rtol=1e-11, atol=1e-11)
        with torch.no_grad():
            for name, p in other.named_parameters():
                p.mul_(1 - lr * decay)
                first[name] = betas[0] * first[name] + (1 - betas[0]) * p.grad
                second[name] = betas[1] * second[name] + (1 - betas[1]) * p.grad**2
                m = first[name] / (1 - betas[0] ** number)
                v = second[name] / (1 - betas[1] ** number)
                p.sub_(lr * m / (v.sqrt() + eps))
                if name in sparsity.masks:
                    # What grows starts from zero: it was masked in the step that grew it.
                    mask = (sparsity.masks[name] & before[name]).double()
                    p.mul_(mask)
                    first[name] *= mask
                    second[name] *= mask
    for name, p in other.named_parameters():
        torch.testing.assert_close(model.get_parameter(name), p, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("AdamW", {"fused": True}),
        ("AdamW", {"foreach": True, "amsgrad": True}),
        ("AdamW", {"foreach": False, "maximize": True}),
        ("SGD", {"momentum": 0.9, "nesterov": True}),
        ("SGD", {"momentum": 0.9, "fused": True}),
        ("SGD", {}),
        ("RMSprop", {"momentum": 0.9, "centered": True}),
        ("Adagrad", {}),
        ("NAdam", {}),
    ],
)
def test_every_optimizer(kind, options) -> None:
    model = small_net()
    optimizer = getattr(torch.optim, kind)(model.parameters(), lr=0.01, **options)
    sparsity = sparse(model, optimizer)
    start = counts(sparsity)

    def look(_: int, __: Any) -> None:
        assert_zero(model, optimizer, sparsity)
        assert counts(sparsity) == start

    train(model, optimizer, sparsity, last=12, after=look)
    sparsity.check()


def test_a_weight_grows_with_moments_of_zero() -> None:
    """Pruned at step 2 it gathers gradients no more; grown at step 4 it starts from nothing."""
    model = small_net()
    optimizer = adamw(model)
    sparsity = sparse(model, optimizer, every=2)
    before: dict[str, torch.Tensor] = {}
    grown = 0

    def look(number: int, event: Any) -> None:
        nonlocal before, grown
        if event is not None:
            for parameter, new, old in zip(
                [p for p, _ in masked_weights(model, sparsity)],
                sparsity.masks.values(),
                before.values(),
                strict=True,
            ):
                fresh = new & ~old
                grown += int(fresh.sum())
                for moment in ("exp_avg", "exp_avg_sq"):
                    assert not optimizer.state[parameter][moment][fresh].any()
        before = sparsity.masks

    before = sparsity.masks
    train(model, optimizer, sparsity, last=8, after=look)
    assert grown > 0


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -0.0])
def test_whatever_stands_in_a_pruned_entry_becomes_zero(value) -> None:
    model = small_net()
    optimizer = adamw(model)
    sparsity = sparse(model, optimizer)
    train(model, optimizer, sparsity, last=1)
    with torch.no_grad():
        for parameter, mask in masked_weights(model, sparsity):
            parameter[~mask] = value
            optimizer.state[parameter]["exp_avg"][~mask] = value
    sparsity.step()
    assert_zero(model, optimizer, sparsity)
    sparsity.check()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_weights_of_other_widths_with_moments_of_their_own(dtype) -> None:
    """The moments are in float32, as of optimizers that keep a wider copy."""
    model = nn.Linear(12, 12).to(dtype)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    sparsity = sparse(model, optimizer)
    held = torch.full((12, 12), math.nan)
    optimizer.state[model.weight]["copy"] = held
    optimizer.state[model.weight]["codes"] = torch.ones(12, 12, dtype=torch.uint8)
    model.weight.data.fill_(math.nan)
    sparsity.step()
    mask = sparsity.masks["weight"]
    assert not model.weight[~mask].any()
    assert not held[~mask].any()
    assert model.weight[mask].isnan().all()
    assert held[mask].isnan().all()
    # What is no number of floating point has no zero that we know.
    assert optimizer.state[model.weight]["codes"].all()


def test_a_step_that_the_scaler_skips() -> None:
    """Masks hold and the schedule goes on: step() counts its calls, as the learning rate does."""
    model = small_net()
    optimizer = adamw(model)
    scaler = torch.amp.GradScaler("cpu", init_scale=4.0)
    sparsity = sparse(model, optimizer, every=2)
    start = counts(sparsity)
    events = []
    for number in range(1, 7):
        optimizer.zero_grad()
        with torch.autocast("cpu", torch.bfloat16):
            images = torch.randn(6, 3, 8, 8)
            loss = model(images).square().mean()
        scaler.scale(loss).backward()
        if number == 4:
            model[0].weight.grad.fill_(math.inf)
        before = [p.detach().clone() for p in model.parameters()]
        scaler.step(optimizer)
        scaler.update()
        moved = any(not torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True))
        assert moved == (number != 4)
        event = sparsity.step()
        events.append(None if event is None else event["step"])
        assert_zero(model, optimizer, sparsity)
        assert counts(sparsity) == start
        sparsity.check()
    assert events == [None, 2, None, 4, None, 6]
    assert scaler.get_scale() == 2.0


def test_gradients_that_accumulate_are_those_that_grow() -> None:
    model = small_net()
    optimizer = adamw(model)
    sparsity = sparse(model, optimizer, grow="gradient", every=1)
    backward(model, 1)
    backward(model, 2)
    total = {name: p.grad.abs() for name, p in model.named_parameters()}
    before = sparsity.masks
    optimizer.step()
    sparsity.step()
    for name, new in sparsity.masks.items():
        grown, left = new & ~before[name], ~new & ~before[name]
        assert total[name][grown].min() >= total[name][left].max()


def test_averages_are_masked_whatever_wraps_them() -> None:
    model = small_net()
    plain = copy.deepcopy(model)
    torchs = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.9))
    timms = ModelEmaV3(model, decay=0.9)
    parallel = nn.DataParallel(copy.deepcopy(model))
    compiled = torch.compile(copy.deepcopy(model))
    optimizer = adamw(model)
    sparsity = sparse(model, optimizer)
    averages = (plain, torchs, timms, parallel, compiled)
    for average in averages:
        assert isinstance(average, nn.Module)
        sparsity.apply_to(average)
        inner = [p for p in average.parameters() if p.ndim in (2, 4)]
        for parameter, mask in zip(inner, sparsity.masks.values(), strict=True):
            assert not parameter[~mask].any()
            assert parameter[mask].all()

    def look(_: int, event: Any) -> None:
        timms.update(model)
        if event is not None:
            sparsity.apply_to(timms)
        # Between updates an average of zeros stays zero.
        for parameter, mask in masked_weights(timms.module, sparsity):
            assert not parameter[~mask].any()

    train(model, optimizer, sparsity, last=12, after=look)


def test_averages_of_another_model_are_refused() -> None:
    sparsity = sparse(small_net())
    other = small_net()
    other[8] = nn.Linear(24, 6)
    with pytest.raises(ValueError, match=r"8\.weight is \(6, 24\) there and \(5, 24\)"):
        sparsity.apply_to(other)
    with pytest.raises(ValueError, match=r"no parameter 0\.weight"):
        sparsity.apply_to(nn.Linear(2, 2))


def test_compiled_models_are_not_compiled_again() -> None:
    model = small_net()
    compiled = torch.compile(model, backend="aot_eager")
    assert isinstance(compiled, nn.Module)
    optimizer = adamw(model)
    sparsity = DynamicSparsity(
        compiled,
        optimizer,
        amount=0.4,
        init="erk",
        every=2,
        prune=0.3,
        grow="gradient",
        steps=8,
        seed=0,
    )
    torch._dynamo.reset()
    with torch._dynamo.config.patch(error_on_recompile=True):
        train(compiled, optimizer, sparsity, last=6)
    assert_zero(model, optimizer, sparsity)


def test_a_model_that_moves_takes_its_masks_with_it() -> None:
    """To another type of numbers, which stands for a device here."""
    model = small_net()
    sparsity = sparse(model, torch.optim.SGD(model.parameters(), lr=0.01), every=1)
    sparsity.step()
    model.double()
    sparsity.step()
    model.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    sparsity.step()
    for parameter, mask in masked_weights(model, sparsity):
        assert not parameter[~mask].any()


def test_a_pruned_weight_that_comes_back_is_noticed_at_the_next_update(monkeypatch) -> None:
    """As in the code that never masks under AMP."""
    model = small_net()
    optimizer = adamw(model)
    sparsity = sparse(model, optimizer, every=5)
    monkeypatch.setattr(sparsity, "_zero", lambda: None)
    with pytest.raises(RuntimeError, match=r"a pruned weight of \d\.weight is not zero"):
        train(model, optimizer, sparsity, last=5)


def test_check_finds_what_is_broken() -> None:
    model = small_net()
    sparsity = sparse(model)
    sparsity.check()
    mask = sparsity.masks["6.weight"]
    model[6].weight.data[~mask] = 1e-30
    with pytest.raises(RuntimeError, match=r"a pruned weight of 6\.weight is not zero"):
        sparsity.check()
    model[6].weight.data[~mask] = 0
    sparsity.check()
    model[8] = nn.Linear(24, 5)
    with pytest.raises(RuntimeError, match=r"8\.weight is no longer the parameter"):
        sparsity.check()


def test_check_finds_a_mask_that_was_changed() -> None:
    sparsity = sparse(small_net())
    sparsity.masks["0.weight"][0, 0] = True
    with pytest.raises(RuntimeError, match=r"0\.weight keeps \d+ weights and not 130"):
        sparsity.check()
