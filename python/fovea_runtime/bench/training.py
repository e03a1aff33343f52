"""`python -m fovea_runtime.bench.training --run DIR`: what a run costs beside its arithmetic.

The experiment of a run's directory is trained anew, a few steps at a time in turn with a bare loop
over the same network, optimizer and images; nothing is written into the run. Printed as JSON:
medians, and every figure as a ratio of the bare loop's step.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from fovea_runtime.data.open import open_source
from fovea_runtime.data.source import Batch
from fovea_runtime.events import EventWriter
from fovea_runtime.interrupt import Interrupt
from fovea_runtime.randomness import Purpose, seed_everything
from fovea_runtime.train.device import choose_device, describe_device
from fovea_runtime.train.directory import RunDirectory, open_directory
from fovea_runtime.train.model import load_model
from fovea_runtime.train.optimizer import make_optimizer
from fovea_runtime.train.options import TrainOptions
from fovea_runtime.train.processes import ALONE
from fovea_runtime.train.session import Session

_PLAIN = {
    "ema": False,
    "clipGrad": False,
    "evalEvery": 10**9,
    "checkpointEvery": 10**9,
    "steps": 10**9,
}
"""What the recipe asks for by itself is no overhead of the loop."""
_EVENTS = 2000
_EVERY = 100
"""u of SLaK's S and B."""


def main() -> int:
    """Measures, and prints what was measured."""
    parser = argparse.ArgumentParser(
        prog="python -m fovea_runtime.bench.training", description=__doc__
    )
    parser.add_argument("--run", type=Path, required=True, metavar="DIR")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--rounds", type=int, default=15, help="times that each has its turn")
    parser.add_argument("--steps", type=int, default=3, help="steps a turn")
    parser.add_argument("--sparsity", type=float, help="measure a share of zeros, at u = 100, too")
    arguments = parser.parse_args()
    device = choose_device(arguments.device)
    directory = open_directory(arguments.run, resume=True)
    with tempfile.TemporaryDirectory() as folder:
        report = _measure(
            directory,
            Path(folder),
            device,
            rounds=arguments.rounds,
            steps=arguments.steps,
            sparsity=arguments.sparsity,
        )
    print(json.dumps(report, indent=2))
    return 0


def _measure(
    directory: RunDirectory,
    folder: Path,
    device: torch.device,
    *,
    rounds: int,
    steps: int,
    sparsity: float | None,
) -> dict[str, Any]:
    masking = exchange = 0.0
    session = _session(directory, folder / "plain", device, None)
    bare = _bare_loop(directory, device)
    contestants: dict[str, Callable[[], object]] = {
        "session": session.advance,
        "bare": lambda: next(bare),
    }
    if sparsity is not None:
        sparse = _session(directory, folder / "sparse", device, sparsity)
        sparse.advance()
        masking, exchange = _sparsity_times(sparse, device)
    times = _interleaved(contestants, device, rounds=rounds, steps=steps)
    medians = {name: statistics.median(values) for name, values in times.items()}
    event = _event_time(folder / "events.jsonl")
    every = directory.record["experiment"]["recipe"]["logEvery"]
    pause, written = _checkpoint_times(session)
    report: dict[str, Any] = {
        "network": directory.record["experiment"]["network"]["name"],
        "batch": directory.record["experiment"]["recipe"]["batch"],
        "device": describe_device(device),
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "step_ms": {name: round(1e3 * value, 3) for name, value in medians.items()},
        "spread_ms": {
            name: [round(1e3 * each, 3) for each in (min(values), max(values))]
            for name, values in times.items()
        },
        "loop_overhead": _paired(times["session"], times["bare"]),
        "event_us": round(1e6 * event, 1),
        "event_share": event / every / medians["session"],
        "checkpoint_pause_s": pause,
        "checkpoint_on_disk_s": written,
    }
    if sparsity is not None:
        report["masking_ms"] = round(1e3 * masking, 3)
        report["exchange_ms"] = round(1e3 * exchange, 3)
        report["sparsity_overhead"] = (masking + exchange / _EVERY) / medians["session"]
    return report


