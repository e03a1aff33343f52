"""The command line of `python -m fovea_runtime.bench`."""

import argparse
from pathlib import Path
from typing import NamedTuple

from fovea_runtime.bench.case import DTYPES

DEFAULT_SHAPES = {"cpu": (4, 64, 56, 56), "cuda": (64, 64, 56, 56)}
"""(N, C, H, W) for a kernel whose maps nobody names."""


class NamedShape(NamedTuple):
    """(N, C, H, W), for one kernel or for all."""

    kernel: str | None
    shape: tuple[int, int, int, int]


def parse_arguments(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m fovea_runtime.bench", description=__doc__)
    parser.add_argument("targets", nargs="+", type=Path, metavar="TARGET")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument(
        "--shape", action="append", type=_shape, default=[], metavar="[KERNEL=]N,C,H,W"
    )
    parser.add_argument("--dtype", choices=tuple(DTYPES), default="fp32")
    parser.add_argument("--threads", type=_positive, help="CPU threads; PyTorch's own choice")
    parser.add_argument("--rounds", type=_positive, default=15)
    parser.add_argument("--alone", action="store_true", help="auto only: no peer, no other method")
    return parser.parse_args(words)


def _shape(text: str) -> NamedShape:
    kernel, equals, sizes = text.rpartition("=")
    parts = sizes.split(",")
    if len(parts) != 4 or not all(part.isdecimal() and int(part) > 0 for part in parts):
        message = f"{text} is no shape: write N,C,H,W or KERNEL=N,C,H,W with positive numbers"
        raise argparse.ArgumentTypeError(message)
    batch, channels, height, width = map(int, parts)
    return NamedShape(kernel if equals else None, (batch, channels, height, width))


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no positive whole number")
    return int(text)
