"""Whether backgrounds betray where their objects were removed, found by attacking them all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from torch import Tensor

from ...errors import TroupeError
from ...pixels import resized
from ...progress import Progress, silent
from ...texttable import table
from .group import GroupPixels
from .leakattack import Attack, attacked
from .shrinking import shrunk_group

SIDE = 256  # long side at which backgrounds are attacked
WARNING = 2.0  # times chance
SURE = 2.0  # standard errors


@dataclass(frozen=True)
class LeakAudit:
    """Attacks by group id on the backgrounds and, for comparison, on the composites, where nothing was removed."""

    backgrounds: dict[str, Attack]
    composites: dict[str, Attack]

    @property
    def hit_rate(self) -> float:
        return _mean(attack.hit for attack in self.backgrounds.values())

    @property
    def chance(self) -> float:
        return _mean(attack.chance for attack in self.backgrounds.values())

    @property
    def control_rate(self) -> float:
        """Hit rate on the composites: how far objects stand out by themselves."""
        return _mean(attack.hit for attack in self.composites.values())

    @property
    def ratio(self) -> float:
        """Hit rate over chance; 1 is no leak."""
        return self.hit_rate / max(self.chance, 1e-6)

    @property
    def standard_error(self) -> float:
        """Of the ratio: binomial, with one hit and one miss added, so that few groups are never taken for sure."""
        count = len(self.backgrounds)
        rate = (self.hit_rate * count + 1) / (count + 2)
        return (rate * (1 - rate) / count) ** 0.5 / max(self.chance, 1e-6)

    @property
    def leaks(self) -> bool:
        return self.ratio > WARNING

    @property
    def verdict(self) -> str:
        """One sentence for the owner of the groups."""
        sure = abs(self.ratio - WARNING) > SURE * self.standard_error
        doubt = "" if sure else f" {len(self.backgrounds)} groups are too few to be sure."
        found = f"{self.ratio:.1f} times as many removed objects were found as by chance"
        if self.leaks:
            return f"Warning: {found}; a model would look for the repair and not for a good place.{doubt}"
        return f"No leak: {found} (warning above {WARNING:g}).{doubt}"

    def report(self) -> str:
        """The figures, one a line, and the verdict."""
        rows = [
            ["groups", str(len(self.backgrounds))],
            ["found in the backgrounds", f"{self.hit_rate:.1%}"],
            ["found by chance", f"{self.chance:.1%}"],
            ["ratio", f"{self.ratio:.2f} +- {self.standard_error:.2f}"],
            ["found in the composites", f"{self.control_rate:.1%}"],
        ]
        return f"{table(rows, left=1)}\n{self.verdict}"


def leak_audit(groups: Iterable[tuple[str, GroupPixels]], progress: Progress = silent) -> LeakAudit:
    """Attack every group, one in memory at a time. Raises `TroupeError` when there is none."""
    backgrounds, composites = {}, {}
    for done, (id_, pixels) in enumerate(groups):
        progress(done, done + 1, id_)
        small = shrunk_group(pixels, SIDE)
        outline, corner = _outline(small)
        backgrounds[id_] = attacked(small.background, outline, corner)
        composites[id_] = attacked(small.composite, outline, corner)
    if not backgrounds:
        raise TroupeError("There is no composite group to audit", remedy="Make or load some first.")
    return LeakAudit(backgrounds, composites)


def _outline(pixels: GroupPixels) -> tuple[Tensor, tuple[int, int]]:
    """The object's outline inside the frame, `(h, w)` bool, and its upper left corner (y, x)."""
    height, width = pixels.background.shape[:2]
    box = pixels.box
    alpha = resized(pixels.foreground[..., 3], *box.size)
    top, left = max(0, -box.top), max(0, -box.left)
    inside = alpha[top : height - box.top, left : width - box.left]
    return inside > min(0.5, float(inside.max()) / 2), (box.top + top, box.left + left)


def _mean(values: Iterable[float]) -> float:
    values = [float(value) for value in values]
    return sum(values) / len(values)
