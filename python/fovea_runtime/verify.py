"""`python -m fovea_runtime.verify TARGET... --device cpu|cuda --cache DIR [--json] [--force]`.

Holds emitted kernels against float64, forward and all gradients, for every method and dtype that
can run here, and keeps a certificate for each kernel's hash. A certificate that holds for these
versions and this device is taken as it stands. On a CPU the Triton kernels run in Triton's
interpreter, on tiny maps.

Exit status: 0 all kernels pass, 1 one fails, 2 the user's mistake.
"""

import argparse
import json
import os
import sys
from pathlib import Path

import torch

from fovea_runtime import certificate
from fovea_runtime.certificate import Certificate
from fovea_runtime.kernel_checks import check
from fovea_runtime.kernel_file import KernelFile, TargetError, find_kernel_files


def main(arguments: list[str] | None = None) -> int:
    options = _parse(arguments)
    if options.device == "cuda" and not torch.cuda.is_available():
        return _mistake("--device cuda: PyTorch finds no CUDA device here")
    try:
        kernels = find_kernel_files(options.targets)
    except TargetError as error:
        return _mistake(str(error))
    if options.device == "cpu":
        # Read when triton is first imported, which the first kernel file does.
        os.environ["TRITON_INTERPRET"] = "1"
    certificates = [
        verify(kernel, options.device, options.cache, force=options.force) for kernel in kernels
    ]
    if options.json:
        print(json.dumps({"kernels": certificates}, indent=2, allow_nan=False))
    else:
        for found in certificates:
            print(_describe(found))
    return 0 if all(found["passed"] for found in certificates) else 1


def verify(kernel: KernelFile, device: str, cache: Path, *, force: bool = False) -> Certificate:
    """The kernel's certificate; `cached` tells whether it was kept from before."""
    kept = None if force else certificate.read(cache, kernel.hash, device)
    if kept is not None:
        return {**kept, "kernel": kernel.name, "cached": True}
    findings = check(kernel, device)
    found = certificate.make(kernel.name, kernel.hash, device, findings)
    if found["passed"]:
        certificate.write(cache, found)
    return {**found, "cached": False}


def _describe(found: Certificate) -> str:
    worst = [
        f"{method} {dtype} {_worst(errors)} of {found['limits'][dtype]:.0e}"
        for method, dtypes in found["errors"].items()
        for dtype, errors in dtypes.items()
    ]
    state = "passed" if found["passed"] else "FAILED"
    kept = ", kept from before" if found["cached"] else ""
    lines = [f"{found['kernel']} {state} on {found['device']} ({found['device_name']}){kept}"]
    return "\n  ".join(lines + worst + found["notes"] + found["failures"])


def _worst(errors: dict[str, float | None]) -> str:
    known = [error for error in errors.values() if error is not None]
    return f"{max(known):.1e}" if len(known) == len(errors) else "not finite"


def _mistake(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m fovea_runtime.verify", description=__doc__)
    parser.add_argument("targets", nargs="+", type=Path, metavar="TARGET")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--force", action="store_true", help="verify anew")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
