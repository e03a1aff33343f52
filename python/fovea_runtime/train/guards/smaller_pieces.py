"""How a step that does not fit into memory is cut into smaller pieces."""

from dataclasses import replace
from typing import Any

from fovea_runtime.data.cut import Cut


def smaller_pieces(recipe: dict[str, Any], cut: Cut) -> Cut | None:
    """The same batch in the next smaller pieces that are equal; mixing takes even ones.

    Nothing where there are none.
    """
    augment = recipe["augment"]
    mixes = augment["mixup"] > 0 or augment["cutmix"] > 0
    share = cut.batch // cut.processes
    for accumulate in range(cut.accumulate + 1, share + 1):
        size, rest = divmod(share, accumulate)
        if rest == 0 and not (mixes and size % 2 == 1):
            return replace(cut, accumulate=accumulate)
    return None
