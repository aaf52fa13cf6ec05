"""What lies around the subject: nothing, a blend of colours, a repeated pattern, or a scene."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch

from .repetition import periodicity

SIDE = 128  # pixels; stripes down to 1/32 of the picture keep four, and a quarter of the pixels a quarter of the time
MARGIN = 0.02  # of the long side: soft mask edges, outlines and contact shadows stay out
BAND = 0.12  # of each side, where nobody marked the subject: top, left and right; feet meet the bottom
LEAST = 0.03  # of the picture; less background than this tells nothing
# Left out of the judgement: cast shadows and stray props; in an unmarked band also ears, hands and hair.
TRIMMED, TRIMMED_BAND = 0.15, 0.3
BAND_SURE = 0.8  # a band is not the whole background, and the subject may reach into it
# OKLab distances: JPEG and paper grain stay below 0.015; a blend is plain to see when its ends are 0.1 apart.
SMOOTH = 0.02
CLEAR = 0.05
# Strength of repetition: drawn dots, stripes, checks and waves 0.8 to 1, photographs up to 0.32. The pattern's contrast
# (root mean square, OKLab) must be there to be seen.
PERIODIC = 0.6
VISIBLE = 0.004


class Backdrop(NamedTuple):
    """`measure`: unevenness of a plain one, OKLab distance between a gradient's ends, strength of a pattern's
    repetition, roughness of a scene, share of the picture that is transparent."""

    value: str
    confidence: float
    measure: float
    colour: tuple[float, float, float] | None = None  # OKLab, of a plain one


def around(subject: np.ndarray | None, shape: tuple[int, int]) -> np.ndarray:
    """`(h, w)` bool: the pixels that are certainly background."""
    height, width = shape
    if subject is None:
        region = np.zeros(shape, bool)
        side, top = max(1, round(BAND * width)), max(1, round(BAND * height))
        region[:top], region[:, :side], region[:, -side:] = True, True, True
        return region
    reach = max(1, round(MARGIN * max(shape)))
    grown = torch.from_numpy(subject)[None, None].float()
    grown = torch.nn.functional.max_pool2d(grown, 2 * reach + 1, 1, reach)
    return grown[0, 0].numpy() < 0.5


def backdrop(lab: np.ndarray, region: np.ndarray, trimmed: float) -> Backdrop | None:
    """Judge `lab`, `(h, w, 3)` OKLab, where `region` is True, but for the share `trimmed` that fits least; None where
    there is too little of it."""
    if region.mean() < LEAST:
        return None
    rest = lab - _surface(lab, region)
    if float((rest[region] ** 2).sum(1).mean()) >= VISIBLE**2:
        strength = periodicity(rest, region)
        if strength >= PERIODIC:
            return Backdrop("patterned", min(0.95, 0.5 + (strength - PERIODIC) * 2), strength)
    colours = lab[region]
    colour = np.median(colours, axis=0)
    uneven = _reach(colours - colour, trimmed)
    if uneven < SMOOTH:
        return Backdrop("plain", 1 - uneven / SMOOTH / 2, uneven, tuple(colour.tolist()))
    off = _distance(rest)
    surface = _surface(lab, region & (off <= np.quantile(off[region], 1 - trimmed)))
    rough = _reach((lab - surface)[region], trimmed)
    if rough < SMOOTH:
        blend = surface[region]
        ends = 2 * _reach(blend - blend.mean(0), trimmed)
        return Backdrop("gradient", (1 - rough / SMOOTH / 2) * min(1.0, ends / CLEAR), ends)
    return Backdrop("scene", min(0.95, 0.5 + (rough - SMOOTH) / 0.1), rough)


def transparent(region: np.ndarray) -> Backdrop | None:
    """A cut-out's background; None where the subject leaves next to no room for one."""
    share = float(region.mean())
    return Backdrop("transparent", 1.0, share) if share >= LEAST else None


def off_ground(lab: np.ndarray, ground: Backdrop) -> np.ndarray:
    """`(n, 3)` OKLab to `(n,)` bool: what stands out from a plain background; everything where nothing does."""
    if ground.colour is None:
        return np.ones(len(lab), bool)
    out = _distance(lab - np.array(ground.colour, np.float32)) > 2 * SMOOTH
    return out if out.mean() >= LEAST else np.ones(len(lab), bool)


def _distance(colours: np.ndarray) -> np.ndarray:
    return np.sqrt((colours**2).sum(-1))


def _reach(offsets: np.ndarray, trimmed: float) -> float:
    """The length that all `(n, 3)` offsets but the trimmed share keep within."""
    return float(np.quantile(_distance(offsets), 1 - trimmed))


def _surface(lab: np.ndarray, region: np.ndarray) -> np.ndarray:
    """`(h, w, 3)`: the smooth surface (quadratic in x and y) nearest to the region's colours."""
    basis = _quadratic(*region.shape)
    b = basis[region]
    # The ridge keeps a region of a few pixels solvable.
    return basis @ np.linalg.solve(b.T @ b + 1e-4 * np.eye(6, dtype=np.float32), b.T @ lab[region])


@lru_cache(maxsize=8)
def _quadratic(height: int, width: int) -> np.ndarray:
    """`(h, w, 6)`: 1, x, y, x^2, xy, y^2. Most pictures of a set have one size."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], -1)
