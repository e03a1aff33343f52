"""The command line of `python -m fovea_runtime.tune`."""

import argparse
from pathlib import Path

from fovea_runtime.bench.case import DTYPES
from fovea_runtime.tune.kernels import USUAL_CHANNELS


def parse_arguments(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m fovea_runtime.tune")
    parser.add_argument("targets", nargs="+", type=Path, metavar="TARGET")
    parser.add_argument(
        "--dtype", type=_dtypes, default=tuple(DTYPES), help=f"of {', '.join(DTYPES)}"
    )
    parser.add_argument(
        "--batch", action="append", type=_power_of_two, metavar="N", help="images, a power of two"
    )
    parser.add_argument(
        "--channels",
        action="append",
        type=_channels,
        default=[],
        metavar="KERNEL=C,H,W",
        help=f"channels of a kernel on maps of HxW; {USUAL_CHANNELS} where nothing is said",
    )
    return parser.parse_args(words)


def _dtypes(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(text.split(",")))
    for name in names:
        if name not in DTYPES:
            message = f"{name!r} is unknown, wanted of {', '.join(DTYPES)}"
            raise argparse.ArgumentTypeError(message)
    return names


def _power_of_two(text: str) -> int:
    if not text.isdecimal() or int(text).bit_count() != 1:
        raise argparse.ArgumentTypeError(f"{text} is no power of two")
    return int(text)


def _channels(text: str) -> tuple[tuple[str, tuple[int, int]], int]:
    kernel, _, sizes = text.rpartition("=")
    parts = sizes.split(",")
    if kernel == "" or len(parts) != 3 or not all(part.isdecimal() and int(part) for part in parts):
        raise argparse.ArgumentTypeError(f"{text} is not KERNEL=C,H,W with positive numbers")
    channels, height, width = map(int, parts)
    return (kernel, (height, width)), channels
