"""Generated networks as models of timm: what timm asks of one, and what its scripts do with it."""

from __future__ import annotations

import copy
import importlib
import subprocess
import sys
from typing import Any

import pytest
import timm
import torch
from networks import FEATURES, from_convnext, image, our_name, randomise, settled
from timm.models import group_parameters
from timm.models.convnext import ConvNeXt
from timm.optim import create_optimizer_v2, param_groups_layer_decay
from timm.utils import CheckpointSaver, ModelEmaV3
from torch import Tensor, nn


@pytest.fixture(params=FEATURES)
def feature(request, packages):
    """One feature network's package, known to timm."""
    packages[request.param].load()
    return packages[request.param]


def odd(network: dict) -> Tensor:
    """A float64 image whose sides no stride divides."""
    generator = torch.Generator().manual_seed(7)
    shape = (2, network["input"]["channels"], 61, 47)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def on_stages(model: nn.Module, x: Tensor) -> list[Tensor]:
    """What the stages give, as hooks see it."""
    seen: list[Tensor] = []
    handles = [
        stage.register_forward_hook(lambda module, inputs, y: seen.append(y))
        for stage in model.get_submodule("stages").children()
    ]
    model(x)
    for handle in handles:
        handle.remove()
    return seen


def as_convnext(packages: dict) -> tuple[Any, ConvNeXt, dict]:
    """A network of ours and timm's ConvNeXt with the same weights, and its declaration."""
    network = packages["like_convnext"].network
    theirs = ConvNeXt(
        depths=tuple(network["depths"]), dims=tuple(network["widths"]), num_classes=10
    )
    randomise(theirs)
    ours = packages["like_convnext"].load().create_model()
    ours.load_state_dict(from_convnext(theirs.state_dict()))
    return ours.eval(), theirs.eval(), network


def test_timm_builds_what_the_package_builds(feature) -> None:
    model = timm.create_model(feature.name)
    own = feature.load().create_model()
    assert type(model) is type(own)
    assert {k: v.shape for k, v in model.state_dict().items()} == {
        k: v.shape for k, v in own.state_dict().items()
    }
    assert timm.is_model(f"fovea_{feature.name}")
    assert model.default_cfg["architecture"] == feature.name
    size = feature.network["input"]["size"]
    height, width = (size, size) if isinstance(size, int) else size
    config = timm.data.resolve_model_data_config(model)
    assert config["input_size"] == (feature.network["input"]["channels"], height, width)
    assert len(config["mean"]) == len(config["std"]) == config["input_size"][0]
    for name in (model.default_cfg["first_conv"], model.default_cfg["classifier"]):
        assert isinstance(model.get_submodule(name), nn.Conv2d | nn.Linear)
    assert model.get_submodule(model.default_cfg["first_conv"]).in_channels == model.in_chans
    assert model.get_classifier() is model.get_submodule(model.default_cfg["classifier"])


def test_names_of_timm_stay_timms(packages) -> None:
    packages["convnext_tiny"].load()
    assert timm.models.model_entrypoint("convnext_tiny").__module__ == "timm.models.convnext"
    with torch.device("meta"):
        ours = timm.create_model("fovea_convnext_tiny")
    assert type(ours).__module__ == "convnext_tiny.model"
    assert not any(ours.default_cfg.get(key) for key in ("url", "hf_hub_id", "file"))


def test_a_package_can_be_imported_again(packages) -> None:
    module = packages["plain_dense"].load()
    with pytest.warns(UserWarning, match="Overwriting"):
        importlib.reload(importlib.import_module("plain_dense.timm_model"))
    assert type(timm.create_model("plain_dense")) is type(module.create_model())


def test_there_are_no_weights_to_download(packages) -> None:
    packages["plain_dense"].load()
    with pytest.raises(RuntimeError, match="No pretrained weights exist for plain_dense"):
        timm.create_model("plain_dense", pretrained=True)


