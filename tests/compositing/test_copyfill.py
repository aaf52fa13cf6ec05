"""A hole is filled with texture of the same picture, and nothing outside of it changes."""

import pytest
import torch

from troupe.models.compositing.groups.copyfill import copy_fill
from troupe.models.compositing.groups.masks import blurred
from troupe.models.errors import TroupeError


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def noise(height=72, width=96, seed=0):
    """Grain over soft clouds."""
    draw = seeded(seed)
    clouds = blurred(torch.rand(height, width, 3, generator=draw), 6) * 4 - 1.5
    return (clouds + 0.2 * torch.rand(height, width, 3, generator=draw)).clamp(0, 1)


def stripes(height=72, width=96, period=12):
    """Upright stripes: shifts by the period fit exactly."""
    wave = (torch.arange(width) % period < period // 2).float() * 0.6 + 0.2
    return wave[None, :, None].expand(height, width, 3).contiguous()


def square(shape=(72, 96), top=25, left=40, side=20):
    hole = torch.zeros(shape, dtype=torch.bool)
    hole[top : top + side, left : left + side] = True
    return hole


def grain(picture, where):
    luma = picture.mean(-1)
    return float(((luma - blurred(luma, 1.0)) ** 2)[where].mean())


def test_outside_of_the_hole_not_one_bit_changes():
    picture, hole = noise(), square()
    filled = copy_fill(picture, hole, seeded())
    assert torch.equal(filled[~hole], picture[~hole])
    assert not torch.equal(filled[hole], picture[hole])


def test_nothing_of_what_the_hole_held_is_left():
    hole = square()
    inner = square(top=29, left=44, side=12)  # without the seam
    fills = []
    for colour in (0.0, 1.0):
        picture = noise()
        picture[inner] = colour
        fills.append(copy_fill(picture, hole, seeded()))
    assert torch.equal(fills[0], fills[1])


def test_stripes_go_on_through_the_hole():
    picture, hole = stripes(), square()
    spoilt = torch.where(square(top=29, left=44, side=12)[..., None], torch.tensor(0.5), picture)
    assert (copy_fill(spoilt, hole, seeded()) - picture).abs().max() < 0.02


def test_the_texture_is_as_strong_as_around_the_hole():
    picture, hole = noise(), square()
    filled = copy_fill(picture, hole, seeded())
    assert 0.7 < grain(filled, square(top=29, left=44, side=12)) / grain(picture, ~hole) < 1.4


def test_light_is_adapted_so_that_no_edge_shows():
    """A slope of light along the stripes: wherever the copy comes from, it is too dark or too bright."""
    slope = torch.linspace(0, 0.2, 72)[:, None, None]
    picture, hole = stripes() * 0.7 + slope, square()
    filled = copy_fill(picture, hole, seeded())
    assert (filled - picture)[hole].abs().mean() < 0.01


def test_what_is_forbidden_is_not_copied():
    picture = noise()
    picture[:, :38, 0], picture[:, :38, 1] = 1.0, 0.0
    forbidden = torch.zeros(72, 96, dtype=torch.bool)
    forbidden[:, :38] = True
    filled = copy_fill(picture, square(left=60), seeded(), source_forbidden=forbidden)
    redness = (filled[..., 0] - filled[..., 1])[square(left=60)]
    assert redness.max() < 0.8


def test_a_hole_that_no_single_shift_covers_is_filled_in_pieces():
    picture = noise()
    hole = square(top=5, left=10, side=60)
    filled = copy_fill(picture, hole, seeded())
    assert torch.equal(filled[~hole], picture[~hole])
    assert grain(filled, square(top=10, left=15, side=50)) > 0.6 * grain(picture, ~hole)


def test_the_seed_decides_and_nothing_else():
    picture, hole = noise(), square()
    fills = [copy_fill(picture, hole, seeded(seed)) for seed in (1, 1, 2, 3, 4, 5)]
    assert torch.equal(fills[0], fills[1])
    assert any(not torch.equal(fills[0], other) for other in fills[2:])


def test_a_wider_seam_blends_more_of_the_picture():
    picture, hole = noise(), square()
    kept = [(copy_fill(picture, hole, seeded(), seam=seam) - picture).abs().sum() for seam in (0, 6)]
    assert kept[1] < kept[0]


def test_a_hole_at_the_edge_of_the_picture_is_filled():
    picture = noise()
    hole = square(top=52, left=0)
    filled = copy_fill(picture, hole, seeded())
    assert torch.equal(filled[~hole], picture[~hole])
    assert grain(filled, hole) > 0.6 * grain(picture, ~hole)


def test_a_hole_of_one_pixel_is_filled():
    picture, hole = noise(), square(side=1)
    filled = copy_fill(picture, hole, seeded())
    assert (filled != picture).any(-1).sum() == 1


def test_a_picture_that_is_all_hole_is_refused():
    with pytest.raises(TroupeError, match="100% of its place cannot be covered"):
        copy_fill(noise(), torch.ones(72, 96, dtype=torch.bool), seeded())
