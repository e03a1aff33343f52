"""`fuse()` of a generated network, seen from outside."""

import warnings
from typing import Any

from torch import nn

from fovea_runtime.reparam.grid import grids_of
from fovea_runtime.weights.package import Package


def made_dense(package: Package) -> dict[str, tuple[int, int]]:
    """Large kernels whose sharing `fuse()` gives up, with their sides."""
    model = package.skeleton(package.classes)
    before, after = grids_of(model), grids_of(quietly_fused(model))
    return {
        layer: grid.sides
        for layer, grid in before.items()
        if layer in after and after[layer] != grid
    }


def quietly_fused(model: Any) -> nn.Module:
    """`fuse()` without its warning of kernels that become dense, which is said otherwise."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return model.fuse()
