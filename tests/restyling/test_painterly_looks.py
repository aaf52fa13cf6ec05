"""Every look, held to the same laws. The pictures are drawn here: a girl of flat colours, no larger than a stamp."""

import pytest
import torch
import torch.nn.functional as F

from troupe.models.restyling.painterly import (
    LOOKS,
    LookSettings,
    analyse,
    pool_statistics,
    stylize,
    stylize_regions,
)
from troupe.models.restyling.painterly.colour import oklab
from troupe.models.restyling.painterly.looks.ink_wash import bled

EVERY_LOOK = pytest.mark.parametrize("look", list(LOOKS))


def drawing(height=144, width=112, background=(0.80, 0.86, 0.92)):
    """A girl of flat colours: blue hair, pale skin, red dress, dark eyes; (H, W, 3), borders one pixel soft."""
    unit = height / 144
    y, x = torch.meshgrid((torch.arange(height) + 0.5) / unit, (torch.arange(width) + 0.5) / unit, indexing="ij")
    picture = torch.tensor(background).expand(height, width, 3).clone()

    def oval(cx, cy, rx, ry, colour):
        nonlocal picture
        inside = (1 - torch.hypot((x - cx) / rx, (y - cy) / ry)) * min(rx, ry) * unit + 0.5
        picture = torch.lerp(picture, torch.tensor(colour), inside.clamp(0, 1)[..., None])

    oval(56, 150, 40, 62, (0.78, 0.16, 0.20))
    oval(56, 56, 40, 44, (0.20, 0.32, 0.75))
    oval(56, 62, 28, 32, (0.97, 0.84, 0.76))
    for cx in (45, 67):
        oval(cx, 60, 5, 7, (0.13, 0.10, 0.16))
        oval(cx - 1.5, 57, 1.6, 2, (1.0, 1.0, 1.0))
    oval(56, 80, 6, 2, (0.75, 0.25, 0.30))
    return picture


def statistics_of(*pictures):
    return pool_statistics((p, None) for p in pictures)


OF_THE_GIRL = statistics_of(drawing())


def painted(picture, look, seed=3, statistics=OF_THE_GIRL, **dials):
    return stylize(picture, LookSettings(look, **dials), statistics=statistics, seed=seed)


