"""Networks as files of other tools, read back by those tools and held against the network."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import timm
import torch
from fovea_runtime.export import export_network as exporting
from fovea_runtime.export.export_network import export_network
from fovea_runtime.export.request import ExportRequest
from fovea_runtime.export.written import Written
from fovea_runtime.weights.mistake import WeightsMistake
from networks import randomise
from onnx import numpy_helper
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

pytestmark = pytest.mark.filterwarnings(
    "ignore::torch.jit.TracerWarning", "ignore::FutureWarning", "ignore:Exporting a model while"
)

FUSED = {
    "plain_dense": False,
    "peripheral_branch": True,
    "masked": False,
    "striped": True,
    "wide_branch": True,
    "every_mixer": False,
    "replknet_peripheral": False,
    "replknet_plain": True,
}
"""Networks that have every part between them, and the form that is exported."""


def request(package: Any, out: Path, kind: str, **options: Any) -> ExportRequest:
    """A request with the defaults of the command line."""
    defaults = {
        "weights": None,
        "average": False,
        "fused": False,
        "size": None,
        "batch": None,
        "dtype": torch.float32,
        "known": [],
    }
    return ExportRequest(package=package.folder, format=kind, out=out, **(defaults | options))


def trained(package: Any, folder: Path) -> tuple[nn.Module, Path]:
    """The network with weights in which every mistake shows, and a file of them."""
    model = package.load().create_model().eval()
    randomise(model)
    file = folder / "weights.safetensors"
    save_file(model.state_dict(), file)
    return model, file


def images(model: Any, batch: int, height: int, width: int) -> Tensor:
    generator = torch.Generator().manual_seed(batch)
    return torch.randn((batch, model.in_chans, height, width), generator=generator)


def close(seen: Tensor, wanted: Tensor) -> bool:
    return ((seen - wanted).norm() / wanted.norm()).item() < 1e-4


def quiet_fuse(model: Any) -> Any:
    """fuse() without its warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fuse()


@pytest.mark.parametrize("name, fused", FUSED.items())
def test_onnx_computes_the_same_at_any_size(packages, tmp_path, name, fused) -> None:
    model, weights = trained(packages[name], tmp_path)
    out = tmp_path / "made" / "net.onnx"
    report = export_network(request(packages[name], out, "onnx", weights=weights, fused=fused))
    assert report["passed"]
    assert report["out"] == str(out)
    assert [path.name for path in out.parent.iterdir()] == ["net.onnx"]
    session = onnxruntime.InferenceSession(out, providers=["CPUExecutionProvider"])
    for shape in [(1, 64, 64), (3, 64, 64), (2, 83, 71), (1, 70, 141)]:
        x = images(model, *shape)
        [logits] = session.run(None, {"images": x.numpy()})
        with torch.no_grad():
            assert close(torch.from_numpy(logits), model(x)), shape
    [taken] = session.get_inputs()
    assert taken.shape == ["batch", model.in_chans, "height", "width"]
    assert session.get_outputs()[0].shape == ["batch", 10]


@pytest.mark.parametrize("fused", [False, True])
def test_onnx_is_plain_convolutions(packages, tmp_path, fused) -> None:
    """Nothing but ai.onnx; every kernel is a constant, expanded: no work is left for each image."""
    model, weights = trained(packages["peripheral_branch"], tmp_path)
    out = tmp_path / "net.onnx"
    report = export_network(
        request(packages["peripheral_branch"], out, "onnx", weights=weights, fused=fused)
    )
    read = onnx.load(out)
    onnx.checker.check_model(read)
    assert [(each.domain, each.version) for each in read.opset_import] == [("", report["opset"])]
    assert not read.functions
    assert not {"DFT", "Expand", "Gather", "ReduceSum"} & {node.op_type for node in read.graph.node}
    constants = {each.name: each for each in read.graph.initializer}
    kernels = [
        numpy_helper.to_array(constants[node.input[1]])
        for node in read.graph.node
        if node.op_type == "Conv"
    ]
    mixer = model.get_submodule("stages.0.blocks.0.mixer")
    kernel = __import__(type(mixer.large).__module__, fromlist=["x"]).expand_kernel(
        mixer.large.weight
    )
    large = [k[:, 0] for k in kernels if k.shape[2:] == (13, 13)]
    assert len(large) == 1
    if not fused:
        np.testing.assert_array_equal(large[0], kernel.detach().numpy())