@pytest.mark.parametrize(
    "broken, warned",
    [
        ("raise RuntimeError('operator torchvision::nms does not exist')", True),
        ("__version__ = '0.0.1'", True),
        (None, False),
    ],
)
def test_a_package_needs_no_timm(packages, tmp_path, broken, warned) -> None:
    """A timm that fails, one too old, and none."""
    if broken is not None:
        (tmp_path / "timm.py").write_text(f"{broken}\n")
    hide = "" if broken else "sys.meta_path.insert(0, Hider())"
    code = f"""
import sys
class Hider:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "timm":
            raise ModuleNotFoundError(name)
{hide}
if {broken is None}:
    import importlib.util
    found = importlib.util.find_spec
    importlib.util.find_spec = lambda name: None if name == "timm" else found(name)
import torch, plain_dense
print(tuple(plain_dense.create_model()(torch.zeros(1, 3, 32, 32)).shape))
"""
    folder = packages["plain_dense"].folder.parent
    done = subprocess.run(
        [sys.executable, "-B", "-c", code],
        env={"PYTHONPATH": f"{tmp_path}:{folder}", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "(1, 10)\n"
    assert ("timm does not get to know plain_dense" in done.stderr) == warned


def test_maps_are_those_of_the_stages(feature) -> None:
    model = timm.create_model(feature.name).double().eval()
    randomise(model)
    x = odd(feature.network)
    wanted = on_stages(model, x)
    last, maps = model.forward_intermediates(x)
    assert torch.equal(last, model.forward_features(x))
    assert torch.equal(model.forward_head(last), model(x))
    assert len(maps) == len(wanted)
    assert all(map(torch.equal, maps, wanted))
    for info, seen in zip(model.feature_info, wanted, strict=True):
        assert seen.shape[1] == info["num_chs"]
        # The side of a map is the image's over the stride, rounded one way or the other.
        for side, pixels in zip(seen.shape[2:], x.shape[2:], strict=True):
            assert abs(side - pixels / info["reduction"]) < 2
    assert model.num_features == model.head_hidden_size == wanted[-1].shape[1]


@pytest.mark.parametrize("feature_cls", ["list", "dict", "hook", "getter"])
def test_features_only(feature, feature_cls) -> None:
    model = timm.create_model(feature.name).double().eval()
    randomise(model)
    x = odd(feature.network)
    wanted = on_stages(model, x)
    last = len(wanted) - 1
    for indices in [None, (0,), (-1,), (last,), tuple(dict.fromkeys((0, last)))]:
        options = {} if indices is None else {"out_indices": indices}
        body = timm.create_model(
            feature.name, features_only=True, feature_cls=feature_cls, **options
        ).double()
        body.eval()
        state = {
            f"model.{name}"
            if feature_cls == "getter"
            else name.replace("stages.", "stages_", 1): tensor
            for name, tensor in model.state_dict().items()
        }
        body.load_state_dict({name: state[name] for name in body.state_dict()})
        seen = body(x)
        seen = list(seen.values()) if isinstance(seen, dict) else seen
        taken = [index % len(wanted) for index in indices or range(len(wanted))]
        assert len(seen) == len(taken)
        assert all(torch.equal(a, wanted[i]) for a, i in zip(seen, taken, strict=True))
        assert body.feature_info.channels() == [a.shape[1] for a in seen]
        strides = [model.feature_info[i]["reduction"] for i in taken]
        assert body.feature_info.reduction() == strides


@pytest.mark.parametrize(
    "name, strides, sides",
    [("pelk_tiny", [4, 8, 16, 32], [16, 8, 4, 2]), ("replknet_31b", [4, 8, 16, 32], [17, 9, 5, 3])],
)
def test_shipped_strides(packages, name, strides, sides) -> None:
    """PeLK's patches round 67 pixels down, RepLKNet's convolutions round them up."""
    packages[name].load()
    with torch.device("meta"):
        body = timm.create_model(name, features_only=True, method="reference")
        maps = body(torch.zeros(1, 3, 67, 67))
    assert body.feature_info.reduction() == strides
    assert [a.shape[2] for a in maps] == sides
    assert [a.shape[1] for a in maps] == body.feature_info.channels()


def test_forward_intermediates_is_convnexts(packages) -> None:
    ours, theirs, network = as_convnext(packages)
    x = image(network).float()
    for options in [
        {},
        {"indices": 2},
        {"indices": [-1, 0]},
        {"indices": (1,), "stop_early": True},
        {"norm": True},
        {"indices": 3, "intermediates_only": True},
    ]:
        seen, wanted = (
            ours.forward_intermediates(x, **options),
            theirs.forward_intermediates(x, **options),
        )
        torch.testing.assert_close(seen, wanted, rtol=1e-5, atol=1e-5)


def test_the_norm_before_pooling_is_put_on_the_last_map(packages) -> None:
    model = packages["replknet"].load().create_model().double().eval()
    randomise(model)
    x = image(packages["replknet"].network)
    last, plain = model.forward_intermediates(x)
    _, normed = model.forward_intermediates(x, norm=True)
    assert torch.equal(normed[0], plain[0])
    assert torch.equal(normed[1], model.head.norm(plain[1]))
    assert torch.equal(model.forward_head(last, pre_logits=True), normed[1].mean((2, 3)))
    body = timm.create_model("replknet", features_only=True, feature_cls="getter")
    assert isinstance(body.model.head.norm, nn.Identity)


@pytest.mark.parametrize("indices", [0, 3, [2], [-3], []])
def test_bad_indices_are_named(packages, indices) -> None:
    model = packages["replknet"].load().create_model()
    x = image(packages["replknet"].network).float()
    with pytest.raises(ValueError, match="there are 2 stages"):
        model.forward_intermediates(x, indices)
    with pytest.raises(ValueError, match="'NCHW' is wanted"):
        model.forward_intermediates(x, output_fmt="NLC")


def test_pruning_keeps_the_maps(feature) -> None:
    model = timm.create_model(feature.name).double().eval()
    randomise(model)
    x = odd(feature.network)
    wanted = model.forward_intermediates(x, intermediates_only=True)
    for last in range(len(wanted)):
        pruned = copy.deepcopy(model)
        assert pruned.prune_intermediate_layers([last]) == [last]
        assert torch.equal(pruned.forward_intermediates(x, [last])[1][0], wanted[last])
        assert len(pruned.stages) == last + 1
        assert pruned.num_classes == 0
        assert pruned.num_features == wanted[last].shape[1]
        assert not [name for name, _ in pruned.named_parameters() if name.startswith("head.linear")]
        pruned.reset_classifier(3, "avg")
        assert pruned(x).shape == (2, 3)


def test_reset_classifier(feature) -> None:
    model = timm.create_model(feature.name).double().eval()
    x = image(feature.network)
    before = model.state_dict()
    features = model.forward_head(model.forward_features(x), pre_logits=True)
    model.reset_classifier(7)
    assert model.num_classes == 7
    linear = model.get_classifier()
    assert linear.weight.dtype == torch.float64
    assert torch.equal(linear.bias, torch.zeros_like(linear.bias))
    torch.testing.assert_close(model(x), features @ linear.weight.T + linear.bias)
    after = model.state_dict()
    assert all(torch.equal(after[k], before[k]) for k in before if "head.linear" not in k)
    model.reset_classifier(0)
    assert torch.equal(model(x), features)
    assert isinstance(model.get_classifier(), nn.Identity)
    with pytest.raises(ValueError, match="num_classes is -1"):
        model.reset_classifier(-1)
    with pytest.raises(ValueError, match="global_pool is 'max'"):
        model.reset_classifier(5, "max")
    assert model.num_classes == 0


def test_without_pooling_every_pixel_is_classified(feature) -> None:
    model = timm.create_model(feature.name, global_pool="").double().eval()
    randomise(model)
    x = image(feature.network)
    last = model.forward_features(x)
    logits = model(x)
    assert logits.shape == (2, 10, *last.shape[2:])
    assert model.forward_head(last, pre_logits=True).shape == last.shape
    model.head.pool_type = "avg"
    corner = model.forward_head(last[:, :, -1:, :1])
    torch.testing.assert_close(logits[:, :, -1, 0], corner)


def test_dropout_is_before_the_classifier(packages) -> None:
    packages["plain_dense"].load()
    model = timm.create_model("plain_dense", drop_rate=0.5, drop_path_rate=0.0)
    x = image(packages["plain_dense"].network).float()
    kept = model.eval().forward_head(model.forward_features(x), pre_logits=True)
    torch.manual_seed(0)
    dropped = model.train().forward_head(model.forward_features(x), pre_logits=True)
    is_dropped = dropped == 0
    assert 0.2 < is_dropped.float().mean() < 0.8
    torch.testing.assert_close(dropped[~is_dropped], 2 * kept[~is_dropped])


def gradients(model: nn.Module, x: Tensor) -> dict[str, Tensor | None]:
    """Of a training step's loss, with the same random numbers each time."""
    torch.manual_seed(11)
    model(x).square().sum().backward()
    return {name: parameter.grad for name, parameter in model.named_parameters()}


def test_checkpointing_changes_neither_gradients_nor_statistics(feature) -> None:
    model = timm.create_model(feature.name, drop_path_rate=0.3, drop_rate=0.2).double()
    randomise(model)
    model.train()
    plain = copy.deepcopy(model)
    model.set_grad_checkpointing()
    assert model.grad_checkpointing
    x = image(feature.network)
    for _ in range(2):
        seen, wanted = gradients(model, x), gradients(plain, x)
    for name, gradient in wanted.items():
        torch.testing.assert_close(seen[name], gradient, rtol=1e-12, atol=1e-12)
    for (name, buffer), other in zip(model.named_buffers(), plain.buffers(), strict=True):
        torch.testing.assert_close(buffer, other, rtol=0, atol=0, msg=name)


def test_checkpointing_keeps_less(packages) -> None:
    model = packages["peripheral_branch"].load().create_model().train()
    x = image(packages["peripheral_branch"].network).float()

    def kept() -> int:
        sizes: list[int] = []
        with torch.autograd.graph.saved_tensors_hooks(
            lambda t: sizes.append(t.numel()) or t, lambda t: t
        ):
            model(x)
        return sum(sizes)

    without = kept()
    model.set_grad_checkpointing()
    assert kept() < without / 2
    model.set_grad_checkpointing(False)
    assert kept() == without
    model.set_grad_checkpointing()
    model.eval()
    assert kept() > without / 2


def test_checkpointing_compiles(packages) -> None:
    model = packages["masked"].load().create_model(drop_path_rate=0.0).train()
    plain = copy.deepcopy(model)
    model.set_grad_checkpointing()
    x = image(packages["masked"].network).float()
    torch._dynamo.reset()
    seen = gradients(torch.compile(model, fullgraph=True, backend="aot_eager"), x)
    wanted = gradients(plain, x)
    for name, gradient in wanted.items():
        torch.testing.assert_close(seen[f"_orig_mod.{name}"], gradient, rtol=1e-3, atol=1e-4)
    for buffer, other in zip(model.buffers(), plain.buffers(), strict=True):
        torch.testing.assert_close(buffer, other)


@pytest.mark.parametrize("coarse", [False, True])
def test_layers_are_grouped_as_convnexts(packages, coarse) -> None:
    ours, theirs, _ = as_convnext(packages)
    seen = group_parameters(ours, ours.group_matcher(coarse), reverse=True)
    wanted = group_parameters(theirs, theirs.group_matcher(coarse), reverse=True)
    assert seen == {our_name(name): layer for name, layer in wanted.items()}


def test_layer_decay_goes_from_the_stem_to_the_head(feature) -> None:
    model = timm.create_model(feature.name)
    layers: Any = group_parameters(model, model.group_matcher(), reverse=True)
    depths = feature.network["depths"]
    blocks = sum(depths)
    assert set(layers.values()) == set(range(blocks + 2))
    for name, layer in layers.items():
        root, *rest = name.split(".")
        if root in ("stem", "head"):
            assert layer == (0 if root == "stem" else blocks + 1)
            continue
        block = int(rest[2]) if rest[1] == "blocks" else 0
        assert layer == 1 + sum(depths[: int(rest[0])]) + block, name
    groups = param_groups_layer_decay(model, layer_decay=0.5)
    scale = {id(p): group["lr_scale"] for group in groups for p in group["params"]}
    for name, parameter in model.named_parameters():
        assert scale[id(parameter)] == 0.5 ** (blocks + 1 - layers[name])


def test_weight_decay_leaves_vectors_and_embeddings_alone(feature) -> None:
    model = timm.create_model(feature.name)
    optimizer = create_optimizer_v2(model, opt="adamw", lr=1.0, weight_decay=0.1)
    decays = {id(p): g["weight_decay"] for g in optimizer.param_groups for p in g["params"]}
    for name, parameter in model.named_parameters():
        is_spared = parameter.ndim < 2 or name.endswith(".embedding")
        assert decays[id(parameter)] == (0.0 if is_spared else 0.1), name


def test_foreign_classes_and_channels_are_adapted(packages, tmp_path) -> None:
    """What timm's train.py does with --pretrained-path and with --initial-checkpoint."""
    packages["replknet"].load()
    model = timm.create_model("replknet")
    randomise(model)
    file = tmp_path / "weights.pth"
    torch.save({"state_dict": model.state_dict()}, file)
    overlay = {"file": str(file), "num_classes": -1}
    tuned = timm.create_model(
        "replknet", pretrained=True, pretrained_cfg_overlay=overlay, num_classes=4, in_chans=1
    )
    assert tuned.get_classifier().weight.shape == (4, 16)
    entry = model.state_dict()["stem.entry.conv.weight"]
    torch.testing.assert_close(tuned.state_dict()["stem.entry.conv.weight"], entry.sum(1, True))
    assert torch.equal(
        tuned.state_dict()["stages.0.blocks.0.mixer.large.weight"],
        model.state_dict()["stages.0.blocks.0.mixer.large.weight"],
    )
    again = timm.create_model("replknet", checkpoint_path=str(file)).eval()
    x = image(packages["replknet"].network).float()
    assert torch.equal(again(x), model.eval()(x))
    body = timm.create_model(
        "replknet", features_only=True, pretrained=True, pretrained_cfg_overlay={"file": str(file)}
    )
    torch.testing.assert_close(body.eval()(x)[-1], model.forward_features(x))


def test_a_hub_folder_is_read_back(packages, tmp_path) -> None:
    packages["masked"].load()
    model = timm.create_model("masked", num_classes=3, global_pool="avg").eval()
    randomise(model)
    timm.models.save_for_hf(model, str(tmp_path / "hub"), safe_serialization=True)
    again = timm.create_model(f"local-dir:{tmp_path / 'hub'}", pretrained=True).eval()
    x = image(packages["masked"].network).float()
    assert torch.equal(again(x), model(x))


def test_a_training_script_as_timms(packages, tmp_path) -> None:
    """The calls of timm's train.py, over one epoch, a stop and a resume."""
    package = packages["peripheral_branch"]
    package.load()
    x = image(package.network, batch=4).float()
    labels = torch.arange(4)

    def start() -> tuple[Any, torch.optim.Optimizer, ModelEmaV3]:
        torch.manual_seed(0)
        model = timm.create_model(
            "peripheral_branch",
            pretrained=False,
            in_chans=3,
            num_classes=None,
            drop_rate=0.0,
            drop_path_rate=None,
            drop_block_rate=None,
            global_pool=None,
            bn_momentum=None,
            bn_eps=None,
            scriptable=False,
            checkpoint_path="",
        )
        assert model.num_classes == 10
        model.get_classifier().weight.data.mul_(2)
        model.set_grad_checkpointing(enable=True)
        model.to(device="cpu", dtype=torch.float32)
        model.to(memory_format=torch.channels_last)
        optimizer = create_optimizer_v2(
            model, opt="adamw", lr=1e-2, weight_decay=0.05, layer_decay=0.75
        )
        return model, optimizer, ModelEmaV3(model, decay=0.5)

    def step(model: Any, optimizer: torch.optim.Optimizer, ema: ModelEmaV3, seed: int) -> float:
        torch.manual_seed(seed)
        model.train()
        with torch.autocast("cpu", torch.bfloat16):
            loss = nn.functional.cross_entropy(
                model(x.to(memory_format=torch.channels_last)), labels
            )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        ema.update(model)
        return float(loss.detach())

    first = start()
    for seed in range(2):
        step(*first, seed=seed)
    saver = CheckpointSaver(first[0], first[1], model_ema=first[2], checkpoint_dir=str(tmp_path))
    saver.save_checkpoint(0, metric=1.0)
    wanted = [step(*first, seed=seed) for seed in (2, 3)]
    second = start()
    timm.models.resume_checkpoint(second[0], str(tmp_path / "last.pth.tar"), second[1])
    timm.models.load_checkpoint(second[2].module, str(tmp_path / "last.pth.tar"), use_ema=True)
    assert [step(*second, seed=seed) for seed in (2, 3)] == wanted
    for seen, other in zip(
        second[2].module.parameters(), first[2].module.parameters(), strict=True
    ):
        assert torch.equal(seen, other)


def test_synchronised_norms_fuse_as_well(packages) -> None:
    package = packages["replknet_peripheral"]
    x = image(package.network)
    model = settled(package.load().create_model().double(), x)
    wanted = model(x)
    synchronised = timm.layers.convert_sync_batchnorm(copy.deepcopy(model)).eval()
    assert any(isinstance(m, nn.SyncBatchNorm) for m in synchronised.modules())
    torch.testing.assert_close(synchronised.fuse()(x), wanted, rtol=1e-9, atol=1e-9)


def test_timms_own_device_and_dtype(packages) -> None:
    packages["plain_dense"].load()
    model = timm.create_model("plain_dense", device="meta", dtype=torch.bfloat16)
    assert {(p.device.type, p.dtype) for p in model.parameters()} == {("meta", torch.bfloat16)}


def test_unknown_options_are_named(packages) -> None:
    packages["plain_dense"].load()
    with pytest.raises(TypeError, match="window_size"):
        timm.create_model("plain_dense", window_size=7)
    with pytest.raises(ValueError, match="drop_rate is 1.5"):
        timm.create_model("plain_dense", drop_rate=1.5)
