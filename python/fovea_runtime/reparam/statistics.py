"""BatchNorm statistics that no norm could have."""

from collections.abc import Mapping
from pathlib import Path

from torch import Tensor

from fovea_runtime.weights.mistake import DOES_NOT_FIT, WeightsMistake


def check_variances(state: Mapping[str, Tensor], path: Path) -> None:
    """Raises WeightsMistake where a running variance is negative.

    0 is that of a channel that never changes, such as one behind a ReLU that is always off: the
    norm's epsilon carries it, and folding is exact.
    """
    problems = [
        f"{key} has {count} of {value.numel()} values below 0"
        for key, value in state.items()
        if key.endswith("running_var") and (count := int((value < 0).sum()))
    ]
    if problems:
        raise WeightsMistake(
            DOES_NOT_FIT,
            f"{path} holds {len(problems)} BatchNorms whose variance is negative",
            value=str(path),
            fix="fetch the checkpoint again, or take one from before the run diverged",
            lines=problems,
        )