def test_what_is_fixed_stays_fixed(packages, tmp_path) -> None:
    package = packages["plain_dense"]
    report = export_network(request(package, tmp_path / "a.onnx", "onnx", size=(40, 48), batch=4))
    assert report["inputs"] == [{"name": "images", "shape": [4, 3, 40, 48]}]
    assert [each["images"] for each in report["checks"]] == [4]
    assert {tuple(each["size"]) for each in report["checks"]} == {(40, 48)}
    session = onnxruntime.InferenceSession(tmp_path / "a.onnx", providers=["CPUExecutionProvider"])
    assert session.get_inputs()[0].shape == [4, 3, 40, 48]
    report = export_network(request(package, tmp_path / "b.onnx", "onnx", size=(40, 48)))
    assert report["inputs"] == [{"name": "images", "shape": ["batch", 3, 40, 48]}]
    assert sorted(each["images"] for each in report["checks"]) == [1, 3]


@pytest.mark.parametrize("kind, ending", [("torch-export", ".pt2"), ("onnx", ".onnx")])
def test_declared_images_that_leave_one_pixel(packages, tmp_path, kind, ending) -> None:
    """A program that is traced with such maps takes no others."""
    folder = tmp_path / "small" / "replknet"
    shutil.copytree(packages["replknet"].folder, folder)
    text = (folder / "__init__.py").read_text()
    (folder / "__init__.py").write_text(text.replace('"size": 32', '"size": 8'))
    package = dataclasses.replace(packages["replknet"], folder=folder)
    report = export_network(request(package, tmp_path / f"any{ending}", kind))
    assert report["passed"]
    assert report["inputs"][0]["shape"] == ["batch", 3, "height", "width"]
    assert report["notes"][-1] == "any size is any from 16 pixels a side on; --size fixes one"
    report = export_network(request(package, tmp_path / f"one{ending}", kind, size=(8, 8)))
    assert report["passed"]
    assert {tuple(each["size"]) for each in report["checks"]} == {(8, 8)}


ALONE = """
import sys, torch
kind, file, images, wanted = sys.argv[1:]
run = torch.jit.load(file) if kind == "torchscript" else torch.export.load(file).module()
for x, y in zip(torch.load(images), torch.load(wanted), strict=True):
    error = (run(x) - y).norm() / y.norm()
    assert error < 1e-4, (x.shape, error)
assert not any(name.startswith(("fovea", "timm")) for name in sys.modules)
"""


@pytest.mark.parametrize("kind, ending", [("torch-export", ".pt2"), ("torchscript", ".pt")])
@pytest.mark.parametrize(
    "name, fused",
    [
        ("peripheral_branch", False),
        ("shrunk", True),
        ("replknet_peripheral", True),
    ],
)
def test_programs_run_without_the_package(packages, tmp_path, kind, ending, name, fused) -> None:
    model, weights = trained(packages[name], tmp_path)
    out = tmp_path / f"net{ending}"
    report = export_network(request(packages[name], out, kind, weights=weights, fused=fused))
    assert report["passed"]
    xs = [images(model, *shape) for shape in [(1, 64, 64), (2, 83, 71), (4, 70, 141)]]
    torch.save(xs, tmp_path / "images")
    with torch.no_grad():
        torch.save([model(x) for x in xs], tmp_path / "wanted")
    words = [kind, out, tmp_path / "images", tmp_path / "wanted"]
    env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    subprocess.run([sys.executable, "-P", "-B", "-c", ALONE, *words], env=env, check=True)


