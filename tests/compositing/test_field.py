"""A composite is a plain paste and a field, and the field brings the composite back."""

import math

import pytest
import torch

from troupe.models.compositing.field import EPS, LIMIT, from_field, log_ratio, paste, relit, to_field


def pictures(seed=0, shape=(2, 3, 5, 7)):
    chance = torch.Generator().manual_seed(seed)
    return torch.rand(shape, generator=chance), torch.rand(shape, generator=chance)


def test_a_paste_is_the_foreground_where_alpha_is_one_and_the_background_where_it_is_nothing():
    foreground, background = pictures()
    alpha = torch.tensor([0.0, 1.0, 0.25]).view(1, 1, 1, 3).expand(2, 1, 5, 3)
    made = paste(foreground[..., :3], alpha, background[..., :3])
    assert torch.equal(made[..., 0], background[..., 0])
    assert torch.allclose(made[..., 1], foreground[..., 1])
    assert torch.allclose(made[..., 2], 0.25 * foreground[..., 2] + 0.75 * background[..., 2])


def test_what_the_ratio_tells_a_paste_becomes_the_composite_wherever_the_factor_is_below_three():
    composite, pasted = pictures()
    again = relit(pasted, log_ratio(composite, pasted))
    factor = torch.log((composite + EPS) / (pasted + EPS)).abs()
    within = factor < LIMIT
    assert 0.5 < within.float().mean() < 1  # both cases are in the pictures
    assert torch.allclose(again[within], composite[within], atol=1e-5)
    assert ((again - pasted).sign() == (composite - pasted).sign())[~within].all()


def test_an_equal_picture_has_no_field():
    composite, _ = pictures()
    assert not log_ratio(composite, composite).any()
    assert torch.allclose(relit(composite, torch.zeros_like(composite)), composite, atol=1e-6)


def test_a_composite_is_never_changed_by_more_than_a_factor_of_three():
    black, white = torch.zeros(1, 3, 2, 2), torch.ones(1, 3, 2, 2)
    assert log_ratio(white, black).unique().tolist() == pytest.approx([LIMIT])
    assert log_ratio(black, white).unique().tolist() == pytest.approx([-LIMIT])
    assert math.exp(LIMIT) == pytest.approx(3, abs=1e-3)


def test_haze_is_put_over_black():
    """A pure ratio could not: nothing times anything is nothing."""
    black = torch.zeros(1, 3, 1, 1)
    assert float(relit(black, torch.full_like(black, math.log(2))).max()) == pytest.approx(EPS)


def test_field_and_parts_are_one_another():
    chance = torch.Generator().manual_seed(1)
    ratio = (torch.rand((2, 3, 4, 4), generator=chance) * 2 - 1) * LIMIT
    change = torch.rand((2, 1, 4, 4), generator=chance) * 2 - 1
    field = to_field(ratio, change)
    assert field.shape == (2, 4, 4, 4)
    again = from_field(field)
    assert torch.allclose(again[0], ratio, atol=1e-6) and torch.allclose(again[1], change, atol=1e-6)


def test_a_field_beyond_its_limits_is_brought_back_within():
    ratio, change = from_field(torch.full((1, 4, 1, 1), 100.0))
    assert ratio.unique().tolist() == pytest.approx([LIMIT]) and change.unique().tolist() == [1.0]
