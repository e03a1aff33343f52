"""Rounds in which all candidates take turns, so that a slow minute hits them alike."""

import gc
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field

from fovea_runtime.bench.clock import Called, Clock, Sample

SLOW = 20
"""Times the fastest candidate beyond which one takes part in fewer rounds."""

FEWEST = 3
"""Rounds that even the slowest candidate takes part in."""


@dataclass
class Series:
    """One candidate's samples by the number of their round."""

    samples: dict[int, Sample] = field(default_factory=dict)

    @property
    def median(self) -> float:
        """Milliseconds."""
        return statistics.median(sample.wall for sample in self.samples.values())

    def ratio(self, other: "Series") -> float:
        """This time over the other one: the median over the rounds that both took part in."""
        both = self.samples.keys() & other.samples.keys()
        return statistics.median(
            self.samples[round_].wall / other.samples[round_].wall for round_ in both
        )

    def spread(self) -> dict[str, float | int | None]:
        """Median, extremes and quartiles in milliseconds; `processor` is a median too."""
        walls = [sample.wall for sample in self.samples.values()]
        processor = [s.processor for s in self.samples.values() if s.processor is not None]
        several = walls if len(walls) > 1 else walls * 2
        lower, _, upper = statistics.quantiles(several, n=4, method="inclusive")
        return {
            "median": statistics.median(walls),
            "min": min(walls),
            "lower_quartile": lower,
            "upper_quartile": upper,
            "max": max(walls),
            "processor": statistics.median(processor) if processor else None,
            "rounds": len(walls),
        }


def take_turns(
    clock: Clock, calls: Mapping[str, Called], graphs: set[str], rounds: int
) -> dict[str, Series]:
    """Samples every call in up to `rounds` rounds, each round in another order.

    Args:
        graphs: names of the calls that replay a CUDA graph of their own.
    """
    ready = {name: clock.prepare(call, owns_graph=name in graphs) for name, call in calls.items()}
    fastest = min(estimate for _, estimate in ready.values())
    turns = {name: _turns(rounds, estimate / fastest) for name, (_, estimate) in ready.items()}
    series = {name: Series() for name in calls}
    collects = gc.isenabled()
    gc.disable()
    try:
        for round_ in range(rounds):
            for name in _rotated(list(calls), round_):
                if round_ in turns[name]:
                    call, estimate = ready[name]
                    series[name].samples[round_] = clock.sample(call, estimate)
    finally:
        if collects:
            gc.enable()
    return series


def _turns(rounds: int, slowness: float) -> set[int]:
    """The rounds that a candidate takes part in, evenly spread."""
    count = rounds if slowness <= SLOW else int(rounds * SLOW / slowness)
    count = min(rounds, max(FEWEST, count))
    return {index * rounds // count for index in range(count)}


def _rotated(names: list[str], by: int) -> list[str]:
    by %= len(names)
    return names[by:] + names[:by]
