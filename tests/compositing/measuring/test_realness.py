"""The classifier guesses where there is no difference, finds one where there is, and never learns what it is asked."""

import math

import numpy as np
import pytest
import torch

from troupe.models.compositing.measuring.realness import told_apart
from troupe.models.compositing.measuring.traces import traces


def draws(count, seed, shift=0.0, features=6):
    return np.random.default_rng(seed).normal(shift, 1, (count, features))


def test_equal_distributions_cannot_be_told_apart():
    accuracies = [told_apart(draws(80, seed), draws(80, 100 + seed)).accuracy for seed in range(10)]
    assert np.mean(accuracies) == pytest.approx(0.5, abs=0.04)


def test_the_same_pictures_are_exactly_chance():
    assert told_apart(draws(40, 0), draws(40, 0)).accuracy == 0.5


def test_separable_ones_are_told_apart():
    assert told_apart(draws(60, 0), draws(60, 1, shift=2.0)).accuracy > 0.9


def test_a_larger_pile_is_no_help():
    """Always saying `real` would be right nine times in ten."""
    found = [told_apart(draws(180, s), draws(20, 50 + s)).accuracy for s in range(8)]
    assert np.mean(found) == pytest.approx(0.5, abs=0.1)


def test_a_scene_that_is_known_again_is_no_evidence():
    """Each scene has its own look and was seen by one side only: held out scene by scene, that teaches nothing."""
    rng = np.random.default_rng(0)
    looks = rng.normal(0, 3, (40, 60))
    scenes = np.repeat(np.arange(20), 6), np.repeat(np.arange(20, 40), 6)
    real, other = (looks[scene] + rng.normal(0, 0.1, (120, 60)) for scene in scenes)
    pooled, apart = told_apart(real, other), told_apart(real, other, scenes)
    assert apart.accuracy < pooled.accuracy - 0.1


@pytest.mark.parametrize("folds", [2, 5, 10])
def test_seed_and_folds_decide_the_split_and_nothing_else_does(folds):
    real, other = draws(40, 0), draws(40, 1, shift=0.4)
    first = told_apart(real, other, folds=folds, seed=3)
    assert first == told_apart(real, other, folds=folds, seed=3)
    assert len({told_apart(real, other, folds=folds, seed=s).accuracy for s in range(6)}) > 1


def test_one_picture_says_nothing():
    assert math.isnan(told_apart(draws(1, 0), draws(1, 1)).accuracy)


def scene(seed, gain=1.0, noisy=True):
    """A square on a gradient, both with the same grain unless the square comes from elsewhere."""
    generator = torch.Generator().manual_seed(seed)
    mask = torch.zeros(48, 48)
    mask[16:36, 18:30] = 1
    ground = torch.linspace(0.3, 0.7, 48)[:, None, None].expand(48, 48, 3)
    grain = 0.03 * torch.randn(48, 48, 3, generator=generator)
    thing = (0.45 + 0.2 * torch.rand((), generator=generator)) * gain
    kept = grain if noisy else grain * (1 - mask[..., None])
    return (torch.where(mask[..., None] > 0, thing, ground) + kept).clamp(0, 1), mask


@pytest.mark.parametrize("change", [{"gain": 1.7}, {"noisy": False}])
def test_traces_tell_wrong_light_and_missing_grain(change):
    def features(start, **change):
        return torch.stack([traces(*scene(seed, **change)) for seed in range(start, start + 30)]).numpy()

    real = features(0)
    assert told_apart(real, features(200, **change)).accuracy > 0.9
    assert told_apart(real, features(200)).accuracy == pytest.approx(0.5, abs=0.2)


def test_traces_of_odd_masks_are_finite():
    picture = torch.rand(8, 8, 3)
    for mask in (torch.zeros(8, 8), torch.ones(8, 8), torch.eye(8)):
        assert traces(picture, mask).shape == (24,)
        assert torch.isfinite(traces(picture, mask)).all()
