"""What `fovea erf` asks for."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fovea_runtime.subject.request import SubjectRequest


@dataclass(frozen=True)
class ErfRequest:
    """`images` is a folder, None for scikit-learn's photographs; `count` of them are taken.

    `size` is the side that they are resized to, in pixels. `out` is the folder for figures, None to
    write nothing. `known` are the declarations of the shipped networks.
    """

    subjects: list[SubjectRequest]
    images: Path | None
    count: int
    size: int
    out: Path | None
    device: str
    known: list[dict[str, Any]]

    @classmethod
    def read(cls, document: dict[str, Any]) -> "ErfRequest":
        """The request in the command line's JSON (src/harness/receptive-fields.ts)."""
        images, out = document["images"], document["out"]
        return cls(
            **{
                **document,
                "subjects": [SubjectRequest.read(each) for each in document["subjects"]],
                "images": None if images is None else Path(images),
                "out": None if out is None else Path(out),
            }
        )
