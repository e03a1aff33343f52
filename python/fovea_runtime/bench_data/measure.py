"""Rounds in which fovea's data, the floor and the peer take turns, and what they say."""

import os
import statistics
import time
from collections.abc import Iterator
from importlib import metadata
from typing import Any

import torch

from fovea_runtime import __version__
from fovea_runtime.bench_data.contestants import Contestant, floor, open_peer, ours, peer
from fovea_runtime.bench_data.opening import Request, empty_cache
from fovea_runtime.certificate import device_name
from fovea_runtime.data.feed import Feed

Record = dict[str, Any]
Rates = list[float]
_PACKAGES = ("torch", "torchvision", "timm", "pillow")


def measure(request: Record) -> Record:
    """The document of `fovea bench data`.

    Raises:
        ValueError: the data cannot be used.
    """
    asked = Request.of(request)
    # The training process of a run has other things to do than to decode.
    torch.set_num_threads(1)
    with empty_cache():
        opening = asked.opening_times()
        problems: list[str] = []
        start = time.perf_counter()
        try:
            folder = open_peer(asked)
        except OSError as error:
            folder = None
            problems.append(f"torchvision cannot open the folder: {error}")
        peer_opening = None if folder is None else time.perf_counter() - start
        is_stored = asked.data["type"] != "digits"
        opened = {w: asked.open(w) for w in (request["workers"] if is_stored else [0])}
        rows: list[Record] = []
        for workers, source in opened.items():
            contestants = {"ours": ours(source, asked.batch)}
            if isinstance(source, Feed):
                contestants["floor"] = floor(source, asked.batch, workers)
            if folder is not None:
                contestants["peer"] = peer(asked, folder, workers)
            rates = _rates(contestants, workers, asked.batch, request, problems)
            rows.append(_row(workers, rates))
            problems += source.take_problems()
        first = next(iter(opened.values()))
    return {
        "type": asked.data["type"],
        "device_name": device_name("cpu"),
        "cores": _cores(),
        "versions": {
            "fovea": __version__,
            **{name: metadata.version(name) for name in _PACKAGES},
        },
        "images": first.train_size,
        "size": None if asked.experiment is None else asked.experiment["network"]["input"]["size"],
        "batch": asked.batch,
        "batches": request["batches"],
        "rounds": request["rounds"],
        "open": {**opening, "peer": peer_opening},
        "bytes_per_image": _bytes_per_image(first, asked.batch) if is_stored else None,
        "rows": rows,
        "problems": sorted(set(problems)),
    }


def _rates(
    contestants: dict[str, Contestant],
    workers: int,
    batch: int,
    request: Record,
    problems: list[str],
) -> dict[str, Rates]:
    """Images a second of each in every round, each round in another order.

    A peer that fails at an image takes part no more, and the problem is told.
    """
    names = list(contestants)
    found: dict[str, Rates] = {name: [] for name in names}
    for round_ in range(request["rounds"]):
        by = round_ % len(names)
        for name in names[by:] + names[:by]:
            if name not in found:
                continue
            try:
                seconds = _seconds(contestants[name], workers, request["batches"])
            except Exception as error:
                # Whatever it is that a peer cannot do; our own errors are the data's.
                if name != "peer":
                    raise
                problems.append(f"torchvision's loader failed: {_last_line(error)}")
                del found[name]
                continue
            found[name].append(request["batches"] * batch / seconds)
    return found


def _last_line(error: Exception) -> str:
    return str(error).strip().splitlines()[-1]


def _seconds(contestant: Contestant, workers: int, batches: int) -> float:
    """How long so many batches take once the worker processes are at work.

    What lies ready when the clock starts is taken before, and the processes have as much to do
    when it stops.
    """
    ready = 2 * workers + 1
    iterator = contestant(ready + batches + ready)
    _take(iterator, ready)
    start = time.perf_counter()
    _take(iterator, batches)
    return time.perf_counter() - start


def _take(iterator: Iterator[Any], count: int) -> None:
    for _ in range(count):
        next(iterator)


def _cores() -> int:
    """Processors that this process may use; macOS knows only how many there are."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def _row(workers: int, rates: dict[str, Rates]) -> Record:
    row: Record = {"workers": workers}
    for name in ("ours", "floor", "peer"):
        found = rates.get(name)
        row[name] = found and {
            "median": statistics.median(found),
            "min": min(found),
            "max": max(found),
        }
    # Paired by rounds, so that a slow minute hits both alike.
    for name in ("floor", "peer"):
        pairs = zip(rates["ours"], rates.get(name, []), strict=False)
        ratios = [mine / other for mine, other in pairs]
        row[f"to_{name}"] = statistics.median(ratios) if ratios else None
    return row


def _bytes_per_image(source: Any, batch: int) -> float:
    return next(floor(source, batch, 0)(1)) / batch
