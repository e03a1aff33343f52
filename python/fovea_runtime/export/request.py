"""What `fovea export` asks for."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

Size = tuple[int, int]

DTYPES = {
    "float32": torch.float32,
    "float16": torch.float16,
    "bfloat16": torch.bfloat16,
    "float64": torch.float64,
}


@dataclass(frozen=True)
class ExportRequest:
    """`size` (height, width) and `batch` are None where the result is to take any.

    `weights` None stands for fresh ones. `known` are the declarations of the shipped networks.
    """

    package: Path
    format: str
    out: Path
    weights: Path | None
    average: bool
    fused: bool
    size: Size | None
    batch: int | None
    dtype: torch.dtype
    known: list[dict[str, Any]]

    @classmethod
    def read(cls, document: dict[str, Any]) -> "ExportRequest":
        """The request in the command line's JSON."""
        weights, size = document["weights"], document["size"]
        return cls(
            package=Path(document["package"]),
            format=document["format"],
            out=Path(document["out"]),
            weights=None if weights is None else Path(weights),
            average=document["average"],
            fused=document["fused"],
            size=None if size is None else (size[0], size[1]),
            batch=document["batch"],
            dtype=DTYPES[document["dtype"]],
            known=document["known"],
        )
