"""fuse(): the inference copy computes what the network computes, with fewer layers."""

from __future__ import annotations

import copy
import re
import warnings

import pytest
import torch
from networks import image, quiet_fuse, randomise, rounding, settled
from safetensors.torch import load_file, save_file
from torch import nn

# Of a hundred seeds some three make more of half a type than `rounding` allows.
pytestmark = pytest.mark.usefixtures("same_weights")

SIZES = [None, (32, 61), (57, 33), (96, 80)]
"""Of images, in pixels; None is the declaration's own."""


@pytest.mark.parametrize("size", SIZES)
def test_fuse_keeps_the_outputs_in_float64(feature, size) -> None:
    model = feature.load().create_model().double()
    randomise(model)
    model.eval()
    x = image(feature.network, size=size)
    fused = quiet_fuse(model)
    assert not fused.training
    torch.testing.assert_close(fused(x), model(x), rtol=1e-10, atol=1e-10)
    features = model.forward_features(x)
    torch.testing.assert_close(fused.forward_features(x), features, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("size", SIZES)
def test_fuse_keeps_the_outputs_in_float32(feature, size) -> None:
    model = feature.load().create_model()
    randomise(model)
    model.eval()
    x = image(feature.network, size=size).float()
    wanted = model(x)
    error = (quiet_fuse(model)(x) - wanted).norm() / wanted.norm()
    assert error < 1e-5


def test_a_second_fuse_changes_nothing(feature) -> None:
    model = feature.load().create_model()
    randomise(model)
    fused = quiet_fuse(model)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        again = fused.fuse()
    x = image(feature.network).float()
    assert torch.equal(again(x), fused(x))


def test_fuse_leaves_the_model_as_it_was(feature) -> None:
    model = feature.load().create_model()
    randomise(model)
    model.train()
    before = copy.deepcopy(model.state_dict())
    fused = quiet_fuse(model)
    with torch.no_grad():
        for parameter in fused.parameters():
            parameter.zero_()
    after = model.state_dict()
    assert model.training
    assert all(module.training for module in model.modules())
    assert list(after) == list(before)
    assert all(torch.equal(after[name], before[name]) for name in before)


def test_a_fused_model_goes_through_a_file(feature, tmp_path) -> None:
    create = feature.load().create_model
    model = create()
    randomise(model)
    fused = quiet_fuse(model)
    save_file(fused.state_dict(), tmp_path / "fused.safetensors")
    other = quiet_fuse(create())
    other.load_state_dict(load_file(tmp_path / "fused.safetensors"), strict=True)
    x = image(feature.network).float()
    assert torch.equal(other(x), fused(x))
    assert torch.equal(copy.deepcopy(fused)(x), fused(x))


def test_no_norm_is_left_after_a_convolution(feature) -> None:
    fused = quiet_fuse(feature.load().create_model())
    left = [name for name, module in fused.named_modules() if isinstance(module, nn.BatchNorm2d)]
    # RepLKNet's norms before its blocks and before the average follow no convolution.
    assert all(re.fullmatch(r"stages\.\d\.blocks\.\d\.(ffn\.)?norm|head\.norm", n) for n in left)
    assert not [name for name, _ in fused.named_modules() if name.endswith(("small", "small_norm"))]


def test_norms_of_distributed_training_fold_too(feature) -> None:
    model = feature.load().create_model().double()
    randomise(model)
    wanted = model.eval()(image(feature.network))
    synchronised = nn.SyncBatchNorm.convert_sync_batchnorm(model)
    fused = quiet_fuse(synchronised)
    torch.testing.assert_close(fused(image(feature.network)), wanted, rtol=1e-10, atol=1e-10)
    left = [n for n, module in fused.named_modules() if isinstance(module, nn.SyncBatchNorm)]
    assert all(n.endswith(".norm") and "mixer" not in n and "stem" not in n for n in left)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_types_fuse(feature, dtype) -> None:
    x = image(feature.network).float()
    model = settled(feature.load().create_model(drop_path_rate=0.0), x)
    wanted = model.forward_features(x)
    fused = quiet_fuse(copy.deepcopy(model).to(dtype))
    assert {parameter.dtype for parameter in fused.parameters()} == {dtype}
    seen = fused.forward_features(x.to(dtype))
    assert seen.dtype == dtype
    assert (seen.float() - wanted).norm() / wanted.norm() < rounding(feature.network, dtype)


def test_fuse_warns_of_a_layer_that_becomes_dense(packages) -> None:
    model = packages["wide_branch"].load().create_model()
    with pytest.warns(UserWarning, match=r"stages\.0, stages\.1 dense"):
        fused = model.fuse()
    assert fused.stages[0].blocks[0].mixer.large.weight.shape == (3, 13, 13)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        packages["peripheral_branch"].load().create_model().fuse()


def test_the_grid_is_kept_where_the_branch_lies_in_the_centre(packages) -> None:
    """Cells 4, 2, 1 … 1, 2, 4 of 13 taps (outermost 2): the branch adds to the inner 5 x 5 cells."""
    model = packages["peripheral_branch"].load().create_model().double()
    randomise(model)
    mixer = model.stages[0].blocks[0].mixer
    fused = model.fuse().stages[0].blocks[0].mixer.large.weight
    scale = mixer.large_norm.weight / (mixer.large_norm.running_var + mixer.large_norm.eps).sqrt()
    wanted = mixer.large.weight * scale[:, None, None]
    small = mixer.small_norm.weight / (mixer.small_norm.running_var + mixer.small_norm.eps).sqrt()
    centre = (wanted.shape[1] - 5) // 2
    inner = slice(centre, centre + 5)
    wanted[:, inner, inner] += (mixer.small.weight * small[:, None, None, None])[:, 0]
    assert fused.shape == mixer.large.weight.shape
    torch.testing.assert_close(fused, wanted, rtol=1e-12, atol=1e-12)
