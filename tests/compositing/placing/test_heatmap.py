"""The heatmap is warm where the thing is likely, keeps the picture's size, and shows the boxes."""

import pytest
import torch

from troupe.models.compositing.grid import Position, cell_of, frame_of, smeared
from troupe.models.compositing.placing.heatmap import heat_colours, heat_of, heatmap_picture
from troupe.models.compositing.placing.proposals import Candidate
from troupe.models.geometry import Size
from troupe.models.oklab import LMS_TO_LAB, RGB_TO_LMS

HERE = Position(0.25, 0.75, 0.3)
PEAK = smeared(cell_of(HERE), 2, 0.7).log()


def lightness(srgb):
    """OKLab's L."""
    srgb = srgb.double()
    linear = torch.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    lms = (linear @ torch.tensor(RGB_TO_LMS, dtype=torch.float64).T).clamp(min=0) ** (1 / 3)
    return (lms @ torch.tensor(LMS_TO_LAB, dtype=torch.float64).T)[..., 0]


def one(position, size, probability=0.4):
    return Candidate(frame_of(position, 0.5, size), position, probability)


def test_brighter_is_more():
    light = lightness(heat_colours())
    assert (light.diff() > 0).all()
    assert light[0] < 0.35 and light[-1] > 0.9


def test_the_heat_is_one_at_the_likeliest_place():
    heat = heat_of(PEAK)
    assert float(heat.max()) == 1
    assert float(heat[cell_of(HERE)[1:3]]) > 0.99


@pytest.mark.parametrize("size", [Size(160, 120), Size(1, 1), Size(3, 200)])
def test_the_picture_keeps_its_size(size):
    picture = heatmap_picture(torch.rand(size.height, size.width, 3), PEAK, [one(HERE, size)])
    assert picture.shape == (size.height, size.width, 3)
    assert 0 <= float(picture.min()) and float(picture.max()) <= 1


def test_it_is_warm_where_the_thing_is_likely_and_dim_elsewhere():
    picture = heatmap_picture(torch.full((120, 160, 3), 0.6), PEAK)
    assert lightness(picture[90, 40]) > 0.8
    assert picture[10, 150].tolist() == pytest.approx([0.3] * 3, abs=0.01)


def test_boxes_are_outlined():
    size = Size(160, 120)
    plain, boxed = (heatmap_picture(torch.full((120, 160, 3), 0.6), PEAK, c) for c in ((), [one(HERE, size)]))
    box = frame_of(HERE, 0.5, size).rounded()
    middle = (box.left + box.right) // 2
    assert boxed[box.top, middle].tolist() == [1, 1, 1]
    assert torch.equal(plain[box.top + 8, middle + 3], boxed[box.top + 8, middle + 3])


def test_labels_do_not_cover_one_another():
    """Two boxes with one corner: both probabilities can be read, so more of the picture is covered."""
    size = Size(320, 240)
    same = [one(HERE, size), one(HERE, size, 0.2)]
    one_label, two = (heatmap_picture(torch.full((240, 320, 3), 0.6), PEAK, c) for c in (same[:1], same))
    assert int(((one_label - two).abs().amax(-1) > 0.1).sum()) > 300


def test_what_came_in_is_not_changed():
    background = torch.rand(120, 160, 3)
    kept = background.clone()
    heatmap_picture(background, PEAK, [one(HERE, Size(160, 120))])
    assert torch.equal(background, kept)
