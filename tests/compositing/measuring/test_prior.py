"""The prior is a distribution, strong where there is something to know and humble where there is not."""

import math
import random

import pytest
import torch

from troupe.models.compositing.grid import CELLS, SCALES, Cell, Position, cell_of
from troupe.models.compositing.measuring.likelihood import nll
from troupe.models.compositing.measuring.prior import Marginals

UNIFORM = math.log(SCALES * CELLS * CELLS)


def standing(count, seed, spread=0.08):
    """Things that stand low in the picture, of about one size."""
    chance = random.Random(seed)
    return [
        Position(chance.gauss(0.5, 2 * spread), chance.gauss(0.8, spread), 0.3 * math.exp(chance.gauss(0, spread)))
        for _ in range(count)
    ]


def anywhere(count, seed):
    chance = random.Random(seed)
    return [Position(chance.random(), chance.random(), 0.05 ** chance.random()) for _ in range(count)]


def mean_nll(prior, positions):
    return sum(nll(prior.log_prob(), cell_of(p)) for p in positions) / len(positions)


@pytest.mark.parametrize("count", [0, 1, 2, 20, 200])
def test_it_sums_to_one_and_rules_nothing_out(count):
    prior = Marginals.fit(standing(count, seed=1))
    volume = prior.log_prob()
    assert volume.shape == (SCALES, CELLS, CELLS)
    assert float(volume.double().exp().sum()) == pytest.approx(1, abs=1e-4)
    assert torch.isfinite(volume).all()
    assert all(float(axis.exp().sum()) == pytest.approx(1, abs=1e-5) for axis in prior)


@pytest.mark.parametrize("count", [0, 1])
def test_without_anything_to_compare_it_is_uniform(count):
    volume = Marginals.fit(standing(count, seed=1)).log_prob()
    assert float(volume.max() - volume.min()) == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize(("count", "gain"), [(20, 2.5), (200, 3.0)])
def test_on_concentrated_things_it_beats_uniform_on_unseen_ones(count, gain):
    prior = Marginals.fit(standing(count, seed=2))
    assert mean_nll(prior, standing(200, seed=3)) < UNIFORM - gain


def test_where_there_is_nothing_to_know_it_claims_little():
    prior = Marginals.fit(anywhere(100, seed=4))
    assert mean_nll(prior, anywhere(300, seed=5)) == pytest.approx(UNIFORM, abs=0.1)


def test_it_is_nearly_as_strong_as_the_best_fixed_smoothing():
    """The slow, obvious way: every Gaussian width, scored on data that the fit has never seen."""
    train, unseen = standing(40, seed=6), standing(400, seed=7)
    found = mean_nll(Marginals.fit(train), unseen)
    best = min(mean_nll(gaussian_marginals(train, width), unseen) for width in (0.5, 1, 2, 3, 4, 6, 9, 14))
    assert found < best + 0.1


def gaussian_marginals(positions, width):
    cells = [cell_of(p) for p in positions]

    def axis(at, count, width):
        steps = torch.arange(count)[None] - torch.tensor(at)[:, None]
        density = torch.exp(-0.5 * (steps / width) ** 2).sum(0) + 1e-3
        return torch.log(density / density.sum())

    y, x = axis([c.y for c in cells], CELLS, width), axis([c.x for c in cells], CELLS, width)
    return Marginals(x, y, axis([c.scale for c in cells], SCALES, width / 3))


def test_the_order_of_the_examples_does_not_matter():
    positions = standing(30, seed=8)
    assert torch.equal(Marginals.fit(positions).log_prob(), Marginals.fit(positions[::-1]).log_prob())


def test_only_allowed_cells_share_the_belief():
    allowed = torch.zeros((SCALES, CELLS, CELLS), dtype=torch.bool)
    allowed[4:8] = True
    prior = Marginals.fit(standing(30, seed=9))
    volume = prior.log_prob(allowed)
    assert torch.equal(torch.isfinite(volume), allowed)
    assert float(volume.exp().sum()) == pytest.approx(1, abs=1e-4)
    drawn = prior.draw(torch.Generator().manual_seed(0), 50, allowed)
    assert {cell_of(p).scale for p in drawn} <= {4, 5, 6, 7}


def test_draws_follow_the_prior_and_the_seed():
    prior = Marginals.fit(standing(200, seed=10))
    drawn = prior.draw(torch.Generator().manual_seed(1), 2000)
    assert drawn == prior.draw(torch.Generator().manual_seed(1), 2000)
    assert drawn != prior.draw(torch.Generator().manual_seed(2), 2000)
    middle = (torch.arange(CELLS) + 0.5) / CELLS
    assert sum(p.y for p in drawn) / 2000 == pytest.approx(float((prior.y.exp() * middle).sum()), abs=0.01)
    assert mean_nll(prior, drawn) < UNIFORM - 2.5


def test_a_peak_on_one_side_is_not_mirrored_but_a_mirrored_scene_is():
    left = [Position(0.2 + 0.001 * i, 0.5, 0.3) for i in range(20)]
    both = left[:10] + [Position(1 - p.x, p.y, p.scale) for p in left[:10]]
    one, two = Marginals.fit(left), Marginals.fit(both)
    at, mirrored = cell_of(left[0]).x, CELLS - 1 - cell_of(left[0]).x
    assert float(one.x[at] - one.x[mirrored]) > 2
    assert float(two.x[at] - two.x[mirrored]) == pytest.approx(0, abs=1e-4)


def test_cells_are_where_the_grid_says():
    prior = Marginals.fit([Position(0.1, 0.9, 0.5)] * 30)
    best = int(prior.log_prob().argmax())
    found = Cell(best // CELLS**2, best // CELLS % CELLS, best % CELLS)
    assert found[:3] == cell_of(Position(0.1, 0.9, 0.5))[:3]
