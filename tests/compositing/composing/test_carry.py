"""A small view's change done to large pictures: the ground keeps its bits, the thing its detail."""

import pytest
import torch
import torch.nn.functional as F

from troupe.models.compositing.composing import carry as carrying
from troupe.models.compositing.composing.carry import carry, moved_edge
from troupe.models.compositing.composing.effect import Strength
from troupe.models.compositing.composing.warp import covered, warped
from troupe.models.compositing.field import paste, to_field
from troupe.models.compositing.grid import Frame
from troupe.models.compositing.seeing import size_of
from troupe.models.compositing.view import window_around
from troupe.models.errors import TroupeError

NONE = Strength(0, 0, 0)


def plain(background, foreground, box):
    """The slow, obvious paste."""
    pixels = covered(box, size_of(background))
    thing = warped(foreground, box, pixels)
    flat = thing[..., :3] / thing[..., 3:].clamp(min=1e-6)
    ground = background[pixels.top : pixels.bottom, pixels.left : pixels.right]
    laid = paste(*(x.permute(2, 0, 1) for x in (flat, thing[..., 3:], ground)))
    out = background.clone()
    out[pixels.top : pixels.bottom, pixels.left : pixels.right] = laid.permute(1, 2, 0)
    return out


def luminance_detail(picture):
    grey = picture.mean(-1)[None, None]
    return (grey - F.avg_pool2d(grey, 5, 1, 2))[0, 0]


def correlation(a, b):
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum() / (a.norm() * b.norm()))


def test_no_change_is_the_plain_paste(scene, fields):
    made = carry(*scene[:3], fields.even(), scene.window)
    torch.testing.assert_close(made.image, plain(*scene[:3]), atol=1e-6, rtol=0)


def test_strengths_of_0_are_exactly_no_change(scene, fields):
    change = fields.even((-0.4, 0.3, 0.2), 0.3) + fields.spot()
    off, nothing = carry(*scene[:3], change, scene.window, NONE), carry(*scene[:3], fields.even(), scene.window)
    assert all(map(torch.equal, off, nothing))


def test_no_change_leaves_every_bit_outside_of_the_alpha(scene, fields):
    made = carry(*scene[:3], fields.even(), scene.window)
    outside = made.mask == 0
    assert torch.equal(made.image[outside], scene.background[outside])
    assert outside.float().mean() > 0.9


def test_where_the_effect_is_0_every_bit_is_the_backgrounds(scene, fields):
    made = carry(*scene[:3], fields.spot(), scene.window)
    untouched = made.effect == 0
    assert 0.5 < untouched.float().mean() < 0.98
    assert torch.equal(made.image[untouched], scene.background[untouched])


def test_a_background_out_of_range_keeps_its_bits_too(scene, fields):
    bright = scene.background * 1.5 - 0.2
    made = carry(bright, scene.foreground, scene.box, fields.spot(), scene.window)
    assert torch.equal(made.image[made.effect == 0], bright[made.effect == 0])


def test_what_came_in_is_not_touched(scene, fields):
    before = [part.clone() for part in scene[:2]]
    carry(*scene[:3], fields.even((-0.4, -0.4, -0.4), 0.2), scene.window)
    assert all(map(torch.equal, before, scene[:2]))


def test_a_shadow_darkens_the_ground_by_its_ratio(scene, fields):
    flat = torch.full_like(scene.background, 0.5)
    made = carry(flat, scene.foreground, scene.box, fields.spot(-0.6, radius=0.12), scene.window)
    left, top, right, bottom = scene.window
    x, y = int(left + 0.8 * (right - left)), int(top + 0.5 * (bottom - top))
    wanted = 0.55 * torch.exp(torch.tensor(-0.6)) - 0.05
    assert made.image[y, x, 0] == pytest.approx(float(wanted), abs=0.015)
    assert made.effect[y, x] == pytest.approx(1 - float(torch.exp(torch.tensor(-0.6))), abs=0.03)


def test_a_shadow_shows_no_cells_and_no_contour(fields):
    """A spot 16 cells wide on flat ground, 40 pixels a cell: the slope changes slowly everywhere."""
    ground = torch.full((640, 640, 3), 0.5)
    speck, box = torch.tensor([0.5, 0.5, 0.5, 1.0]).view(1, 1, 4), Frame(2, 2, 3, 3)
    made = carry(ground, speck, box, fields.spot(-0.3, (0.5, 0.5), 0.2, side=16), Frame(0, 0, 640, 640))
    line = made.image[320, 100:, 0].double()
    assert line.max() - line.min() > 0.1
    assert line.diff().abs().max() < 0.003
    assert line.diff().diff().abs().max() < 2e-4


def test_a_colour_change_reaches_the_thing_and_nothing_else(scene, fields):
    """What the network sees of a thing that turned red: the border's cells changed by their share."""
    from troupe.models.compositing.composing.effect import share_of_thing
    from troupe.models.compositing.seeing import view_of

    view = view_of(*scene, torch.zeros(1, 64, 64), 64)
    share = share_of_thing(view)
    turned = torch.tensor([0.2, -0.4, -0.4]).view(3, 1, 1)
    field = to_field(torch.log(share * torch.exp(turned) + 1 - share)[None], torch.zeros(1, 1, 64, 64))[0]
    made = carry(*scene[:3], field, scene.window)
    outside = made.mask == 0
    assert (made.image - scene.background)[outside].abs().max() < 0.02
    pasted, inside = plain(*scene[:3]), made.mask > 0.999
    ratio = ((made.image + 0.05) / (pasted + 0.05))[inside]
    shown = made.image[inside].amax(-1) < 0.99  # what is not clipped at white
    torch.testing.assert_close(ratio[shown].mean(0), torch.exp(turned.flatten()), atol=0.02, rtol=0)


