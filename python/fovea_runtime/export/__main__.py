"""`python -m fovea_runtime.export`: one request as JSON on stdin, one answer as JSON on stdout.

The request is that of `request.py`; an answer is a report, or `{"error": {"code", "message", …}}`.

Exit status: 0 done, 1 the export differs from the network, 2 the user's mistake or a file's.
"""

import json
import sys
import warnings
from contextlib import redirect_stdout

from fovea_runtime.export.export_network import export_network
from fovea_runtime.export.request import ExportRequest
from fovea_runtime.weights.mistake import WeightsMistake


def main() -> int:
    request = ExportRequest.read(json.load(sys.stdin))
    try:
        # Exporters print their progress, and warn of their own insides.
        with redirect_stdout(sys.stderr), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answer = export_network(request)
        status = 0 if answer["passed"] else 1
    except WeightsMistake as mistake:
        answer, status = {"error": mistake.document()}, 2
    print(json.dumps(answer, allow_nan=False))
    return status


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
