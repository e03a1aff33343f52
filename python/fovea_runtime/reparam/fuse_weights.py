"""A checkpoint in training form becomes that of the fused network, once both compute the same."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from fovea_runtime.reparam.agreement import LIMIT, Agreement, compare, exact_error
from fovea_runtime.reparam.fused import made_dense, quietly_fused
from fovea_runtime.reparam.images import Size, digit_scenes, folder_images
from fovea_runtime.reparam.own_weights import read_own
from fovea_runtime.reparam.statistics import check_variances
from fovea_runtime.weights.declared import Config
from fovea_runtime.weights.mistake import BREAKS_SHARING, WeightsMistake
from fovea_runtime.weights.package import Package
from fovea_runtime.weights.write import write_safetensors

IMAGES = 4
"""Images of each size."""


@dataclass(frozen=True)
class FuseRequest:
    """`allow_dense` lets a kernel lose its sharing; `images` is a folder, None for `digits`.

    `sizes` are those of the images, in pixels; None for three around the network's own.
    """

    source: Path
    package: Path
    out: Path
    average: bool
    allow_dense: bool
    images: Path | None
    sizes: list[Size] | None
    known: list[Config]


def fuse_weights(request: FuseRequest) -> dict[str, Any]:
    """Writes `out`, which loads strictly into `create_model(num_classes=…).fuse()`, and reports.

    Where outputs differ by more than `LIMIT`, the report has `passed` False and nothing is written.

    Raises:
        WeightsMistake: nothing has been written.
    """
    package = Package(request.package)
    dense = made_dense(package)
    if dense and not request.allow_dense:
        raise _breaks_sharing(package, dense)
    own = read_own(request.source, package, average=request.average, known=request.known)
    check_variances(own.state, request.source)
    model = package.model(own.state, own.classes)
    fused = quietly_fused(model)
    batches = _images(package.config, request)
    agreements = compare(model, fused, batches)
    passed = all(each.holds for each in agreements)
    state = fused.state_dict()
    if passed:
        header = {
            "network": package.name,
            "form": "fused",
            "load": f"create_model(num_classes={own.classes}).fuse().load_state_dict(…)",
        }
        write_safetensors(request.out, state, header)
    size, channels = _size(package.config), package.config["input"]["channels"]
    skeleton = package.skeleton(own.classes).eval()
    return {
        "network": package.name,
        "from": str(request.source),
        "out": str(request.out) if passed else None,
        "entry": own.entry,
        "average": own.average,
        "classes": own.classes,
        "tensors": len(state),
        "params": {"before": _parameters(model), "after": _parameters(fused)},
        "macs": {
            "size": list(size),
            "before": macs(skeleton, channels, size),
            "after": macs(quietly_fused(skeleton), channels, size),
        },
        "limit": LIMIT,
        "passed": passed,
        "sizes": [_row(each) for each in agreements],
        "exact": None if passed else _finite(exact_error(model, fused, batches)),
        "dense": [{"layer": layer, "kernel": list(sides)} for layer, sides in dense.items()],
        "notes": own.notes,
    }


def macs(skeleton: nn.Module, channels: int, size: Size) -> int:
    """Multiply-adds of one image by PyTorch's own counter, every tap computed."""
    with FlopCounterMode(display=False) as counter:
        skeleton(torch.empty(1, channels, *size, device="meta"))
    return counter.get_total_flops() // 2


def _images(config: Config, request: FuseRequest) -> list[Tensor]:
    channels = config["input"]["channels"]
    sizes = request.sizes or _sizes_around(_size(config))
    if request.images is None:
        return [digit_scenes(IMAGES, channels, size) for size in sizes]
    return [folder_images(request.images, IMAGES, channels, size) for size in sizes]


def _sizes_around(size: Size) -> list[Size]:
    """Three sizes, none smaller than the network's own: it, one a little higher, one wider."""
    height, width = size
    return [size, (height + math.ceil(height / 10), width), (height, width + math.ceil(width / 4))]


def _size(config: Config) -> Size:
    size = config["input"]["size"]
    return (size, size) if isinstance(size, int) else (size[0], size[1])


def _parameters(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


def _row(agreement: Agreement) -> dict[str, Any]:
    return {
        "size": list(agreement.size),
        "images": agreement.images,
        "error": _finite(agreement.error),
    }


def _finite(number: float) -> float | None:
    """JSON has no infinity."""
    return number if math.isfinite(number) else None


def _breaks_sharing(package: Package, dense: dict[str, Size]) -> WeightsMistake:
    branches = [mixer["branch"] for mixer in package.config["mixers"]]

    def line(layer: str, sides: Size) -> str:
        branch = branches[int(layer.split(".")[1])]
        return (
            f"{layer}: the {branch}x{branch} branch is wider than the centre that is not shared; "
            f"merged, the kernel has {sides[0]}x{sides[1]} weights a channel"
        )

    return WeightsMistake(
        BREAKS_SHARING,
        f"fusing {package.name} would break the sharing of {len(dense)} kernels",
        value=package.name,
        fix="--allow-dense makes them dense; a branch no wider than the centre keeps the sharing",
        lines=[line(layer, sides) for layer, sides in dense.items()],
    )
