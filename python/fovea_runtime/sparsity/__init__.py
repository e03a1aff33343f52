"""Dynamic sparse training: masks over a network's weights that are exchanged as it trains."""

from fovea_runtime.sparsity.dynamic import DynamicSparsity

__all__ = ["DynamicSparsity"]
