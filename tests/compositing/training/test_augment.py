"""A group that is seen anew is still one: its composite is what its foreground makes of its background."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from troupe.models.compositing.groups.group import GroupPixels
from troupe.models.compositing.seeing import size_of
from troupe.models.compositing.training.augment import augmented, blotted, disguised, spoilt_edge
from troupe.models.compositing.training.chance import chance_for
from troupe.models.compositing.training.settings import PLAIN, Augment
from troupe.models.geometry import Box

GEOMETRY = replace(PLAIN, flip=0.5, crop=0.8, least_crop=0.4)


BOX = Box(12, 10, 30, 34)


def a_group(box=BOX, seed=0):
    """Noise on noise, of hard edges and without a shadow: the composite is the paste to the last bit."""
    chance = torch.Generator().manual_seed(seed)
    background = torch.rand((48, 64, 3), generator=chance)
    foreground = torch.rand((box.size.height, box.size.width, 4), generator=chance)
    foreground[..., 3] = (foreground[..., 3] > 0.3).float()
    return GroupPixels(foreground, background, pasted(foreground, background, box), box)


def pasted(foreground, background, box):
    """The slow way: pixel rows and columns of the box that lie in the frame."""
    composite, (height, width) = background.clone(), background.shape[:2]
    for y in range(max(0, box.top), min(height, box.bottom)):
        for x in range(max(0, box.left), min(width, box.right)):
            if foreground[y - box.top, x - box.left, 3] == 1:
                composite[y, x] = foreground[y - box.top, x - box.left, :3]
    return composite


# Laws


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(-8, 50), st.integers(-8, 34))
def test_a_mirrored_and_cropped_group_is_still_its_own_paste(seed, left, top):
    seen = augmented(a_group(Box(left, top, left + 14, top + 18)), GEOMETRY, chance_for(seed))
    assert torch.equal(pasted(seen.foreground, seen.background, seen.box), seen.composite)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_a_change_of_tone_is_the_same_for_all_three_pictures(seed):
    seen = augmented(a_group(), replace(GEOMETRY, tone=1.0), chance_for(seed))
    assert torch.allclose(pasted(seen.foreground, seen.background, seen.box), seen.composite, atol=1e-5)
    assert all(0 <= float(p.min()) and float(p.max()) <= 1 for p in seen[:3])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(-8, 50), st.integers(-8, 34))
def test_a_crop_keeps_all_of_the_object_that_was_there(seed, left, top):
    group = a_group(Box(left, top, left + 14, top + 18))
    seen = augmented(group, replace(PLAIN, crop=1.0, least_crop=0.3), chance_for(seed))
    before, after = size_of(group.background), size_of(seen.background)
    assert seen.box.clipped(after).size == group.box.clipped(before).size
    assert seen.box.size == group.box.size
    assert after.width >= round(0.3 * before.width) and after.height >= round(0.3 * before.height)


def test_mirroring_twice_is_the_group_itself():
    mirror = replace(PLAIN, flip=1.0)
    once = augmented(a_group(), mirror, chance_for(0))
    assert once.box == Box(64 - 30, 10, 64 - 12, 34)
    twice = augmented(once, mirror, chance_for(0))
    assert twice.box == a_group().box
    assert all(torch.equal(ours, theirs) for ours, theirs in zip(twice[:3], a_group()[:3], strict=True))


def test_the_same_chance_sees_the_same_and_what_came_in_stays_as_it_was():
    group = a_group()
    first, second = (augmented(group, Augment(), chance_for(7)) for _ in range(2))
    assert first.box == second.box and all(torch.equal(a, b) for a, b in zip(first[:3], second[:3], strict=True))
    shown = [disguised(group.foreground, Augment(), chance_for(7)) for _ in range(2)]
    assert torch.equal(*shown)
    assert all(torch.equal(a, b) for a, b in zip(group[:3], a_group()[:3], strict=True))


def test_plainly_seen_a_group_is_itself():
    group = a_group()
    seen = augmented(group, PLAIN, chance_for(0))
    assert seen.box == group.box and all(torch.equal(a, b) for a, b in zip(seen[:3], group[:3], strict=True))
    assert torch.equal(disguised(group.foreground, PLAIN, chance_for(0)), group.foreground)
    alpha = group.foreground[None, ..., 3]
    assert torch.equal(spoilt_edge(alpha, 0.0, chance_for(0)), alpha)


# What single settings do


@pytest.mark.parametrize("setting, share", [("flip", 0.0), ("flip", 0.25), ("flip", 1.0), ("crop", 0.5)])
def test_a_share_of_groups_is_mirrored_or_cropped(setting, share):
    group, plain = a_group(), replace(PLAIN, least_crop=0.5)
    changed = [
        augmented(group, replace(plain, **{setting: share}), chance_for(seed)).box != group.box for seed in range(400)
    ]
    assert sum(changed) / 400 == pytest.approx(share, abs=0.08)


def test_a_disguise_changes_colours_and_leaves_the_outline():
    foreground = a_group().foreground
    disguises = [disguised(foreground, replace(PLAIN, tint=1.0), chance_for(seed)) for seed in range(50)]
    assert all(torch.equal(d[..., 3], foreground[..., 3]) for d in disguises)
    assert 0.6 < sum(not torch.equal(d, foreground) for d in disguises) / 50 < 0.95


def test_softening_takes_resolution_and_keeps_the_mean():
    foreground = a_group(Box(0, 0, 40, 40)).foreground
    soft = [disguised(foreground, replace(PLAIN, soften=1.0), chance_for(seed)) for seed in range(20)]
    assert min(s.shape[0] for s in soft) < 20
    assert all(s.mean() == pytest.approx(float(foreground.mean()), abs=0.02) for s in soft)
    assert all(s.shape[0] / s.shape[1] == pytest.approx(1, abs=0.1) for s in soft)


def test_a_spoilt_edge_is_spoilt_at_the_edge_alone():
    alpha = torch.zeros(1, 20, 20)
    alpha[:, 5:15, 5:15] = 1
    spoilt = [spoilt_edge(alpha, 1.0, chance_for(seed)) for seed in range(20)]
    for given_ in spoilt:
        assert 0 <= given_.min() and given_.max() <= 1
        assert torch.equal(given_[:, 7:13, 7:13], alpha[:, 7:13, 7:13])
        assert not given_[:, :4].any() and not given_[:, :, 16:].any()
    areas = [float(s.sum()) for s in spoilt]
    assert min(areas) < 95 < 105 < max(areas)  # narrower and wider


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_share_of_backgrounds_is_blotted_in_patches_of_one_colour(share):
    background = torch.rand((1, 3, 40, 60), generator=chance_for(1))
    seen = [blotted(background, share, chance_for(seed)) for seed in range(300)]
    changed = [(s != background).any(1)[0] for s in seen if not torch.equal(s, background)]
    assert len(changed) / 300 == pytest.approx(share, abs=0.08)
    assert all(0.005 < float(c.float().mean()) < 3 * 0.13 for c in changed)
    assert all(
        len(s[0, :, c].unique(dim=1).T) <= 3
        for s, c in zip([s for s in seen if (s != background).any()], changed, strict=True)
    )
