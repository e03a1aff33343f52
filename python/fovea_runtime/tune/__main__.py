"""`python -m fovea_runtime.tune TARGET... [--dtype bf16,...] [--batch N]... [--channels K=C,H,W]...`.

Searches the launches of emitted kernel files for this CUDA device, every planned map, dtype and
batch; prints one JSON document, `{v, device, arch, versions, entries, cases, failures}`.

Exit status: 0 all were tuned, 1 a kernel is wrong or does not run here, 2 the user's mistake.
"""

import os

# Read when triton is imported: nobody tunes its interpreter.
os.environ["TRITON_INTERPRET"] = "0"

import importlib.util
import json
import sys

import torch

from fovea_runtime.certificate import versions
from fovea_runtime.kernel_file import TargetError, find_kernel_files
from fovea_runtime.tune.arguments import parse_arguments
from fovea_runtime.tune.device import KernelClock
from fovea_runtime.tune.kernels import Wanted, tune_kernels
from fovea_runtime.tune.watch import launches_of

USUAL_BATCHES = [64]


def main(words: list[str] | None = None) -> int:
    options = parse_arguments(words)
    if not torch.cuda.is_available():
        return _mistake("kernels are tuned on a CUDA device, and PyTorch finds none here")
    if importlib.util.find_spec("triton") is None:
        return _mistake("kernels are tuned with triton >= 3.6, which is missing")
    major, minor = torch.cuda.get_device_capability()
    wanted = Wanted(
        arch=f"sm_{major}{minor}",
        dtypes=options.dtype,
        batches=tuple(sorted(set(options.batch or USUAL_BATCHES))),
        # The first word counts: stages of one network may share a kernel and a map.
        channels=dict(reversed(options.channels)),
        clock=KernelClock(),
        compiler=launches_of,
    )
    try:
        results = tune_kernels(find_kernel_files(options.targets), wanted)
    except TargetError as error:
        return _mistake(str(error))
    document = {
        "v": 1,
        "device": torch.cuda.get_device_name(),
        "arch": wanted.arch,
        "versions": versions(),
        "entries": results.entries,
        "cases": results.cases,
        "failures": results.failures,
    }
    print(json.dumps(document, allow_nan=False))
    return 1 if results.failures else 0


def _mistake(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
