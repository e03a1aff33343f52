"""The first losses of every shipped network on a CPU, against those that are committed.

A change of the emitted code, the operators, the training or the data that is not meant to change a
loss must leave all of them as they are (docs/provenance.md). scripts/golden-losses.ts emits the
packages and starts this.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import sys
import tempfile
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
if __name__ in ("__main__", "__mp_main__"):
    # pytest has these already.
    sys.path[:0] = [str(ROOT / "python"), str(ROOT / "test" / "python")]

import torch
from fovea_runtime.host_facts import host_facts
from fovea_runtime.interrupt import Interrupt
from fovea_runtime.train.directory import RunDirectory
from fovea_runtime.train.options import TrainOptions
from fovea_runtime.train.processes import ALONE
from fovea_runtime.train.session import Session
from tiny_run import HASH, RECIPE

GOLDENS = ROOT / "test" / "goldens" / "losses"
STEPS = 10
WORKERS = 2
"""Processes of one thread each, so that a loss does not depend on how many cores there are."""
PACKAGES = ("torch", "timm", "numpy", "pillow", "scikit-learn")
"""Whose versions may change a loss."""
FACTS = (
    "architecture",
    "processor",
    "cpu_capability",
    "threads",
    "blas",
    "onednn",
    "float32_matmul",
    "deterministic",
    "ATEN_CPU_CAPABILITY",
    "DNNL_MAX_CPU_ISA",
    "MKL_CBWR",
    "MKL_ENABLE_INSTRUCTIONS",
    "ONEDNN_MAX_CPU_ISA",
)
"""Facts of a host that may change a loss where a process has one thread."""
GOLDEN_RECIPE = {
    **RECIPE,
    "steps": 100,
    "batch": 2,
    "warmupSteps": 2,
    # Of ordinary size AdamW's first steps are the gradients' signs, and noise flips those of small
    # ones: with a large one it follows the gradient itself.
    "eps": 0.1,
    "ema": False,
    "dropPath": 0.1,
    # One pass over the weights in place of ten: the largest network has 335 million.
    "fused": True,
    "evalEvery": 1000,
    "checkpointEvery": 1000,
}


@dataclass
class Heard:
    """The steps of a run, in place of a file."""

    losses: list[float] = field(default_factory=list)
    grad_norms: list[float] = field(default_factory=list)

    def write(self, kind: str, **fields: Any) -> None:
        """Keeps what a step measured."""
        if kind == "step":
            self.losses.append(fields["loss"])
            self.grad_norms.append(fields["grad_norm"])


def setting(network: dict[str, Any]) -> dict[str, Any]:
    """Side and number of the images, learning rate, and the tolerance elsewhere.

    Measured with one and two threads and with the instructions of AVX-512, AVX2 and neither, in
    torch, oneDNN and MKL: at most 5e-7 of a loss, and 2e-5 of RepLKNet's; ten times that is
    allowed. RepLKNet's BatchNorms divide by the small deviations of a few values, so that its
    gradients have norms in the thousands: at 0.002 its losses were 10% apart after four steps.
    """
    if network["block"]["type"] == "replknet":
        return {"size": 64, "batch": 2, "lr": 1e-6, "tolerance": 2e-4}
    if network["name"] == "pelk_digits":
        return {"size": 48, "batch": 8, "lr": 0.002, "tolerance": 5e-6}
    return {"size": 32, "batch": 2, "lr": 0.002, "tolerance": 5e-6}


def first_losses(package: Path, network: dict[str, Any]) -> dict[str, Any]:
    """What a package's first steps measure, with one thread, and what they were computed with."""
    torch.set_num_threads(1)
    chosen = setting(network)
    with tempfile.TemporaryDirectory() as folder:
        experiment = {
            "name": "golden",
            "network": {**network, "input": {**network["input"], "size": chosen["size"]}},
            "task": "classification",
            "data": {"type": "digits", "train": 100, "test": 10},
            "recipe": {**GOLDEN_RECIPE, "batch": chosen["batch"], "lr": chosen["lr"]},
            "sparsity": None,
            "seed": 7,
        }
        record = {"v": 1, "hash": HASH, "experiment": experiment, "package": str(package)}
        heard = Heard()
        session = Session(
            RunDirectory(Path(folder), record),
            heard,
            Interrupt(),
            TrainOptions(),
            ALONE,
            torch.device("cpu"),
        )
        for _ in range(STEPS):
            assert session.advance()
    facts = host_facts(torch.device("cpu"))
    return {
        "network": network["name"],
        "device": "cpu",
        "versions": {name: metadata.version(name) for name in PACKAGES},
        "host": {name: facts[name] for name in FACTS if name in facts},
        **chosen,
        "losses": heard.losses,
        "grad_norms": heard.grad_norms,
    }


