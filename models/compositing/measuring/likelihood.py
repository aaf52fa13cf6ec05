"""How much of its belief a model puts where the thing really stood: the right question where many places are good."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from ..grid import Cell


def nll(log_prob: Tensor, cell: Cell) -> float:
    """`-log p` of the true cell in nats, less is better; `log_prob`: `(SCALES, CELLS, CELLS)`, sums to one.

    inf where the true cell was ruled out.
    """
    return -float(log_prob[cell.scale, cell.y, cell.x])


def uniform_nll(log_prob: Tensor) -> float:
    """What knowing only the cells that are not ruled out gives: the log of their number."""
    return math.log(int(torch.isfinite(log_prob).sum()))


def rank_percentile(log_prob: Tensor, cell: Cell) -> float:
    """The share of cells believed in less than the true one, 0 to 1; ties count half, so that chance is 0.5.

    Cells that were ruled out are not counted: a rule that knows the frame is no merit of the model.
    """
    rivals = log_prob[torch.isfinite(log_prob)]
    truth = log_prob[cell.scale, cell.y, cell.x]
    if not torch.isfinite(truth):
        return 0.0
    below, ties = int((rivals < truth).sum()), int((rivals == truth).sum())
    if len(rivals) == 1:
        return 0.5
    return (below + (ties - 1) / 2) / (len(rivals) - 1)
