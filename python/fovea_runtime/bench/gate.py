"""The gate: nothing is timed before it was held against float64 on the very same inputs."""

import math
from dataclasses import dataclass, field

import torch
from torch import Tensor

from fovea_runtime.bench.calls import DIRECTIONS, QUANTITIES, make_call
from fovea_runtime.bench.candidate import Candidate
from fovea_runtime.bench.case import Case, Inputs
from fovea_runtime.kernel_findings import LIMITS


@dataclass
class Verdict:
    """What was seen of one candidate."""

    errors: dict[str, float] = field(default_factory=dict)
    """By quantity: ||out - exact|| / ||exact||, the worst of the directions that compute it."""
    failures: list[str] = field(default_factory=list)
    """What is wrong, in words."""
    skipped: str | None = None
    """Why it does not run on such tensors."""
    right: set[str] = field(default_factory=set)
    """Directions all of whose quantities hold."""


def judge(candidate: Candidate, case: Case, inputs: Inputs, wanted: dict[str, Tensor]) -> Verdict:
    """Runs both directions and compares every element that they return.

    Args:
        inputs: in the candidate's layout.
        wanted: from `exact`.
    """
    verdict = Verdict()
    for direction in DIRECTIONS:
        try:
            seen = make_call(candidate, inputs, direction)()
        except (NotImplementedError, ValueError) as error:
            # How one of our methods says that it does not take such tensors; "auto" takes all.
            if candidate.kind == "own" and candidate.name != "auto":
                return Verdict(skipped=str(error))
            verdict.failures.append(_raised(direction, error))
        except Exception as error:  # noqa: BLE001 - whatever a candidate raises is the finding
            verdict.failures.append(_raised(direction, error))
        else:
            _compare(verdict, direction, case, seen, wanted)
    return verdict


def _compare(
    verdict: Verdict, direction: str, case: Case, seen: dict[str, Tensor], wanted: dict[str, Tensor]
) -> None:
    limit = LIMITS[dtype_text(case.dtype)]
    failures = []
    for quantity in QUANTITIES[direction]:
        found, exact = seen[quantity], wanted[quantity]
        if found.shape != exact.shape or found.dtype != case.dtype:
            failures.append(f"{direction}: {quantity} is {found.dtype} {tuple(found.shape)}")
            continue
        error = ((found.double() - exact).norm() / exact.norm()).item()
        known = verdict.errors.setdefault(quantity, error)
        if math.isnan(error) or error > known:  # nothing is greater than a NaN: it stays
            verdict.errors[quantity] = error
        if not error <= limit:
            failures.append(f"{direction}: {quantity} is off by {error:.2e}, limit {limit:.0e}")
    verdict.failures += failures
    if not failures:
        verdict.right.add(direction)


def dtype_text(dtype: torch.dtype) -> str:
    """`float32`, as limits and certificates name it."""
    return str(dtype).removeprefix("torch.")


def _raised(direction: str, error: Exception) -> str:
    return f"{direction}: {type(error).__name__}: {' '.join(str(error).split())}"
