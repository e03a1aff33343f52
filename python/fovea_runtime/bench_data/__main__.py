"""`python -m fovea_runtime.bench_data < REQUEST`: throughput of the data of an experiment.

The request is JSON: `experiment` (src/ir/experiment.ts), or for the dense tasks `data` alone and
`batch` (null with an experiment), `workers` (a list of numbers of processes), `batches` and
`rounds`. Prints one JSON document (src/ir/data-bench.ts), or `{"error": …}` where the data cannot
be used.
"""

import json
import sys
from typing import Any

from fovea_runtime.bench_data.measure import measure

CANNOT_BE_USED = "FOV0100"


def main() -> int:
    """Answers the request; returns the exit status."""
    request: dict[str, Any] = json.load(sys.stdin)
    try:
        document: dict[str, Any] = measure(request)
    except ValueError as error:
        document = {"error": {"code": CANNOT_BE_USED, "message": str(error), "list": []}}
    print(json.dumps(document, allow_nan=False))
    return 2 if "error" in document else 0


if __name__ == "__main__":
    sys.exit(main())
