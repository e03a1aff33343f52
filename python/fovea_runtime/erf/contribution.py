"""How much each pixel of an image adds to the middle of a network's last map."""

from collections.abc import Callable, Iterable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

LastMap = Callable[[Tensor], Tensor]
"""Images (1, C, H, W) to the last stage's map (1, C', H', W')."""
Scores = NDArray[np.float64]
"""Contributions (H, W), none below zero."""


def contribution(last_map: LastMap, image: Tensor) -> Scores:
    """The contributions of an image's pixels, by the protocol of RepLKNet's authors.

    The sum over channels of ReLU(map at its centre) is differentiated to the image (1, C, H, W); of
    the gradient's channels the positive parts are added up. The centre is element (H' // 2,
    W' // 2), in an even map the one right and below of the middle.

    Raises:
        ValueError: the network gives no map of that form.
    """
    image = image.detach().requires_grad_()
    found = last_map(image)
    if found.ndim != 4 or len(found) != 1:
        raise ValueError(f"the last map is {tuple(found.shape)}; (1, C, H, W) is wanted")
    height, width = found.shape[2:]
    centre = functional.relu(found[0, :, height // 2, width // 2]).sum()
    (gradient,) = torch.autograd.grad(centre, image)
    return functional.relu(gradient).sum((0, 1)).double().cpu().numpy()


def mean_contribution(
    last_map: LastMap, images: Iterable[Tensor]
) -> tuple[Scores | None, int, int]:
    """The mean over images, how many there were, and how many were left out.

    Left out are images whose contributions are not finite, as the authors of RepLKNet do. One image
    after the other: memory is that of one. The mean is None where none is left.
    """
    total: Scores | None = None
    count = left_out = 0
    for image in images:
        found = contribution(last_map, image)
        if not np.isfinite(found).all():
            left_out += 1
            continue
        total = found if total is None else total + found
        count += 1
    return (None if total is None else total / count), count, left_out
