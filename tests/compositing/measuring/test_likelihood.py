"""Belief at the true cell: chance gives known figures, certainty the best ones."""

import math

import pytest
import torch

from troupe.models.compositing.grid import CELLS, SCALES, Cell
from troupe.models.compositing.measuring.likelihood import nll, rank_percentile, uniform_nll

SHAPE = (SCALES, CELLS, CELLS)
TRUTH = Cell(3, 20, 40)


def log_softmax(volume):
    return volume.flatten().log_softmax(0).view_as(volume)


def test_knowing_nothing_is_chance():
    volume = log_softmax(torch.zeros(SHAPE))
    assert nll(volume, TRUTH) == pytest.approx(math.log(SCALES * CELLS * CELLS), rel=1e-5)
    assert uniform_nll(volume) == pytest.approx(math.log(SCALES * CELLS * CELLS))
    assert rank_percentile(volume, TRUTH) == 0.5


@pytest.mark.parametrize(("belief", "rank"), [(9.0, 1.0), (-9.0, 0.0)])
def test_belief_in_the_true_cell_lifts_its_rank(belief, rank):
    volume = torch.zeros(SHAPE)
    volume[3, 20, 40] = belief
    assert rank_percentile(log_softmax(volume), TRUTH) == rank
    assert (nll(log_softmax(volume), TRUTH) < uniform_nll(volume)) == (belief > 0)


def test_certainty_costs_nothing():
    volume = torch.full(SHAPE, -torch.inf)
    volume[3, 20, 40] = 0.0
    assert nll(volume, TRUTH) == 0
    assert uniform_nll(volume) == 0


def test_cells_that_were_ruled_out_are_no_rivals():
    volume = torch.zeros(SHAPE)
    volume[5:] = -torch.inf
    assert rank_percentile(log_softmax(volume), TRUTH) == 0.5
    assert uniform_nll(volume) == pytest.approx(math.log(5 * CELLS * CELLS))


def test_a_truth_that_was_ruled_out_is_the_worst_answer():
    volume = torch.zeros(SHAPE)
    volume[3] = -torch.inf
    assert nll(log_softmax(volume), TRUTH) == math.inf
    assert rank_percentile(log_softmax(volume), TRUTH) == 0
