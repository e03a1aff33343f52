"""`python -m fovea_runtime.export`: one request as JSON on stdin, one answer as JSON on stdout.

The request is that of `request.py`; an answer is a report, or `{"error": {"code", "message", …}}`.

Exit status: 0 done, 1 the export differs from the network, 2 the user's mistake or a file's.
"""

import sys
import warnings
from typing import Any

from fovea_runtime.answer import answer
from fovea_runtime.export.export_network import export_network
from fovea_runtime.export.request import ExportRequest


def _export(request: Any) -> dict[str, Any]:
    # Exporters warn of their own insides.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return export_network(ExportRequest.read(request))


if __name__ == "__main__":
    sys.exit(answer(_export))
