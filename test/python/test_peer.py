"""Models of timm as peers: which there are, how they are built, what is counted."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import timm
import torch
from fovea_runtime import count
from fovea_runtime.peer.card import peer_card
from fovea_runtime.peer.error import PeerError
from fovea_runtime.peer.names import nearest_names, require_model
from fovea_runtime.peer.settle import SettledPeer, settle
from timm.layers.config import set_fused_attn
from torch.utils.flop_counter import FlopCounterMode

ROOT = Path(__file__).resolve().parents[2]


def declared(model: str, **options: Any) -> dict[str, Any]:
    """A peer as src/ir/peer.ts has it."""
    size, channels = options.pop("size", None), options.pop("channels", 3)
    return {
        "kind": "timm",
        "name": "a_peer",
        "model": model,
        "input": {"channels": channels, "size": size},
        "dropPath": 0,
        "classes": 1000,
        **options,
    }


def card(model: str, **options: Any) -> dict[str, Any]:
    return peer_card(settle(declared(model, **options)))


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever connects to anything fails."""

    def refuse(*_: object) -> None:
        raise AssertionError("a peer must not use the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def resnet50_macs(side: int) -> int:
    """He et al., table 1, with the stride in the 3x3 convolution, as torchvision and timm have it."""

    def half(pixels: int) -> int:
        return (pixels + 1) // 2

    side = half(side)
    total = side**2 * 49 * 3 * 64
    side, entering = half(side), 64
    for stage, blocks in enumerate((3, 4, 6, 3)):
        width = 64 * 2**stage
        for block in range(blocks):
            before = side
            if block == 0 and stage > 0:
                side = half(side)
            total += before**2 * entering * width
            total += side**2 * 9 * width * width
            total += side**2 * width * 4 * width
            if block == 0:
                total += side**2 * entering * 4 * width
            entering = 4 * width
    return total + 2048 * 1000


def vit_macs(tokens: int, width: int, depth: int, patch: int) -> int:
    """Dosovitskiy et al.: four projections, two products of attention, an MLP of four times width."""
    block = 4 * tokens * width**2 + 2 * tokens**2 * width + 8 * tokens * width**2
    return (tokens - 1) * 3 * patch**2 * width + depth * block + width * 1000


def swin_macs(side: int) -> int:
    """Liu et al., section 3.1 (equation 2), patch merging, stem and head of Swin-T at windows of 7."""
    side, width = side // 4, 96
    total = side**2 * 3 * 16 * width
    for stage, depth in enumerate((2, 2, 6, 2)):
        if stage > 0:
            side, width = side // 2, width * 2
            total += side**2 * (2 * width) * width
        pixels = side**2
        attention = 4 * pixels * width**2 + 2 * 49 * pixels * width
        total += depth * (attention + 8 * pixels * width**2)
    return total + width * 1000


@pytest.mark.parametrize(
    ("model", "parameters", "macs"),
    [
        ("resnet50", 25_557_032, resnet50_macs(224)),
        ("convnext_tiny", 28_589_128, 4_455_531_264),
        ("swin_tiny_patch4_window7_224", 28_288_354, swin_macs(224)),
        ("vit_small_patch16_224", 22_050_664, vit_macs(197, 384, 12, 16)),
    ],
)
def test_counts_are_those_of_the_definition(model: str, parameters: int, macs: int) -> None:
    found = card(model)
    assert found["params"] == {
        "dense": parameters,
        "nonzero": parameters,
        "embedding": 0,
        "merged": parameters,
    }
    assert found["macs"] == {"dense": macs, "nonzero": macs}
    assert found["input"] == {"channels": 3, "size": [224, 224]}
    for key in ("params", "macs"):
        assert sum(layer[key]["dense"] for layer in found["layers"]) == found[key]["dense"]


@pytest.mark.parametrize("side", [224, 96, 225])
def test_size_moves_multiply_adds_and_not_parameters(side: int) -> None:
    found = card("resnet50", size=side)
    assert found["macs"]["dense"] == resnet50_macs(side)
    assert found["params"]["dense"] == 25_557_032


@pytest.mark.parametrize("model", ["cait_xxs24_224", "test_vit", "swin_tiny_patch4_window7_224"])
@pytest.mark.parametrize("fused", [True, False])
def test_counts_are_torchs_own_on_a_real_model(model: str, fused: bool) -> None:
    found = card(model)
    set_fused_attn(fused)
    real = timm.create_model(model).eval().requires_grad_(False)
    with FlopCounterMode(display=False) as counter:
        real(torch.zeros(1, 3, *found["input"]["size"]))
    assert counter.get_total_flops() == 2 * found["macs"]["dense"]
    assert sum(p.numel() for p in real.parameters()) == found["params"]["dense"]


def test_what_is_not_trained_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    peer = settle(declared("resnet18"))
    frozen = peer.outline()
    frozen.get_submodule("layer4").requires_grad_(False)
    monkeypatch.setattr(SettledPeer, "outline", lambda _: frozen)
    layer4 = sum(p.numel() for p in frozen.get_submodule("layer4").parameters())
    assert peer_card(peer)["params"]["dense"] == 11_689_512 - layer4


def test_parts_that_are_never_called_themselves_have_their_entries_counts() -> None:
    layers = {layer["name"]: layer for layer in card("cait_xxs24_224")["layers"]}
    assert layers["blocks_token_only"]["macs"]["dense"] > 0
    assert layers["self"]["macs"]["dense"] == 0
    # The class token and the table of positions: 192 numbers for each of 196 patches and for it.
    assert layers["self"]["params"]["dense"] == 197 * 192


@pytest.mark.parametrize("size", [32, 80, [64, 96]])
@pytest.mark.parametrize("model", ["swin_tiny_patch4_window7_224", "resnet18", "test_vit"])
def test_builds_for_other_sizes_channels_and_classes(model: str, size: Any) -> None:
    peer = settle(declared(model, size=size, channels=1), classes=7, drop_path=0.3)
    height, width = (size, size) if isinstance(size, int) else size
    assert peer.size == (height, width)
    built = peer.build().eval()
    assert built(torch.zeros(2, 1, height, width)).shape == (2, 7)
    rates = [getattr(part, "drop_prob", 0) for part in built.modules()]
    assert max(rate for rate in rates if rate) == pytest.approx(0.3)


def test_drop_path_is_zero_whatever_the_models_default() -> None:
    def rates(model: torch.nn.Module) -> set[float]:
        return {part.drop_prob for part in model.modules() if hasattr(part, "drop_prob")}

    # Swin's own default is 0.1.
    assert max(rates(timm.create_model("swin_tiny_patch4_window7_224"))) > 0
    assert rates(settle(declared("swin_tiny_patch4_window7_224")).build()) <= {0}


def test_its_own_size_is_timms() -> None:
    assert settle(declared("test_vit")).size == (160, 160)
    assert settle(declared("test_vit"), size=(64, 96)).size == (64, 96)
    # A deprecated name of timm's leads to the model that it stands for.
    with pytest.warns(UserWarning, match="deprecated"):
        assert settle(declared("tv_resnet50")).size == (224, 224)


@pytest.mark.parametrize(
    ("model", "options", "path", "said"),
    [
        ("swin_tiny", {}, "model", "has no model swin_tiny"),
        ("resnet50.foo", {}, "model", "no resnet50 with the tag foo"),
        ("densenet121", {"dropPath": 0.1}, "dropPath", "does not take drop_path_rate"),
        ("nest_tiny", {"size": [64, 96]}, "input.size", "square inputs"),
        ("maxvit_tiny_tf_224", {"size": 100}, "input.size", "divisible by window"),
        ("test_vit", {"size": 50}, "input.size", "divisible by patch size"),
        ("mobilenetv5_300m_enc", {}, "model", "is no classifier"),
    ],
)
def test_what_cannot_be_built_is_told(
    model: str, options: dict[str, Any], path: str, said: str
) -> None:
    with pytest.raises(PeerError, match=said) as caught:
        card(model, **options)
    assert caught.value.path == path
    assert caught.value.fix


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("swin_tiny", "swin_tiny_patch4_window7_224"),
        ("convnext-tiny", "convnext_tiny"),
        ("ResNet50", "resnet50"),
        ("efficentnet_b0", "efficientnet_b0"),
        ("resnet_50", "resnet50"),
    ],
)
def test_near_names_are_offered(wrong: str, meant: str) -> None:
    assert meant in nearest_names(wrong, timm.list_models())
    with pytest.raises(PeerError) as caught:
        require_model(wrong)
    assert meant in caught.value.fix


