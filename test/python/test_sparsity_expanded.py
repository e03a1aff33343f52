"""Large kernels: shared weights as they are stored, or as the merged kernel has them."""

from __future__ import annotations

import pytest
import torch
from fovea_runtime.sparsity import DynamicSparsity
from fovea_runtime.sparsity.large_kernels import grid_of
from networks import image, quiet_fuse, randomise
from sparse_nets import OPTIONS, adamw
from torch import Tensor, nn

EMBEDDING = ".embedding"


def net(packages, name: str) -> nn.Module:
    """A network with weights that are nowhere zero by themselves."""
    model = packages[name].load().create_model()
    randomise(model)
    return model


def sparse(model: nn.Module, optimizer=None, **changes) -> DynamicSparsity:
    options = {**OPTIONS, "on": "expanded", **changes}
    return DynamicSparsity(model, optimizer or adamw(model), **options)


def kernels(model: nn.Module) -> dict[str, nn.Module]:
    """Large kernels by their weight's name."""
    return {
        f"{name}.weight": module
        for name, module in model.named_modules()
        if grid_of(module) is not None
    }


def expanded(module: nn.Module, weight: Tensor) -> Tensor:
    """By the definition: each cell's weight at each of its taps, (C, A, B) -> (C, k_h, k_w)."""
    grid = grid_of(module)
    assert grid is not None
    rows = [row for row, taps in enumerate(grid.rows) for _ in range(taps)]
    columns = [column for column, taps in enumerate(grid.columns) for _ in range(taps)]
    return weight[:, rows][:, :, columns]


def train(network, model, optimizer, sparsity, steps=8) -> None:
    for number in range(steps):
        optimizer.zero_grad()
        torch.manual_seed(number)
        model(image(network).float()).square().mean().backward()
        optimizer.step()
        sparsity.step()
        sparsity.check()


def test_shared_masks_every_large_kernel_and_no_embedding(feature) -> None:
    model = feature.load().create_model()
    sparsity = sparse(model, on="shared")
    wanted = {n for n, p in model.named_parameters() if p.ndim in (2, 4)} | kernels(model).keys()
    assert sparsity.masks.keys() == wanted
    assert not [name for name in sparsity.masks if name.endswith(EMBEDDING)]
    for mask in sparsity.masks.values():
        assert abs(int(mask.sum()) - 0.6 * mask.numel()) <= 1


def test_expanded_counts_taps(feature) -> None:
    """Each layer's density in taps of the expanded kernel, through updates, to one weight.

    As many entries are kept of every parameter, branches included.
    """
    model = net({feature.name: feature}, feature.name)
    optimizer = adamw(model)
    sparsity = sparse(model, optimizer, every=2, steps=8)
    start = {name: int(mask.sum()) for name, mask in sparsity.masks.items()}
    train(feature.network, model, optimizer, sparsity)
    assert {name: int(mask.sum()) for name, mask in sparsity.masks.items()} == start
    for name, module in kernels(model).items():
        taps = expanded(module, sparsity.masks[name])
        assert abs(int(taps.sum()) - 0.6 * taps.numel()) <= 1
    assert sparsity.event["density"] == pytest.approx(0.6, abs=0.001)
    # Something was exchanged, if not at the last update with its half percent.
    assert sparsity.event["explored"] > 0.62


def test_weights_are_exchanged_with_those_of_as_many_taps(packages) -> None:
    model = net(packages, "peripheral_branch")
    optimizer = adamw(model)
    sparsity = sparse(model, optimizer, every=1, steps=8)
    (name, module), *_ = kernels(model).items()
    grid = grid_of(module)
    assert grid is not None
    taps = torch.tensor(grid.rows)[:, None] * torch.tensor(grid.columns)
    before = sparsity.masks[name]
    train(packages["peripheral_branch"].network, model, optimizer, sparsity, steps=2)
    after = sparsity.masks[name]
    assert not torch.equal(before, after)
    for count in taps.unique():
        zone = taps == count
        assert int(before[:, zone].sum()) == int(after[:, zone].sum())


