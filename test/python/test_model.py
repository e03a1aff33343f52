"""Generated networks against the analysis, timm and literal definitions."""

from __future__ import annotations

import copy
import json
import pickle

import pytest
import torch
import torch.nn.functional as F
from networks import from_convnext, image, quiet_fuse, randomise, rounding, settled
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

# Of a hundred seeds some three make more of half a type than `rounding` allows.
pytestmark = pytest.mark.usefixtures("same_weights")


def parameters(model: nn.Module) -> int:
    """Trainable parameters."""
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


def test_every_network_counts_as_the_card_says(packages) -> None:
    for package in packages.values():
        module = package.load()
        with torch.device("meta"):
            model = module.create_model()
            fused = quiet_fuse(model)
        manifest = json.loads((package.folder / "manifest.json").read_text())
        assert manifest["params"] == package.params
        assert parameters(model) == package.params["dense"], package.name
        assert parameters(fused) == package.params["merged"], package.name
        embeddings = [p for n, p in model.named_parameters() if n.endswith("embedding")]
        assert sum(p.numel() for p in embeddings) == package.params["embedding"]


def test_every_network_has_the_layers_that_the_typed_index_lists(packages) -> None:
    for package in packages.values():
        with torch.device("meta"):
            model = package.load().create_model()
        names = [name for name, _ in model.named_modules() if name]
        assert names == package.layers, package.name


def test_every_network_multiplies_as_the_card_says(packages) -> None:
    for package in packages.values():
        with torch.device("meta"):
            model = package.load().create_model(method="reference").eval()
            x = image(package.network, batch=1).to("meta", torch.float32)
        with FlopCounterMode(display=False) as counter:
            model(x)
        assert counter.get_total_flops() == 2 * package.macs["dense"], package.name


@pytest.mark.parametrize(
    "name, count, macs",
    [
        ("published_convnext_tiny", 28_589_128, 4.456),
        ("published_convnext_base", 88_591_464, 15.355),
        ("published_slak_tiny", 50_703_838, 8.705),
        ("published_slak_base", 157_950_792, 28.509),
    ],
)
def test_published_counts(packages, name, count, macs) -> None:
    """ConvNeXt's and SLaK's own figures (facts of their papers and authors)."""
    package = packages[name]
    with torch.device("meta"):
        model = package.load().create_model(method="reference").eval()
        x = torch.empty(1, 3, 224, 224)
    assert parameters(model) == count
    with FlopCounterMode(display=False) as counter:
        model(x)
    assert round(counter.get_total_flops() / 2e9, 3) == macs


def test_the_description_comes_back_exactly(packages) -> None:
    package = packages["peripheral_branch"]
    config = package.load().CONFIG
    assert config["description"] == 'a "quoted" one\nwith {{braces}}, \\ and é\u2028\U0001f441'
    assert config == package.network


def test_dense_seven_is_convnext(packages) -> None:
    from timm.models.convnext import ConvNeXt

    package = packages["like_convnext"]
    network = package.network
    theirs = ConvNeXt(
        depths=tuple(network["depths"]),
        dims=tuple(network["widths"]),
        num_classes=10,
        ls_init_value=1e-6,
    )
    randomise(theirs)
    ours = package.load().create_model()
    ours.load_state_dict(from_convnext(theirs.state_dict()))
    ours.eval()
    theirs.eval()
    x = image(network).float()
    torch.testing.assert_close(ours(x), theirs(x), rtol=1e-5, atol=1e-5)
    features = theirs.forward_features(x)
    torch.testing.assert_close(ours.forward_features(x), features, rtol=1e-5, atol=1e-5)
    pooled = theirs.forward_head(features, pre_logits=True)
    ours_pooled = ours.forward_head(features, pre_logits=True)
    torch.testing.assert_close(ours_pooled, pooled, rtol=1e-5, atol=1e-5)


def literal_convolution(x: Tensor, weight: Tensor, h: Tensor, *, masked: bool) -> Tensor:
    """PeLK's equation 3, a tap at a time: sum of w(i, j) (x(p + i, q + j) + h(i, j)).

    x (N, C, H, W), weight and h (C, k_h, k_w). Outside the image x is 0; there h counts
    too unless it is masked.
    """
    _, _, height, width = x.shape
    _, taps, span = weight.shape
    y = torch.zeros_like(x)
    for p in range(height):
        for q in range(width):
            for i in range(taps):
                for j in range(span):
                    row, column = p + i - taps // 2, q + j - span // 2
                    inside = 0 <= row < height and 0 <= column < width
                    if inside:
                        y[:, :, p, q] += weight[:, i, j] * x[:, :, row, column]
                    if inside or not masked:
                        y[:, :, p, q] += weight[:, i, j] * h[:, i, j]
    return y


