"""A field told apart: light on the ground, colour on the thing, its border; none bleeds into another."""

import pytest
import torch

from troupe.models.compositing.composing import effect
from troupe.models.compositing.composing.effect import Strength, effect_of
from troupe.models.compositing.field import to_field
from troupe.models.compositing.networks.composition import View

SIDE = 64
CLOSED = (False, False, False, False)


def view_with(alpha, thing=0.3, ground=0.6):
    """A flat thing on flat ground."""
    alpha = alpha[None, None]
    return View(torch.full((1, 3, SIDE, SIDE), ground), (thing * alpha).repeat(1, 3, 1, 1), alpha, alpha * 0)


def disc(softness=6.0, radius=0.5):
    y, x = torch.meshgrid(torch.linspace(-1, 1, SIDE), torch.linspace(-1, 1, SIDE), indexing="ij")
    return ((radius - torch.hypot(x, y)) * softness + 0.5).clamp(0, 1)


def field_of(log_ratio, change=None):
    return to_field(log_ratio[None], torch.zeros(1, 1, SIDE, SIDE) if change is None else change[None])[0]


def flat(*values):
    return torch.tensor(values).view(-1, 1, 1).expand(len(values), SIDE, SIDE)


@pytest.mark.parametrize("softness", [6.0, 12.0, 30.0])
@pytest.mark.parametrize(("thing", "ground"), [(0.3, 0.6), (0.05, 0.9), (0.9, 0.1)])
def test_a_recoloured_thing_leaves_no_halo_and_a_shadow_no_stain(softness, thing, ground):
    """Cells on the border hold both; seen large, a tenth of the thing's colour outside of it is a visible halo."""
    view = view_with(disc(softness), thing, ground)
    share = effect.share_of_thing(view)
    ratio = torch.log(share * torch.exp(flat(-0.5, -0.4, -0.3)) + (1 - share) * 1.0)
    light, tint, _ = effect_of(field_of(ratio), view, Strength(), CLOSED)
    alpha, wanted = view.alpha[0, 0, ..., None], torch.expm1(torch.tensor([-0.5, -0.4, -0.3]))
    assert (light * (1 - alpha)).abs().max() < 0.01
    assert ((tint - wanted) * alpha).abs().max() < 0.03


def test_light_below_a_hundredth_is_none_and_clear_light_is_whole():
    view = view_with(torch.zeros(SIDE, SIDE))
    assert effect_of(field_of(flat(0.009, 0.009, 0.009)), view, Strength(), CLOSED).light.abs().max() == 0
    clear = effect_of(field_of(flat(-0.2, -0.2, -0.2)), view, Strength(), CLOSED).light
    torch.testing.assert_close(clear, torch.expm1(torch.full_like(clear, -0.2)), atol=1e-5, rtol=0)


def test_between_none_and_clear_there_is_no_step():
    values = torch.linspace(0, 0.06, 61)
    levels = torch.stack([effect.kneed(flat(v, v, v))[0, 0, 0] for v in values.tolist()])
    assert (levels.diff() >= 0).all()
    assert levels.diff().max() < 0.005, "a hundredth of the range in one step of a thousandth would show as a contour"


def test_noise_of_the_network_is_not_light():
    chance = torch.Generator().manual_seed(0)
    grain = 0.02 * torch.randn(3, SIDE, SIDE, generator=chance)
    light = effect_of(field_of(grain), view_with(torch.zeros(SIDE, SIDE)), Strength(), CLOSED).light
    assert (light == 0).float().mean() > 0.9


@pytest.mark.parametrize(("value", "bound"), [(-1.09, effect.DARKEST - 1), (1.09, effect.BRIGHTEST - 1)])
def test_light_keeps_to_what_shadows_and_lamps_do(value, bound):
    """Half as strong again as predicted, because a field alone goes no darker than a third."""
    ground = view_with(torch.zeros(SIDE, SIDE))
    light = effect_of(field_of(flat(value, value, value)), ground, Strength(shadow=1.5), CLOSED).light
    torch.testing.assert_close(light, torch.full_like(light, bound))


def test_light_ends_before_the_view_does_but_not_at_the_frame():
    view, dark = view_with(torch.zeros(SIDE, SIDE)), field_of(flat(-0.5, -0.5, -0.5))
    light = effect_of(dark, view, Strength(), (True, False, False, False)).light[..., 0]
    assert (light[:, :2] == 0).all()
    assert (light[:, 1:].diff(dim=1) <= 0).all(), "darker and darker away from the open side"
    assert (light[:, -1] < -0.39).all()


def test_blotches_of_hue_are_evened_and_shading_stays():
    alpha = torch.ones(SIDE, SIDE)
    ramp = torch.linspace(-0.3, 0.3, SIDE).expand(SIDE, SIDE)
    shading, hue = torch.stack([ramp, ramp, ramp]), torch.stack([ramp, -ramp, 0 * ramp])
    kept = [effect.evened(part, alpha[None]).std() / part.std() for part in (shading, hue)]
    assert kept[0] == pytest.approx(1 - effect.EVEN_LIGHT, abs=0.01)
    assert kept[1] == pytest.approx(1 - effect.EVEN_HUE, abs=0.01)


def test_each_strength_scales_its_own_part_alone():
    alpha = disc()
    field = field_of(flat(-0.3, -0.3, -0.3), torch.full((1, SIDE, SIDE), -0.2))
    view = view_with(alpha)
    full = effect_of(field, view, Strength(), CLOSED)
    for name, part in (("colour", "tint"), ("shadow", "light"), ("edge", "edge")):
        half = effect_of(field, view, Strength()._replace(**{name: 0.5}), CLOSED)
        for each in effect.Effect._fields:
            same = torch.equal(getattr(half, each), getattr(full, each))
            assert same == (each != part), f"{name} at half: {each}"
    half = effect_of(field, view, Strength(0.5, 0.5, 0.5), CLOSED)
    torch.testing.assert_close(torch.log1p(half.tint), torch.log1p(full.tint) / 2, atol=1e-5, rtol=0)
    torch.testing.assert_close(torch.log1p(half.light), torch.log1p(full.light) / 2, atol=1e-5, rtol=0)
    torch.testing.assert_close(half.edge, full.edge / 2)


def test_the_alpha_is_corrected_at_its_border_only():
    alpha = disc(30.0)
    veil = torch.where(alpha > 0.5, 0.6, 0.0)  # a thing that is half transparent all over
    change = torch.full((1, SIDE, SIDE), -0.2)
    edge = effect_of(field_of(flat(0.0, 0, 0), change), view_with(veil), Strength(), CLOSED).edge[..., 0]
    assert (edge[28:36, 28:36] == 0).all() and (edge[:4] == 0).all()
    assert edge.min() < -0.3


@pytest.mark.parametrize("alpha", [torch.zeros(SIDE, SIDE), torch.ones(SIDE, SIDE), torch.eye(SIDE) * 0.05])
def test_a_view_full_of_thing_or_ground_or_thin_hair_gives_numbers(alpha):
    found = effect_of(field_of(flat(-0.3, 0.1, 0.2)), view_with(alpha), Strength(), CLOSED)
    assert all(torch.isfinite(part).all() for part in found)
