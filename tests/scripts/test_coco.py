"""COCO's polygons as masks, and the split of its photographs."""

from __future__ import annotations

import pytest
import torch

from troupe.scripts.compositing.coco import HELD_OUT, is_holdout, rasterised

SQUARE = (2.0, 2.0, 6.0, 2.0, 6.0, 6.0, 2.0, 6.0)


def test_a_polygon_covers_what_lies_inside():
    mask = rasterised([SQUARE], 10, 8)
    assert mask.shape == (8, 10) and mask.dtype == torch.float32
    assert float(mask.sum()) == pytest.approx(16, rel=0.15)
    assert (mask[3:5, 3:5] == 1).all() and not mask[:2].any() and not mask[:, 7:].any()


def test_an_edge_within_a_pixel_is_grey():
    half = (2.5, 2.0, 6.0, 2.0, 6.0, 6.0, 2.5, 6.0)
    assert 0.2 < float(rasterised([half], 10, 8)[4, 2]) < 0.8


def test_several_polygons_are_one_mask():
    other = tuple(value + 6 for value in SQUARE)
    both = rasterised([SQUARE, other], 16, 16)
    assert torch.equal(both, torch.maximum(rasterised([SQUARE], 16, 16), rasterised([other], 16, 16)))


def test_about_a_third_is_held_out_and_always_the_same_ones():
    held = [n for n in range(4000) if is_holdout(n)]
    assert len(held) / 4000 == pytest.approx(HELD_OUT, abs=0.03)
    assert held == [n for n in range(4000) if is_holdout(n)] and held != list(range(len(held)))
