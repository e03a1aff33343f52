"""The groups of the optimizer: weight decay, and rates that fall towards the stem."""

from __future__ import annotations

import re
from typing import Any

import pytest
import torch
from conftest import Emitted
from fovea_runtime.train.optimizer import make_optimizer
from fovea_runtime.train.schedule import make_schedule
from timm.models.convnext import ConvNeXt
from timm.optim._param_groups import param_groups_layer_decay
from tiny_run import RECIPE
from torch import nn


def recipe(**changed: Any) -> dict[str, Any]:
    return {**RECIPE, "lr": 0.5, "weightDecay": 0.05, **changed}


def told(model: nn.Module, optimizer: torch.optim.Optimizer) -> dict[str, tuple[float, float]]:
    """Share of the rate and weight decay, by the parameter's name."""
    name_of = {id(parameter): name for name, parameter in model.named_parameters()}
    rows = {
        name_of[id(parameter)]: (group.get("lr_scale", 1.0), group["weight_decay"])
        for group in optimizer.param_groups
        for parameter in group["params"]
    }
    assert rows.keys() == dict(model.named_parameters()).keys()
    return rows


def convnext(depths: tuple[int, ...] = (3, 3, 9, 3), **options: Any) -> ConvNeXt:
    return ConvNeXt(num_classes=10, depths=depths, dims=(8,) * len(depths), **options)


def scales(model: nn.Module, **options: Any) -> dict[str, float]:
    rows = told(model, make_optimizer(model, recipe(**options)))
    return {name: scale for name, (scale, _) in rows.items()}


def test_vectors_and_what_the_network_names_have_no_weight_decay(
    packages: dict[str, Emitted],
) -> None:
    model = packages["pelk_digits"].load().create_model()
    rows = told(model, make_optimizer(model, recipe()))
    embeddings = [name for name in rows if name.endswith("embedding")]
    assert embeddings
    for name, parameter in model.named_parameters():
        exempt = parameter.ndim <= 1 or name in embeddings
        assert rows[name] == (1.0, 0.0 if exempt else 0.05), name


# pelk_digits has stages of one and two blocks: stem, blocks, head are five layers.
PELK_DIGITS_LAYERS = [
    (r"stem", 4, 3),
    (r"stages\.0\.(embedding|blocks\.0\.)", 3, 2),
    (r"stages\.1\.(embedding|downsample|blocks\.0\.)", 2, 1),
    (r"stages\.1\.blocks\.1\.", 1, 1),
    (r"(norm|head)", 0, 0),
]


def test_rates_of_a_generated_network_fall_by_layer_and_by_stage(
    packages: dict[str, Emitted],
) -> None:
    model = packages["pelk_digits"].load().create_model()
    layers, stages = scales(model, layerDecay=0.7), scales(model, stageDecay=0.9)
    met = set()
    for name in layers:
        [(pattern, below_head, stages_below)] = [
            row for row in PELK_DIGITS_LAYERS if re.match(row[0], name)
        ]
        met.add(pattern)
        assert layers[name] == pytest.approx(0.7**below_head, rel=1e-12), name
        assert stages[name] == pytest.approx(0.9**stages_below, rel=1e-12), name
    assert met == {row[0] for row in PELK_DIGITS_LAYERS}


def test_layers_of_a_timm_model_are_timm_s() -> None:
    model = convnext()
    rows = told(model, make_optimizer(model, recipe(layerDecay=0.7)))
    name_of = {id(parameter): name for name, parameter in model.named_parameters()}
    expected = {
        name_of[id(parameter)]: (group["lr_scale"], group["weight_decay"])
        for group in param_groups_layer_decay(model, weight_decay=0.05, layer_decay=0.7)
        for parameter in group["params"]
    }
    assert rows == expected
    # The stem, eighteen blocks, the head.
    assert min(scale for scale, _ in rows.values()) == pytest.approx(0.7**19)


