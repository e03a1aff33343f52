"""`python -m fovea_runtime.bench_networks [--package DIR]... [--peer JSON]... --batch N`.

Times generated packages and models of timm (src/ir/peer.ts) on the same images, in one process,
taking turns; prints one JSON document (src/ir/network-bench.ts). Kernels are not held against
float64 here: `python -m fovea_runtime.verify` does.

Exit status: 0 all that was timed gives finite numbers, 1 a network does not, 2 the user's mistake,
which is told as `{"error": {index, message, path, allowed, fix}}` where it is a peer's.
"""

import os

# Read when torch loads OpenMP and its profiler, and when triton is imported; see fovea_runtime.bench.
os.environ.update(OMP_WAIT_POLICY="PASSIVE", KINETO_LOG_LEVEL="6", TRITON_INTERPRET="0")

import argparse
import json
import sys
from pathlib import Path

import torch

from fovea_runtime.bench.case import DTYPES
from fovea_runtime.bench_networks.contestant import Contestant, of_package, of_peer
from fovea_runtime.bench_networks.measure import Conditions, measure
from fovea_runtime.certificate import device_name, versions
from fovea_runtime.peer.error import PeerError
from fovea_runtime.peer.settle import settle


def main(words: list[str] | None = None) -> int:
    """Prints the document; returns the exit status."""
    options = _parse(words)
    if options.device == "cuda" and not torch.cuda.is_available():
        return _mistake("--device cuda: PyTorch finds no CUDA device here")
    if options.device == "cpu" and options.dtype == "fp16":
        return _mistake("--dtype fp16: networks train in it on a GPU only; on a CPU take bf16")
    if options.threads is not None:
        torch.set_num_threads(options.threads)
    # The best of cuDNN's algorithms, for every network.
    torch.backends.cudnn.benchmark = True
    contestants: list[Contestant] = [
        each
        for folder in options.package
        for each in of_package(folder, options.channels, options.device)
    ]
    size: tuple[int, int] = options.size
    for index, declared in enumerate(options.peer):
        try:
            declared["input"]["channels"] = options.channels
            peer = settle(declared, size=size, drop_path=0)
            contestants.append(of_peer(peer, options.device))
        except PeerError as error:
            print(json.dumps({"error": {"index": index, **error.document()}}))
            return 2
        # Without --size, the first peer's own size holds for all.
        size = peer.size
    conditions = Conditions(
        device=options.device,
        dtype=DTYPES[options.dtype],
        shape=(options.batch, options.channels, size[0], size[1]),
        rounds=options.rounds,
    )
    networks = measure(contestants, conditions)
    document = {
        "device": options.device,
        "device_name": device_name(options.device),
        "threads": torch.get_num_threads(),
        "versions": versions(),
        "batch": options.batch,
        "channels": options.channels,
        "size": list(size),
        "dtype": options.dtype,
        "networks": networks,
    }
    print(json.dumps(document, allow_nan=False))
    return 1 if any(network["failures"] for network in networks) else 0


def _parse(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m fovea_runtime.bench_networks", description=__doc__
    )
    parser.add_argument("--package", action="append", type=Path, default=[], metavar="DIR")
    parser.add_argument("--peer", action="append", type=json.loads, default=[], metavar="JSON")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--dtype", choices=tuple(DTYPES), default="fp32")
    parser.add_argument("--batch", type=int, required=True, metavar="N")
    parser.add_argument("--channels", type=int, default=3)
    parser.add_argument("--size", type=_sides, metavar="HxW")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args(words)
    if not options.package and not options.peer:
        parser.error("name a --package or a --peer")
    if options.package and options.size is None:
        parser.error("--package needs --size")
    return options


def _sides(text: str) -> tuple[int, int]:
    height, width = text.split("x")
    return int(height), int(width)


def _mistake(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