@pytest.mark.parametrize("grow", ["random", "gradient"])
@pytest.mark.parametrize("name", ["peripheral_branch", "replknet_peripheral", "striped", "masked"])
def test_what_is_pruned_stays_zero_in_the_fused_kernel(packages, name, grow) -> None:
    model = net(packages, name)
    optimizer = adamw(model)
    sparsity = sparse(model, optimizer, every=2, steps=8, grow=grow)
    train(packages[name].network, model, optimizer, sparsity)
    fused = quiet_fuse(model)
    assert kernels(model)
    for layer in kernels(model):
        assert_zeros_kept(fused.get_parameter(layer), sparsity.masks[layer])


def assert_zeros_kept(kernel: Tensor, mask: Tensor) -> None:
    """Nothing stands where the mask has nothing, and something nearly everywhere else.

    What grew at the last update starts at zero: a hundredth.
    """
    assert kernel.shape == mask.shape
    assert not kernel[~mask].any()
    assert (kernel[mask] != 0).double().mean() > 0.9


def test_shared_masks_of_branches_are_their_own(packages) -> None:
    """What `expanded` is for: here the branch fills zeros of the kernel that it merges into."""
    model = net(packages, "peripheral_branch")
    sparsity = sparse(model, on="shared")
    fused = quiet_fuse(model)
    layer = next(iter(kernels(model)))
    assert int((fused.get_parameter(layer) != 0).sum()) > int(sparsity.masks[layer].sum())


def test_a_branch_that_is_wider_than_the_centre_follows_its_zones(packages) -> None:
    """Merged, the kernel is dense; its zeros are those of the zones, as the grid has them."""
    model = net(packages, "wide_branch")
    optimizer = adamw(model)
    sparsity = sparse(model, optimizer, every=2, steps=8)
    train(packages["wide_branch"].network, model, optimizer, sparsity)
    fused = quiet_fuse(model)
    for layer, module in kernels(model).items():
        wanted = expanded(module, sparsity.masks[layer])
        assert_zeros_kept(fused.get_parameter(layer), wanted)


def test_erk_and_snip_count_taps_too(packages) -> None:
    model = net(packages, "peripheral_branch")
    model(image(packages["peripheral_branch"].network).float()).square().mean().backward()
    for init in ("erk", "snip"):
        made = sparse(model, init=init, amount=0.5)
        total = kept = 0
        merged = {
            name.replace(".large.weight", ".small.weight")
            for name in kernels(model)
            if name.replace(".large.weight", ".small.weight") in dict(model.named_parameters())
        }
        for name, parameter in model.named_parameters():
            if name.endswith(EMBEDDING) or name in merged or parameter.ndim == 1:
                continue
            mask = made.masks.get(name, torch.ones_like(parameter, dtype=torch.bool))
            if name in kernels(model):
                mask = expanded(kernels(model)[name], mask)
            total += mask.numel()
            kept += int(mask.sum())
        assert merged
        assert made.event["density"] == pytest.approx(kept / total, abs=1e-12)
        # Layers that snip keeps 99% of are dense, which adds a little.
        assert kept / total == pytest.approx(0.5, abs=0.01 if init == "snip" else 0.002)


def test_half_a_frozen_pair_is_refused(packages) -> None:
    model = net(packages, "peripheral_branch")
    model.stages[0].blocks[0].mixer.small.weight.requires_grad_(False)
    with pytest.raises(ValueError, match=r'stages\.0\.blocks\.0\.mixer one is frozen.*on="shared"'):
        sparse(model)
    model.stages[0].blocks[0].mixer.large.weight.requires_grad_(False)
    assert not [n for n in sparse(model).masks if n.startswith("stages.0.blocks.0.mixer.large")]


def test_a_state_whose_branch_disagrees_is_refused(packages) -> None:
    state = sparse(net(packages, "peripheral_branch")).state_dict()
    name = next(n for n in state["masks"] if n.endswith("small.weight"))
    state["masks"][name][0, 0, 0, 0] ^= True
    with pytest.raises(ValueError, match=r"small\.weight is not that of .*large\.weight"):
        sparse(net(packages, "peripheral_branch")).load_state_dict(state)


def test_without_large_kernels_expanded_is_shared() -> None:
    model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.Flatten(), nn.Linear(8, 4))
    one, other = sparse(model), sparse(model, on="shared")
    assert all(torch.equal(one.masks[name], mask) for name, mask in other.masks.items())