@pytest.mark.parametrize(("third", "last"), [(9, 6), (27, 12)])
def test_three_blocks_a_layer_are_the_authors_layers(third: int, last: int) -> None:
    """ConvNeXt's and SLaK's layers: ids 0 to `last` in the backbone, `last` + 1 for the rest."""
    model = convnext((3, 3, third, 3), head_norm_first=True)
    for name, scale in scales(model, layerDecay=0.7, layerBlocks=3).items():
        stage = re.match(r"stages\.(\d)\.(?:blocks\.(\d+))?", name)
        if name.startswith("stem"):
            layer = 0
        elif stage is None:
            # A norm before the pooling is the last block's, as timm has it.
            layer = last if name.startswith("norm_pre") else last + 1
        else:
            layer = [1, 2, 3 + int(stage[2] or 0) // 3, last][int(stage[1])]
        assert scale == pytest.approx(0.7 ** (last + 1 - layer), rel=1e-12), name


def test_blocks_are_joined_within_a_stage_alone() -> None:
    rates = scales(convnext((1, 2, 4, 1)), layerDecay=0.5, layerBlocks=3)
    assert rates["stem.0.weight"] == 0.5**6
    assert rates["stages.0.blocks.0.conv_dw.weight"] == 0.5**5
    assert rates["stages.1.blocks.1.conv_dw.weight"] == 0.5**4
    assert rates["stages.2.downsample.1.weight"] == 0.5**3
    assert rates["stages.2.blocks.2.conv_dw.weight"] == 0.5**3
    assert rates["stages.2.blocks.3.conv_dw.weight"] == 0.5**2
    assert rates["stages.3.blocks.0.conv_dw.weight"] == 0.5
    assert rates["head.fc.weight"] == 1


def test_steps_are_as_long_as_the_layer_s_rate() -> None:
    torch.manual_seed(0)
    model = convnext((1, 1, 1, 1))
    made = recipe(layerDecay=0.5, weightDecay=0.0, warmupSteps=0, schedule="poly", minLr=0.0)
    optimizer = make_optimizer(model, made)
    schedule = make_schedule(optimizer, made, steps=10, per_epoch=5)
    before = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)
    schedule.step_update(2)
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.4)
    optimizer.step()
    # Adam's first step is as long as the rate, against the gradient's sign.
    for name, below_head in (
        ("stem.0.weight", 5),
        ("stages.1.downsample.1.weight", 3),
        ("head.fc.weight", 0),
    ):
        moved = before[name] - model.get_parameter(name).detach()
        torch.testing.assert_close(moved, torch.full_like(moved, 0.4 * 0.5**below_head))


def test_moments_and_scaling_are_the_recipe_s() -> None:
    made = recipe(
        betas=[0.8, 0.95],
        eps=1e-6,
        batch=64,
        lrScaling={"rule": "linear", "batch": 256},
    )
    [group, *_] = make_optimizer(convnext((1, 1, 1, 1)), made).param_groups
    assert (group["betas"], group["eps"], group["lr"]) == ((0.8, 0.95), 1e-6, 0.125)
    assert not group["fused"]
    # torch chooses the kernels over lists of tensors by itself, on a GPU.
    assert group["foreach"] is None


def test_one_kernel_for_all_or_an_error() -> None:
    model = convnext((1, 1, 1, 1))
    assert make_optimizer(model, recipe(fused=True)).param_groups[0]["fused"]
    with pytest.raises(
        ValueError, match=r"recipe\.fused is true, and .* on meta: write fused: false"
    ):
        make_optimizer(model.to("meta"), recipe(fused=True))


def test_a_model_that_does_not_tell_its_layers_apart_is_refused() -> None:
    plain = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    for name in ("layerDecay", "stageDecay"):
        with pytest.raises(ValueError, match=rf"recipe\.{name} is 0\.7, and Sequential has no"):
            make_optimizer(plain, recipe(**{name: 0.7}))

    class OneLayer(nn.Linear):
        def group_matcher(self, coarse: bool) -> dict[str, str]:
            return {"all": r".*"}

    with pytest.raises(ValueError, match="OneLayer knows one layer only"):
        make_optimizer(OneLayer(2, 2), recipe(layerDecay=0.7))
