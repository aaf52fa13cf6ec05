"""Which shades are one material: the light and the dark of the same hair, cloth or skin."""

from __future__ import annotations

from math import atan2, hypot, log, pi

Lab = tuple[float, float, float]

GREY = 0.035  # chroma below which a colour has no hue to speak of


def group_shades(colours: list[Lab], subject: list[float]) -> list[int]:
    """OKLab colours, heaviest first, and how much each lies on the subject (0 .. 1) -> the material of each.

    A shade joins the nearest material, measured from that material's heaviest shade, or founds its own. Place counts
    too, or a blue sky would join blue hair.
    """
    founders: list[int] = []
    labels = []
    for i, colour in enumerate(colours):
        near = [
            (hypot(unlike(colours[f], colour), (subject[f] - subject[i]) / 0.35), k) for k, f in enumerate(founders)
        ]
        gap, label = min(near, default=(9.0, 0))
        if gap >= 1:
            label = len(founders)
            founders.append(i)
        labels.append(label)
    return labels


def unlike(p: Lab, q: Lab) -> float:
    """Below 1 for two shades of one material: hue and saturation (C / L) survive shading, lightness does not.

    Greys have no hue to compare; the little colour they have is measured as it stands, or silver hair would join paper.
    """
    cp, cq = hypot(*p[1:]), hypot(*q[1:])
    if cp < GREY or cq < GREY:
        return hypot(abs(p[0] - q[0]) / 0.25, (p[1] - q[1]) / 0.02, (p[2] - q[2]) / 0.02)
    turn = abs((atan2(p[2], p[1]) - atan2(q[2], q[1]) + pi) % (2 * pi) - pi)
    return hypot(turn / 0.44, log(cp / max(p[0], 0.1) * max(q[0], 0.1) / cq) / log(2.0))
