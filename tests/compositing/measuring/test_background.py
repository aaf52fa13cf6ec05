"""What was left alone is bit-equal, and one changed pixel is found."""

import pytest
import torch

from troupe.models.compositing.measuring.background import effect_region, fidelity
from troupe.models.geometry import Box, Size


@pytest.fixture
def background():
    return torch.rand(20, 30, 3, generator=torch.Generator().manual_seed(0)) * 0.9


def test_change_inside_the_effect_is_no_fault(background):
    effect = effect_region(Box(10, 5, 16, 15), Size(30, 20))
    assert fidelity(background + effect[..., None] * 0.1, background, effect) == (0, 0, 1)


def test_one_pixel_outside_is_found(background):
    effect = effect_region(Box(10, 5, 16, 15), Size(30, 20))
    out = background.clone()
    out[0, 0, 1] += 51 / 255
    found, outside = fidelity(out, background, effect), int((~effect).sum())
    assert found.largest == pytest.approx(51, abs=0.01)
    assert found.mean == pytest.approx(51 / 3 / outside, rel=1e-3)
    assert found.equal == pytest.approx(1 - 1 / outside)


def test_a_change_too_small_to_be_stored_is_still_not_bit_equal(background):
    out = background + 1e-6
    assert fidelity(out, background, torch.zeros(20, 30, dtype=torch.bool)).equal < 0.1


def test_the_region_is_the_grown_box_and_the_shade():
    shade = torch.zeros(100, 100)
    shade[0, :5] = torch.tensor([0.0, 0.009, 0.011, -0.5, 0.0])
    region = effect_region(Box(40, 40, 60, 60), Size(100, 100), shade)
    assert region[37:63, 37:63].all()
    assert int(region.sum()) == 26 * 26 + 2
    assert region[0, :5].tolist() == [False, False, True, True, False]


def test_where_everything_may_change_nothing_is_wrong(background):
    assert fidelity(background * 0, background, torch.ones(20, 30, dtype=torch.bool)) == (0, 0, 1)
