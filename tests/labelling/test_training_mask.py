"""The mask for masked training: the character and a little more, soft at the edge."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from troupe.models.samples.trainingmask import training_mask


def spot(size=(96, 80), centre=(48, 40), value=255):
    mask = Image.new("L", size)
    mask.putpixel(centre, value)
    return mask


def distance(size, centre):
    y, x = np.mgrid[: size[1], : size[0]]
    return np.hypot(x - centre[0], y - centre[1])


@pytest.mark.parametrize("dilate", [1, 2, 8, 13])
def test_white_within_the_distance_and_black_far_away(dilate):
    size, centre = (96, 80), (48, 40)
    grown = np.asarray(training_mask(spot(size, centre), dilate))
    away = distance(size, centre)
    assert (grown[away <= dilate] == 255).all()
    assert (grown[away > 2.5 * dilate + 3] == 0).all()


def test_the_edge_is_soft():
    grown = np.asarray(training_mask(spot(), 8)).astype(int)
    row = grown[40, 48:]
    assert (np.diff(row) <= 0).all()
    assert np.abs(np.diff(row)).max() < 128 and len(set(row)) > 4


def test_it_is_the_slow_obvious_dilation():
    """Against the maximum over a disc, pixel by pixel, where nothing is blurred: the union of grown parts."""
    generator = np.random.default_rng(1)
    pixels = (generator.random((40, 50)) > 0.995).astype(np.uint8) * 255
    mask = Image.fromarray(pixels)
    spots = [np.asarray(training_mask(spot((50, 40), (int(x), int(y))), 4)) for y, x in np.argwhere(pixels)]
    whole = np.asarray(training_mask(mask, 4))
    assert (whole >= np.max(spots, axis=0)).all()
    assert (whole[np.max(spots, axis=0) == 0] == 0).all()


def test_nothing_of_the_character_is_lost():
    mask = Image.new("L", (120, 100))
    draw = ImageDraw.Draw(mask)
    draw.ellipse((30, 20, 80, 99), fill=255)
    draw.line((90, 0, 119, 99), fill=200)
    assert (np.asarray(training_mask(mask)) >= np.asarray(mask)).all()


def test_a_line_of_one_pixel_survives_at_an_eighth_of_the_size():
    mask = Image.new("L", (256, 256))
    ImageDraw.Draw(mask).line((20, 10, 200, 240), fill=255)
    small = (32, 32)
    plain = np.asarray(mask.resize(small, Image.Resampling.BOX))
    grown = np.asarray(training_mask(mask).resize(small, Image.Resampling.BOX))
    assert plain.max() < 64  # this is what the trainer would see
    assert grown.max() > 250


def test_a_larger_picture_gets_a_wider_margin():
    """It is shrunk before it is trained, and its margin with it."""
    small = spot((1024, 1024), (512, 512))
    large = spot((2048, 2048), (1024, 1024))
    widths = [(np.asarray(training_mask(m)) == 255).sum() ** 0.5 for m in (small, large)]
    assert widths[1] / widths[0] == pytest.approx(2, abs=0.15)


@pytest.mark.parametrize("value", [0, 255])
def test_an_empty_and_a_full_mask_stay(value):
    mask = Image.new("L", (40, 30), value)
    assert training_mask(mask).tobytes() == mask.tobytes()


def test_no_dilation_is_no_change():
    mask = spot(value=77)
    assert training_mask(mask, 0).tobytes() == mask.tobytes()


def test_at_the_border_and_half_transparent():
    mask = spot((60, 60), (0, 59), value=128)
    grown = np.asarray(training_mask(mask, 4))
    assert grown[59, 0] == 128 and grown[59, 4] == 128 and grown.max() == 128
