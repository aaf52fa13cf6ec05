"""What the pictures of one character have in common: tones and colours, pooled, so that a set has one palette.

Measured per picture, the same blue hair turned black before a light wall and white before a dark one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from .analysis import check_picture, to_planes
from .colour import oklab
from .materials import group_shades

THUMBNAIL = 96  # long side, pixels
CELLS = 32  # colour histogram cells per axis
AB_RANGE = 0.4
QUANTILES = (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98)
# How much a pixel outside a known subject counts beside one inside: enough for a background to keep colours of its own.
BACKGROUND_SAY = 0.4
CLUSTERS = 24


@dataclass(frozen=True)
class ColourCluster:
    """One recurring colour. lab: OKLab centre. weight: share of all pixels. subject: how much more of it lies on the
    character than elsewhere, 0 .. 1. material: shades of one material share this number. presence: share of pictures
    that show the material."""

    lab: tuple[float, float, float]
    weight: float
    subject: float
    material: int
    presence: float


@dataclass(frozen=True)
class SetStatistics:
    """tones: lightness at QUANTILES, rising. chroma: mean. clusters: heaviest first. pictures: how many were pooled."""

    pictures: int
    tones: tuple[float, ...]
    chroma: float
    clusters: tuple[ColourCluster, ...]

    @property
    def black(self) -> float:
        return self.tones[0]

    @property
    def middle(self) -> float:
        return self.tones[3]

    @property
    def white(self) -> float:
        return self.tones[-1]

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> SetStatistics:
        raw = json.loads(text)
        clusters = tuple(ColourCluster(tuple(c.pop("lab")), **c) for c in raw["clusters"])
        return cls(raw["pictures"], tuple(raw["tones"]), raw["chroma"], clusters)


def pool_statistics(pictures: Iterable[tuple[Tensor, Tensor | None]]) -> SetStatistics:
    """(rgb (H, W, 3) in [0, 1], subject mask (H, W) in [0, 1] or None) of one character -> SetStatistics.

    Streams: each picture is reduced to a thumbnail, counted into one histogram and let go. The order does not matter.
    """
    pool = _Pool()
    for rgb, mask in pictures:
        pool.add(rgb, mask)
    if not pool.pictures:
        raise ValueError("no pictures to pool statistics from")
    return pool.summary()


class _Pool:
    """A colour histogram: per cell its mass, summed colour, mass on the subject, and pictures that show it."""

    def __init__(self) -> None:
        cells = CELLS**3
        self.mass, self.inside, self.focus = (torch.zeros(cells, dtype=torch.float64) for _ in range(3))
        self.colour = torch.zeros(cells, 3, dtype=torch.float64)
        self.seen: list[Tensor] = []  # per picture: share of each occupied cell (sparse)
        self.light = torch.zeros(512, dtype=torch.float64)
        self.pictures = 0

    def add(self, rgb: Tensor, mask: Tensor | None) -> None:
        lab, inside, weight = _thumbnail(rgb, mask)
        # Where the subject is known its colours alone make the clusters, or a cream wall and pale skin become one.
        focus = weight if mask is None else weight * (BACKGROUND_SAY + inside)
        cell = _cells(lab)
        self.mass.index_add_(0, cell, weight)
        self.inside.index_add_(0, cell, weight * inside)
        self.focus.index_add_(0, cell, focus)
        self.colour.index_add_(0, cell, weight[:, None] * lab)
        self.light += torch.bincount((lab[:, 0] * 511).round().long().clamp(0, 511), weight, minlength=512)
        self.seen.append(torch.bincount(cell, weight, minlength=CELLS**3).to_sparse())
        self.pictures += 1

    def summary(self) -> SetStatistics:
        used = self.mass > 0
        mass = self.mass[used]
        lab = self.colour[used] / mass[:, None]
        focus = self.focus[used]
        label = _cluster(lab, focus)
        shares = torch.stack([s.to_dense()[used] for s in self.seen])
        clusters = _describe(lab, mass, focus, self.inside[used], shares, label)
        chroma = float((mass * lab[:, 1:].norm(dim=1)).sum() / mass.sum())
        return SetStatistics(self.pictures, _quantiles(self.light), round(chroma, 4), clusters)


def _thumbnail(rgb: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
    """Colours (n, 3), how much each lies on the subject (n,), and weights (n,) that sum to 1; float64, CPU.

    Without a mask the middle of the picture is the best guess, as a soft oval.
    """
    check_picture(rgb)
    h, w = rgb.shape[:2]
    scale = min(1.0, THUMBNAIL / max(h, w))
    size = max(1, round(h * scale)), max(1, round(w * scale))
    planes = F.interpolate(to_planes(rgb), size=size, mode="area")
    lab = oklab(planes)[0].flatten(1).T.double().cpu()
    if mask is None:
        inside = _oval(*size)
    else:
        if mask.shape != rgb.shape[:2]:
            raise ValueError(f"mask {tuple(mask.shape)} does not fit picture {tuple(rgb.shape[:2])}")
        inside = F.interpolate(mask[None, None].float(), size=size, mode="area").flatten().double().cpu().clamp(0, 1)
    return lab, inside, torch.full_like(inside, 1 / inside.numel())


def _oval(h: int, w: int) -> Tensor:
    y = (torch.arange(h, dtype=torch.float64) + 0.5) / h * 2 - 1
    x = (torch.arange(w, dtype=torch.float64) + 0.5) / w * 2 - 1
    return torch.exp(-2.0 * (x[None] ** 2 + y[:, None] ** 2)).flatten()


def _cells(lab: Tensor) -> Tensor:
    scaled = torch.stack([lab[:, 0], lab[:, 1] / (2 * AB_RANGE) + 0.5, lab[:, 2] / (2 * AB_RANGE) + 0.5], 1)
    index = (scaled * CELLS).long().clamp(0, CELLS - 1)
    return (index[:, 0] * CELLS + index[:, 1]) * CELLS + index[:, 2]


def _cluster(lab: Tensor, mass: Tensor) -> Tensor:
    """Weighted k-means with farthest-point seeds: no chance in it. Chroma counts double, or vivid trims go grey."""
    points = lab * lab.new_tensor([1.0, 2.2, 2.2])
    worth = mass.sqrt() * (0.3 + lab[:, 1:].norm(dim=1))
    centres = points[worth.argmax()][None]
    while len(centres) < min(CLUSTERS, len(points)):
        gap = torch.cdist(points, centres).amin(1)
        if float(gap.max()) < 0.06:
            break
        centres = torch.cat([centres, points[(worth * gap**2).argmax()][None]])
    for _ in range(12):
        label = torch.cdist(points, centres).argmin(1)
        total = torch.zeros(len(centres), dtype=mass.dtype).index_add_(0, label, mass)
        moved = torch.zeros_like(centres).index_add_(0, label, points * mass[:, None])
        centres = torch.where(total[:, None] > 0, moved / total[:, None].clamp(min=1e-12), centres)
    return label


def _describe(
    lab: Tensor, mass: Tensor, focus: Tensor, inside: Tensor, shares: Tensor, label: Tensor
) -> tuple[ColourCluster, ...]:
    """Clusters, heaviest first, from the cells' colours, masses and label; shares (pictures, cells).

    A cluster's centre is that of its cells' `focus`."""
    count = int(label.max()) + 1
    pool = torch.zeros(count, len(mass), dtype=mass.dtype)
    pool[label, torch.arange(len(mass))] = 1.0
    order = (pool @ mass).argsort(descending=True, stable=True)
    order = order[(pool @ mass)[order] > 0]
    pool = pool[order]
    weight, on = pool @ mass, (pool @ inside) / inside.sum().clamp(min=1e-9)
    around = (pool @ (mass - inside)) / (mass - inside).sum().clamp(min=1e-9)
    middle = (pool @ (lab * focus[:, None])) / (pool @ focus)[:, None]
    centres = [tuple(round(v, 4) for v in c) for c in middle.tolist()]
    subject = [round(v, 4) for v in (on / (on + around).clamp(min=1e-9)).tolist()]
    materials = group_shades(centres, subject)
    shown = shares @ pool.T  # (pictures, clusters)
    presence = [_presence(shown[:, [k for k, m in enumerate(materials) if m == own]]) for own in materials]
    weights = [round(v, 5) for v in (weight / mass.sum()).tolist()]
    return tuple(ColourCluster(*row) for row in zip(centres, weights, subject, materials, presence, strict=True))


def _presence(shown: Tensor) -> float:
    """Share of pictures where a material covers more than 0.3 %."""
    return round(float((shown.sum(1) > 0.003).double().mean()), 4)


def _quantiles(light: Tensor) -> tuple[float, ...]:
    rising = light.cumsum(0) / light.sum()
    return tuple(round(int((rising < q).sum()) / 511, 4) for q in QUANTILES)
