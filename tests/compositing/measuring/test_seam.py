"""A line along the outline is seen; the same line elsewhere is not taken for one."""

import math

import pytest
import torch

from troupe.models.compositing.measuring.distance import signed_distance
from troupe.models.compositing.measuring.seam import seam


@pytest.fixture
def mask():
    mask = torch.zeros(80, 80)
    mask[20:60, 20:60] = 1
    return mask


def drawn(mask, level, height=0.3):
    """Noise of a few grey levels, and a step along the curve `level` pixels off the outline."""
    ground = 0.3 + 0.02 * torch.rand(80, 80, 1, generator=torch.Generator().manual_seed(0))
    return (ground + height * (signed_distance(mask) < level)[..., None]).expand(-1, -1, 3)


def test_where_nothing_shows_it_is_one(mask):
    assert seam(torch.full((80, 80, 3), 0.5), mask) == 1
    assert seam(drawn(mask, level=0, height=0.0), mask) == pytest.approx(1, abs=0.1)


def test_a_step_on_the_outline_is_seen_and_grows(mask):
    figures = [seam(drawn(mask, level=0, height=h), mask) for h in (0.0, 0.05, 0.1, 0.3)]
    assert figures == sorted(figures)
    assert figures[-1] > 10


@pytest.mark.parametrize("level", [-8, 8])
def test_a_step_on_a_parallel_curve_is_no_seam(mask, level):
    assert seam(drawn(mask, level), mask) < 0.2


def test_a_seam_that_missed_the_outline_is_seen_where_it_is(mask):
    shifted = torch.roll(mask, 3, 1)
    picture = drawn(shifted, level=0)
    assert seam(picture, shifted) > 2 * seam(picture, mask)


def test_the_distance_of_the_parallel_curves_matters(mask):
    assert seam(drawn(mask, level=4), mask, apart=4) < 0.2 < seam(drawn(mask, level=4), mask, apart=8)


def test_a_thin_thing_is_compared_with_its_outside(mask):
    thin = torch.zeros(80, 80)
    thin[20:60, 38:42] = 1
    assert seam(drawn(thin, level=0), thin) > 10


def test_without_an_outline_there_is_no_figure(mask):
    assert math.isnan(seam(torch.zeros(80, 80, 3), torch.zeros(80, 80)))
