"""New light leaves the thing the same; blur, noise and strangers do not."""

import math

import pytest
import torch
import torch.nn.functional as F

from troupe.models.compositing.measuring.identity import identity


def textured(seed, smooth=2):
    noise = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(seed))
    for _ in range(smooth):
        noise = blurred(noise)
    return (0.5 + (noise - 0.5) * 1.2).clamp(0.1, 0.9)[0].permute(1, 2, 0)


def blurred(x):
    return F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), 3, 1)


@pytest.fixture
def mask():
    y, x = torch.meshgrid(torch.arange(64), torch.arange(64), indexing="ij")
    return (torch.hypot(y - 32.0, x - 32.0) < 24).float()


def test_the_thing_itself_is_the_same(mask):
    thing = textured(0)
    assert identity(thing, thing, mask) == pytest.approx((1, 1, 1))


@pytest.mark.parametrize("gain", [(0.6, 0.6, 0.6), (1.1, 0.8, 0.5)])
@pytest.mark.parametrize("offset", [0.0, 0.08])
def test_another_light_changes_nothing(mask, gain, offset):
    thing = textured(0)
    assert identity(thing * torch.tensor(gain) + offset, thing, mask) == pytest.approx((1, 1, 1), abs=0.01)


def test_only_the_inside_counts(mask):
    thing = textured(0)
    out = torch.where(mask[..., None] > 0.5, thing, torch.rand(64, 64, 3))
    assert identity(out, thing, mask) == pytest.approx((1, 1, 1))


def test_blur_takes_detail_and_noise_adds_it(mask):
    thing = textured(0)
    soft = blurred(thing.permute(2, 0, 1)[None])[0].permute(1, 2, 0)
    rough = thing + 0.05 * torch.randn(64, 64, 3, generator=torch.Generator().manual_seed(1))
    assert identity(soft, thing, mask).detail < 0.5
    assert identity(rough, thing, mask).detail > 1.5
    assert identity(soft, thing, mask).luminance > 0.8


def test_a_stranger_is_not_the_thing(mask):
    found = identity(textured(5), textured(0), mask)
    assert abs(found.luminance) < 0.2
    assert abs(found.gradient) < 0.2


def test_a_negative_is_not_the_thing(mask):
    thing = textured(0)
    assert identity(1 - thing, thing, mask).luminance == pytest.approx(-1, abs=0.02)


def test_a_thing_turned_flat_has_lost_everything(mask):
    found = identity(torch.full((64, 64, 3), 0.5), textured(0), mask)
    assert abs(found.luminance) < 0.05
    assert abs(found.gradient) < 0.1
    assert found.detail < 0.01


def test_an_even_thing_that_stayed_even_is_the_same(mask):
    even = torch.full((64, 64, 3), 0.5)
    assert identity(even * 0.7, even, mask) == pytest.approx((1, 1, 1))


def test_without_a_mask_nothing_is_claimed():
    assert all(math.isnan(v) for v in identity(textured(0), textured(0), torch.zeros(64, 64)))
