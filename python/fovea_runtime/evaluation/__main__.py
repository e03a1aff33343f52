"""`python -m fovea_runtime.evaluation`: one request as JSON on stdin, one answer as JSON on stdout.

The request is that of `request.py`; an answer is a report, or `{"error": {"code", "message", …}}`.

Exit status: 0 done, 1 the network gives what is no number, 2 the user's mistake or a file's.
"""

import os

# Read when torch loads OpenMP, as in training.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import json
import sys
from contextlib import redirect_stdout

from fovea_runtime.evaluation.evaluate_network import evaluate_network
from fovea_runtime.evaluation.request import EvalRequest
from fovea_runtime.weights.mistake import WeightsMistake


def main() -> int:
    request = EvalRequest.read(json.load(sys.stdin))
    try:
        with redirect_stdout(sys.stderr):
            answer = evaluate_network(request)
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
