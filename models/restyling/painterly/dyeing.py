"""Carry out a recolouring: the same drawing, each material in its new colour, shading and lines as they were."""

from __future__ import annotations

from math import hypot, log
from typing import NamedTuple

import torch
from torch import Tensor

from .analysis import Analysis, Sketch, analyse, to_pixels
from .canvas import enlarge, resized
from .colour import srgb
from .materials import GREY
from .matting import affine_matte, local_colour
from .morphology import closed, dilated, eroded
from .palette import Material, Recolouring
from .smooth import gaussian
from .tone import smoothstep

METRIC = (1.0, 2.2, 2.2)  # hue tells materials apart better than lightness does
SOFTNESS = 0.055  # deviation of a material's colours in METRIC
AT_HOME = 0.2  # share of its surroundings at which a colour is no mere blend of others
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
    baths = dye_baths(analysis.sketch, plan, line)
    sure = enlarge(baths.sure, analysis.window)
    moved = lab.clone()
    for material, bath in zip(plan.materials, baths.each, strict=True):
        share, own = _soaked(lab, enlarge(bath, analysis.window), sure, line)
        if mask is not None:
            share = share * mask.to(share)[None, None]
        moved.addcmul_(share, redyed(own, material) - own)
    return moved


def _soaked(lab: Tensor, bath: Tensor, sure: Tensor, line: Tensor) -> tuple[Tensor, Tensor]:
    """A material's share of each pixel and the colour that it has there; a bath as in Baths."""
    fitted = (bath[:, 3:4] + (bath[:, :3] * lab).sum(1, True)).clamp_(0, 1)
    share = torch.lerp(fitted, bath[:, 4:5], sure)
    share = torch.lerp(share, bath[:, 5:6], line)  # a line takes the dye of what it is drawn on
    own = (bath[:, 6:9] + 1e-4 * lab) / (bath[:, 9:] + 1e-4)  # the pixel's own where nothing of the material is near
    return share, torch.lerp(own, lab, line)


def drawn_lines(light: Tensor, unit: float) -> Tensor:
    """(1, 1, H, W), 1 on thin dark lines: morphological closing fills them (black top-hat)."""
    return smoothstep(closed(light, max(1, round(2.5 * unit))) - light, 0.06, 0.16)


class Baths(NamedTuple):
    """What the dyeing reads from the small copy of the picture, enlarged one material at a time.

    each: per material (1, 10, h, w): share as slope along L, a, b and offset; share; share beside lines; summed colour
    and its mass. sure: (1, 1, h, w) where the share stands as it is."""

    each: list[Tensor]
    sure: Tensor


def dye_baths(sketch: Sketch, plan: Recolouring, line: Tensor) -> Baths:
    lab, unit = sketch.lab, max(sketch.unit, sketch.scale)
    share, sure = material_shares(sketch, plan)
    off = 1 - resized(line, lab.shape[-2:], "area") + 1e-4
    around = gaussian(torch.cat([share * off, off], 1), max(2.5 * sketch.unit, 1.5 * sketch.scale))
    around = around[:, :-1] / around[:, -1:]
    each = [
        torch.cat([fit, share[:, k : k + 1], around[:, k : k + 1], local_colour(lab, share[:, k : k + 1] * sure, unit)], 1)
        for k, fit in enumerate(affine_matte(share, sure, lab, unit))
    ]
    border = (dilated(share, 1) - eroded(share, 1)).amax(1, True)  # what is enlarged is blurred there; the fit is not
    return Baths(each, sure.clamp(max=1) * (1 - border))


def material_shares(sketch: Sketch, plan: Recolouring) -> tuple[Tensor, Tensor]:
    """(1, M, h, w): how much of each pixel is each material; (1, 1, h, w): how sure its colour alone makes us.

    Likelihood by colour times prior by neighbourhood.
    """
    size = sketch.lab.shape[-2:]
    likely = torch.softmax(_exponents(sketch.lab, plan), 0).reshape(1, -1, *size)
    prior = gaussian(likely.square_(), 2.5 * max(sketch.unit, 0.8 * sketch.scale)).add_(1e-3)
    exponents = _exponents(sketch.flat(1.0), plan).reshape(prior.shape)
    weight = torch.softmax(exponents, 1).mul_(prior)
    total = weight.sum(1, True)
    members = [[k for k, (_, m) in enumerate(plan.clusters) if m == i] for i in range(len(plan.materials))]
    share = torch.cat([weight[:, m].sum(1, True) / total for m in members], 1)
    return share, _certainty(exponents, prior)


def _certainty(exponents: Tensor, prior: Tensor) -> Tensor:
    """(1, 1, H, W) in (0, 1]: near 0 for a colour that is none of those around it, a mixture on a border."""
    at_home = prior.div(AT_HOME).clamp_(max=1).log_()
    return torch.exp(at_home.add_(exponents, alpha=4).amax(1, True)) + 1e-4


def _exponents(lab: Tensor, plan: Recolouring) -> Tensor:
    """(K, H W): -d^2 / 2 s^2 to each of the set's colours."""
    metric = lab.new_tensor(METRIC)
    centres = lab.new_tensor([colour for colour, _ in plan.clusters]) * metric
    points = (lab * metric.view(1, 3, 1, 1))[0].flatten(1)  # (3, n)
    # -|p - c|^2 = (2 c, -1, -|c|^2) . (p, |p|^2, 1), all in one product
    factors = torch.cat([2 * centres, -torch.ones_like(centres[:, :1]), -(centres * centres).sum(1, True)], 1)
    points = torch.cat([points, (points * points).sum(0, True), torch.ones_like(points[:1])])
    return (factors / (2 * SOFTNESS**2) @ points).clamp_(max=0)


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
