"""A cut-out brought to its box: once, at any fraction of a pixel, without what hides under alpha 0."""

import pytest
import torch

from troupe.models.compositing.composing.warp import covered, warped
from troupe.models.compositing.grid import Frame
from troupe.models.errors import TroupeError
from troupe.models.geometry import Box, Size


def noise(*shape):
    return torch.rand(shape, generator=torch.Generator().manual_seed(0))


def solid(height, width, colour=(1.0, 1.0, 1.0)):
    return torch.tensor([*colour, 1.0]).expand(height, width, 4).clone()


def test_at_its_own_size_on_whole_pixels_it_is_itself_times_alpha():
    thing = noise(9, 7, 4)
    shown = warped(thing, Frame(3, 2, 10, 11), Box(3, 2, 10, 11))
    torch.testing.assert_close(shown, torch.cat([thing[..., :3] * thing[..., 3:], thing[..., 3:]], -1))


def test_a_part_of_it_is_the_part_of_the_whole():
    thing, box = noise(30, 20, 4), Frame(2.3, 1.7, 52.9, 64.2)
    whole, part = warped(thing, box, Box(2, 1, 53, 65)), warped(thing, box, Box(10, 20, 40, 50))
    torch.testing.assert_close(part, whole[19:49, 8:38], atol=1e-5, rtol=0)


@pytest.mark.parametrize("shift", [0.0, 0.25, 0.5, 0.9])
def test_its_weight_lies_where_the_box_lies(shift):
    alpha = warped(solid(10, 10), Frame(5 + shift, 8, 15 + shift, 18), Box(5, 8, 16, 18))[..., 3]
    centre = (alpha.sum(0) * (torch.arange(11) + 5.5)).sum() / alpha.sum()
    assert centre == pytest.approx(10 + shift, abs=1e-4)
    assert alpha.sum() == pytest.approx(100, rel=1e-4)


@pytest.mark.parametrize("shift", [0.25, 0.5])
def test_its_content_moves_by_a_fraction_too(shift):
    dot = torch.zeros(11, 11, 4)
    dot[5, 5] = 1
    alpha = warped(dot, Frame(shift, 0, 11 + shift, 11), Box(0, 0, 12, 11))[..., 3]
    assert (alpha.sum(0) * torch.arange(12)).sum() / alpha.sum() == pytest.approx(5 + shift, abs=0.06)


@pytest.mark.parametrize("side", [4, 11, 40, 97])
def test_colours_that_hide_under_alpha_0_make_no_fringe(side):
    """White everywhere that can be seen, black where nothing can: however scaled, what is seen is white."""
    thing = solid(40, 40)
    thing[:, :20] = 0
    shown = warped(thing, Frame(0.4, 0.2, side + 0.4, side + 0.2), Box(0, 0, side + 1, side + 1))
    torch.testing.assert_close(shown[..., :3], shown[..., 3:].expand(-1, -1, 3), atol=1e-5, rtol=0)


@pytest.mark.parametrize("scale", [0.3, 1.0, 2.7])
def test_a_hard_edge_keeps_its_colour(scale):
    """The kernel overshoots at edges; a rim brighter than the thing would show."""
    thing = torch.nn.functional.pad(solid(30, 30, (0.5, 0.3, 0.2)), (0, 0, 5, 5, 5, 5))
    side = 40 * scale
    shown = warped(thing, Frame(0, 0, side, side), Box(0, 0, int(side), int(side)))
    seen = shown[..., 3] > 0.05
    colours = (shown[..., :3] / shown[..., 3:])[seen]
    torch.testing.assert_close(colours, torch.tensor([0.5, 0.3, 0.2]).expand_as(colours), atol=1e-3, rtol=0)


def test_all_stays_in_range_and_under_alpha():
    shown = warped((noise(20, 20, 4) > 0.5).float(), Frame(0.5, 0.5, 61, 63), Box(0, 0, 64, 64))
    assert shown.min() >= 0 and shown.max() <= 1
    assert (shown[..., :3] <= shown[..., 3:]).all()


def test_detail_too_fine_for_the_box_becomes_its_mean():
    thing = solid(400, 400)
    thing[::2, :, :3] = 0
    shown = warped(thing, Frame(0, 0, 20, 20), Box(0, 0, 20, 20))
    torch.testing.assert_close(shown[2:-2, :, :3], torch.full((16, 20, 3), 0.5), atol=0.01, rtol=0)


def test_one_pixel_fills_its_box():
    shown = warped(solid(1, 1, (0.2, 0.4, 0.6)), Frame(2, 2, 12, 8), Box(2, 2, 12, 8))
    torch.testing.assert_close(shown, torch.tensor([0.2, 0.4, 0.6, 1.0]).expand(6, 10, 4))


def test_covered_are_the_pixels_that_the_box_touches():
    assert covered(Frame(-3.5, 2.2, 5.1, 90), Size(20, 10)) == Box(0, 2, 6, 10)


@pytest.mark.parametrize("box", [Frame(20, 0, 30, 5), Frame(-9, 0, 0, 5), Frame(5, 5, 5, 9), Frame(8, 2, 3, 9)])
def test_a_box_that_misses_the_picture_is_refused(box):
    with pytest.raises(TroupeError, match="outside of the background"):
        covered(box, Size(20, 10))
