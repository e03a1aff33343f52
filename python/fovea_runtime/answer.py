"""One request as JSON on stdin, one answer as JSON on stdout (src/harness/ask-python.ts)."""

import json
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

from fovea_runtime.weights.mistake import WeightsMistake


def answer(make: Callable[[Any], dict[str, Any]]) -> int:
    """Prints what `make` makes of the request; what is printed on the way goes to stderr.

    Returns:
        The exit status: 0 done, 1 where the answer says that it is not `passed`, 2 the user's
        mistake or a file's, 130 after Ctrl-C.
    """
    try:
        request = json.load(sys.stdin)
        try:
            with redirect_stdout(sys.stderr):
                document = make(request)
            status = 0 if document.get("passed", True) else 1
        except WeightsMistake as mistake:
            document, status = {"error": mistake.document()}, 2
        print(json.dumps(document, allow_nan=False))
        return status
    except KeyboardInterrupt:
        return 130
