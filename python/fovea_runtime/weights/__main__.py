"""`python -m fovea_runtime.weights`: one request as JSON on stdin, one answer as JSON on stdout.

Requests: `{"do": "recognise" | "import" | "export", "from", "format", "average", "known", …}`,
with `package`, `out` and `classes` as ImportRequest and ExportRequest have them. An answer is a
report, or `{"error": {"code", "message", "list", …}}`.

Exit status: 0 done, 2 the user's mistake or a file's.
"""

import json
import sys
from pathlib import Path
from typing import Any

from fovea_runtime.weights.contents import find_weights
from fovea_runtime.weights.export_weights import ExportRequest, export_weights
from fovea_runtime.weights.import_weights import ImportRequest, import_weights
from fovea_runtime.weights.mistake import WeightsMistake
from fovea_runtime.weights.read_file import read_file
from fovea_runtime.weights.recognise import Recognised
from fovea_runtime.weights.sighting import sight


def main() -> int:
    request = json.load(sys.stdin)
    try:
        answer, status = _answer(request), 0
    except WeightsMistake as mistake:
        answer, status = {"error": mistake.document()}, 2
    print(json.dumps(answer, allow_nan=False))
    return status


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    source = Path(request["from"])
    if request["do"] == "recognise":
        contents = find_weights(source, read_file(source), average=request["average"])
        seen = sight(contents.weights)
        recognised = Recognised(source, request["format"], seen, request["known"])
        return {"network": recognised.shipped_network()}
    common = {
        "source": source,
        "format": request["format"],
        "package": Path(request["package"]),
        "out": Path(request["out"]),
        "average": request["average"],
        "known": request["known"],
    }
    if request["do"] == "import":
        return import_weights(ImportRequest(**common, classes=request["classes"]))
    return export_weights(ExportRequest(**common))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