def test_the_thing_keeps_its_detail(scene, fields):
    chance = torch.Generator().manual_seed(5)
    wild = to_field(0.15 * torch.randn(1, 3, 64, 64, generator=chance), torch.zeros(1, 1, 64, 64))[0]
    made, inside = carry(*scene[:3], wild, scene.window), plain(*scene[:3])
    solid = carry(*scene[:3], fields.even(), scene.window).mask > 0.999
    assert correlation(luminance_detail(made.image)[solid], luminance_detail(inside)[solid]) > 0.99


@pytest.mark.parametrize("side", [8, 16, 64, 200])
def test_a_view_of_any_side_tells_the_same_constant_change(scene, fields, side):
    """The window is the whole picture, so that nothing fades at its edges."""
    whole = Frame(0, 0, 200, 150)
    change = (-0.3, -0.2, -0.25)
    made = carry(*scene[:3], fields.even(change, side=side), whole)
    other = carry(*scene[:3], fields.even(change, side=48), whole)
    torch.testing.assert_close(made.image, other.image, atol=2e-3, rtol=0)


@pytest.mark.parametrize("name", ["colour", "shadow", "edge"])
def test_each_strength_does_something_and_more_does_more(scene, fields, name):
    change = fields.even((-0.2, -0.2, -0.2), 0.2)
    nothing = carry(*scene[:3], change, scene.window, NONE).image
    away = [
        float((carry(*scene[:3], change, scene.window, NONE._replace(**{name: s})).image - nothing).abs().mean())
        for s in (0.5, 1.0, 2.0)
    ]
    assert 0 < away[0] < away[1] < away[2]


def test_a_corrected_alpha_has_no_hole_and_no_halo(scene, fields):
    before = carry(*scene[:3], fields.even(), scene.window).mask
    for change in (-0.9, 0.9):
        after = carry(*scene[:3], fields.even(alpha_change=change), scene.window).mask
        assert torch.equal(after[before == 0], before[before == 0])
        torch.testing.assert_close(after[before == 1], before[before == 1])
        soft = (before > 0.1) & (before < 0.9)
        assert ((after - before)[soft] * change > 0).float().mean() > 0.9


def test_a_moved_edge_takes_its_colours_along():
    alpha = torch.linspace(0, 1, 11).view(11, 1)
    colours, moved = moved_edge(alpha * 0.4, alpha, torch.tensor([[-1.0]]))
    torch.testing.assert_close(colours, moved * 0.4)
    torch.testing.assert_close(torch.logit(moved[1:-1]), torch.logit(alpha[1:-1]) - 1)


def test_many_strips_make_the_same_picture_as_one(scene, fields, monkeypatch):
    change = fields.even((-0.3, 0.2, 0.1), 0.3) + fields.spot()
    whole = carry(*scene[:3], change, scene.window)
    monkeypatch.setattr(carrying, "AT_ONCE", 1)
    for a, b in zip(whole, carry(*scene[:3], change, scene.window), strict=True):
        torch.testing.assert_close(a, b, atol=1e-6, rtol=0)


@pytest.mark.parametrize(
    "box",
    [
        Frame(-15, 30, 25, 90),
        Frame(180.5, 100, 220.5, 160),
        Frame(-50, -50, 300, 400),
        Frame(10, 10, 10.4, 10.3),
        Frame(199.2, 149.1, 260, 300),
    ],
)
def test_boxes_across_the_frame_and_tiny_and_huge_ones(scene, fields, box):
    window = window_around(box, size_of(scene.background))
    made = carry(scene.background, scene.foreground, box, fields.even((-0.2, -0.2, -0.2), 0.1), window)
    torch.testing.assert_close(made.image.shape, scene.background.shape)
    assert made.image.min() >= 0 and made.image.max() <= 1 and torch.isfinite(made.image).all()
    left, top, right, bottom = covered(box, size_of(scene.background))
    made.mask[top:bottom, left:right] = 0
    assert made.mask.max() == 0


def test_one_pixel_on_one_pixel(fields):
    made = carry(torch.zeros(1, 1, 3), torch.ones(1, 1, 4), Frame(0, 0, 1, 1), fields.even(), Frame(0, 0, 1, 1))
    assert torch.equal(made.image, torch.ones(1, 1, 3)) and made.mask.item() == 1 and made.effect.item() == 1


def test_a_foreground_larger_than_the_background_is_scaled_to_its_box(fields):
    large = torch.tensor([0.2, 0.6, 0.4, 1.0]).expand(300, 500, 4)
    made = carry(torch.zeros(30, 50, 3), large, Frame(10, 10, 35, 25), fields.even(), Frame(0, 0, 50, 30))
    torch.testing.assert_close(made.image[10:25, 10:35], large[:15, :25, :3], atol=1e-5, rtol=0)
    assert made.mask.sum() == pytest.approx(15 * 25)


def test_a_box_that_misses_is_refused(scene, fields):
    with pytest.raises(TroupeError, match="outside of the background"):
        carry(scene.background, scene.foreground, Frame(500, 0, 600, 50), fields.even(), scene.window)
