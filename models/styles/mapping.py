"""Map Styles: every sample gets a first sub-style by its text and a second one by its image feature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ..samples.sample import Sample, SampleSet
from .deciding import MapSettings, decide
from .firsts import FirstChoice
from .library import StyleLibrary
from .report import mapping_report
from .seconds import SecondChoice
from .stylemap import StyleMap

USUAL = MapSettings()


@dataclass(frozen=True)
class Mapped:
    """`sample_set`: every sample with its `StylePair`. `axis` is "" when there are no second sub-styles."""

    sample_set: SampleSet
    axis: str
    firsts: tuple[FirstChoice, ...]
    seconds: tuple[SecondChoice, ...]

    @property
    def style_map(self) -> StyleMap:
        """To keep, and to hand back as `MapSettings.previous`."""
        firsts = tuple((choice.key, choice.style.id) for choice in self.firsts)
        return StyleMap(self.axis, firsts, tuple((choice.feature, choice.style.id) for choice in self.seconds))

    @property
    def words(self) -> str:
        """One line, for the node."""
        names = ", ".join(dict.fromkeys(choice.style.name for choice in self.firsts))
        used = sum(bool(choice.count) for choice in self.seconds)
        return f"{names}, {used} second sub-style{'s' * (used != 1)} by {self.axis}" if self.axis else names

    @property
    def report(self) -> str:
        return mapping_report(self.axis, self.firsts, self.seconds, self.style_map.digest)


class MappingRow(NamedTuple):
    """One line of a style map to show: `count` samples with `feature` get `style`."""

    feature: str
    style: str
    count: int
    reason: str


def map_styles(sample_set: SampleSet, library: StyleLibrary, settings: MapSettings = USUAL) -> Mapped:
    """Neither the order of the samples nor that of their features changes a pair. Raises `TroupeError` for unknown
    names, for a table or map that is not one to one, and where second sub-styles run out."""
    sample_set.require_any("Map Styles")
    decided = decide(sample_set, library, settings)
    firsts: dict[str, FirstChoice] = {}

    def styled(sample: Sample) -> Sample:
        first = decided.first(sample)
        firsts[first.key] = first
        return decided.styled(sample, first)

    return Mapped(sample_set.mapped(styled), decided.axis, tuple(firsts.values()), decided.seconds)


def mapping_rows(mapped: Mapped) -> tuple[MappingRow, ...]:
    """Image feature -> second sub-style; without second ones, character or sample -> first sub-style."""
    if mapped.axis:
        return tuple(MappingRow(c.feature, c.style.name, c.count, c.reason) for c in mapped.seconds if c.count)
    return tuple(MappingRow(c.key, c.style.name, c.count, c.reason) for c in mapped.firsts)
