"""`python -m fovea_runtime.weights`: one request as JSON on stdin, one answer as JSON on stdout.

Requests: `{"do", "from", "average", "known", …}`, where `do` is `recognise`, `import`, `export`,
`project`, `resize` or `fuse`, and the rest is what ImportRequest, ExportRequest, ProjectRequest,
ResizeRequest or FuseRequest have. An answer is a report, or `{"error": {"code", "message", "list",
…}}`.

Exit status: 0 done, 2 the user's mistake or a file's.
"""

import sys
from pathlib import Path
from typing import Any

from fovea_runtime.answer import answer
from fovea_runtime.weights.contents import find_weights
from fovea_runtime.weights.export_weights import ExportRequest, export_weights
from fovea_runtime.weights.import_weights import ImportRequest, import_weights
from fovea_runtime.weights.read_file import read_file
from fovea_runtime.weights.recognise import Recognised
from fovea_runtime.weights.sighting import sight


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    source = Path(request["from"])
    if request["do"] == "recognise":
        contents = find_weights(source, read_file(source), average=request["average"])
        seen = sight(contents.weights)
        recognised = Recognised(source, request["format"], seen, request["known"])
        return {"network": recognised.shipped_network()}
    common = {
        "source": source,
        "package": Path(request["package"]),
        "out": Path(request["out"]),
        "average": request["average"],
        "known": request["known"],
    }
    match request["do"]:
        case "import":
            classes = request["classes"]
            return import_weights(
                ImportRequest(**common, format=request["format"], classes=classes)
            )
        case "export":
            return export_weights(ExportRequest(**common, format=request["format"]))
        case _:
            return _to_another_form(request, common)


def _to_another_form(request: dict[str, Any], common: dict[str, Any]) -> dict[str, Any]:
    """What makes other weights of them; each part has imports of its own."""
    match request["do"]:
        case "project":
            from fovea_runtime.reparam.project_weights import ProjectRequest, project_weights

            return project_weights(
                ProjectRequest(
                    **common,
                    format=request["format"],
                    classes=request["classes"],
                    source_package=_path(request["source_package"]),
                )
            )
        case "resize":
            from fovea_runtime.reparam.resize_weights import ResizeRequest, resize_weights

            to = Path(request["to_package"])
            return resize_weights(ResizeRequest(**common, to_package=to))
        case "fuse":
            from fovea_runtime.reparam.fuse_weights import FuseRequest, fuse_weights

            sizes = request["sizes"]
            return fuse_weights(
                FuseRequest(
                    **common,
                    allow_dense=request["allow_dense"],
                    images=_path(request["images"]),
                    sizes=None if sizes is None else [(height, width) for height, width in sizes],
                )
            )
        case other:
            raise ValueError(f"a request to {other}")


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)


if __name__ == "__main__":
    sys.exit(answer(_answer))
