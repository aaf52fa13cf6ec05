"""A window holds the box and lies in the frame; what is seen through it lies where it should, to a part of a pixel."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from troupe.models.compositing.grid import Frame
from troupe.models.compositing.view import map_through, noise_template, placed, seen_through, share_of, window_around
from troupe.models.geometry import Size

SIDE = 32


def centre_of_mass(values):
    """x and y in pixels of an `(h, w)` picture, a pixel's middle at .5, and the sum."""
    height, width = values.shape
    total = values.sum()
    x = (values.sum(0) * (torch.arange(width) + 0.5)).sum() / total
    y = (values.sum(1) * (torch.arange(height) + 0.5)).sum() / total
    return float(x), float(y), float(total)


def spot(width, height, x, y, radius):
    """`(1, height, width)`: a soft round spot."""
    ys, xs = torch.arange(height)[:, None] + 0.5, torch.arange(width) + 0.5
    return torch.exp(-((xs - x) ** 2 + (ys - y) ** 2) / (2 * radius**2))[None]


# The window


@given(
    st.builds(Size, st.integers(1, 3000), st.integers(1, 3000)),
    st.tuples(*[st.floats(0, 1)] * 2),
    st.tuples(*[st.floats(0.001, 1.2)] * 2),
    st.floats(1.6, 2.6),
)
def test_a_window_lies_in_the_frame_and_holds_what_the_frame_holds_of_the_box(size, foot, shares, room):
    width, height = shares[0] * size.width, shares[1] * size.height
    x, bottom = foot[0] * size.width, foot[1] * size.height
    box = Frame(x - width / 2, bottom - height, x + width / 2, bottom)
    window = window_around(box, size, room)
    assert all(v == int(v) for v in window)
    assert 0 <= window.left < window.right <= size.width and 0 <= window.top < window.bottom <= size.height
    rounding = 0.5 + 1e-6 * max(size)
    assert window.left <= max(box.left, 0) + rounding and window.right >= min(box.right, size.width) - rounding
    assert window.top <= max(box.top, 0) + rounding and window.bottom >= min(box.bottom, size.height) - rounding


@pytest.mark.parametrize(
    "box, window",
    [
        (Frame(90, 60, 110, 130), Frame(30, 25, 170, 165)),  # twice the longer side, about its middle
        (Frame(100, 100, 104, 104), Frame(52, 52, 152, 152)),  # a small thing: a quarter of the long side
        (Frame(0, 0, 60, 60), Frame(0, 0, 120, 120)),  # pushed into the frame
        (Frame(340, 140, 400, 200), Frame(280, 80, 400, 200)),
        (Frame(100, 0, 250, 180), Frame(0, 0, 360, 200)),  # as high as the frame and no higher
    ],
)
def test_windows_in_a_frame_of_400_x_200(box, window):
    assert window_around(box, Size(400, 200)) == window


# What is seen through it


def test_a_window_as_large_as_the_view_shows_the_pixels_themselves():
    pixels = torch.rand((3, 50, 60), generator=torch.Generator().manual_seed(0))
    seen = seen_through(pixels, Frame(10, 5, 10 + SIDE, 5 + SIDE), SIDE)
    assert torch.equal(seen, pixels[:, 5 : 5 + SIDE, 10 : 10 + SIDE])


def test_a_whole_factor_is_the_mean_of_the_pixels_it_stands_for():
    """Antialiased: what is nearly a box filter keeps the mean of every part."""
    pixels = torch.ones(1, 4 * SIDE, 4 * SIDE)
    pixels[:, :, ::2] = 0
    seen = seen_through(pixels, Frame(0, 0, 4 * SIDE, 4 * SIDE), SIDE)
    assert torch.allclose(seen[:, 2:-2, 2:-2], torch.tensor(0.5), atol=0.03)


@pytest.mark.parametrize("window", [Frame(7, 3, 103, 99), Frame(20, 10, 36, 26), Frame(0, 0, 120, 60)])
def test_a_spot_is_seen_where_it_lies(window):
    x, y = window.left + 0.4 * window.width, window.top + 0.6 * window.height
    seen = seen_through(spot(120, 100, x, y, 0.07 * window.width), window, SIDE)
    assert centre_of_mass(seen[0])[:2] == pytest.approx((0.4 * SIDE, 0.6 * SIDE), abs=0.15)


# What is put into it


