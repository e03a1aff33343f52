"""`python -m fovea_runtime.bench TARGET... --device cpu|cuda [--shape [KERNEL=]N,C,H,W]...`.

Times kernel files beside every peer, in one process, the candidates taking turns; prints one JSON
document. Where shapes are given, kernels without one are left out.

Exit status: 0 all that was timed is right, 1 a kernel is wrong, 2 the user's mistake.
"""

import os

# Read when torch loads OpenMP and its profiler, and when triton is imported. Threads that spin while
# they wait take many times as long as soon as anything else runs on the same cores; the profiler
# tells of itself on stderr; nobody uses Triton's interpreter for its speed.
os.environ.update(OMP_WAIT_POLICY="PASSIVE", KINETO_LOG_LEVEL="6", TRITON_INTERPRET="0")

import json
import sys

import torch

from fovea_runtime.bench.arguments import DEFAULT_SHAPES, parse_arguments
from fovea_runtime.bench.case import DTYPES
from fovea_runtime.bench.kernels import Settings, bench_kernel
from fovea_runtime.bench.machine import measure_machine
from fovea_runtime.kernel_file import TargetError, find_kernel_files


def main(words: list[str] | None = None) -> int:
    options = parse_arguments(words)
    if options.device == "cuda" and not torch.cuda.is_available():
        return _mistake("--device cuda: PyTorch finds no CUDA device here")
    try:
        kernels = find_kernel_files(options.targets)
    except TargetError as error:
        return _mistake(str(error))
    names = {kernel.name for kernel in kernels}
    for name, _ in options.shape:
        if name is not None and name not in names:
            return _mistake(f"--shape {name}=…: the kernels are {', '.join(sorted(names))}")
    if options.threads is not None:
        torch.set_num_threads(options.threads)
    # The best of cuDNN's algorithms, for every candidate that calls it.
    torch.backends.cudnn.benchmark = True
    dtype = DTYPES[options.dtype]
    machine = measure_machine(options.device, dtype)
    settings = Settings(options.device, dtype, options.rounds, machine, options.alone)
    records = []
    for kernel in kernels:
        shapes = [shape for name, shape in options.shape if name in (None, kernel.name)]
        if not options.shape:
            shapes = [DEFAULT_SHAPES[options.device]]
        if shapes:
            records.append(bench_kernel(kernel, list(dict.fromkeys(shapes)), settings))
    print(json.dumps({"kernels": records}, indent=2, allow_nan=False))
    return 0 if all(record["passed"] for record in records) else 1


def _mistake(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
