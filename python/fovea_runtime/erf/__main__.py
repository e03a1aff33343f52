"""`python -m fovea_runtime.erf`: one request as JSON on stdin, one answer as JSON on stdout.

The request is that of `request.py`; an answer is a report, or `{"error": {"code", "message", …}}`.

Exit status: 0 done, 1 a network gives no finite contribution, 2 the user's mistake or a file's.
"""

import os

# Read when torch loads OpenMP.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import json
import sys
from contextlib import redirect_stdout

from fovea_runtime.erf.measure import measure
from fovea_runtime.erf.request import ErfRequest
from fovea_runtime.weights.mistake import WeightsMistake


def main() -> int:
    request = ErfRequest.read(json.load(sys.stdin))
    try:
        with redirect_stdout(sys.stderr):
            answer = measure(request)
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