@pytest.mark.parametrize("box", [Frame(30, 40, 70, 80), Frame(30.4, 40.3, 71.1, 79.9), Frame(44.5, 44.5, 49.9, 61.2)])
@pytest.mark.parametrize("own", [Size(40, 40), Size(300, 180), Size(9, 13)])
def test_an_opaque_cut_out_covers_its_box_to_a_part_of_a_pixel(box, own):
    window = Frame(20, 20, 100, 100)
    foreground = torch.cat([torch.full((3, own.height, own.width), 0.5), torch.ones(1, own.height, own.width)])
    thing = placed(foreground, box, window, SIDE)
    factor = SIDE / window.width
    x, y, area = centre_of_mass(thing[3])
    assert x == pytest.approx(((box.left + box.right) / 2 - window.left) * factor, abs=0.1)
    assert y == pytest.approx(((box.top + box.bottom) / 2 - window.top) * factor, abs=0.1)
    assert area == pytest.approx(box.area * factor**2, rel=0.08)
    assert torch.allclose(thing[:3], 0.5 * thing[3:].expand(3, -1, -1), atol=1e-6)


def test_a_mark_on_the_cut_out_lands_where_the_box_says():
    box, window = Frame(33.3, 41.7, 75.9, 80.2), Frame(10, 20, 90, 100)
    marked = spot(200, 100, 150, 30, 8)
    thing = placed(torch.cat([marked.expand(3, -1, -1), torch.ones(1, 100, 200)]), box, window, 64)
    there = (box.left + 0.75 * box.width - 10) * 64 / 80, (box.top + 0.3 * box.height - 20) * 64 / 80
    assert centre_of_mass(thing[0])[:2] == pytest.approx(there, abs=0.1)


def test_a_box_that_leaves_the_window_is_cut_by_it():
    thing = placed(torch.ones(4, 20, 20), Frame(-10, 5, 10, 25), Frame(0, 0, 32, 32), SIDE)[3]
    wanted = torch.zeros(SIDE, SIDE)
    wanted[5:25, :10] = 1
    assert torch.allclose(thing, wanted, atol=1e-5)


def test_nothing_of_a_colour_shows_where_the_cut_out_is_transparent():
    foreground = torch.ones(4, 12, 12)
    foreground[3, :, 6:] = 0
    thing = placed(foreground, Frame(4, 4, 28, 28), Frame(0, 0, 32, 32), SIDE)
    assert (thing[:3] <= thing[3:] + 1e-6).all()
    assert not thing[:, :, 18:].any()


# Maps over the whole frame


def test_the_whole_frame_through_the_whole_window_is_the_map():
    maps = torch.rand((2, 1, SIDE, SIDE), generator=torch.Generator().manual_seed(0))
    whole = torch.tensor([[0.0, 0.0, 1.0, 1.0]] * 2)
    assert torch.allclose(map_through(maps, whole, SIDE), maps, atol=1e-5)


def test_a_map_is_seen_where_the_picture_is():
    """A picture cut to its window and a map of the whole frame show the same spot at one place."""
    size, window = Size(128, 128), Frame(16, 40, 96, 120)
    whole = spot(128, 128, 60, 70, 6)
    shares = torch.tensor([share_of(window, size)])
    ours = centre_of_mass(map_through(whole[None], shares, SIDE)[0, 0])
    assert ours[:2] == pytest.approx(centre_of_mass(seen_through(whole, window, SIDE)[0])[:2], abs=0.05)


# The noise


def noise(window, seed=5):
    return noise_template(Size(200, 100), window, 4, SIDE, torch.Generator().manual_seed(seed))


def test_one_seed_is_one_template():
    window = Frame(20, 10, 84, 74)
    assert noise(window).shape == (4, SIDE, SIDE)
    assert torch.equal(noise(window), noise(window))
    assert not torch.equal(noise(window), noise(window, seed=6))


def test_windows_that_overlap_share_their_noise():
    first, second = noise(Frame(20, 10, 84, 74)), noise(Frame(40, 20, 104, 84))  # half a view's pixel per pixel
    assert torch.equal(first[:, 5:, 10:], second[:, :-5, :-10])


def test_noise_is_normal_and_fits_a_window_at_the_very_edge():
    edge = torch.stack([noise(Frame(136, 36, 200, 100), seed) for seed in range(8)])
    assert edge.shape[1:] == (4, SIDE, SIDE)
    assert abs(float(edge.mean())) < 0.02 and float(edge.std()) == pytest.approx(1, abs=0.02)
