"""A redrawn picture is compared with its source by structure alone: colours, tones and textures do not count."""

import math

import pytest
import torch
import torch.nn.functional as F

from troupe.models.registration.gate import GateSettings, check_structure, unwarp
from troupe.models.registration.register import register


def blobs(height=360, width=480, seed=0, count=40):
    """A picture with edges in every direction: overlapping discs of random colours on grey."""
    generator = torch.Generator().manual_seed(seed)
    ys, xs = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    rgb = torch.full((height, width, 3), 0.5)
    for x, y, r, *colour in torch.rand(count, 6, generator=generator).tolist():
        inside = (xs - x * width) ** 2 + (ys - y * height) ** 2 < (8 + r * width / 10) ** 2
        rgb[inside] = torch.tensor(colour)
    return rgb


def moved(rgb, zoom=1.0, turn=0.0, dx=0.0, dy=0.0):
    """`rgb` scaled and turned about its centre, then shifted: the forward map, sampled backwards."""
    height, width = rgb.shape[:2]
    c, s = math.cos(math.radians(turn)) / zoom, math.sin(math.radians(turn)) / zoom
    back = torch.tensor(
        [
            [c, s * height / width, -2 * (c * dx + s * dy) / width],
            [-s * width / height, c, -2 * (c * dy - s * dx) / height],
        ]
    )
    grid = F.affine_grid(back[None], [1, 3, height, width], align_corners=False)
    planes = rgb.permute(2, 0, 1)[None]
    out = F.grid_sample(planes, grid, mode="bicubic", padding_mode="border", align_corners=False)
    return out[0].permute(1, 2, 0).clamp(0, 1)


RESTYLINGS = {
    "inverted": lambda x: 1 - x,
    "two tones a channel": lambda x: (x > 0.5).float(),
    "darkened": lambda x: x**3,
    "colours swapped": lambda x: x[..., [2, 0, 1]],
    "grey": lambda x: x.mean(-1, keepdim=True).expand(-1, -1, 3),
    "grainy": lambda x: x + 0.05 * torch.randn(x.shape, generator=torch.Generator().manual_seed(1)),
}


@pytest.mark.parametrize("name", RESTYLINGS)
def test_a_redrawn_picture_is_found_in_its_place(name):
    found = register(blobs(), RESTYLINGS[name](blobs()).clamp(0, 1))
    assert found.inliers > 0.8
    assert abs(found.zoom - 1) < 0.001 and math.hypot(*found.shift) < 0.1


@pytest.mark.parametrize("warp", [(1.02, 0, 6, -4), (0.98, 0, 0, 0), (1, 1, 0, 0), (1, -0.7, -3, 8), (1.01, 0.5, 2, 2)])
def test_zoom_turn_and_shift_are_measured(warp):
    zoom, turn, dx, dy = warp
    found = register(blobs(), 1 - moved(blobs(), zoom, turn, dx, dy))
    assert found.zoom == pytest.approx(zoom, abs=0.0015)
    assert found.rotation == pytest.approx(turn, abs=0.1)
    assert found.shift == pytest.approx((dx, dy), abs=0.25)


def test_putting_back_undoes_the_warp():
    source = F.avg_pool2d(blobs().permute(2, 0, 1), 3, 1, 1).permute(1, 2, 0)  # bicubic rings at hard edges
    warped = moved(source, 1.02, 0.7, 6, -4)
    restored = unwarp(warped, register(source, warped))
    inner = slice(24, -24)
    before = (warped - source)[inner, inner].square().mean()
    after = (restored - source)[inner, inner].square().mean()
    assert after < before / 20


def test_the_two_directions_agree():
    a, b = blobs(), moved(blobs(), 1.02, 0.5, 3, 0)
    there, back = register(a, b), register(b, a)
    assert there.zoom * back.zoom == pytest.approx(1, abs=0.002)
    assert there.rotation == pytest.approx(-back.rotation, abs=0.1)


LOST = {
    "another picture": lambda: blobs(seed=9),
    "mirrored": lambda: blobs().flip(1),
    "turned over": lambda: blobs().flip(0, 1),
    "cropped to the middle": lambda: F.interpolate(
        blobs()[60:300, 80:400].permute(2, 0, 1)[None], (360, 480), mode="bilinear"
    )[0].permute(1, 2, 0),
}


@pytest.mark.parametrize("name", LOST)
def test_a_lost_structure_is_refused_with_figures(name):
    verdict = check_structure(blobs(), LOST[name](), GateSettings())
    assert not verdict.passed
    assert "lost its structure" in verdict.reason and "%" in verdict.reason


def test_a_slid_picture_passes_and_is_put_back():
    verdict = check_structure(blobs(), moved(blobs(), 1.02), GateSettings())
    assert verdict.passed and verdict.unwarped
    assert "zoom 1.020" in verdict.reason


def test_a_picture_in_place_is_not_touched():
    redrawn = 1 - blobs()
    verdict = check_structure(blobs(), redrawn, GateSettings())
    assert verdict.passed and not verdict.unwarped
    assert verdict.picture is redrawn


def test_putting_back_can_be_switched_off():
    redrawn = moved(blobs(), 1.02)
    assert check_structure(blobs(), redrawn, GateSettings(unwarp=False)).picture is redrawn


def test_another_size_is_compared_at_the_sources_size():
    large = F.interpolate(blobs().permute(2, 0, 1)[None], (720, 960), mode="bicubic")[0].permute(1, 2, 0).clamp(0, 1)
    verdict = check_structure(blobs(), large, GateSettings())
    assert verdict.passed and verdict.picture.shape == blobs().shape


@pytest.mark.parametrize("size", [(1, 1), (7, 5), (40, 40), (64, 300)])
def test_plain_pictures_have_nothing_to_compare(size):
    plain = torch.full((*size, 3), 0.4)
    verdict = check_structure(plain, 1 - plain, GateSettings())
    assert verdict.passed and verdict.reason == "too plain to compare"


def test_small_pictures_are_compared_with_small_blocks():
    small = blobs(96, 96, count=25)
    assert register(small, 1 - small).inliers > 0.8
    assert not check_structure(small, small.flip(1), GateSettings()).passed


def test_shift_is_in_pixels_of_the_source_whatever_its_size():
    large = blobs(1080, 1440, count=60)
    assert register(large, moved(large, dx=12, dy=-9)).shift == pytest.approx((12, -9), abs=0.5)