@pytest.fixture(autouse=True)
def one_thread():
    """Stamps are painted quickest by one thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def light(picture):
    return oklab(picture.permute(2, 0, 1)[None])[0, 0]


# laws


@EVERY_LOOK
@pytest.mark.parametrize("size", [(1, 1), (7, 5), (1, 33), (40, 3)])
def test_pictures_of_any_size_come_back_whole(look, size):
    out = painted(torch.rand((*size, 3), generator=torch.Generator().manual_seed(1)), look)
    assert out.shape == (*size, 3) and out.dtype == torch.float32
    assert torch.isfinite(out).all() and out.min() >= 0 and out.max() <= 1


@EVERY_LOOK
@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_a_constant_picture_has_no_lines_and_no_holes(look, value):
    out = painted(torch.full((48, 48, 3), value), look, texture=0.0)
    assert torch.isfinite(out).all()
    assert out.std(dim=(0, 1)).max() < 0.01, "something was drawn where nothing is"


@EVERY_LOOK
def test_it_changes_the_picture_and_leaves_its_input_alone(look):
    picture = drawing()
    before = picture.clone()
    assert (painted(picture, look) - picture).abs().mean() > 0.005
    assert torch.equal(picture, before)


@EVERY_LOOK
def test_strength_runs_from_the_source_to_the_full_look(look):
    picture = drawing()
    assert torch.equal(painted(picture, look, strength=0.0), picture)
    half, full = (light(painted(picture, look, strength=s)) for s in (0.5, 1.0))
    torch.testing.assert_close(half, (light(picture) + full) / 2, atol=0.03, rtol=0)


@EVERY_LOOK
def test_without_texture_mirrored_pictures_are_painted_mirrored(look):
    picture = drawing()
    there = painted(picture.flip(1), look, texture=0.0)
    back = painted(picture, look, texture=0.0).flip(1)
    assert (there - back).abs().mean() < 1e-3 and (there - back).abs().max() < 0.08


@EVERY_LOOK
def test_one_and_two_threads_paint_the_same_and_again_the_same(look):
    outs = []
    for count in (1, 2, 2):
        torch.set_num_threads(count)
        outs.append(painted(drawing(72, 56), look))
    assert torch.equal(outs[1], outs[2])
    assert (outs[0] - outs[1]).abs().max() <= 1 / 255


@EVERY_LOOK
def test_an_analysis_is_shared_without_a_trace(look):
    picture, statistics = drawing(), statistics_of(drawing())
    shared = analyse(picture)
    painted(picture, "oil")
    for _ in range(2):
        out = stylize(picture, LookSettings(look), statistics=statistics, seed=3, analysis=shared)
    assert torch.equal(out, painted(picture, look, statistics=statistics))


@EVERY_LOOK
def test_the_seed_moves_the_grain_and_nothing_else(look):
    picture = drawing()
    one, other = painted(picture, look, seed=1), painted(picture, look, seed=2)
    assert (one - other).abs().mean() < 0.06
    assert torch.equal(painted(picture, look, seed=1, texture=0.0), painted(picture, look, seed=2, texture=0.0))


@EVERY_LOOK
def test_no_world_is_seeded(look):
    state = torch.get_rng_state()
    painted(drawing(48, 40), look)
    assert torch.equal(torch.get_rng_state(), state)


@EVERY_LOOK
def test_nothing_moves(look):
    """Phase correlation of contours before and after: less than 0.05 pixels.

    A line drawn on the dark side of an edge is no drift, and turns with the picture; a drift does not. So: the mean
    over the picture and itself turned round, and over a few seeds.
    """
    picture = drawing(160, 160)
    shifts = [
        displacement(light(p), light(painted(p, look, seed=seed)))
        for p in (picture, picture.flip(0, 1))
        for seed in (1, 2)
    ]
    drift = torch.tensor(shifts).mean(0)
    assert drift.abs().max() < 0.05, drift


def displacement(before, after):
    """Sub-pixel shift (dy, dx) by phase correlation of gradient energy, low frequencies only."""

    def contours(x):
        gy, gx = torch.gradient(x)
        window = torch.hann_window(x.shape[0], periodic=False)[:, None] * torch.hann_window(x.shape[1], periodic=False)
        return torch.fft.fft2(torch.hypot(gy, gx) * window)

    cross = contours(after) * contours(before).conj()
    out = []
    for axis in (0, 1):  # the phase of low frequencies is a plane; its slope is the shift
        k = torch.arange(1, 9)
        row = cross[1:9, 0] if axis == 0 else cross[0, 1:9]
        weight = row.abs() * k**2
        slope = -(torch.angle(row) / k * weight).sum() / weight.sum()
        out.append(float(slope) * cross.shape[axis] / (2 * torch.pi))
    return out


# size


@EVERY_LOOK
def test_a_picture_of_twice_the_size_looks_alike(look):
    """Line widths and radii are counted in units of the long side over 768."""
    small = torch.stack([shrunk(painted(drawing(n, n * 7 // 9), look, seed=5), 96, 75) for n in (216, 432)])
    assert (small[0] - small[1]).abs().mean() < 0.02
    tones = [light(s).flatten().sort().values for s in small]
    assert (tones[0] - tones[1]).abs().mean() < 0.015


def test_384_768_and_1536_pixels_look_alike():
    small = [shrunk(painted(drawing(n, n // 3), "watercolour", seed=5), 96, 32) for n in (384, 768, 1536)]
    assert (small[0] - small[1]).abs().mean() < 0.02
    assert (small[1] - small[2]).abs().mean() < 0.02


def shrunk(picture, height, width):
    return F.interpolate(picture.permute(2, 0, 1)[None], size=(height, width), mode="area")[0].permute(1, 2, 0)


# the mistakes that pictures showed


@EVERY_LOOK
def test_no_clouds_on_black(look):
    """Paper and turbulence once turned a night sky into clouds: grain is scaled by tone."""
    night = torch.full((96, 96, 3), 0.02)
    out = painted(night, look, statistics=statistics_of(night, drawing()))
    blurred = F.avg_pool2d(light(out)[None, None], 9, 3)
    assert blurred.std() < 0.012, f"{look}: clouds of {float(blurred.std()):.3f}"


@EVERY_LOOK
def test_no_blotches_on_flat_colour(look):
    """Flat art is what most people bring: over a flat area the region-scale lightness hardly varies."""
    flat = torch.tensor([0.85, 0.55, 0.45]).expand(112, 112, 3)
    out = light(painted(flat, look, statistics=statistics_of(drawing())))
    blotches = F.avg_pool2d(out[None, None], 24, 8)
    assert blotches.std() < 0.014, f"{look}: {float(blotches.std()):.3f}"


def test_wet_edges_stay_out_of_faces():
    """Displacement distorted eyes: its reach falls with detail, and it needs an edge to run along."""
    picture = drawing(288, 224)
    analysis = analyse(picture)
    rows = torch.arange(288.0)[:, None].expand(288, 224)
    ramp = torch.stack([rows, rows, rows])[None]  # reading a ramp shows how far each pixel looked
    reach = (bled(analysis, ramp, 2.0, 7) - ramp)[0, 0].abs()
    eyes = analysis.detail[0, 0] > 0.9
    assert eyes.any() and reach[eyes].max() < 0.05 * analysis.unit + 0.02
    assert reach[4:40, 4:40].max() < 0.05, "turbulence on an empty background"
    assert reach[1:-1, 1:-1].max() < 4 * analysis.unit


@pytest.mark.parametrize("look", ["oil", "gouache"])
def test_strokes_leave_no_holes(look):
    """Where no stroke reached there were black specks."""
    flat = torch.tensor([0.9, 0.8, 0.75]).expand(200, 200, 3)
    for seed in range(3):
        assert light(painted(flat, look, seed=seed)).min() > light(flat).min() - 0.12


@EVERY_LOOK
def test_eyes_stay_eyes(look):
    out = light(painted(drawing(288, 224), look))
    for centre in (90, 134):
        assert out[122:128, centre - 2 : centre + 4].mean() < out[150, 100:124].mean() - 0.2


@pytest.mark.parametrize("look", [name for name in LOOKS if name not in ("pencil", "ink_wash")])
def test_colours_keep_their_hue(look):
    """Skin does not turn yellow, red does not turn orange, blue not violet."""
    out = oklab(painted(drawing(288, 224), look).permute(2, 0, 1)[None])[0]
    source = oklab(drawing(288, 224).permute(2, 0, 1)[None])[0]
    for name, rows, columns in [
        ("hair", (30, 50), (100, 124)),
        ("skin", (140, 150), (100, 124)),
        ("dress", (230, 270), (90, 134)),
    ]:
        region = (slice(None), slice(*rows), slice(*columns))
        before, after = (torch.atan2(*lab[region][[2, 1]].mean((1, 2))) for lab in (source, out))
        turn = float((after - before + torch.pi) % (2 * torch.pi) - torch.pi)
        assert abs(turn) < 0.35, f"{look}: {name} turned by {turn:.2f} rad"


@EVERY_LOOK
def test_no_frame_and_no_seal(look):
    """A LoRA learns them: the rim of the picture is painted like the rest."""
    flat = torch.tensor([0.62, 0.70, 0.52]).expand(120, 120, 3)
    out = light(painted(flat, look))
    rim = torch.cat([out[:4].flatten(), out[-4:].flatten(), out[:, :4].flatten(), out[:, -4:].flatten()])
    assert abs(rim.mean() - out[20:-20, 20:-20].mean()) < 0.03


# dials


@pytest.mark.parametrize("look", ["anime_cel", "gongbi", "pencil", "comic"])
def test_line_draws_more_or_nothing(look):
    none, one, two = (light(painted(drawing(), look, line=weight, texture=0.0)).mean() for weight in (0.0, 1.0, 2.0))
    assert none > one > two


@EVERY_LOOK
@pytest.mark.parametrize("dial, low, high, measure", [
    ("chroma", 0.3, 1.6, lambda lab: lab[1:].norm(dim=0).mean()),
    ("warmth", -1.0, 1.0, lambda lab: lab[2].mean()),
    ("lightness", -0.25, 0.25, lambda lab: lab[0].mean()),
    ("contrast", 0.6, 1.4, lambda lab: lab[0].std()),
])  # fmt: skip
def test_every_tone_dial_does_what_it_says(look, dial, low, high, measure):
    if look == "pencil" and dial == "chroma":
        pytest.skip("graphite has no colour")
    less, more = (measure(oklab(painted(drawing(), look, **{dial: v}).permute(2, 0, 1)[None])[0]) for v in (low, high))
    assert more > less + 0.002


def test_pigment_runs_from_ink_to_colour():
    chromas = [
        oklab(painted(drawing(), "ink_wash", pigment=p).permute(2, 0, 1)[None])[0, 1:].norm(dim=0).mean()
        for p in (0.0, 0.6, 1.0)
    ]
    assert chromas[0] < 0.03 and chromas[0] < chromas[1] < chromas[2]


def test_detail_simplifies_and_refines():
    busy = (drawing() + 0.04 * torch.randn(drawing().shape, generator=torch.Generator().manual_seed(2))).clamp(0, 1)
    rough = [torch.gradient(light(painted(busy, "anime_cel", detail=d, line=0.0)))[1].abs().mean() for d in (0.5, 1.5)]
    assert rough[0] < rough[1]


# regions


def test_two_looks_meet_over_a_soft_seam():
    picture = drawing()
    mask = torch.zeros(picture.shape[:2])
    mask[:, :56] = 1
    subject, background = LookSettings("anime_cel"), LookSettings("pencil")
    statistics = statistics_of(picture)
    out = stylize_regions(picture, mask, subject, background, statistics=statistics, seed=3)
    left, right = painted(picture, "anime_cel"), painted(picture, "pencil")
    torch.testing.assert_close(out[:, :48], left[:, :48])
    torch.testing.assert_close(out[:, 64:], right[:, 64:])
    assert (out >= torch.minimum(left, right) - 1e-6).all() and (out <= torch.maximum(left, right) + 1e-6).all()


def test_a_mask_of_another_size_is_refused():
    with pytest.raises(ValueError, match="does not fit"):
        settings = LookSettings("oil")
        stylize_regions(drawing(), torch.ones(3, 3), settings, settings, statistics=statistics_of(drawing()), seed=0)


@pytest.mark.parametrize(
    "wrong", [torch.zeros(3, 8, 8), torch.zeros(8, 8, 4), torch.zeros(8, 8), torch.zeros(8, 8, 3, dtype=torch.uint8)]
)
def test_what_is_not_a_picture_is_refused(wrong):
    with pytest.raises(ValueError, match="a picture"):
        analyse(wrong)
