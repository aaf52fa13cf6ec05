"""Carry out a recolouring: the same drawing, each material in its new colour, shading and lines as they were."""

from __future__ import annotations

from math import hypot, log

import torch
from torch import Tensor

from .analysis import Analysis, Sketch, analyse, to_pixels
from .canvas import enlarge, resized
from .colour import srgb
from .materials import GREY
from .matting import affine_matte, local_colour
from .morphology import closed
from .palette import Material, Recolouring
from .shares import Shares, material_shares
from .smooth import gaussian
from .tone import smoothstep

STEEPEST = 2.2  # gamma bound: a lighter or darker costume, not a mask


def recolour(rgb: Tensor, plan: Recolouring, mask: Tensor | None = None) -> Tensor:
    """(H, W, 3) in [0, 1] -> the same shape. mask (H, W), 1 = subject: only the subject changes."""
    if not plan.materials:
        return rgb.clone()
    return to_pixels(srgb(recoloured_lab(analyse(rgb), plan, mask)))


def recoloured_lab(analysis: Analysis, plan: Recolouring, mask: Tensor | None = None) -> Tensor:
    """OKLab (1, 3, H, W) -> the same. A pixel moves by its share of what each material moves by around it: where two
    colours mix on a border, only the material's part of the mixture is dyed."""
    lab = analysis.lab
    if not plan.materials:
        return lab
    line = drawn_lines(lab[:, :1], analysis.unit)
    small, (share, sure) = material_shares(analysis, plan, mask)
    baths = dye_baths(analysis.sketch, small, around_lines(analysis.sketch, share, line))
    moved = lab.clone()
    for k, material in enumerate(plan.materials):
        part, own = _soaked(lab, enlarge(baths[k], analysis.window), share[:, k : k + 1], sure, line)
        if mask is not None:
            part = part * mask.to(part)[None, None]
        moved.addcmul_(part, redyed(own, material) - own)
    return moved


def _soaked(lab: Tensor, bath: Tensor, share: Tensor, sure: Tensor, line: Tensor) -> tuple[Tensor, Tensor]:
    """A material's part in each pixel and the colour that it has there; bath as in dye_baths, enlarged."""
    fitted = (bath[:, :3] * lab).sum(1, True).add_(bath[:, 3:4]).clamp_(0, 1)
    part = torch.lerp(fitted, share, sure)  # sure pixels keep the share they have
    part = torch.lerp(part, bath[:, 4:5], line)  # a line takes the dye of what it is drawn on
    return part, torch.lerp(bath[:, 5:], lab, line)


def drawn_lines(light: Tensor, unit: float) -> Tensor:
    """(1, 1, H, W), 1 on thin dark lines: morphological closing fills them (black top-hat)."""
    return smoothstep(closed(light, max(1, round(2.5 * unit))) - light, 0.06, 0.16)


def around_lines(sketch: Sketch, share: Tensor, line: Tensor) -> Tensor:
    """(1, M, h, w): shares of what lies beside a line, from shares and lines (1, 1, H, W)."""
    off = 1 - line + 1e-4
    both = resized(torch.cat([share * off, off], 1), sketch.lab.shape[-2:], "area")
    both = gaussian(both, max(2.5 * sketch.unit, 1.5 * sketch.scale))
    return both[:, :-1] / both[:, -1:]


def dye_baths(sketch: Sketch, small: Shares, around: Tensor) -> list[Tensor]:
    """Per material (1, 8, h, w), to be enlarged: its share as slope along L, a, b and offset; its share beside lines;
    its colour nearby. What varies softly is worked out on the small copy."""
    lab, unit = sketch.lab, max(sketch.unit, sketch.scale)
    fits = affine_matte(small.share, small.sure, lab, unit)
    weights = (small.share * small.sure).split(1, 1)
    return [
        torch.cat([fit, beside, local_colour(lab, weight, unit)], 1)
        for fit, beside, weight in zip(fits, around.split(1, 1), weights, strict=True)
    ]


def redyed(lab: Tensor, material: Material) -> Tensor:
    """One material in its new colour: lightness by a power curve, which keeps every order, black and white; chroma
    turned and scaled, which keeps every fold."""
    (ls, *ab_s), (lt, *ab_t) = material.source, material.target
    gamma = log(min(max(lt, 0.05), 0.97)) / log(min(max(ls, 0.05), 0.97))
    gamma = min(max(gamma, 1 / STEEPEST), STEEPEST)
    light = lab[:, :1].clamp(0, 1)
    new = light**gamma
    if gamma < 1:  # pupils and lines stay dark in a material that is lifted
        new = torch.lerp(light, new, smoothstep(light, 0.12, 0.38))
    light = new
    cs, ct = max(hypot(*ab_s), 1e-3), max(hypot(*ab_t), 1e-6)
    fair = min(
        1.0, (2.2 * cs + 0.03) / ct
    )  # a pale material takes a tint, not a full dye, or its unevenness would show
    ab_t = [v * fair for v in ab_t]
    if cs < GREY:  # grey has no hue to turn: lay the colour over it
        shade = (light / max(lt, 0.1)).clamp(0, 1.2) * (1 - light**4)
        return torch.cat([light, shade * lab.new_tensor(ab_t).view(1, 2, 1, 1)], 1)
    cosine, sine = (ab_s[0] * ab_t[0] + ab_s[1] * ab_t[1]) / cs**2, (ab_s[0] * ab_t[1] - ab_s[1] * ab_t[0]) / cs**2
    a, b = lab[:, 1:2], lab[:, 2:]
    return torch.cat([light, cosine * a - sine * b, sine * a + cosine * b], 1)
