"""Dress a character in designed colours: which of its colours moves to which, decided once for the whole set."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import atan2, exp, hypot

import torch

from .colour import oklab
from .materials import GREY, Lab
from .statistics import ColourCluster, SetStatistics

DARKEST, INK, PAPER = 0.16, 0.27, 0.72  # any colour, greys darker, greys lighter than these: lines and whites
SILVER = 0.018  # chroma of a tint that can still be told from white
PRESENT, OWN = 0.6, 0.48  # a character's colour: seen in most pictures, more on the subject than around it


@dataclass(frozen=True)
class CharacterPalette:
    """Designed colours, '#rrggbb', 3 to 12. A skin tone among them is meant for skin; without one, skin stays."""

    name: str
    colours: tuple[str, ...]

    def __post_init__(self) -> None:
        if not 3 <= len(self.colours) <= 12:
            raise ValueError(f"palette {self.name!r} has {len(self.colours)} colours; 3 to 12 make a character")
        for colour in self.colours:
            if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
                raise ValueError(f"palette {self.name!r}: {colour!r} is not a colour like '#3a7bd5'")

    @property
    def lab(self) -> tuple[Lab, ...]:
        rgb = [[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in self.colours]
        planes = oklab(torch.tensor(rgb).T.reshape(1, 3, 1, -1))
        return tuple(tuple(colour) for colour in planes[0, :, 0].T.tolist())


@dataclass(frozen=True)
class Material:
    """Hair, cloth, skin in all its shades: the colour it has, and the colour it will have; OKLab."""

    source: Lab
    target: Lab


@dataclass(frozen=True)
class Recolouring:
    """materials: what moves. clusters: every colour of the set and the index of its material, -1 = stays."""

    materials: tuple[Material, ...]
    clusters: tuple[tuple[Lab, int], ...]


def plan_recolouring(statistics: SetStatistics, palette: CharacterPalette, amount: float = 1.0) -> Recolouring:
    """Assign the set's materials to the palette by optimal transport in OKLab; amount 0 = stay, 1 = arrive.

    A colour that most pictures share and that lies more on the subject than around it is the character's.
    """
    if not 0 <= amount <= 1:
        raise ValueError(f"amount must lie in 0..1, got {amount}")
    groups = [g for g in _materials(statistics) if _is_own(g)]
    own = sum(_mass(group) for group in groups)
    groups = [group for group in groups if _mass(group) >= own * _least(group)]
    face = _face(groups)
    groups = [group if group is face else [c for c in group if not _fair(c.lab)] for group in groups]
    groups = [group for group in groups if group]
    targets = _assign(groups, palette.lab)
    kept = [(group, target) for group, target in zip(groups, targets, strict=True) if target is not None]
    materials = tuple(Material(_centre(group), _toward(_centre(group), target, amount)) for group, target in kept)
    owner = {cluster: i for i, (group, _) in enumerate(kept) for cluster in group}
    clusters = tuple((c.lab, owner.get(c, -1)) for c in statistics.clusters)
    return Recolouring(materials, clusters + _blushes(groups, owner) + (((0.0, 0.0, 0.0), -1), ((1.0, 0.0, 0.0), -1)))


def _materials(statistics: SetStatistics) -> list[list[ColourCluster]]:
    """The set's materials, each the list of its shades; lines, blacks and whites are left out: they stay."""
    groups: dict[int, list[ColourCluster]] = {}
    for cluster in statistics.clusters:
        if _dyeable(cluster):
            groups.setdefault(cluster.material, []).append(cluster)
    return list(groups.values())


def _dyeable(cluster: ColourCluster) -> bool:
    """Neither line nor black nor white; white in the shade of a blue sky counts as white, pale skin does not, nor does
    silver hair: a pale tint that is all the character's own."""
    lab = cluster.lab
    light, chroma = lab[0], hypot(*lab[1:])
    if chroma > SILVER and cluster.subject > 0.65 and cluster.presence > 0.8:
        return light > DARKEST
    if chroma >= GREY + 0.02 * max(0.0, light - 0.6) or is_skin(lab):
        return light > DARKEST
    return INK < light < PAPER - 2 * chroma


