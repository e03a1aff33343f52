"""`python -m fovea_runtime.data`: what an experiment's data is now, and whether it is there.

The request is `{"experiment": …}` as JSON on stdin (src/ir/experiment.ts), the answer `{"data": {split:
digest}}` on stdout, or `{"error": {"code", "message", …}}`.

Exit status: 0 done, 2 the data cannot be found or used.
"""

import sys
from typing import Any

from fovea_runtime.answer import answer
from fovea_runtime.data.open import open_source
from fovea_runtime.train.model import with_input_size
from fovea_runtime.weights.mistake import WeightsMistake


def fingerprint(request: dict[str, Any]) -> dict[str, Any]:
    """The digests of the splits that the experiment is trained and evaluated on.

    Raises:
        WeightsMistake: FOV0100 with what is wrong with the data.
    """
    try:
        source = open_source(with_input_size(request["experiment"]))
    except (ValueError, OSError) as error:
        raise WeightsMistake("FOV0100", str(error)) from error
    return {"data": source.fingerprint()}


if __name__ == "__main__":
    sys.exit(answer(fingerprint))
