"""The ring sees shadow at the thing's foot, and neither the thing nor the far wall."""

import math

import pytest
import torch

from troupe.models.compositing.measuring.distance import covered, height_of, signed_distance
from troupe.models.compositing.measuring.ring import ring, ring_error
from troupe.models.geometry import Box, Size


@pytest.fixture
def mask():
    mask = torch.zeros(100, 120)
    mask[30:70, 50:60] = 1  # 40 tall: the band is 6 wide
    return mask


def test_distances_count_from_the_outline(mask):
    away = signed_distance(mask)
    assert away[40, 47:53].tolist() == [2.5, 1.5, 0.5, -0.5, -1.5, -2.5]
    assert height_of(mask) == 40


@pytest.mark.parametrize(("value", "expected"), [(0.0, math.inf), (1.0, -math.inf)])
def test_without_an_outline_it_is_infinitely_far(value, expected):
    assert signed_distance(torch.full((3, 4), value)).unique().tolist() == [expected]
    assert not ring(torch.full((3, 4), value)).any()


def test_the_band_is_the_dilated_mask_without_the_mask(mask):
    from scipy.ndimage import binary_dilation

    y, x = torch.meshgrid(torch.arange(-7, 8), torch.arange(-7, 8), indexing="ij")
    disc = (torch.hypot(y.float(), x.float()) < 6.5).numpy()
    expected = binary_dilation(mask.bool().numpy(), disc) & ~mask.bool().numpy()
    assert torch.equal(ring(mask), torch.from_numpy(expected))


def test_inside_and_far_outside_do_not_count(mask):
    real = torch.full((100, 120, 3), 0.5)
    out = torch.where(ring(mask)[..., None], real, torch.zeros(3))
    assert ring_error(out, real, mask) == 0


def test_a_missing_shadow_counts_by_its_share_of_the_ring(mask):
    out, real = torch.full((100, 120, 3), 0.5), torch.full((100, 120, 3), 0.5)
    real[70:74, 50:60] -= 51 / 255
    share = 40 / int(ring(mask).sum())
    assert ring_error(out, real, mask) == pytest.approx(51 * math.sqrt(share), rel=1e-4)


def test_other_things_in_the_real_frame_are_ignored(mask):
    out, real = torch.full((100, 120, 3), 0.5), torch.full((100, 120, 3), 0.5)
    other = Box(60, 20, 90, 80)
    real[20:80, 60:90] = 1.0
    assert ring_error(out, real, mask) > 50
    assert ring_error(out, real, mask, covered([other], Size(120, 100))) == 0


def test_with_no_ring_left_nothing_is_claimed(mask):
    assert math.isnan(ring_error(torch.zeros(100, 120, 3), torch.zeros(100, 120, 3), mask, mask > -1))


def test_boxes_that_leave_the_frame_cover_what_is_in_it():
    area = covered([Box(-5, -5, 2, 3), Box(9, 0, 20, 1)], Size(10, 6))
    assert area.nonzero().tolist() == [[0, 0], [0, 1], [0, 9], [1, 0], [1, 1], [2, 0], [2, 1]]