@pytest.mark.parametrize("height, width", [(6, 9), (13, 5)])
@pytest.mark.parametrize("name, stage", [("masked", 0), ("masked", 1), ("peripheral_branch", 1)])
def test_the_embedding_is_the_papers(packages, name, stage, height, width) -> None:
    module = packages[name].load()
    model = module.create_model().double()
    randomise(model)
    model.eval()
    stage = model.stages[stage]
    mixer = stage.blocks[0].mixer
    convolved = mixer.large.weight.shape[0]
    x = torch.randn(2, convolved, height, width, dtype=torch.float64)
    kernels = __import__(type(mixer.large).__module__, fromlist=["expand_kernel"])
    weight = kernels.expand_kernel(mixer.large.weight)
    masked = name == "masked"
    plain = torch.zeros_like(stage.embedding)
    convolved_x = literal_convolution(x, weight, plain, masked=True)
    embedded = literal_convolution(x, weight, stage.embedding, masked=masked)
    small = mixer.small_norm(mixer.small(x)) if hasattr(mixer, "small") else 0
    if masked:
        norm = (
            mixer.large_norm
            if hasattr(mixer, "small")
            else lambda y: y + mixer.large.bias.view(-1, 1, 1)
        )
        wanted = norm(embedded) + small
        window = module.mixers.window
        shape = stage.embedding.shape
        rows = window(height, shape[1], stage.embedding)
        columns = window(width, shape[2], stage.embedding).T
        seen = mixer(x, stage.embedding, rows, columns)
    else:
        wanted = mixer.large_norm(convolved_x) + small + (embedded - convolved_x)
        seen = mixer(x, kernels.shrink_gradient(stage.embedding))
    torch.testing.assert_close(seen, wanted, rtol=1e-10, atol=1e-10)


def depthwise(x: Tensor, weight: Tensor) -> Tensor:
    """`F.conv2d` of every channel with its own kernel; weight (C, k_h, k_w)."""
    padding = (weight.shape[1] // 2, weight.shape[2] // 2)
    return F.conv2d(x, weight[:, None], padding=padding, groups=weight.shape[0])


def normed(y: Tensor, norm: nn.BatchNorm2d) -> Tensor:
    """BatchNorm in eval mode, written out."""
    scale = norm.weight / (norm.running_var + norm.eps).sqrt()
    return (y - norm.running_mean.view(-1, 1, 1)) * scale.view(-1, 1, 1) + norm.bias.view(-1, 1, 1)


@pytest.mark.parametrize("stage, shapes", [(0, [(13, 5), (5, 13)]), (1, [(11, 3), (3, 9)])])
def test_stripes_are_two_convolutions_and_a_square(packages, stage, shapes) -> None:
    model = packages["striped"].load().create_model().double()
    randomise(model)
    model.eval()
    mixer = model.stages[stage].blocks[0].mixer
    channels = mixer.tall.weight.shape[0]
    assert [tuple(conv.weight.shape[1:]) for conv in (mixer.tall, mixer.wide)] == shapes
    x = torch.randn(2, channels, 9, 14, dtype=torch.float64)
    wanted = normed(depthwise(x, mixer.tall.weight), mixer.tall_norm)
    wanted = wanted + normed(depthwise(x, mixer.wide.weight), mixer.wide_norm)
    if stage == 0:
        wanted = wanted + normed(depthwise(x, mixer.small.weight[:, 0]), mixer.small_norm)
    torch.testing.assert_close(mixer(x), wanted, rtol=1e-10, atol=1e-10)


def test_partial_convolves_the_first_channels_only(packages) -> None:
    model = packages["peripheral_branch"].load().create_model().double()
    randomise(model)
    model.eval()
    block = model.stages[1].blocks[0]
    seen = []
    block.mixer.register_forward_hook(lambda _, args, output: seen.append((args[0], output)))
    block.norm.register_forward_hook(lambda _, args, output: seen.append(args[0]))
    x = torch.randn(2, 16, 8, 8, dtype=torch.float64)
    block(x, torch.zeros_like(block.mixer.large.weight))
    (mixed, mixer_output), normed_input = seen
    assert torch.equal(mixed, x[:, :6])
    wanted = torch.cat((mixer_output, x[:, 6:]), dim=1)
    assert torch.equal(normed_input.permute(0, 3, 1, 2), wanted)


def test_every_parameter_gets_a_gradient(feature) -> None:
    model = feature.load().create_model(drop_path_rate=0.0).train()
    randomise(model)
    x = image(feature.network).float()
    (model(x) * torch.arange(10.0)).sum().backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().sum() > 0, name


def test_weights_begin_as_documented(feature) -> None:
    torch.manual_seed(0)
    model = feature.load().create_model()
    scale = feature.network["block"].get("layerScale")
    for name, parameter in model.named_parameters():
        if name.endswith("bias"):
            assert (parameter == 0).all(), name
        elif name.endswith("layer_scale"):
            assert (parameter == scale).all(), name
        elif "norm" in name:
            assert (parameter == 1).all(), name
        else:
            deviation = parameter.std().item()
            assert 0.02 * 0.5 < deviation < 0.02 * 1.6, (name, deviation)


def test_drop_path_grows_over_all_blocks(feature) -> None:
    module = feature.load()
    drops = [m.rate for m in module.create_model().modules() if type(m).__name__ == "DropPath"]
    # RepLKNet's block and its ConvFFN have one each.
    each = 2 if feature.network["block"]["type"] == "replknet" else 1
    rates = [rate for rate in feature.rates for _ in range(each)]
    assert drops == pytest.approx(rates, abs=1e-15)
    other = module.create_model(drop_path_rate=0.5)
    drops = [m.rate for m in other.modules() if type(m).__name__ == "DropPath"]
    if len(drops) > 1:
        assert drops[0] == 0.0
        assert drops[-1] == 0.5


def test_drop_path_drops_whole_samples_in_training(packages) -> None:
    torch.manual_seed(0)
    drop = packages["plain_dense"].load().layers.DropPath(0.25)
    x = torch.ones(4000, 2, 3, 3)
    y = drop(x)
    assert y.unique().tolist() == pytest.approx([0.0, 4 / 3])
    assert (y.flatten(1).std(1) == 0).all()
    assert 0.72 < (y[:, 0, 0, 0] > 0).float().mean() < 0.78
    assert torch.equal(drop.eval()(x), x)


def test_the_classifier_can_be_left_out(packages) -> None:
    package = packages["plain_dense"]
    x = image(package.network).float()
    model = package.load().create_model(num_classes=0).eval()
    assert model(x).shape == (2, 16)
    features = model.forward_features(x)
    assert torch.equal(model.forward_head(features, pre_logits=True), model(x))
    assert package.load().create_model(num_classes=3)(x).shape == (2, 3)


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"num_classes": -1}, "num_classes is -1"),
        ({"in_chans": 0}, "in_chans is 0"),
        ({"drop_path_rate": 1.0}, "drop_path_rate is 1.0"),
        ({"drop_path_rate": float("nan")}, "drop_path_rate is nan"),
        ({"method": "quick"}, "quick"),
    ],
)
def test_bad_arguments_are_named(packages, arguments, words) -> None:
    with pytest.raises(ValueError, match=words):
        packages["plain_dense"].load().create_model(**arguments)


