"""Two placings are alike as far as their boxes overlap, and the sum over the whole grid is the slow sum, only quick."""

import pytest
import torch

from troupe.models.compositing.grid import CELLS, SCALES, Position, frame_of
from troupe.models.compositing.measuring.placement import iou
from troupe.models.compositing.placing.alike import LEAST, likeness, neighbours, overlap_expected, spot_of, spots
from troupe.models.geometry import Size

SQUARE = Size(1000, 1000)
PAIRS = [
    (Position(0.5, 0.9, 0.4), Position(0.55, 0.9, 0.4)),
    (Position(0.5, 0.9, 0.4), Position(0.5, 0.8, 0.5)),
    (Position(0.3, 0.6, 0.3), Position(0.35, 0.65, 0.25)),
    (Position(0.2, 0.9, 0.2), Position(0.8, 0.9, 0.2)),
]


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_large_boxes_are_alike_by_their_iou(a, b):
    alike = float(likeness(spot_of(a, 0.8), spot_of(b, 0.8)))
    assert alike == pytest.approx(iou(frame_of(a, 0.8, SQUARE), frame_of(b, 0.8, SQUARE)), abs=1e-4)


@pytest.mark.parametrize("aspect", [0.1, 1.0, 6.0])
def test_likeness_is_never_below_the_iou_and_does_not_depend_on_the_order(aspect):
    chance = torch.Generator().manual_seed(1)
    for x, y, scale, dx, dy, grow in torch.rand(50, 6, generator=chance).tolist():
        a = Position(x, y, 0.05 + 0.4 * scale)
        b = Position(x + (dx - 0.5) / 8, y + (dy - 0.5) / 8, a.scale * (0.7 + 0.6 * grow))
        there, back = (float(likeness(spot_of(p, aspect), spot_of(q, aspect))) for p, q in ((a, b), (b, a)))
        assert there == pytest.approx(back, abs=1e-5)
        assert there >= iou(frame_of(a, aspect, SQUARE), frame_of(b, aspect, SQUARE)) - 1e-4


def test_what_the_network_cannot_tell_apart_is_alike():
    """A box of 1.3 x 3.2 cells, moved by two cells: nothing overlaps, and still it is the same place."""
    thin, moved = Position(0.5, 0.5, 0.05), Position(0.5 + 2 / CELLS, 0.5, 0.05)
    assert iou(frame_of(thin, 0.4, SQUARE), frame_of(moved, 0.4, SQUARE)) == 0
    alike = float(likeness(spot_of(thin, 0.4), spot_of(moved, 0.4)))
    assert alike == pytest.approx((LEAST - 2) / (LEAST + 2), abs=1e-4)


def test_small_things_of_another_size_are_not_alike():
    """Magnifying keeps the ratio of the sizes."""
    alike = float(likeness(spot_of(Position(0.5, 0.5, 0.05), 1.0), spot_of(Position(0.5, 0.5, 0.1), 1.0)))
    assert alike == pytest.approx(0.25, abs=1e-4)


@pytest.mark.parametrize("least", [0.3, 0.5, 0.8])
def test_the_quick_sum_is_the_slow_sum(least):
    mass = torch.rand(SCALES, CELLS, CELLS, generator=torch.Generator().manual_seed(0)) ** 8
    mass = mass / mass.sum()
    quick, everywhere = overlap_expected(mass, neighbours(0.6, least)), spots(0.6)
    for index in (0, 5 * CELLS**2 + 32 * CELLS + 63, 9 * CELLS**2 + 40 * CELLS + 11, SCALES * CELLS**2 - 1):
        alike = likeness(everywhere.at(index), everywhere)
        slow = (mass * alike**2 * (alike > least)).sum()
        assert float(quick.reshape(-1)[index]) == pytest.approx(float(slow), abs=1e-5)
