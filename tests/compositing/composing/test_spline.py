"""Seeing a small map large, without seeing its cells."""

import pytest
import torch

from troupe.models.compositing.composing.spline import basis, weights


@pytest.mark.parametrize(("count", "start", "stop"), [(1, 0, 7), (3, -4, 50), (64, 10.0, 2170.0), (64, 0, 40)])
def test_weights_are_shares(count, start, stop):
    found = weights(count, start, stop, int(start), int(stop))
    assert (found >= 0).all()
    torch.testing.assert_close(found.sum(1), torch.ones(len(found)))


def test_a_ramp_stays_a_ramp():
    seen = weights(16, 0, 160, 30, 130) @ torch.arange(16.0)
    torch.testing.assert_close(seen, (torch.arange(30, 130) + 0.5) / 10 - 0.5, atol=1e-4, rtol=0)


def test_a_part_is_the_part_of_the_whole():
    torch.testing.assert_close(weights(8, 3.0, 77.0, 20, 31), weights(8, 3.0, 77.0, 0, 80)[20:31])


def test_a_step_becomes_a_slope_without_corners():
    seen = weights(8, 0, 800, 0, 800).double() @ torch.tensor([0.0] * 4 + [1.0] * 4, dtype=torch.float64)
    bend = seen.diff().diff().abs()
    assert bend.max() < 1.1 / 100**2, "a cell of 100 pixels bends by 1 / 100^2 a pixel at most"


def test_the_basis_has_the_published_values():
    torch.testing.assert_close(basis(torch.tensor([0.0, 1, 2, 3])), torch.tensor([2 / 3, 1 / 6, 0, 0]))
