"""Sharpness is one over the width of the edges, whatever else is in the picture."""

from math import erf

import numpy as np
import pytest

from troupe.models.adjusting.quality import SHARPEST, clipped, sharpness


def edge(width, side=64, low=0.2, high=0.8, tilt=0.0):
    """A step blurred by a Gaussian of `width` pixels, in closed form."""
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    across = x * np.cos(tilt) + y * np.sin(tilt)
    return low + (high - low) * (1 + np.vectorize(erf)(across / (width * 2**0.5))) / 2


EVERYWHERE = np.ones((64, 64))


@pytest.mark.parametrize("width", [1.0, 1.5, 2.0, 3.0, 4.0, 6.0])
@pytest.mark.parametrize("tilt", [0.0, 0.5, np.pi / 2])
def test_sharpness_is_one_over_the_width_of_an_edge(width, tilt):
    assert sharpness(edge(width, tilt=tilt), EVERYWHERE) == pytest.approx(1 / width, rel=0.12)


def test_a_hard_edge_is_as_sharp_as_it_gets():
    assert sharpness(edge(1e-6), EVERYWHERE) == pytest.approx(SHARPEST)


def test_contrast_does_not_matter():
    assert sharpness(edge(2, low=0.5, high=0.55), EVERYWHERE) == pytest.approx(sharpness(edge(2), EVERYWHERE), rel=1e-3)


def test_plain_ground_around_does_not_matter():
    wide = np.pad(edge(2), ((0, 0), (100, 100)), mode="edge")
    assert sharpness(wide, np.ones(wide.shape)) == pytest.approx(sharpness(edge(2), EVERYWHERE), rel=0.02)


def test_rounding_to_eight_bits_is_not_taken_for_detail():
    rounded = np.round(edge(4) * 255) / 255
    assert sharpness(rounded, EVERYWHERE) == pytest.approx(1 / 4, rel=0.15)


def test_only_the_weighted_part_counts():
    both = np.concatenate([edge(4), edge(1e-6)])
    upper = np.concatenate([np.ones((64, 64)), np.zeros((64, 64))])
    assert sharpness(both, upper) == pytest.approx(1 / 4, rel=0.15)
    assert sharpness(both, 1 - upper) > 1.5


@pytest.mark.parametrize("shape", [(1, 1), (2, 7), (4, 4), (5, 1), (6, 6)])
def test_a_picture_without_edges_has_no_sharpness_however_small_it_is(shape):
    assert sharpness(np.full(shape, 0.4), np.ones(shape)) == 0


def test_clipping_is_counted_in_the_weighted_part():
    grey = np.array([[0.0, 0.0, 0.5, 1.0]])
    assert clipped(grey, np.ones((1, 4))) == (0.5, 0.25)
    assert clipped(grey, np.array([[0, 0, 1.0, 1.0]])) == (0.0, 0.5)
    assert clipped(grey, np.zeros((1, 4))) == (0.0, 0.0)
