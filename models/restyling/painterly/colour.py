"""Colour as the eye orders it: OKLab there and back, without ever leaving the screen's gamut.

OKLab (Ottosson 2020, https://bottosson.github.io/posts/oklab/): L in [0, 1]; a, b about [-0.4, 0.4]; D65.
All pictures here are (1, 3, H, W), float32.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ...oklab import LMS_TO_LAB, RGB_TO_LMS

LMS_TO_RGB = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)
LAB_TO_LMS = (
    (1.0, 0.3963377774, 0.2158037573),
    (1.0, -0.1055613458, -0.0638541728),
    (1.0, -0.0894841775, -1.2914855480),
)
KNEE = 0.85  # share of the gamut's radius that is left untouched


def linear_from_srgb(x: Tensor) -> Tensor:
    """IEC 61966-2-1 decoding. The maximum of the two branches is the standard's curve (they cross at 0.04045)."""
    power = _power_((x + 0.055).div_(1.055), 2.4)
    return torch.where(x <= 0.04045, x / 12.92, power)


def srgb_from_linear(x: Tensor) -> Tensor:
    power = _power_(x.clone(), 1 / 2.4).mul_(1.055).sub_(0.055)
    return torch.where(x <= 0.0031308, x * 12.92, power)


def _power_(x: Tensor, exponent: float) -> Tensor:
    """x ** exponent in place, 0 where x is not above 0: four times as quick as pow on the CPU."""
    return x.clamp_(min=0).log_().mul_(exponent).exp_()


def oklab(rgb: Tensor) -> Tensor:
    """sRGB (1, 3, H, W) in [0, 1] -> OKLab."""
    return _mix(_power_(_mix(linear_from_srgb(rgb), RGB_TO_LMS), 1 / 3), LMS_TO_LAB)


def srgb(lab: Tensor) -> Tensor:
    """OKLab -> sRGB in [0, 1]. Hue and lightness stay, chroma bends smoothly into the gamut.

    With lightness fixed each colour channel is nearly linear in chroma, so a few looks at the overshoot are enough.
    """
    lightness = lab[:, :1].clamp(0, 1)
    lab = torch.cat([lightness, lab[:, 1:]], 1)
    lab[:, 1:] *= _fit(overshoot(lab))
    for _ in range(2):
        lab[:, 1:] *= overshoot(lab).clamp(min=1).reciprocal()
    return srgb_from_linear(_linear(lab).clamp_(0, 1))


def overshoot(lab: Tensor) -> Tensor:
    """(1, 1, H, W): how far a colour lies from the grey of its lightness, 1 = on the gamut's surface."""
    grey = lab[:, :1] ** 3
    away = _linear(lab).sub_(grey)
    return torch.maximum(away.amax(1, True).div_(1.001 - grey), away.amin(1, True).div_(-1e-3 - grey))


def chroma_of(lab: Tensor) -> Tensor:
    """(1, 1, H, W): distance from the grey axis."""
    return torch.hypot(lab[:, 1:2], lab[:, 2:3])


def _fit(x: Tensor) -> Tensor:
    """Scale that takes radius x below 1: the identity up to KNEE, then a hyperbola that tends to 1."""
    over = (x - KNEE).clamp(min=0) / (1 - KNEE)
    return (KNEE + (1 - KNEE) * over / (1 + over)) / x.clamp(min=KNEE) * (over > 0) + (over <= 0)


def _linear(lab: Tensor) -> Tensor:
    return _mix(_mix(lab, LAB_TO_LMS).pow_(3), LMS_TO_RGB)


def _mix(x: Tensor, matrix: tuple) -> Tensor:
    m = torch.tensor(matrix, dtype=x.dtype, device=x.device)
    return (m @ x.reshape(3, -1)).reshape(x.shape)
