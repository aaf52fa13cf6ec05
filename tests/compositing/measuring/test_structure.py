"""SSIM agrees with kornia's and with the formula."""

import pytest
import torch

from troupe.models.compositing.measuring.structure import fssim, ssim, ssim_map


def noise(seed, height=40, width=48):
    return torch.rand(height, width, 3, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("share", [0.02, 0.3, 1.0])
def test_inside_it_is_kornias(share):
    kornia = pytest.importorskip("kornia")
    real = noise(0)
    out = (1 - share) * real + share * noise(1)
    x, y = (picture.permute(2, 0, 1)[None] for picture in (out, real))  # HWC -> BCHW
    theirs = kornia.metrics.ssim(x, y, window_size=11)[0].permute(1, 2, 0)
    assert torch.allclose(ssim_map(out, real)[6:-6, 6:-6].float(), theirs[6:-6, 6:-6], atol=1e-4)


def test_equal_pictures_are_one_and_order_does_not_matter():
    a, b = noise(0), noise(1)
    assert ssim(a, a) == pytest.approx(1)
    assert ssim(a, b) == pytest.approx(ssim(b, a))


@pytest.mark.parametrize(("a", "b"), [(0.2, 0.2), (0.2, 0.8), (0.0, 1.0)])
def test_of_even_grey_it_is_the_closed_form_up_to_the_edge(a, b):
    expected = (2 * a * b + 1e-4) / (a * a + b * b + 1e-4)
    got = ssim_map(torch.full((9, 3, 3), a), torch.full((9, 3, 3), b))
    assert got.flatten().tolist() == pytest.approx([expected] * 81, rel=1e-4)


def test_one_pixel_has_a_figure():
    assert ssim(torch.ones(1, 1, 3), torch.ones(1, 1, 3)) == pytest.approx(1)


def test_the_foregrounds_figure_is_local():
    real, mask = noise(0), torch.zeros(40, 48)
    mask[10:20, 10:20] = 1
    far, near = real.clone(), real.clone()
    far[30:, 35:] = 0
    near[12:18, 12:18] = 0
    assert fssim(far, real, mask) == pytest.approx(1)
    assert fssim(near, real, mask) < 0.8