def _is_own(group: list[ColourCluster]) -> bool:
    total = sum(c.weight for c in group)
    return group[0].presence >= PRESENT and sum(c.weight * c.subject for c in group) >= OWN * total


def _mass(group: list[ColourCluster]) -> float:
    return sum(c.weight * c.subject for c in group)


def _least(group: list[ColourCluster]) -> float:
    """Share of the character below which a colour is a trim or a blend of two neighbours, and stays; greys more so."""
    return 0.05 if hypot(*_centre(group)[1:]) > GREY else 0.15


def _centre(group: list[ColourCluster]) -> Lab:
    total = sum(c.weight for c in group)
    return tuple(sum(c.weight * c.lab[i] for c in group) / total for i in range(3))


def is_skin(lab: Lab) -> bool:
    """The locus of human skin, and of drawn skin: hue 20 to 80 degrees, muted."""
    chroma, hue = hypot(*lab[1:]), atan2(lab[2], lab[1])
    return 0.35 <= hue <= 1.5 and 0.025 <= chroma <= 0.13 and lab[0] > 0.38 and chroma / lab[0] < 0.19


def _face(groups: list[list[ColourCluster]]) -> list[ColourCluster] | None:
    """The material that is most likely the character's skin."""
    best = max(groups, key=_skin_likeness, default=None)
    return best if best and _skin_likeness(best) > 0 else None


def _fair(lab: Lab) -> bool:
    """Light skin in shade or in blush: it must not be dyed along with an orange scarf."""
    return lab[0] > 0.68 and hypot(*lab[1:]) < 0.13 and -0.1 <= atan2(lab[2], lab[1]) <= 1.25


def _blushes(groups: list[list[ColourCluster]], owner: dict[ColourCluster, int]) -> tuple[tuple[Lab, int], ...]:
    """Colours too small for the statistics that skin shows all the same: a blush, and two shades of it."""
    face = _face(groups)
    if face is None:
        return ()
    light, a, b = _centre(face)
    shades = ((light - 0.08, a + 0.07, b + 0.015), (light - 0.05, a + 0.035, b + 0.01), (0.9 * light, 1.7 * a, 1.3 * b))
    return tuple((shade, owner.get(face[0], -1)) for shade in shades)


def _skin_likeness(group: list[ColourCluster]) -> float:
    """Mass of a skin-like material, most for the hue of faces: blond hair and leather are skin-like too."""
    centre = _centre(group)
    return is_skin(centre) * _mass(group) * exp(-(((atan2(centre[2], centre[1]) - 0.85) / 0.35) ** 2))


def _assign(groups: list[list[ColourCluster]], targets: tuple[Lab, ...]) -> list[Lab | None]:
    """One target for each material, all different while they last; skin goes to skin or stays (None)."""
    from scipy.optimize import linear_sum_assignment  # heavy: only when a plan is made

    out: list[Lab | None] = [None] * len(groups)
    face = _face(groups)
    for skin in (True, False):
        rows = [i for i, group in enumerate(groups) if (group is face) == skin]
        columns = [t for t in targets if is_skin(t) == skin] or ([] if skin else list(targets))
        if not rows or not columns:
            continue
        columns = columns * -(-len(rows) // len(columns))
        cost = [[_cost(groups[i], t) for t in columns] for i in rows]
        for r, c in zip(*linear_sum_assignment(cost), strict=True):
            out[rows[r]] = columns[c]
    return out


def _cost(group: list[ColourCluster], target: Lab) -> float:
    """Squared OKLab distance times mass, in cylinder coordinates: lightness carries the drawing and weighs most, then
    vivid goes to vivid; the direction of hue counts least, since a new hue is what the palette is for."""
    source = _centre(group)
    vivid = (hypot(*source[1:]) - hypot(*target[1:])) ** 2
    hue = sum((source[i] - target[i]) ** 2 for i in (1, 2))
    return _mass(group) ** 0.5 * (2 * (source[0] - target[0]) ** 2 + vivid + 0.15 * hue)


def _toward(source: Lab, target: Lab, amount: float) -> Lab:
    return tuple(s + amount * (t - s) for s, t in zip(source, target, strict=True))
