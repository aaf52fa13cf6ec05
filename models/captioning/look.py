"""Whether a picture looks like line art, flat colours, a painting or a photograph."""

from __future__ import annotations

from math import exp

import numpy as np
from torch import Tensor

from .scale import Guess

# Calibrated at a long side of 512 on 138 photographs (COCO, toys, pets), 85 flat drawings, 25 paintings and
# illustrations and 16 restyled photographs.
# A gradient below 0.75 of an 8-bit step cannot be seen; above 0.06 it is an edge.
UNSEEN = 0.75 / 255
EDGE = 0.06
EDGE_REACH = 2  # pixels: an antialiased line and its blur
FEWEST = 400  # pixels; 20 x 20 of 512 x 512
# A photograph's white backdrop is as flat as paint, so white counts only where there is little else.
BLOWN, LEAST_SHADED = 0.98, 0.1
# Share of the pixels away from edges without a visible gradient. Flat drawings: 0.66 to 1, 19 of 20 above 0.7.
# Photographs: half below 0.16, 98 of 100 below 0.61. Paintings: 0.14 to 0.75, so they cannot be told by it alone.
FLAT, FLAT_SURE = 0.65, 0.85
# Line art: paper (the most common light tone) and ink, both without colour of their own. Clean lines leave the paper
# untouched and are all edge, which blobs of ink are not; hatching is nothing but edges.
LIGHT = 0.6
PAPER_REACH, INK_BELOW, LEAST_INK = 0.08, 0.25, 0.005
TINTED_PAPER, COLOURLESS = 0.06, 0.04
CLEAN_PAPER, CLEAN_THIN = 0.6, 0.9
HATCHED_PAPER, HATCHED_EDGES = 0.4, 0.4
# Photograph or painting: logistic regression on the same share and the mean OKLab chroma, classes weighted equally,
# AUC 0.86. Of photographs 46 % come out surer than 0.5, and 5 % of paintings with them. A toy on an orange backdrop
# passes for a painting, so a painting is never more than suspected.
PHOTO_BIAS, PHOTO_FLAT, PHOTO_CHROMA = 2.8, -5.7, -21.0
PAINTED_SUREST = 0.45


def look(slope: Tensor, near_edge: Tensor, grey: Tensor, lab: np.ndarray) -> Guess | None:
    """`slope` per pixel, `near_edge` (bool, from `edges`) and luma `grey`, all `(n,)` of the 512-pixel copy; `lab`:
    `(m, 3)` OKLab of the same region. None where the region is too small to have a look."""
    if slope.numel() < FEWEST:
        return None
    flat = _flat_share(slope, near_edge, grey)
    drawn = _line_art(lab, flat, (slope > EDGE).float().mean().item())
    if drawn:
        return Guess("line art", drawn)
    if flat >= FLAT:
        return Guess("flat", 0.5 + 0.45 * min((flat - FLAT) / (FLAT_SURE - FLAT), 1.0))
    chroma = float(np.hypot(lab[:, 1], lab[:, 2]).mean())
    photo = 1 / (1 + exp(-(PHOTO_BIAS + PHOTO_FLAT * flat + PHOTO_CHROMA * chroma)))
    better_than_chance = abs(2 * photo - 1)
    if photo >= 0.5:
        return Guess("photographic", better_than_chance)
    return Guess("painted", min(better_than_chance, PAINTED_SUREST))


def edges(slope: Tensor) -> Tensor:
    """`(H, W)` gradient magnitudes to bool: the pixels on an edge or within its reach."""
    near = slope > EDGE
    for axis in (0, 1):
        near = _spread(near, axis)
    return near


def _spread(marked: Tensor, axis: int) -> Tensor:
    """True `EDGE_REACH` pixels further in both directions; a tenth of what max pooling takes."""
    wider, length = marked.clone(), marked.shape[axis]
    for step in range(1, min(EDGE_REACH, length - 1) + 1):
        wider.narrow(axis, step, length - step).logical_or_(marked.narrow(axis, 0, length - step))
        wider.narrow(axis, 0, length - step).logical_or_(marked.narrow(axis, step, length - step))
    return wider


def _flat_share(slope: Tensor, near_edge: Tensor, grey: Tensor) -> float:
    calm = ~near_edge
    shaded = calm & (grey < BLOWN)
    if shaded.sum() < LEAST_SHADED * slope.numel():
        shaded = calm
    return (shaded & (slope < UNSEEN)).sum().item() / max(shaded.sum().item(), 1)


def _line_art(lab: np.ndarray, flat: float, edge_share: float) -> float:
    """Confidence in [0, 1], 0 = no line art."""
    counts = np.bincount((lab[:, 0] * 50).clip(0, 50).astype(np.uint8), minlength=51)
    first = round(LIGHT * 50)
    paper_tone = (first + counts[first:].argmax() + 0.5) / 50
    paper = np.abs(lab[:, 0] - paper_tone) < PAPER_REACH
    ink = float((lab[:, 0] < paper_tone - INK_BELOW).mean())
    hatched = edge_share >= HATCHED_EDGES and paper.mean() >= HATCHED_PAPER
    clean = edge_share >= CLEAN_THIN * ink and paper.mean() >= CLEAN_PAPER and flat >= FLAT
    if ink < LEAST_INK or not (hatched or clean):
        return 0.0
    tint = lab[paper, 1:].mean(0)
    own = np.quantile(np.hypot(*(lab[:, 1:] - tint).T), 0.98)  # the last 2 % are fringes of JPEG and scanners
    if np.hypot(*tint) > TINTED_PAPER or own > COLOURLESS:
        return 0.0
    return 0.9 if clean else 0.7