def test_near_names_are_few_and_may_be_none() -> None:
    assert len(nearest_names("vit", timm.list_models())) == 3
    assert nearest_names("zzzzzzzz", timm.list_models()) == []
    with pytest.raises(PeerError, match="zzzzzzzz") as caught:
        require_model("zzzzzzzz")
    assert "timm.list_models()" in caught.value.fix


def test_tags_name_the_same_architecture() -> None:
    plain, tagged = (card(name) for name in ("resnet50", "resnet50.a1_in1k"))
    assert tagged["params"] == plain["params"]
    with pytest.raises(PeerError) as caught:
        require_model("resnet50.a1_in2k")
    assert "resnet50.a1_in1k" in caught.value.fix


def run_count(*words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python")}
    command = [sys.executable, "-m", "fovea_runtime.count", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_the_command_counts_peers_in_their_order() -> None:
    peers = [json.dumps(declared(name)) for name in ("resnet18", "test_vit")]
    done = run_count("--peer", peers[0], "--peer", peers[1], "--size", "64x96")
    assert done.returncode == 0, done.stderr
    first, second = json.loads(done.stdout)["peers"]
    assert (first["model"], second["model"]) == ("resnet18", "test_vit")
    assert first["input"]["size"] == second["input"]["size"] == [64, 96]
    assert first["versions"] == {"timm": timm.__version__, "torch": torch.__version__}


def test_the_command_tells_a_mistake_without_a_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    peers = [json.dumps(declared(name)) for name in ("resnet18", "swin_tiny")]
    assert count.main(["--peer", peers[0], "--peer", peers[1]]) == 2
    captured = capsys.readouterr()
    error = json.loads(captured.out)["error"]
    assert (error["index"], error["path"]) == (1, "model")
    assert "swin_tiny_patch4_window7_224" in error["fix"]
    assert captured.err == ""


def test_a_peer_is_what_the_schema_takes() -> None:
    schemas = ROOT / "python" / "fovea_runtime" / "schemas"
    schema = json.loads((schemas / "experiment.schema.json").read_text("utf-8"))
    network = jsonschema.Draft202012Validator(schema["properties"]["network"])
    network.validate(declared("resnet18", size=[64, 96]))
    assert not network.is_valid(declared("hf-hub:timm/resnet18"))
