"""A cut-out has the object's own colours up to its edge, an edge that is soft, and the box that it came from."""

import pytest
import torch

from troupe.models.compositing.groups.cutting import cut_out
from troupe.models.errors import TroupeError
from troupe.models.geometry import Box

RED, BLUE = torch.tensor([0.9, 0.1, 0.1]), torch.tensor([0.1, 0.1, 0.9])


def red_square_on_blue(size=40, left=10, top=14, side=16):
    """The picture, whose edge pixels are mixed of both colours as a lens mixes them, and the mask."""
    mask = torch.zeros(size, size)
    mask[top : top + side, left : left + side] = 1
    light = torch.nn.functional.avg_pool2d(mask[None, None], 3, 1, 1)[0, 0, ..., None]
    return light * RED + (1 - light) * BLUE, mask


def test_the_cutout_fills_its_box():
    picture, mask = red_square_on_blue()
    cutout, box = cut_out(picture, mask)
    assert box == Box(10, 14, 26, 30)
    assert cutout.shape == (16, 16, 4)
    alpha = cutout[..., 3]
    assert all(edge.max() > 0 for edge in (alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]))


def test_alpha_is_full_inside_soft_at_the_edge_and_nothing_outside():
    picture, mask = red_square_on_blue()
    cutout, _ = cut_out(picture, mask)
    alpha = cutout[..., 3]
    assert (alpha[3:-3, 3:-3] == 1).all()
    assert 0 < alpha[8, 0] < 1


def test_the_surroundings_leave_no_colour_at_the_edge():
    picture, mask = red_square_on_blue()
    cutout, box = cut_out(picture, mask)
    visible = cutout[..., 3] > 0.02
    mixed = picture[box.top : box.bottom, box.left : box.right]
    assert (mixed - RED)[visible].abs().max() > 0.2
    assert (cutout[..., :3] - RED)[visible].abs().max() < 0.06


def test_far_inside_not_one_bit_changes():
    picture, mask = red_square_on_blue()
    picture = torch.rand(picture.shape, generator=torch.Generator().manual_seed(1))
    cutout, _ = cut_out(picture, mask)
    assert torch.equal(cutout[4:-4, 4:-4, :3], picture[18:26, 14:22])


def test_a_larger_object_has_a_softer_edge():
    def soft_pixels(side):
        cutout, _ = cut_out(*red_square_on_blue(side + 40, 20, 20, side))
        row = cutout[side // 2, : side // 2, 3]
        return int(((row > 0) & (row < 0.99)).sum())

    assert soft_pixels(40) < soft_pixels(400)


def test_a_thing_as_thin_as_an_edge_stays_visible():
    mask = torch.zeros(20, 20)
    mask[5:15, 8] = 1
    cutout, box = cut_out(torch.rand(20, 20, 3), mask)
    assert box == Box(8, 5, 9, 15)
    assert (cutout[..., 3] == 1).all()


def test_what_came_in_is_not_changed():
    picture, mask = red_square_on_blue()
    before = picture.clone(), mask.clone()
    cut_out(picture, mask)
    assert torch.equal(picture, before[0]) and torch.equal(mask, before[1])


@pytest.mark.parametrize(
    "picture, mask, said",
    [
        (torch.rand(8, 8, 3), torch.zeros(8, 8), "The mask is empty"),
        (torch.rand(8, 8, 3), torch.full((8, 8), 0.4), "brightest value is 0.40"),
        (torch.rand(8, 8, 3), torch.ones(8, 9), "the mask has 9x8, the picture 8x8 pixels"),
        (torch.rand(8, 8, 4), torch.ones(8, 8), "Not a colour picture"),
        (torch.rand(8, 8), torch.ones(8, 8), "Not a colour picture"),
        (torch.rand(0, 8, 3), torch.ones(0, 8), "Not a colour picture"),
        (torch.full((8, 8, 3), torch.nan), torch.ones(8, 8), "The picture has values that are no numbers"),
        (torch.rand(8, 8, 3), torch.full((8, 8), torch.inf), "The mask has values that are no numbers"),
    ],
)
def test_bad_input_is_named(picture, mask, said):
    with pytest.raises(TroupeError, match=said):
        cut_out(picture, mask)
