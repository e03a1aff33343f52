"""One case from inputs to times."""

import math
from types import ModuleType
from typing import Any

from fovea_runtime.bench.calls import DIRECTIONS, chosen_method, make_call
from fovea_runtime.bench.candidate import Candidate, Skipped
from fovea_runtime.bench.candidates import own, peers
from fovea_runtime.bench.case import Case, Inputs, make_inputs
from fovea_runtime.bench.clock import Clock
from fovea_runtime.bench.exact import exact
from fovea_runtime.bench.floor import COUNTED, direct_flops, floor_bytes
from fovea_runtime.bench.gate import Verdict, dtype_text, judge
from fovea_runtime.bench.memory import peak_memory
from fovea_runtime.bench.rounds import Series, take_turns

Record = dict[str, Any]
OURS = "auto"
"""The candidate that all others are compared with."""


def measure(
    kernel: ModuleType,
    case: Case,
    machine: Record,
    clock: Clock,
    rounds: int,
    *,
    alone: bool = False,
) -> Record:
    """Errors of every candidate, and times of those that are right.

    Args:
        machine: from `measure_machine`.
        rounds: at most so many samples a candidate and direction.
        alone: whether `auto` is measured without peers and other methods.
    """
    plain = make_inputs(case)
    layouts = {False: plain, True: plain.channels_last()}
    wanted = exact(case, plain)
    everything = own(kernel, plain)[:1] if alone else [*own(kernel, plain), *peers(case)]
    candidates = [each for each in everything if isinstance(each, Candidate)]
    verdicts = {
        each.name: judge(each, case, layouts[each.channels_last], wanted) for each in candidates
    }
    del wanted
    series = {
        direction: _time(_timed(candidates, verdicts, direction), layouts, direction, clock, rounds)
        for direction in DIRECTIONS
    }
    memory = _memory(_timed(candidates, verdicts, DIRECTIONS[-1]), layouts, case.device)
    return {
        "shape": list(case.shape),
        "k": list(case.kernel),
        "dtype": dtype_text(case.dtype),
        "method": {d: chosen_method(kernel, plain, d) for d in DIRECTIONS},
        "floor": {d: _floor(case, machine, d) for d in DIRECTIONS},
        "candidates": [
            _skipped(each)
            if isinstance(each, Skipped)
            else {
                **_judged(each, verdicts[each.name]),
                **{d: _times(each.name, series[d], case, machine, d) for d in DIRECTIONS},
                "peak_memory": memory.get(each.name),
            }
            for each in everything
        ],
        "best_peer": {d: _best_peer(candidates, series[d]) for d in DIRECTIONS},
    }


def _timed(
    candidates: list[Candidate], verdicts: dict[str, Verdict], direction: str
) -> list[Candidate]:
    """A method of ours that is wrong anywhere gets no times at all."""
    return [
        each
        for each in candidates
        if direction in verdicts[each.name].right
        and not (each.kind == "own" and verdicts[each.name].failures)
    ]


def _time(
    candidates: list[Candidate],
    layouts: dict[bool, Inputs],
    direction: str,
    clock: Clock,
    rounds: int,
) -> dict[str, Series]:
    if not candidates:
        return {}
    calls = {
        each.name: make_call(each, layouts[each.channels_last], direction) for each in candidates
    }
    graphs = {each.name for each in candidates if each.owns_graph}
    return take_turns(clock, calls, graphs, rounds)


def _memory(
    candidates: list[Candidate], layouts: dict[bool, Inputs], device: str
) -> dict[str, int]:
    """Of one forward and backward; a graph's own pool cannot be told from the rest."""
    return {
        each.name: peak_memory(
            device, make_call(each, layouts[each.channels_last], "forward_backward")
        )
        for each in candidates
        if not each.owns_graph
    }


def _floor(case: Case, machine: Record, direction: str) -> Record:
    bytes_ = floor_bytes(case, direction)
    return {
        "bytes": bytes_,
        "counted": COUNTED[direction],
        "ms": 1000 * bytes_ / machine["copy_bytes_per_second"],
        "direct_flops": direct_flops(case, direction),
    }


def _skipped(each: Skipped) -> Record:
    nothing = dict.fromkeys((*DIRECTIONS, "peak_memory"))
    return {
        "name": each.name,
        "kind": each.kind,
        "skipped": each.reason,
        "errors": {},
        "failures": [],
        **nothing,
    }


def _judged(each: Candidate, verdict: Verdict) -> Record:
    errors = {
        name: error if math.isfinite(error) else None for name, error in verdict.errors.items()
    }
    return {
        "name": each.name,
        "kind": each.kind,
        "skipped": verdict.skipped,
        "errors": errors,
        "failures": verdict.failures,
    }


def _times(
    name: str, series: dict[str, Series], case: Case, machine: Record, direction: str
) -> Record | None:
    found = series.get(name)
    if found is None:
        return None
    floor = _floor(case, machine, direction)
    speed = 1000 * floor["direct_flops"] / found.median
    return {
        **found.spread(),
        "ratio": found.ratio(series[OURS]) if OURS in series else None,
        "floor_share": floor["ms"] / found.median,
        "matrix_share": speed / machine["matrix_flops_per_second"],
    }


def _best_peer(candidates: list[Candidate], series: dict[str, Series]) -> Record | None:
    names = [each.name for each in candidates if each.kind == "peer" and each.name in series]
    if not names or OURS not in series:
        return None
    best = min(names, key=lambda name: series[name].median)
    return {"name": best, "ratio": series[best].ratio(series[OURS])}
