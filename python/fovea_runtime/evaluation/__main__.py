"""`python -m fovea_runtime.evaluation`: one request as JSON on stdin, one answer as JSON on stdout.

The request is that of `request.py`; an answer is a report, or `{"error": {"code", "message", …}}`.

Exit status: 0 done, 1 the network gives what is no number, 2 the user's mistake or a file's.
"""

import os

# Read when torch loads OpenMP, as in training.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import sys

from fovea_runtime.answer import answer
from fovea_runtime.evaluation.evaluate_network import evaluate_network
from fovea_runtime.evaluation.request import EvalRequest

if __name__ == "__main__":
    sys.exit(answer(lambda request: evaluate_network(EvalRequest.read(request))))
