"""How far a picture's colours are from those of the real one, over all of it or in the foreground alone.

MSE, fMSE, PSNR and fPSNR as in iHarmony4 (Cong et al. 2020): on 0 to 255, at the size the pictures have.
Pictures are `(H, W, 3)` in [0, 1], masks `(H, W)`, more than a half = foreground.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from ...oklab import LMS_TO_LAB, RGB_TO_LMS


def mse(out: Tensor, real: Tensor) -> float:
    """Mean squared error on 0 to 255."""
    return float(_squares(out, real).mean())


def fmse(out: Tensor, real: Tensor, mask: Tensor) -> float:
    """`mse` over the foreground's pixels; nan where it has none."""
    return float(_squares(out, real)[mask > 0.5].mean())


def psnr(out: Tensor, real: Tensor) -> float:
    """Decibels, more is better; inf where the pictures are equal."""
    return decibels(mse(out, real))


def fpsnr(out: Tensor, real: Tensor, mask: Tensor) -> float:
    """`psnr` of the foreground."""
    return decibels(fmse(out, real, mask))


def decibels(squared_error: float) -> float:
    """`10 log10(255^2 / MSE)`."""
    return math.inf if squared_error == 0 else 10 * math.log10(255**2 / squared_error)


def colour_error(out: Tensor, real: Tensor, mask: Tensor) -> float:
    """Mean absolute difference of the foreground's channels, 0 to 255."""
    return float((out - real).abs()[mask > 0.5].double().mean()) * 255


def seen_error(out: Tensor, real: Tensor, mask: Tensor) -> float:
    """Mean distance of the foreground's colours as the eye has it: deltaE OK, about 0.02 can just be seen
    (CSS Color Module Level 4, section on deltaE OK)."""
    inside = mask > 0.5
    return float((oklab(out[inside]) - oklab(real[inside])).norm(dim=-1).mean())


def oklab(rgb: Tensor) -> Tensor:
    """`(..., 3)` sRGB in [0, 1] to float64 OKLab."""
    rgb = rgb.double()
    # The sRGB transfer curve, IEC 61966-2-1.
    linear = torch.where(rgb <= 0.04045, rgb / 12.92, ((rgb.clamp(min=0) + 0.055) / 1.055) ** 2.4)
    lms = (linear @ rgb.new_tensor(RGB_TO_LMS).T).clamp(min=0)
    return lms.pow(1 / 3) @ rgb.new_tensor(LMS_TO_LAB).T


def _squares(out: Tensor, real: Tensor) -> Tensor:
    return ((out.double() - real.double()) * 255) ** 2