@pytest.mark.parametrize("kind, ending", [("torch-export", ".pt2"), ("torchscript", ".pt")])
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_programs_in_other_dtypes(packages, tmp_path, kind, ending, dtype) -> None:
    out = tmp_path / f"net{ending}"
    report = export_network(request(packages["replknet"], out, kind, dtype=dtype))
    assert report["passed"]
    run = torch.jit.load(out) if kind == "torchscript" else torch.export.load(out).module()
    assert run(torch.zeros(2, 3, 40, 40, dtype=dtype)).dtype == dtype


def test_onnx_in_half(packages, tmp_path) -> None:
    report = export_network(
        request(packages["masked"], tmp_path / "a.onnx", "onnx", dtype=torch.float16)
    )
    assert report["passed"]
    session = onnxruntime.InferenceSession(tmp_path / "a.onnx", providers=["CPUExecutionProvider"])
    [logits] = session.run(None, {"images": np.zeros((1, 3, 32, 32), np.float16)})
    assert logits.dtype == np.float16


@pytest.mark.parametrize("fused", [False, True])
def test_safetensors_load_strictly(packages, tmp_path, fused) -> None:
    model, weights = trained(packages["peripheral_branch"], tmp_path)
    out = tmp_path / "out.safetensors"
    options = {"weights": weights, "fused": fused, "dtype": torch.float16}
    report = export_network(request(packages["peripheral_branch"], out, "safetensors", **options))
    other = packages["peripheral_branch"].load().create_model()
    other = quiet_fuse(other) if fused else other
    other.load_state_dict(load_file(out))
    wanted = quiet_fuse(model) if fused else model
    written = load_file(out)
    assert written.keys() == wanted.state_dict().keys()
    for key, expected in wanted.state_dict().items():
        seen = written[key]
        assert torch.equal(seen, expected.half() if expected.is_floating_point() else expected)
    assert report["tensors"] == len(wanted.state_dict())
    (tmp_path / "plain").touch()
    assert out.stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_weights_that_are_fused_already(packages, tmp_path) -> None:
    model, _ = trained(packages["striped"], tmp_path)
    file = tmp_path / "fused.safetensors"
    save_file(quiet_fuse(model).state_dict(), file)
    out = tmp_path / "net.pt"
    report = export_network(
        request(packages["striped"], out, "torchscript", weights=file, fused=True)
    )
    assert report["passed"]
    x = images(model, 1, 64, 64)
    assert close(torch.jit.load(out)(x), model(x))
    with pytest.raises(WeightsMistake, match="is fused already") as caught:
        export_network(request(packages["striped"], out, "torchscript", weights=file))
    assert "--fused" in str(caught.value.fix)


def test_a_hub_folder_is_what_timm_loads(packages, tmp_path) -> None:
    package = packages["masked"]
    model = package.load().create_model(num_classes=4).eval()
    randomise(model)
    weights = tmp_path / "four.safetensors"
    save_file(model.state_dict(), weights)
    hub = tmp_path / "hub"
    hub.mkdir()
    (hub / "README.md").write_text("mine")
    report = export_network(request(package, hub, "hf", weights=weights))
    assert report["notes"] == ["the classifier has 4 classes, where 10 are declared"]
    assert sorted(each.name for each in hub.iterdir()) == [
        "README.md",
        "config.json",
        "model.safetensors",
    ]
    config = json.loads((hub / "config.json").read_text())
    assert config["architecture"] == "fovea_masked"
    assert (config["num_classes"], config["num_features"]) == (4, 16)
    assert config["pretrained_cfg"]["input_size"] == [3, 32, 32]
    again = timm.create_model(f"local-dir:{hub}", pretrained=True).eval()
    x = images(model, 2, 45, 51)
    assert torch.equal(again(x), model(x))
    adapted = timm.create_model(f"local-dir:{hub}", pretrained=True, num_classes=7, in_chans=1)
    assert adapted(x[:, :1]).shape == (2, 7)


