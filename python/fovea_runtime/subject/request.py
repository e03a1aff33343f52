"""Which network with which weights is asked for, in the command line's JSON."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class SubjectRequest:
    """A generated package's folder, or a declared peer (src/ir/peer.ts), and a file of weights.

    `name` is what reports call it, None for the network's own name. `weights` None stands for fresh
    ones. `average` asks for the moving average, None for the one that a run's checkpoint may have.
    """

    name: str | None
    package: Path | None
    peer: dict[str, Any] | None
    weights: Path | None
    average: bool | None

    @classmethod
    def read(cls, document: dict[str, Any]) -> "SubjectRequest":
        """The request in the command line's JSON (src/harness/subject.ts)."""
        package, weights = document["package"], document["weights"]
        return cls(
            name=document["name"],
            package=None if package is None else Path(package),
            peer=document["peer"],
            weights=None if weights is None else Path(weights),
            average=document["average"],
        )
