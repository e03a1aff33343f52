"""What no implementation can go below: bytes that have to move; and the direct sum's FLOPs."""

from fovea_runtime.bench.case import Case

COUNTED = {
    "forward": "read x, write y",
    "forward_backward": "read x, write y; read x and the output's gradient, write x's gradient",
}
"""Maps that are counted, in words; weights, and the few bytes that they take, are counted too."""

_MAPS = {"forward": 2, "forward_backward": 5}
_WEIGHTS = {"forward": 1, "forward_backward": 3}
_PASSES = {"forward": 1, "forward_backward": 3}


def floor_bytes(case: Case, direction: str) -> int:
    """Bytes of the maps and weights that have to be read or written at least once."""
    batch, channels, height, width = case.shape
    maps = _MAPS[direction] * batch * channels * height * width
    weights = _WEIGHTS[direction] * channels * len(case.rows) * len(case.columns)
    return case.dtype.itemsize * (maps + weights)


def direct_flops(case: Case, direction: str) -> int:
    """Two for every tap that meets data, in the forward pass and for each gradient."""
    batch, channels, height, width = case.shape
    taps = _meeting(height, case.kernel[0]) * _meeting(width, case.kernel[1])
    return 2 * _PASSES[direction] * batch * channels * taps


def _meeting(size: int, kernel: int) -> int:
    """Pairs of a pixel and a tap along one axis where the tap lies inside the map."""
    half = kernel // 2
    return sum(min(size - 1, p + half) - max(0, p - half) + 1 for p in range(size))
