"""`python -m fovea_runtime.erf`: one request as JSON on stdin, one answer as JSON on stdout.

The request is that of `request.py`; an answer is a report, or `{"error": {"code", "message", …}}`.

Exit status: 0 done, 1 a network gives no finite contribution, 2 the user's mistake or a file's.
"""

import os

# Read when torch loads OpenMP.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import sys

from fovea_runtime.answer import answer
from fovea_runtime.erf.measure import measure
from fovea_runtime.erf.request import ErfRequest

if __name__ == "__main__":
    sys.exit(answer(lambda request: measure(ErfRequest.read(request))))