def test_what_differs_is_not_kept(packages, tmp_path, monkeypatch) -> None:
    write = exporting.FORMATS["torchscript"]

    def off(subject: Any, path: Path) -> Written:
        written = write(subject, path)
        return Written(lambda x: written.run(x) * 1.001)

    monkeypatch.setitem(exporting.FORMATS, "torchscript", off)
    report = export_network(
        request(packages["plain_dense"], tmp_path / "new" / "a.pt", "torchscript")
    )
    assert not report["passed"]
    assert (report["out"], report["files"]) == (None, [])
    assert all(4e-4 < each["error"] < 2e-3 for each in report["checks"])
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_finite_is_not_kept(packages, tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(
        exporting.FORMATS,
        "torchscript",
        lambda subject, path: Written(lambda x: torch.full((len(x), 10), torch.inf)),
    )
    out = tmp_path / "a.pt"
    out.write_text("older")
    report = export_network(request(packages["plain_dense"], out, "torchscript"))
    assert not report["passed"]
    assert report["checks"][0]["error"] is None
    assert out.read_text() == "older"
    assert list(tmp_path.iterdir()) == [out]


def test_weights_of_another_network_are_named(packages, tmp_path) -> None:
    _, weights = trained(packages["plain_dense"], tmp_path)
    with pytest.raises(WeightsMistake, match="does not fit striped") as caught:
        export_network(
            request(packages["striped"], tmp_path / "a.pt", "torchscript", weights=weights)
        )
    assert "missing: stages.0.blocks.0.mixer.tall.weight (8, 13, 5)" in caught.value.lines
    assert "extra: stages.0.blocks.0.mixer.large.bias (8)" in caught.value.lines
    assert not (tmp_path / "a.pt").exists()


@pytest.mark.parametrize(
    "options, words",
    [
        ({"size": (3, 32)}, r"--size 3x32: x is 3x32 pixels; at least 4x4 is wanted"),
        ({"out": "file/a.pt"}, r"cannot be written: (Not a directory|File exists)"),
    ],
)
def test_mistakes_leave_nothing(packages, tmp_path, options, words) -> None:
    (tmp_path / "file").write_text("")
    out = tmp_path / options.pop("out", "a.pt")
    with pytest.raises(WeightsMistake, match=words):
        export_network(request(packages["plain_dense"], out, "torchscript", **options))
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def ask(package: Any, out: Path, **options: Any) -> tuple[int, dict[str, Any], str]:
    """The module as fovea calls it."""
    document = {
        "package": str(package.folder),
        "format": "torchscript",
        "out": str(out),
        "weights": None,
        "average": False,
        "fused": False,
        "size": None,
        "batch": None,
        "dtype": "float32",
        "known": [],
    }
    done = subprocess.run(
        [sys.executable, "-B", "-m", "fovea_runtime.export"],
        input=json.dumps(document | options),
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(exporting.__file__).parents[2])},
        check=False,
    )
    return done.returncode, json.loads(done.stdout), done.stderr


def test_one_answer_and_nothing_else(packages, tmp_path) -> None:
    status, report, said = ask(packages["striped"], tmp_path / "a.onnx", format="onnx")
    assert status == 0
    assert report["passed"]
    assert said == ""
    status, answer, _ = ask(packages["striped"], tmp_path / "b.pt", size=[1, 1])
    assert status == 2
    assert answer["error"]["code"] == "FOV0040"


@pytest.mark.parametrize("missing", ["onnx", "onnxruntime", "onnxscript"])
def test_packages_of_onnx_that_are_missing(packages, tmp_path, monkeypatch, missing) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(WeightsMistake, match=missing) as caught:
        export_network(request(packages["plain_dense"], tmp_path / "a.onnx", "onnx"))
    assert caught.value.code == "FOV0060"