@pytest.mark.parametrize(
    "shape, words",
    [
        ((3, 32, 32), r"\(3, 32, 32\)"),
        ((2, 4, 32, 32), r"\(2, 4, 32, 32\)"),
        ((2, 3, 3, 32), "3x32 pixels; at least 4x4"),
    ],
)
def test_bad_inputs_are_named(packages, shape, words) -> None:
    model = packages["plain_dense"].load().create_model()
    with pytest.raises(ValueError, match=words):
        model(torch.zeros(shape))
    assert model(torch.zeros(1, 3, 4, 4)).shape == (1, 10)


def test_copies_and_pickles_compute_the_same(feature) -> None:
    model = feature.load().create_model().eval()
    randomise(model)
    x = image(feature.network).float()
    for other in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert torch.equal(other(x), model(x))
    fused = quiet_fuse(model)
    assert torch.equal(pickle.loads(pickle.dumps(fused))(x), fused(x))


def test_memory_format_makes_no_difference(feature) -> None:
    model = feature.load().create_model().double().eval()
    randomise(model)
    x = image(feature.network)
    nhwc = x.to(memory_format=torch.channels_last)
    torch.testing.assert_close(model(nhwc), model(x), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_types_stay_half(feature, dtype) -> None:
    x = image(feature.network).float()
    model = settled(feature.load().create_model(drop_path_rate=0.0), x)
    wanted = model.forward_features(x)
    half = copy.deepcopy(model).to(dtype)
    seen = half.forward_features(x.to(dtype))
    assert seen.dtype == dtype
    assert (seen.float() - wanted).norm() / wanted.norm() < rounding(feature.network, dtype)
    assert quiet_fuse(half)(x.to(dtype)).dtype == dtype


def test_autocast_stays_close(feature) -> None:
    x = image(feature.network).float()
    model = settled(feature.load().create_model(drop_path_rate=0.0), x)
    wanted = model.forward_features(x)
    with torch.autocast("cpu", torch.bfloat16):
        seen = model.forward_features(x)
    limit = rounding(feature.network, torch.bfloat16)
    assert (seen.float() - wanted).norm() / wanted.norm() < limit


@pytest.mark.parametrize("name", ["striped", "masked", "peripheral_branch", "replknet"])
def test_compiles_to_one_graph(packages, name) -> None:
    package = packages[name]
    model = package.load().create_model(drop_path_rate=0.0).eval()
    randomise(model)
    x = image(package.network).float()
    for each in (model, quiet_fuse(model)):
        torch._dynamo.reset()
        compiled = torch.compile(each, fullgraph=True, backend="aot_eager")
        torch.testing.assert_close(compiled(x), each(x), rtol=1e-4, atol=1e-4)


def test_trains_in_one_graph(packages) -> None:
    package = packages["peripheral_branch"]
    model = package.load().create_model(drop_path_rate=0.0).train()
    randomise(model)
    other = copy.deepcopy(model)
    x = image(package.network).float()
    torch._dynamo.reset()
    torch.compile(model, fullgraph=True, backend="aot_eager")(x).square().sum().backward()
    other(x).square().sum().backward()
    for (name, seen), wanted in zip(model.named_parameters(), other.parameters(), strict=True):
        error = (seen.grad - wanted.grad).norm() / wanted.grad.norm()
        assert error < 1e-3, name
