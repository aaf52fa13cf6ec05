"""Which colours a picture, or its subject, is made of."""

from __future__ import annotations

from math import exp
from typing import NamedTuple

import numpy as np

from .colour import name_of, oklab

CLUSTERS = 8  # more than is reported: neighbours of one name are joined afterwards
ROUNDS = 12  # Lloyd's iteration stands still after 5 to 10 on all calibration pictures
MOST = 5  # swatches; a longer list says nothing about a character
LEAST_SHARE = 0.04  # below it lie outlines, eyes and blended edges
# OKLab distance at which a cluster stops being one colour: shading of one cloth measures 0.03 to 0.06 on drawings
# and photographs, a cluster that holds two names 0.12 and more.
LOOSE = 0.12


class Swatch(NamedTuple):
    """`share` of the pixels in [0, 1]; `tightness` in [0, 1]: 1 = every pixel has exactly this colour."""

    name: str
    share: float
    tightness: float


def swatches(rgb: np.ndarray) -> tuple[Swatch, ...]:
    """The main colours of `(n, 3)` uint8 sRGB pixels, largest first. The order of the pixels does not matter."""
    if not len(rgb):
        return ()
    lab, weight = _histogram(rgb)
    owner = _cluster(lab, weight)
    return _joined(lab, weight, owner)


def _histogram(rgb: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean OKLab colour of every occupied cell of a 16 x 16 x 16 cube, and its pixel count."""
    cell = rgb.astype(np.int32) >> 4
    index = (cell[:, 0] << 8) | (cell[:, 1] << 4) | cell[:, 2]
    count = np.bincount(index, minlength=4096)
    held = count > 0
    mean = np.stack([np.bincount(index, rgb[:, c], 4096)[held] / count[held] for c in range(3)], 1)
    return oklab(mean.round().astype(np.uint8)), count[held].astype(np.float64)


def _cluster(lab: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """k-means. The seeds are k-means++'s (Arthur & Vassilvitskii 2007) with its draw replaced by its most likely
    outcome: the fullest cell, then again and again the cell with the largest weight times squared distance."""
    centres = [lab[weight.argmax()]]
    gap = ((lab - centres[0]) ** 2).sum(1)
    while len(centres) < min(CLUSTERS, len(lab)):
        centres.append(lab[(weight * gap).argmax()])
        gap = np.minimum(gap, ((lab - centres[-1]) ** 2).sum(1))
    centre, owner = np.array(centres), np.full(len(lab), -1)
    twice, masses = 2 * lab, [weight * lab[:, c] for c in range(3)]
    for _ in range(ROUNDS):
        # |x - c|^2 less |x|^2, which is the same for all c
        before, owner = owner, ((centre**2).sum(1) - twice @ centre.T).argmin(1)
        if (owner == before).all():
            break
        total = np.bincount(owner, weight, len(centre))
        mean = np.stack([np.bincount(owner, mass, len(centre)) for mass in masses], 1)
        centre = np.where(total[:, None] > 0, mean / np.maximum(total, 1e-9)[:, None], centre)
    return owner


def _joined(lab: np.ndarray, weight: np.ndarray, owner: np.ndarray) -> tuple[Swatch, ...]:
    found: dict[str, list[float]] = {}
    for k in np.unique(owner):
        w, colours = weight[owner == k], lab[owner == k]
        centre = (w[:, None] * colours).sum(0) / w.sum()
        spread = float((w * ((colours - centre) ** 2).sum(1)).sum())
        entry = found.setdefault(name_of(centre), [0.0, 0.0])
        entry[0] += float(w.sum())
        entry[1] += spread
    whole = float(weight.sum())
    made = (Swatch(name, w / whole, exp(-(spread / w) / LOOSE**2)) for name, (w, spread) in found.items())
    kept = sorted((s for s in made if s.share >= LEAST_SHARE), key=lambda s: (-s.share, s.name))
    return tuple(kept[:MOST])
