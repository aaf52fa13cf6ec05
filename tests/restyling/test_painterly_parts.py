"""The tools under the looks: colour, smoothing, flow, grain. Laws first, then the mistakes that pictures showed."""

import pytest
import torch

from troupe.models.restyling.painterly import LookSettings
from troupe.models.restyling.painterly.analysis import analyse, sketch_of
from troupe.models.restyling.painterly.canvas import Window, enlarge, whole
from troupe.models.restyling.painterly.colour import oklab, overshoot, srgb
from troupe.models.restyling.painterly.flow import along_flow, flow_of, structure_tensor
from troupe.models.restyling.painterly.kuwahara import anisotropic_kuwahara, disc_points, sector_weights
from troupe.models.restyling.painterly.l0 import l0_smooth
from troupe.models.restyling.painterly.morphology import closed, dilated, eroded
from troupe.models.restyling.painterly.smooth import gaussian, guided
from troupe.models.restyling.painterly.texture import grain_along, noise
from troupe.models.restyling.painterly.tone import soft_bins, vibrance


def chance(*shape, seed=0):
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed))


def one(colour):
    return torch.tensor(colour, dtype=torch.float32).view(1, 3, 1, 1)


def flipped(x):
    return x.flip(-1)


# colour


def test_oklab_there_and_back_is_the_picture():
    rgb = 0.1 + 0.8 * chance(1, 3, 16, 16)
    back = srgb(oklab(rgb))
    muted = overshoot(oklab(rgb)) < 0.85  # vivid colours bend a little, see below
    assert ((back - rgb).abs().amax(1, True)[muted]).max() < 2e-3


def test_oklab_of_the_published_colours():
    white, red = oklab(one([1, 1, 1])).flatten(), oklab(one([1, 0, 0])).flatten()
    torch.testing.assert_close(white, torch.tensor([1.0, 0.0, 0.0]), atol=1e-3, rtol=0)
    torch.testing.assert_close(red, torch.tensor([0.628, 0.225, 0.126]), atol=1e-3, rtol=0)


@pytest.mark.parametrize("angle", range(0, 360, 30))
def test_a_colour_outside_the_gamut_keeps_its_hue_and_lightness(angle):
    """Clipping channels turned vivid reds orange and skin yellow."""
    turn = torch.deg2rad(torch.tensor(float(angle)))
    wish = one([0.6, 0.33 * torch.cos(turn), 0.33 * torch.sin(turn)])
    light, a, b = oklab(srgb(wish)).flatten()
    assert abs(light - 0.6) < 0.015
    miss = (torch.atan2(b, a) - turn + torch.pi) % (2 * torch.pi) - torch.pi
    assert abs(miss) < 0.06, f"hue moved by {torch.rad2deg(miss):.1f} degrees"


def test_chroma_bends_into_the_gamut_without_a_step():
    ramp = torch.stack([torch.full((200,), 0.6), torch.linspace(0, 0.4, 200), torch.linspace(0, 0.2, 200)])
    shown = oklab(srgb(ramp.view(1, 3, 1, 200)))[0, 1, 0]
    steps = shown[1:] - shown[:-1]
    assert steps.min() > -1e-3 and steps.diff().abs().max() < 2e-3


def test_vibrance_lifts_pale_colours_more_than_vivid_ones_and_keeps_order():
    ramp = torch.stack([torch.full((50,), 0.6), torch.linspace(0.01, 0.3, 50), torch.zeros(50)]).view(1, 3, 1, 50)
    gain = (vibrance(ramp, 1.4)[:, 1] / ramp[:, 1]).flatten()
    assert gain[0] > 1.35 and gain[-1] < 1.05
    assert (vibrance(ramp, 1.4)[0, 1, 0].diff() > 0).all()


def test_soft_bins_keep_black_white_and_order():
    x = torch.linspace(0, 1, 101)
    binned = soft_bins(x, 5, 4.0)
    assert binned[0] == 0 and binned[-1] == 1 and (binned.diff() >= 0).all()


# smoothing


