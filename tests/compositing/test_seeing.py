"""The networks see a picture's content, and nothing of the resolution that it came in."""

import math

import pytest
import torch

from troupe.models.compositing.config import preset
from troupe.models.compositing.grid import Frame
from troupe.models.compositing.seeing import position_input, size_of, view_of
from troupe.models.geometry import Size

TINY = preset("tiny")


def cut_out(width, height):
    """A red thing whose right third is transparent."""
    alpha = torch.ones(height, width, 1)
    alpha[:, width * 2 // 3 :] = 0
    return torch.cat([torch.tensor([1.0, 0, 0]).expand(height, width, 3), alpha], -1)


def test_the_scene_is_stretched_to_a_square_and_the_thing_keeps_its_aspect():
    seen = position_input(torch.rand(90, 160, 3), cut_out(60, 30), TINY)
    assert seen.background.shape == (1, 3, 128, 128) and seen.foreground.shape == (1, 4, 64, 64)
    there = seen.foreground[0, 3] > 0.5
    rows, columns = there.any(1).nonzero(), there.any(0).nonzero()
    assert (int(rows[0]), int(rows[-1])) == (16, 47)  # 64 x 32 pixels, in the middle
    assert (int(columns[0]), int(columns[-1])) == (0, pytest.approx(42, abs=1))


def test_both_shapes_are_told_and_give_the_aspect_in_a_square_frame():
    seen = position_input(torch.rand(90, 160, 3), cut_out(60, 30), TINY)
    assert seen.shape.tolist()[0] == pytest.approx([math.log(2), math.log(160 / 90)])
    assert float(seen.aspect) == pytest.approx((60 / 160) / (30 / 90))


def test_a_cut_out_gives_nothing_of_its_own_size_away():
    small, large = (position_input(torch.zeros(8, 8, 3), cut_out(n, 2 * n), TINY) for n in (48, 480))
    assert torch.equal(small.shape, large.shape)
    assert (small.foreground - large.foreground).abs().mean() < 0.01


def test_transparent_pixels_have_no_colour():
    seen = position_input(torch.zeros(8, 8, 3), cut_out(99, 99), TINY)
    assert (seen.foreground[:, :3] <= seen.foreground[:, 3:] + 1e-6).all()


@pytest.mark.parametrize("width, height", [(1, 1), (1, 900), (900, 1)])
def test_the_thinnest_of_things_is_still_seen(width, height):
    seen = position_input(torch.zeros(1, 1, 3), torch.ones(height, width, 4), TINY)
    assert seen.foreground[0, 3].max() > 0.99


def test_a_view_is_the_scene_and_the_thing_at_its_box():
    background, place = torch.full((100, 100, 3), 0.25), torch.rand(1, 50, 50)
    view = view_of(background, torch.ones(10, 10, 4), Frame(20, 20, 40, 60), Frame(0, 0, 100, 100), place, 50)
    pasted = torch.full((50, 50), 0.25)
    pasted[10:30, 10:20] = 1
    assert torch.allclose(view.paste()[0, 0], pasted, atol=1e-5)
    assert torch.equal(view.place[0], place)
    assert view.stacked().shape == (1, 8, 50, 50)


def test_the_size_of_a_picture_is_its_width_and_height():
    assert size_of(torch.zeros(3, 5)) == size_of(torch.zeros(3, 5, 4)) == Size(5, 3)
