"""Carry out a recolouring: the same drawing, each material in its new colour, shading and lines as they were."""

from __future__ import annotations

from math import hypot, log

import torch
import torch.nn.functional as F
from torch import Tensor

from .analysis import Analysis, analyse, to_pixels
from .canvas import enlarge
from .colour import srgb
from .materials import GREY
from .matting import local_colour, matted
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
    share, sure = material_shares(analysis, plan)
    line = drawn_lines(lab[:, :1], analysis.unit)
    share = torch.lerp(share, _around(share, line, analysis.unit), line)  # a line takes the dye of what it is drawn on
    if mask is not None:
        share = share * mask.to(share)[None, None]
    moved = lab
    for i, material in enumerate(plan.materials):
        own = torch.lerp(local_colour(lab, share[:, i : i + 1] * sure, analysis.unit), lab, line)
        moved = moved + share[:, i : i + 1] * (redyed(own, material) - own)
    return moved


def drawn_lines(light: Tensor, unit: float) -> Tensor:
    """(1, 1, H, W), 1 on thin dark lines: morphological closing fills them (black top-hat, Serra 1982)."""
    r = max(1, round(2.5 * unit))
    closed = -F.max_pool2d(-F.max_pool2d(light, 2 * r + 1, 1, r), 2 * r + 1, 1, r)
    return smoothstep(closed - light, 0.06, 0.16)


def _around(share: Tensor, line: Tensor, unit: float) -> Tensor:
    off = 1 - line + 1e-4
    sigma = max(2.5 * unit, 1.5)
    return gaussian(share * off, sigma) / gaussian(off, sigma)


def material_shares(analysis: Analysis, plan: Recolouring) -> tuple[Tensor, Tensor]:
    """(1, M, H, W): how much of each pixel is each material; (1, 1, H, W): how sure its colour alone makes us.

    Likelihood by colour times prior by neighbourhood; then mixed pixels are given the shares that explain their colour.
    """
    sketch = analysis.sketch.lab
    likely = torch.softmax(_exponents(sketch, plan), 0).reshape(1, -1, *sketch.shape[-2:])
    prior = gaussian(likely**2, max(2.5 * analysis.sketch.unit, 2.0)) + 1e-3
    prior = enlarge(prior, analysis.window)
    exponents = _exponents(analysis.flat(1.0), plan).reshape(prior.shape)
    weight = torch.softmax(exponents, 1) * prior
    total = weight.sum(1, True)
    members = [[k for k, (_, m) in enumerate(plan.clusters) if m == i] for i in range(len(plan.materials))]
    share = torch.cat([weight[:, m].sum(1, True) / total for m in members], 1)
    sure = _certainty(exponents, prior)
    return matted(share, sure, analysis.lab, analysis.unit), sure


def _certainty(exponents: Tensor, prior: Tensor) -> Tensor:
    """(1, 1, H, W) in (0, 1]: near 0 for a colour that is none of those around it, a mixture on a border."""
    at_home = prior.div(AT_HOME).clamp_(max=1).log_()
    return torch.exp(at_home.add_(exponents, alpha=4).amax(1, True)) + 1e-4


def _exponents(lab: Tensor, plan: Recolouring) -> Tensor:
    """(K, H W): -d^2 / 2 s^2 to each of the set's colours."""
    metric = lab.new_tensor(METRIC)
    centres = lab.new_tensor([colour for colour, _ in plan.clusters]) * metric
    points = (lab * metric.view(1, 3, 1, 1))[0].flatten(1)  # (3, n)
    d2 = (points * points).sum(0) - 2 * centres @ points + (centres * centres).sum(1, True)
    return -d2.clamp(min=0) / (2 * SOFTNESS**2)


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