@pytest.mark.parametrize("sigma", [0.7, 2.0, 4.9, 5.1, 12.0, 30.0])
def test_gaussian_has_unit_mass_no_shift_and_the_sigma_it_was_asked_for(sigma):
    x = torch.zeros(1, 1, 257, 257)
    x[..., 128, 128] = 1
    y = gaussian(x, sigma)[0, 0]
    place = torch.arange(257.0) - 128
    assert abs(y.sum() - 1) < 1e-3
    assert abs((y.sum(0) * place).sum()) < 0.05 * sigma
    assert (y.sum(0) * place**2).sum().sqrt() == pytest.approx(sigma, rel=0.06)


def test_guided_filter_does_not_clamp_signed_channels():
    """It once did: blues went grey, a flag went brown."""
    blue = torch.full((1, 1, 24, 24), -0.25) + 0.01 * chance(1, 1, 24, 24)
    assert guided(blue, blue, 3, 1e-3).mean() == pytest.approx(float(blue.mean()), abs=1e-3)


def test_an_isoluminant_edge_stays_sharp():
    """Red beside a blue of equal lightness: a guide of lightness alone smeared it."""
    lab = torch.zeros(1, 3, 40, 40)
    lab[:, 0] = 0.55
    lab[:, 1, :, :20], lab[:, 1, :, 20:] = 0.18, 0.0
    lab[:, 2, :, :20], lab[:, 2, :, 20:] = 0.09, -0.17
    analysis = analyse(srgb(lab)[0].permute(1, 2, 0))
    source = analysis.lab
    for name, smooth in [
        ("guided", guided(source, source, 4, 8e-4)),
        ("flat", analysis.flat(1.0)),
        ("paint", analysis.paint),
    ]:
        step = (smooth[0, 1:, 20, 20] - smooth[0, 1:, 20, 19]).norm() / (
            source[0, 1:, 20, 20] - source[0, 1:, 20, 19]
        ).norm()
        assert step > 0.8, f"{name} keeps only {step:.0%} of the edge"


def test_l0_flattens_a_slope_and_keeps_a_step():
    x = torch.zeros(1, 1, 32, 64)
    x[..., 32:] = 0.6
    noisy = x + 0.03 * chance(1, 1, 32, 64)
    y = l0_smooth(noisy, 0.02)
    assert y[..., 8:24].std() < 0.3 * noisy[..., 8:24].std()
    assert (y[..., 33] - y[..., 30]).mean() > 0.5


def test_l0_does_not_know_left_from_right():
    x = chance(1, 3, 24, 30)
    torch.testing.assert_close(l0_smooth(flipped(x), 0.02), flipped(l0_smooth(x, 0.02)), atol=1e-3, rtol=0)


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (23, 31), (47, 16)])
def test_l0_takes_pictures_of_any_size(size):
    """Lengths that a Fourier transform dislikes are framed, and the frame is cut off again."""
    flat = torch.full((1, 3, *size), 0.4)
    torch.testing.assert_close(l0_smooth(flat, 0.02), flat, atol=1e-5, rtol=0)
    x = chance(1, 3, *size)
    torch.testing.assert_close(l0_smooth(flipped(x), 0.02), flipped(l0_smooth(x, 0.02)), atol=0.02, rtol=0)


@pytest.mark.parametrize("radius", [1, 2, 3, 5])
def test_dilation_is_the_maximum_over_a_square_and_erosion_its_mirror(radius):
    x = chance(1, 2, 19, 14)
    slow = torch.nn.functional.max_pool2d(x, 2 * radius + 1, 1, radius)
    assert torch.equal(dilated(x, radius), slow)
    assert torch.equal(eroded(-x, radius), -slow)


def test_closing_fills_a_thin_dark_line_and_keeps_a_broad_one():
    x = torch.ones(1, 1, 20, 40)
    x[..., 8:10], x[..., 20:30] = 0, 0
    filled = closed(x, 2)
    assert (filled[..., 8:10] == 1).all() and (filled[..., 20:30] == 0).all()


