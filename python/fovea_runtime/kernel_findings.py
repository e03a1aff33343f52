"""What the verification of one kernel found, and the limits it is held to."""

import math
from dataclasses import dataclass, field

from fovea_runtime.kernel_cases import Case

LIMITS = {"float16": 2e-3, "bfloat16": 1e-2, "float32": 1e-5, "float64": 1e-12}
"""Largest ||out - reference|| / ||reference|| for each dtype."""


@dataclass
class Findings:
    """What was seen of one kernel."""

    errors: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)
    """Method, then dtype, then "forward" or a gradient: the worst relative error."""
    means: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)
    """The data's mean, then method, then dtype: the worst relative error of all quantities."""
    failures: list[str] = field(default_factory=list)
    """What is wrong, in words."""
    notes: list[str] = field(default_factory=list)
    """What was not run, or how."""

    def add(self, method: str, dtype: str, errors: dict[str, float], case: Case) -> None:
        """Takes the relative error of each quantity that `method` gave on `case`."""
        by_quantity = self.errors.setdefault(method, {}).setdefault(dtype, {})
        by_dtype = self.means.setdefault(f"{case.mean:g}", {}).setdefault(method, {})
        for quantity, error in errors.items():
            _keep_worst(by_quantity, quantity, error)
            _keep_worst(by_dtype, dtype, error)
            if not error <= LIMITS[dtype]:
                self.failures.append(
                    f"{method} {dtype}: {quantity} is off by {error:.2e} on {case}, "
                    f"limit {LIMITS[dtype]:.0e}"
                )


def _keep_worst(worst: dict[str, float], name: str, error: float) -> None:
    known = worst.setdefault(name, error)
    if math.isnan(error) or error > known:  # nothing is greater than a NaN: it stays
        worst[name] = error
