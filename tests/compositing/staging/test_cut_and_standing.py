"""Where a picture cuts its character off, the staged picture cuts it off as well."""

import pytest
import torch

from troupe.models.compositing.staging.cutouts import CutOut, cut_out_of, sides_cut
from troupe.models.compositing.staging.settings import StageSettings
from troupe.models.compositing.staging.standing import stand
from troupe.models.errors import TroupeError
from troupe.models.samples.sample import read_picture

EVERYWHERE = frozenset(("left", "top", "right", "bottom"))


def mask(left, top, right, bottom):
    pixels = torch.zeros(60, 40)
    pixels[top:bottom, left:right] = 1
    return pixels


@pytest.mark.parametrize(
    "box, shot, cut",
    [
        ((10, 10, 30, 50), "", ""),
        ((10, 10, 30, 60), "", "bottom"),
        ((0, 10, 30, 60), "", "left bottom"),
        ((0, 0, 40, 60), "", "left top right bottom"),
        ((10, 10, 30, 60), "full", ""),  # its feet stand on the picture's edge
        ((10, 10, 30, 50), "close-up", "bottom"),  # a bust ends somewhere, whatever is drawn below it
        ((10, 10, 30, 50), "long", ""),
    ],
)
def test_sides_that_are_cut(box, shot, cut):
    assert sides_cut(mask(*box), shot) == frozenset(cut.split())


def test_a_toe_that_touches_is_no_cut():
    pixels = mask(10, 10, 30, 58)
    pixels[58:, 19:21] = 1
    assert sides_cut(pixels) == frozenset()


@pytest.mark.parametrize("masked", ["grey", "alpha"])
def test_the_cut_out_is_the_character_alone(figure, masked):
    thing = cut_out_of(figure("mira/a", masked=masked))
    rgb, alpha = thing.foreground[..., :3], thing.foreground[..., 3]
    assert abs(rgb.shape[0] - 40) <= 2 and abs(rgb.shape[1] - 16) <= 2
    assert (rgb[alpha > 0.1] - torch.tensor([0.8, 0.1, 0.1])).abs().max() < 0.02


def thing(width, height, cut):
    return CutOut(torch.ones(height, width, 4), frozenset(cut.split()))


def frame_of(model, cut, width=20, height=40):
    return stand(model, torch.full((64, 96, 3), 0.5), thing(width, height, cut), StageSettings(mode="sample"), 5).box


@pytest.mark.parametrize(
    "cut, edges",
    [
        ("bottom", {"bottom": 64}),
        ("left", {"left": 0}),
        ("right bottom", {"right": 96, "bottom": 64}),
        ("top", {"top": 0}),
        ("top bottom", {"top": 0, "bottom": 64}),
    ],
)
def test_cut_sides_lie_just_beyond_the_frames_edge(untrained_model, cut, edges):
    box = frame_of(untrained_model, cut)
    for side, edge in edges.items():
        beyond = edge - getattr(box, side) if side in ("left", "top") else getattr(box, side) - edge
        assert 0 < beyond < 2, side
    assert box.width / box.height == pytest.approx(0.5)


def test_what_is_cut_left_and_right_spans_the_frame(untrained_model):
    box = frame_of(untrained_model, "left right", width=60, height=20)
    assert box.left < 0 and box.right > 96
    assert box.width / box.height == pytest.approx(3)


def test_a_bust_is_never_tiny(untrained_model):
    tiny = StageSettings(smallest=0.05, mode="sample")
    for seed in range(8):
        box = stand(untrained_model, torch.full((64, 96, 3), 0.5), thing(20, 20, "bottom"), tiny, seed).box
        assert box.height / 64 > 0.28


@pytest.mark.parametrize(
    "cut, width, height, said",
    [
        ("left top right bottom", 20, 20, "all sides"),
        ("top bottom", 40, 20, "top and bottom and too wide"),
        ("left right", 20, 40, "left and right and too tall"),
    ],
)
def test_what_fits_nowhere_is_refused_with_the_reason(untrained_model, cut, width, height, said):
    with pytest.raises(TroupeError, match=said):
        frame_of(untrained_model, cut, width, height)


def test_alpha_colours_are_those_below_the_transparency(figure):
    sample = figure("mira/a", masked="alpha")
    assert read_picture(sample).mask is not None
    assert cut_out_of(sample).cut == frozenset()
