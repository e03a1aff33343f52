"""The search itself, whatever measures: launch by launch, the others at their best so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

from fovea_runtime.bench.rounds import Series
from fovea_runtime.tune.candidates import Launch, rounds, variants

LEAST_GAIN = 0.03
"""Share of the time that must be saved before anything is changed: less is noise."""

_AT_A_TIME = 7
"""Candidates that are measured beside the best so far: each may keep its results on the device."""

Launches = dict[str, Launch]
"""By the names of a kernel file's `_LAUNCHES`."""


class Fault(NamedTuple):
    """Why launches cannot be used."""

    kind: Literal["compile", "resources", "spills", "wrong"]
    text: str


class Trials(Protocol):
    """Tries launches out on one case."""

    def fault(self, launches: Launches, name: str | None) -> Fault | None:
        """What is wrong with `launches`, and with spills of the launch `name`."""
        ...

    def measure(self, alternatives: Sequence[Launches]) -> list[Series]:
        """Times of each, taken in turns."""
        ...


class BrokenDefaultError(Exception):
    """The kernel is wrong, or does not run, before anything is changed."""


@dataclass
class Found:
    """What a search came to."""

    launches: Launches
    default: float = 0.0
    """Milliseconds with the launches that it began with."""
    tuned: float = 0.0
    """Milliseconds with `launches`."""
    candidates: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    """Candidates that were dropped, by the kind of their fault."""


def search(defaults: Launches, trials: Trials) -> Found:
    """The fastest launches, each of `defaults` varied once, in their order.

    Raises:
        BrokenDefaultError: the defaults themselves are wrong, or do not run.
    """
    # Whether they spill does not matter: they are what runs anyway.
    fault = trials.fault(defaults, None)
    if fault is not None:
        raise BrokenDefaultError(fault.text)
    found = Found(defaults)
    for name in defaults:
        for axes in rounds(name):
            others = [
                {**found.launches, name: variant}
                for variant in variants(found.launches[name], axes)
            ]
            found.candidates += len(others)
            found.launches = _fastest(found.launches, _fit(name, others, trials, found), trials)
    # Once more side by side: what was won step by step must show as a whole.
    before, after = trials.measure([defaults, found.launches])
    if after.ratio(before) > 1 - LEAST_GAIN:
        found.launches, after = defaults, before
    found.default, found.tuned = before.median, after.median
    return found


def _fit(name: str, others: list[Launches], trials: Trials, found: Found) -> list[Launches]:
    fit = []
    for launches in others:
        fault = trials.fault(launches, name)
        if fault is None:
            fit.append(launches)
        else:
            found.dropped[fault.kind] += 1
    return fit


def _fastest(best: Launches, others: list[Launches], trials: Trials) -> Launches:
    """The one with the smallest time beside that of `best`, which stays where little is gained."""
    fastest, least = best, 1 - LEAST_GAIN
    for first in range(0, len(others), _AT_A_TIME):
        beside = others[first : first + _AT_A_TIME]
        base, *series = trials.measure([best, *beside])
        for launches, times in zip(beside, series, strict=True):
            ratio = times.ratio(base)
            # "At least", and the first of equals: so that an order decides, and no chance.
            if ratio < least or (fastest is best and ratio <= least):
                fastest, least = launches, ratio
    return fastest