def committed(name: str) -> dict[str, Any]:
    """The golden of a network."""
    return json.loads((GOLDENS / f"{name}.json").read_text("utf-8"))


def conditions(golden: dict[str, Any]) -> list[str]:
    """What of versions and host is not as it was: where nothing is, losses must be the same bits."""
    here = torch.device("cpu")
    facts = host_facts(here) | {"threads": "1"}
    now = {
        "versions": {name: metadata.version(name) for name in PACKAGES},
        "host": {name: facts[name] for name in FACTS if name in facts},
    }
    return [
        f"{kind}.{name}: {golden[kind].get(name)} → {now[kind].get(name)}"
        for kind in ("versions", "host")
        for name in sorted(golden[kind].keys() | now[kind].keys())
        if golden[kind].get(name) != now[kind].get(name)
    ]


def difference(golden: dict[str, Any], found: dict[str, Any]) -> tuple[int, float] | None:
    """The first step whose loss is another, and the largest difference in proportion."""
    pairs = list(zip(golden["losses"], found["losses"], strict=True))
    first = next((step for step, (a, b) in enumerate(pairs, 1) if a != b), None)
    if first is None:
        return None
    return first, max(abs(b - a) / abs(a) if math.isfinite(b) else math.inf for a, b in pairs)


def verdict(golden: dict[str, Any], found: dict[str, Any]) -> str | None:
    """What is wrong with the losses that were found; nothing where they are those committed."""
    apart = difference(golden, found)
    if apart is None:
        return None
    changed = conditions(golden)
    first, largest = apart
    tolerance = golden["tolerance"]
    if changed and largest <= tolerance:
        return None
    allowed = (
        f"{tolerance:g} is allowed with {'; '.join(changed)}" if changed else "none is allowed"
    )
    at = first - 1
    return (
        f"{golden['network']}: the losses differ from step {first} on: "
        f"{golden['losses'][at]!r} → {found['losses'][at]!r}, at most {largest:.2g} in proportion; "
        f"{allowed}"
    )


def packages_in(folder: Path) -> list[tuple[Path, dict[str, Any]]]:
    """The packages of a folder with their networks; the largest first, so that none is waited for."""
    manifests = [json.loads(path.read_text("utf-8")) for path in folder.glob("*/manifest.json")]
    manifests.sort(key=lambda manifest: -manifest["params"]["dense"])
    networks = [manifest["network"] for manifest in manifests]
    return [(folder / network["name"], network) for network in networks]


def main() -> int:
    """Checks or writes the goldens; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the packages are")
    parser.add_argument("--write", action="store_true", help="write the goldens anew")
    arguments = parser.parse_args()
    with multiprocessing.get_context("spawn").Pool(WORKERS, maxtasksperchild=1) as workers:
        results = workers.starmap(first_losses, packages_in(arguments.folder), chunksize=1)
    problems = [problem for found in results if (problem := settle(found, arguments.write))]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def settle(found: dict[str, Any], write: bool) -> str | None:
    """Writes a golden, or says what is wrong with it."""
    name = found["network"]
    path = GOLDENS / f"{name}.json"
    if write:
        path.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
        print(f"{name}: written")
        return None
    if not path.is_file():
        return f"{name}: there is no {path.relative_to(ROOT)}: npx jiti scripts/golden-losses.ts --write {name}"
    golden = committed(name)
    problem = verdict(golden, found)
    if problem is None:
        apart = difference(golden, found)
        print(f"{name}: {'bit-equal' if apart is None else f'within {apart[1]:.1e}'}")
    return problem


if __name__ == "__main__":
    sys.exit(main())
