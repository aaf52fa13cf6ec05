"""Confidence is 0 for an answer that says nothing, near 1 for one that does, and low where only bad places are left."""

import pytest
import torch

from troupe.models.compositing.grid import CELLS, SCALES, Position, cell_of, smeared
from troupe.models.compositing.placing.confidence import NO_GOOD_PLACE, confidence, place_of

ASPECT = 0.6
HERE, THERE = Position(0.3, 0.9, 0.4), Position(0.7, 0.2, 0.4)
UNIFORM = torch.full((SCALES, CELLS, CELLS), -torch.tensor(float(SCALES * CELLS**2)).log())


def answer(sigma, sigma_scale, sharp=1.0):
    return (sharp * smeared(cell_of(HERE), sigma, sigma_scale) + (1 - sharp) * UNIFORM.exp()).log()


def sure(log_prob, prior=UNIFORM, position=HERE):
    return confidence(log_prob, prior, place_of(position, ASPECT))


def test_a_uniform_answer_is_worth_nothing():
    assert sure(UNIFORM) == pytest.approx(0, abs=1e-6)


def test_an_answer_that_repeats_the_prior_is_even_odds():
    against_nothing = UNIFORM - 30 * place_of(HERE, ASPECT)
    alone = sure(answer(6, 3), prior=against_nothing)  # what it is worth where nothing was known before
    assert sure(answer(6, 3), prior=answer(6, 3)) == pytest.approx(alone / 2, rel=1e-6) and alone > 0.5


def test_less_than_is_known_without_looking_is_no_good_place():
    known = answer(6, 3)
    doubts = [sure(known - drop * place_of(HERE, ASPECT), prior=known) for drop in (0.0, 0.5, 1.0, 2.0)]
    assert doubts == sorted(doubts, reverse=True)
    assert doubts[0] > NO_GOOD_PLACE > doubts[-1]


def test_a_uniform_answer_is_worth_nothing_whatever_the_prior_is():
    elsewhere = smeared(cell_of(THERE), 6, 3).log()
    assert sure(UNIFORM, prior=elsewhere) == pytest.approx(0, abs=1e-6)


def test_a_sharp_answer_is_worth_nearly_everything():
    assert sure(answer(1.5, 0.7)) > 0.95


def test_the_broader_the_less():
    values = [sure(answer(sigma, sigma / 3)) for sigma in (1.5, 6, 12, 24, 100)]
    assert values == sorted(values, reverse=True)
    assert values[0] > 0.9 > NO_GOOD_PLACE > values[-1]


def test_the_more_of_it_is_guessing_the_less():
    values = [sure(answer(3, 1, sharp)) for sharp in (1.0, 0.5, 0.05, 0.005, 0.0)]
    assert values == sorted(values, reverse=True)
    assert values[-1] < NO_GOOD_PLACE < values[0]


def test_a_place_that_the_network_thinks_little_of_is_no_good_place():
    """As when a person's region leaves nothing else."""
    assert sure(answer(3, 1, 0.9), position=THERE) < NO_GOOD_PLACE


def test_many_good_places_are_no_reason_for_doubt():
    """Anywhere along the ground, at the right size: no place has much of the probability, and each is good."""
    along = smeared(cell_of(HERE), 1.5, 0.7).sum(2, keepdim=True).expand(-1, -1, CELLS) / CELLS
    assert float(along[place_of(HERE, ASPECT)].sum()) < 0.2
    assert sure(along.log()) > 0.7


def test_a_place_is_the_cells_whose_boxes_overlap_by_half():
    place = place_of(HERE, ASPECT)
    scale, y, x, _ = cell_of(HERE)
    assert place[scale, y, x] and place[scale, y, x + 2] and place[scale + 1, y, x]
    assert not place[scale, y, x + 8] and not place[scale + 3, y, x]
