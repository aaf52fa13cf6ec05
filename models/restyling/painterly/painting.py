"""Paint a picture in a look."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from .analysis import Analysis, analyse, check_picture, sketch_of, to_pixels
from .colour import srgb
from .dyeing import recoloured_lab, redyed
from .finish import finished
from .looks import LOOKS
from .palette import Recolouring
from .settings import LookSettings
from .smooth import gaussian
from .statistics import SetStatistics
from .tiles import is_large, tiles_of


def stylize(
    rgb: Tensor,
    settings: LookSettings,
    *,
    statistics: SetStatistics,
    seed: int,
    analysis: Analysis | None = None,
    recolour: Recolouring | None = None,
) -> Tensor:
    """(H, W, 3) float in [0, 1], RGB -> the same shape, on the same device.

    analysis: analyse(rgb), to share it between looks. seed: of this sample's paper and brush, so that no grain
    repeats over a set. recolour: the character's new colours, dyed before the brush is taken up.
    """
    check_picture(rgb)
    if settings.strength == 0 and recolour is None:
        return rgb.clone()
    analysis = analysis or analyse(rgb)
    if recolour is not None:
        analysis, statistics = dyed(analysis, recolour), dyed_statistics(statistics, recolour)
    return to_pixels(_painted(analysis, settings, statistics, seed))


def stylize_regions(
    rgb: Tensor,
    mask: Tensor,
    subject: LookSettings,
    background: LookSettings,
    *,
    statistics: SetStatistics,
    seed: int,
    recolour: Recolouring | None = None,
) -> Tensor:
    """Two looks of one picture: `subject` where mask (H, W) is 1, `background` where it is 0, over a soft seam.

    With a recolouring only the subject is dyed.
    """
    check_picture(rgb)
    if mask.shape != rgb.shape[:2]:
        raise ValueError(f"mask {tuple(mask.shape)} does not fit picture {tuple(rgb.shape[:2])}")
    analysis = analyse(rgb)
    mask = mask.to(rgb.device, torch.float32).clamp(0, 1)
    if recolour is not None:
        analysis, statistics = dyed(analysis, recolour, mask), dyed_statistics(statistics, recolour)
    front = to_pixels(_painted(analysis, subject, statistics, seed))
    if background == subject:
        return front
    back = to_pixels(_painted(analysis, background, statistics, seed))
    seam = gaussian(mask[None, None], 1.5 * analysis.unit)[0, 0, :, :, None]
    return torch.lerp(back, front, seam)


def dyed(analysis: Analysis, plan: Recolouring, mask: Tensor | None = None) -> Analysis:
    """The analysis of the picture in its new colours."""
    lab = recoloured_lab(analysis, plan, mask)
    return Analysis(lab, analysis.window, sketch_of(lab))


def dyed_statistics(statistics: SetStatistics, plan: Recolouring) -> SetStatistics:
    """The set's palette moves along; its tones stay, since exposure is the scene's."""
    owner = dict(plan.clusters)

    def moved(cluster):
        index = owner.get(cluster.lab, -1)
        if index < 0:
            return cluster
        colour = redyed(torch.tensor(cluster.lab).view(1, 3, 1, 1), plan.materials[index])
        return replace(cluster, lab=tuple(round(v, 4) for v in colour.flatten().tolist()))

    return replace(statistics, clusters=tuple(moved(c) for c in statistics.clusters))


def _painted(analysis: Analysis, settings: LookSettings, statistics: SetStatistics, seed: int) -> Tensor:
    """sRGB (1, 3, H, W). A large picture is painted in overlapping tiles; its sketch is always the whole's."""
    if not is_large(analysis):
        return _window(analysis, settings, statistics, seed)
    out = torch.empty_like(analysis.lab)
    for tile in tiles_of(analysis):
        painted = _window(tile.analysis, settings, statistics, seed)
        out[tile.home] = painted[tile.inner]
    return out


def _window(analysis: Analysis, settings: LookSettings, statistics: SetStatistics, seed: int) -> Tensor:
    painted = LOOKS[settings.look].paint(analysis, settings, statistics, seed)
    return srgb(finished(painted, analysis, settings, statistics))
