"""An embedding that gives the blocks of a stage their constants."""

import torch
from torch import Tensor

from fovea_runtime.reparam.grid import Grid

_SINGULAR = 1e-6
"""Singular values below this share of the largest count as zero."""


def embedding_for(weights: Tensor, constants: Tensor, grid: Grid) -> tuple[Tensor, float]:
    """The smallest embedding h (C, k_h, k_w) with which each block adds its constant.

    A block adds the sum over all taps of w h (PeLK, equation 3), and all blocks of a stage share
    h: for every channel one linear equation a block, of which the least-norm solution is taken.
    It is the same on all taps of a zone, so zones are what is solved for.

    weights (blocks, C, A, B) and constants (blocks, C), in float64; returns h and the largest
    constant that is missed, in absolute terms. It is missed where the kernels of two blocks do not
    differ in a channel, or are zero.
    """
    taps = (torch.tensor(grid.rows)[:, None] * torch.tensor(grid.columns)).double().flatten()
    # With h[zone] = u[zone] / √taps, the norm of u is the norm of h.
    equations = weights.flatten(2).transpose(0, 1) * taps.sqrt()
    solved = torch.linalg.pinv(equations, rtol=_SINGULAR) @ constants.T[..., None]
    zones = (solved[..., 0] / taps.sqrt()).float()
    missed = ((weights.flatten(2) * taps) * zones.double()).sum(2) - constants
    return grid.expand(zones.view(-1, *grid.cells)), missed.abs().max().item()