def _paired(ours: list[float], theirs: list[float]) -> float:
    """The median over the rounds of one loop's time more than another's, as a share."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True)) - 1


def _interleaved(
    contestants: dict[str, Callable[[], object]], device: torch.device, *, rounds: int, steps: int
) -> dict[str, list[float]]:
    """Seconds a step of each in every round; the order turns from round to round."""
    for advance in contestants.values():
        for _ in range(2):
            advance()
    times: dict[str, list[float]] = {name: [] for name in contestants}
    names = list(contestants)
    for turn in range(rounds):
        for name in names if turn % 2 == 0 else reversed(names):
            with _clock(device) as seconds:
                for _ in range(steps):
                    contestants[name]()
            times[name].append(seconds() / steps)
    return times


@contextmanager
def _clock(device: torch.device) -> Iterator[Callable[[], float]]:
    def now() -> float:
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        return time.perf_counter()

    start, end = now(), 0.0
    yield lambda: end - start
    end = now()


def _session(
    directory: RunDirectory, folder: Path, device: torch.device, sparsity: float | None
) -> Session:
    folder.mkdir()
    experiment = directory.record["experiment"]
    record = {
        **directory.record,
        "package": None if directory.package is None else str(directory.package.resolve()),
        "experiment": {
            **experiment,
            "recipe": {**experiment["recipe"], **_PLAIN},
            "sparsity": None
            if sparsity is None
            else {
                "amount": sparsity,
                "init": "erk",
                "every": _EVERY,
                "prune": 0.3,
                "grow": "random",
                "on": "shared",
            },
        },
    }
    session = Session(
        replace(directory, path=folder, record=record),
        EventWriter(folder / "events.jsonl"),
        Interrupt(),
        TrainOptions(),
        ALONE,
        device,
    )
    return session


def _sparsity_times(session: Session, device: torch.device) -> tuple[float, float]:
    """Seconds of masking after a step, and what an exchange takes more; medians."""
    masking, exchanges = [], []
    for call in range(2, 3 * _EVERY + 1):
        with _clock(device) as seconds:
            session.learner.sparsity.step()
        (exchanges if call % _EVERY == 0 else masking).append(seconds())
    usual = statistics.median(masking)
    return usual, statistics.median(exchanges) - usual


def _bare_loop(directory: RunDirectory, device: torch.device) -> Iterator[None]:
    """The loop that everyone writes first: the same network, optimizer, loss and images."""
    experiment = directory.record["experiment"]
    recipe = {**experiment["recipe"], **_PLAIN}
    source = open_source(experiment)
    seed_everything(experiment["seed"], Purpose.WEIGHTS)
    model: nn.Module = load_model(directory.package, experiment, source.classes).to(device)
    optimizer = make_optimizer(model, recipe)
    model.train()
    for images, labels in _batches(source, recipe["batch"]):
        loss = functional.cross_entropy(model(images.to(device)), labels.to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss.item()
        yield


def _batches(source: Any, batch: int) -> Iterator[Batch]:
    from fovea_runtime.data.cut import Cut

    return source.batches(0, 10**9, Cut(min(batch, source.train_size)))


def _event_time(path: Path) -> float:
    """Seconds that one `step` event takes to be written."""
    events = EventWriter(path)
    times = []
    for step in range(_EVENTS):
        start = time.perf_counter()
        events.write(
            "step",
            step=step,
            epoch=step / 100,
            loss=2.302585092994046,
            lr=0.004,
            images_per_second=1234.5678,
            grad_norm=0.1234567,
        )
        times.append(time.perf_counter() - start)
    events.close()
    return statistics.median(times)


def _checkpoint_times(session: Session) -> tuple[float, float]:
    """Seconds that training waits for a checkpoint, and until it is on the disk; medians of three."""
    pauses, whole = [], []
    for _ in range(3):
        start = time.perf_counter()
        session.checkpoint()
        pauses.append(time.perf_counter() - start)
        session.finish()
        whole.append(time.perf_counter() - start)
    return statistics.median(pauses), statistics.median(whole)


if __name__ == "__main__":
    sys.exit(main())