def test_kuwahara_chooses_at_full_size_what_it_gathered_at_half():
    """A border stays as sharp as the picture's, though petals are gathered on every second pixel."""
    x = torch.zeros(1, 3, 48, 48)
    x[:, 0, :, 25:] = 0.8
    flow = flow_of(structure_tensor(x, (24, 24), 1.5, 12))
    assert flow.x.shape[-2:] == (24, 24)
    painted = anisotropic_kuwahara(x, flow, 2.0)
    assert painted.shape == x.shape
    assert (painted[0, 0, 24, 26] - painted[0, 0, 24, 23]) > 0.75


@pytest.mark.parametrize(
    "size, fine, small",
    [
        ((144, 112), (144, 112), (144, 112)),
        ((512, 512), (512, 512), (320, 320)),
        ((600, 800), (480, 640), (300, 400)),
        ((2048, 1024), (640, 320), (640, 320)),
    ],
)
def test_large_pictures_are_sketched_on_reduced_copies(size, fine, small):
    sketch = sketch_of(torch.zeros(1, 3, *size))
    assert (tuple(sketch.fine.shape[-2:]), tuple(sketch.lab.shape[-2:])) == (fine, small)


def test_kuwahara_sectors_share_the_disc_evenly():
    """Every sector weighs the same, and their middles cancel: no drift."""
    totals = torch.tensor([sector_weights(u, v) for u, v in disc_points()])
    points = torch.tensor(disc_points())
    assert totals.sum(0).std() / totals.sum(0).mean() < 0.2
    assert (totals.T @ points).sum(0).abs().max() < 1e-4


def test_flow_runs_along_an_edge():
    x = torch.zeros(1, 3, 32, 32)
    x[:, 0, :, 16:] = 1
    flow = flow_of(structure_tensor(x, (32, 32), 2, 20))
    assert flow.y[..., 16, 16].abs() > 0.99 and flow.coherence[..., 16, 16] > 0.9


def test_averaging_along_the_flow_does_not_cross_an_edge():
    x = torch.zeros(1, 3, 32, 32)
    x[:, 0, :, 16:] = 1
    smooth = along_flow(x[:, :1], flow_of(structure_tensor(x, (32, 32), 2, 20)), 4)
    torch.testing.assert_close(smooth, x[:, :1], atol=0.02, rtol=0)


# canvas and grain


def test_a_window_sees_what_the_whole_sees():
    small = chance(1, 2, 12, 9)
    everything = enlarge(small, whole(96, 72))
    part = enlarge(small, Window(40, 16, 32, 24, 96, 72))
    torch.testing.assert_close(part, everything[..., 40:72, 16:40], atol=1e-5, rtol=0)


@pytest.mark.parametrize(
    "make", [lambda w, s: noise(w, 8, s, torch.zeros(1), 2), lambda w, s: grain_along(w, 30, 20, 3, s, torch.zeros(1))]
)
def test_grain_hangs_on_seed_and_place_alone(make):
    everything = make(whole(128, 160), 5)
    torch.testing.assert_close(
        make(Window(32, 64, 40, 50, 128, 160), 5), everything[..., 32:72, 64:114], atol=1e-4, rtol=0
    )
    assert not torch.equal(make(whole(128, 160), 6), everything)
    assert 0.6 < everything.std() < 1.4 and abs(everything.mean()) < 0.3


def test_grain_is_counted_in_design_pixels():
    """The same picture at twice the size shows the same grain, twice as large."""
    small, large = (noise(whole(n, n), 40, 3, torch.zeros(1)) for n in (192, 384))
    shrunk = torch.nn.functional.interpolate(large, scale_factor=0.5, mode="area")
    assert torch.corrcoef(torch.stack([small.flatten(), shrunk.flatten()]))[0, 1] > 0.95


# settings


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"look": "fresco"}, "unknown look 'fresco'"),
        ({"line": 2.5}, "line must lie in 0..2, got 2.5"),
        ({"contrast": 0.2}, "contrast must lie in 0.5..1.5"),
        ({"warmth": float("nan")}, "warmth must be a number"),
        ({"texture": "much"}, "texture must be a number"),
        ({"lightness": True}, "lightness must be a number"),
    ],
)
def test_settings_say_what_is_wrong(wrong, message):
    with pytest.raises(ValueError, match=message):
        LookSettings(**{"look": "oil", **wrong})
