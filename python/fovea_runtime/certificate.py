"""Certificates: what a kernel's verification found, kept beside the hash of its code."""

import json
import math
import platform
import re
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import torch

import fovea_runtime
from fovea_runtime.files import write_atomically
from fovea_runtime.kernel_findings import LIMITS, Findings

VERSION = 2
"""Goes up when the checks change: older certificates are made anew."""

Certificate = dict[str, Any]


def versions() -> dict[str, str | None]:
    """What a certificate holds for, besides the kernel and the device."""
    try:
        triton = metadata.version("triton")
    except metadata.PackageNotFoundError:
        triton = None
    return {
        "fovea": fovea_runtime.__version__,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "triton": triton,
    }


def device_name(device: str) -> str:
    """What tells apart devices that may compute differently."""
    if device == "cuda":
        major, minor = torch.cuda.get_device_capability()
        return f"{torch.cuda.get_device_name()} sm_{major}{minor}"
    return f"{platform.machine()} {torch.backends.cpu.get_cpu_capability()}"


def read(cache: Path, kernel_hash: str, device: str) -> Certificate | None:
    """The certificate that holds here and now, or None."""
    try:
        found = json.loads(_path(cache, kernel_hash, device).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    expected = {**_holds_for(device), "hash": kernel_hash, "passed": True}
    if not isinstance(found, dict) or any(found.get(k) != v for k, v in expected.items()):
        return None
    return found


def make(kernel: str, kernel_hash: str, device: str, findings: Findings) -> Certificate:
    """A certificate as JSON holds it: an error that is no finite number becomes null."""
    return {
        **_holds_for(device),
        "kernel": kernel,
        "hash": kernel_hash,
        "errors": {
            method: {dtype: _finite(errors) for dtype, errors in dtypes.items()}
            for method, dtypes in findings.errors.items()
        },
        "means": {
            mean: {method: _finite(errors) for method, errors in methods.items()}
            for mean, methods in findings.means.items()
        },
        "failures": findings.failures,
        "notes": findings.notes,
        "passed": not findings.failures,
    }


def write(cache: Path, certificate: Certificate) -> None:
    """Keeps a certificate. One that cannot be kept is only missed next time."""
    path = _path(cache, certificate["hash"], certificate["device"])
    text = json.dumps(certificate, indent=2, allow_nan=False) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))
    except OSError as error:
        print(f"the certificate is not kept: {path}: {error}", file=sys.stderr)


def _finite(errors: dict[str, float]) -> dict[str, float | None]:
    return {name: error if math.isfinite(error) else None for name, error in errors.items()}


def _holds_for(device: str) -> Certificate:
    return {
        "v": VERSION,
        "device": device,
        "device_name": device_name(device),
        "versions": versions(),
        "limits": LIMITS,
    }


def _path(cache: Path, kernel_hash: str, device: str) -> Path:
    key = re.sub(r"[^a-z0-9]+", "-", f"{device} {device_name(device)}".lower()).strip("-")
    return cache / "certificates" / f"{kernel_hash}-{key}.json"
