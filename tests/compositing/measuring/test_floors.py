"""What one gets without a model."""

import pytest
import torch

from troupe.models.compositing.grid import Frame, Position, frame_of
from troupe.models.compositing.measuring.floors import image_centre, laid_out, median_scale, plain_paste
from troupe.models.geometry import Box, Size


@pytest.mark.parametrize("aspect", [0.3, 1.0, 2.5])
def test_the_box_is_in_the_middle_and_has_the_scale(aspect):
    box = frame_of(image_centre(0.4, aspect), aspect, Size(200, 100))
    assert (box.left + box.right) / 2 == pytest.approx(100)
    assert (box.top + box.bottom) / 2 == pytest.approx(50)
    assert max(box.width / 200, box.height / 100) == pytest.approx(0.4)


def test_the_median_scale_ignores_one_giant():
    assert median_scale([Position(0, 0, s) for s in (0.1, 0.2, 1.0)]) == 0.2


def cut_out(colour, alpha, size=4):
    return torch.cat([torch.tensor(colour).expand(size, size, 3), torch.full((size, size, 1), alpha)], 2)


def test_alpha_decides_between_foreground_and_background():
    background = torch.zeros(10, 12, 3)
    pasted = plain_paste(cut_out([1.0, 0.5, 0.0], 0.5), background, Box(3, 2, 7, 6))
    assert torch.allclose(pasted[2:6, 3:7], torch.tensor([0.5, 0.25, 0.0]), atol=1e-6)
    pasted[2:6, 3:7] = 0
    assert torch.equal(pasted, background)


@pytest.mark.parametrize("box", [Box(-2, -2, 2, 2), Frame(10.0, 7.6, 14.0, 12.4), Box(20, 20, 24, 24)])
def test_what_leaves_the_frame_is_cut_off(box):
    background = torch.rand(10, 12, 3, generator=torch.Generator().manual_seed(0))
    colours, alpha = laid_out(cut_out([1.0, 0.0, 0.0], 1.0), background, box)
    inside = torch.zeros(10, 12, dtype=torch.bool)
    left, top, right, bottom = (max(0, round(edge)) for edge in box)
    inside[top:bottom, left:right] = True
    assert torch.equal(alpha > 0, inside)
    assert torch.equal(colours[~inside], background[~inside])


def test_colours_under_clear_pixels_do_not_bleed_in():
    foreground = cut_out([1.0, 1.0, 1.0], 0.0, size=8)
    foreground[2:6, 2:6] = torch.tensor([0.0, 0.0, 0.0, 1.0])
    colours, alpha = laid_out(foreground, torch.zeros(3, 3, 3), Box(0, 0, 3, 3))
    assert float(alpha.max()) > 0
    assert float(colours.max()) < 0.01
