"""What `fovea eval` asks for."""

from dataclasses import dataclass
from typing import Any

from fovea_runtime.subject.request import SubjectRequest
from fovea_runtime.subject.subject import Size


@dataclass(frozen=True)
class EvalRequest:
    """`data`, `recipe` and `seed` are an experiment's. The recipe is that of the network's run where
    `is_run`, and otherwise the defaults; `is_own_data` tells whether the data are those of the run.

    `size` is that of the images, None for the network's own; `batch` None for the run's, or what
    suits the device. `amp` is autocast's type, False for none, None for the run's. `throughput` are
    the batches to time, None to time nothing, empty for what suits the device. `known` are the
    declarations of the shipped networks.
    """

    subject: SubjectRequest
    data: dict[str, Any]
    recipe: dict[str, Any]
    seed: int
    is_run: bool
    is_own_data: bool
    size: Size | None
    batch: int | None
    device: str
    amp: str | bool | None
    fuse: bool
    throughput: list[int] | None
    known: list[dict[str, Any]]

    @classmethod
    def read(cls, document: dict[str, Any]) -> "EvalRequest":
        """The request in the command line's JSON (src/harness/evaluate-network.ts)."""
        size = document["size"]
        return cls(
            **{
                **document,
                "subject": SubjectRequest.read(document["subject"]),
                "size": None if size is None else (size[0], size[1]),
            }
        )
