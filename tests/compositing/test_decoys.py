"""Decoys lie off the object's hole, have outlines like it, and leave all else as it was."""

import pytest
import torch

from troupe.models.compositing.groups import decoys
from troupe.models.compositing.groups.decoys import silhouette, with_decoys
from troupe.models.compositing.groups.holes import hole_of
from troupe.models.compositing.groups.masks import bounds, grown

GROWTH = 0.05


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def scene(height=96, width=160):
    """Grain, and an upright object a bit left of the middle."""
    mask = torch.zeros(height, width, dtype=torch.bool)
    mask[40:64, 60:68] = True
    return torch.rand(height, width, 3, generator=seeded()), mask, hole_of(mask, GROWTH)


def decoyed(count=3, seed=0):
    picture, mask, hole = scene()
    result, touched = with_decoys(picture, mask, hole, count, GROWTH, seeded(seed))
    return picture, result, touched, hole


def test_only_the_decoys_change_and_they_keep_away_from_the_hole():
    picture, result, touched, hole = decoyed()
    assert touched.any()
    assert not (grown(hole, 2) & touched).any()
    assert torch.equal(result[~touched], picture[~touched])
    assert not torch.equal(result[touched], picture[touched])


def test_each_decoy_is_a_place_of_its_own():
    from scipy.ndimage import label

    for count in (0, 1, 2, 3):
        assert label(decoyed(count)[2].numpy())[1] == count


def test_a_decoy_is_about_as_large_as_the_hole():
    _, _, touched, hole = decoyed(count=1)
    assert 0.5 < touched.sum() / hole.sum() < 1.4


def test_the_object_is_never_copied():
    """The object is black in a bright picture; a black decoy would be its ghost."""
    _, mask, hole = scene()
    picture = 0.5 + 0.5 * torch.rand(*mask.shape, 3, generator=seeded())
    picture[mask] = 0
    result, touched = with_decoys(picture, mask, hole, 3, GROWTH, seeded())
    assert result[touched].mean(-1).min() > 0.3


def test_decoys_prefer_the_objects_own_height():
    picture, mask, hole = scene()
    feet = []
    for seed in range(12):
        _, touched = with_decoys(picture, mask, hole, 1, GROWTH, seeded(seed))
        feet.append(bounds(touched).bottom)
    assert sum(abs(foot - bounds(hole).bottom) < 20 for foot in feet) >= 6


def test_without_room_there_are_fewer():
    picture = torch.rand(48, 64, 3, generator=seeded())
    mask = torch.zeros(48, 64, dtype=torch.bool)
    mask[4:44, 8:56] = True
    result, touched = with_decoys(picture, mask, hole_of(mask, GROWTH), 6, GROWTH, seeded())
    assert touched.sum() <= decoys.MOST_TOUCHED * mask.numel()
    assert torch.equal(result[~touched], picture[~touched])


def test_the_shadow_is_taken_out_below_and_beside_the_foot_only():
    mask = torch.zeros(80, 80, dtype=torch.bool)
    mask[20:60, 36:44] = True
    close, wide = bounds(hole_of(mask, 0.0)), bounds(hole_of(mask, 0.2))
    assert close == bounds(mask).grown(bounds(mask).left - close.left)
    assert wide.top == close.top
    assert wide.bottom == close.bottom + 8
    assert (close.left - wide.left, wide.right - close.right) == (16, 16)
    assert torch.equal(hole_of(mask, 0.2)[:38], hole_of(mask, 0.0)[:38])


@pytest.mark.parametrize("size, kept", [((40, 20), (40, 20)), ((512, 256), (128, 64))])
def test_a_silhouette_is_cut_to_its_bounds_and_small(size, kept):
    mask = torch.zeros(600, 600)
    mask[10 : 10 + size[0], 30 : 30 + size[1]] = 1
    assert silhouette(mask).shape == kept
    assert silhouette(mask).min() > 0.999
