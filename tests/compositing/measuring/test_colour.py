"""Errors of colour against closed forms."""

import math

import pytest
import torch

from troupe.models.compositing.measuring.colour import colour_error, fmse, fpsnr, mse, oklab, psnr, seen_error


@pytest.fixture
def scene():
    picture = torch.rand(12, 16, 3, generator=torch.Generator().manual_seed(0)) / 2
    mask = torch.zeros(12, 16)
    mask[3:9, 4:10] = 1
    return picture, mask


def test_equal_pictures_have_no_error(scene):
    picture, mask = scene
    assert (mse(picture, picture), fmse(picture, picture, mask)) == (0, 0)
    assert (psnr(picture, picture), fpsnr(picture, picture, mask)) == (math.inf, math.inf)
    assert (colour_error(picture, picture, mask), seen_error(picture, picture, mask)) == (0, 0)


@pytest.mark.parametrize("steps", [1, 10, 40])
def test_an_even_shift_is_its_own_error(scene, steps):
    picture, mask = scene
    shifted = picture + steps / 255
    assert mse(shifted, picture) == pytest.approx(steps**2, rel=1e-3)
    assert psnr(shifted, picture) == pytest.approx(20 * math.log10(255 / steps), rel=1e-3)
    assert colour_error(shifted, picture, mask) == pytest.approx(steps, rel=1e-3)


def test_foreground_measures_see_the_foreground_alone(scene):
    picture, mask = scene
    inside, outside = picture + mask[..., None] * 20 / 255, picture + (1 - mask[..., None]) * 20 / 255
    assert fmse(inside, picture, mask) == pytest.approx(400, rel=1e-3)
    assert mse(inside, picture) == pytest.approx(400 * 36 / 192, rel=1e-3)
    for measure in (fmse, colour_error, seen_error):
        assert measure(outside, picture, mask) == 0
        assert measure(inside, picture, mask) > 0


def test_without_a_foreground_nothing_is_claimed(scene):
    picture, mask = scene
    for measure in (fmse, fpsnr, colour_error, seen_error):
        assert math.isnan(measure(picture + 0.1, picture, torch.zeros_like(mask)))


@pytest.mark.parametrize(
    ("rgb", "lab"),
    [  # https://bottosson.github.io/posts/oklab/ and CSS Color 4's examples
        ((1.0, 1.0, 1.0), (1.0, 0.0, 0.0)),
        ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
        ((1.0, 0.0, 0.0), (0.62796, 0.22486, 0.12585)),
        ((0.0, 0.0, 1.0), (0.45201, -0.03246, -0.31153)),
    ],
)
def test_oklab_knows_its_primaries(rgb, lab):
    assert oklab(torch.tensor(rgb)).tolist() == pytest.approx(lab, abs=2e-4)


def test_the_seen_error_of_black_for_white_is_one(scene):
    _, mask = scene
    white = torch.ones(*mask.shape, 3)
    assert seen_error(white, white * 0, mask) == pytest.approx(1, abs=1e-3)
