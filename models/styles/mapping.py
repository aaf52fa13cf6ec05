"""Map Styles: every sample gets a first sub-style by its text and a second one by its image feature."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from ..samples.sample import Sample, SampleSet, StylePair
from .firsts import FirstChoice, Scope, choose_firsts
from .library import StyleLibrary
from .report import mapping_report
from .seconds import SecondChoice, allowed_seconds, choose_axis, choose_seconds, feature_of
from .stylemap import StyleMap

STAGE = "map styles"


@dataclass(frozen=True)
class MapSettings:
    """`first`: "auto", a style's name, or rules, one a line: `night, moon -> ink_wash`. `first_scope`: one first
    sub-style for each character (a LoRA set wants one medium) or for each sample.
    `axis`: the slot whose values get second sub-styles, or "auto". `table`: rows of one's own, `front = fine_line`.
    `seconds`: ids of the second sub-styles that may be used, () = all. `previous`: a map whose pairs are kept.
    """

    first: str = "auto"
    axis: str = "angle"
    table: str = ""
    seconds: tuple[str, ...] = ()
    previous: StyleMap | None = None
    second_enabled: bool = True
    first_scope: Scope = "character"


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


def map_styles(sample_set: SampleSet, library: StyleLibrary, settings: MapSettings = MapSettings()) -> Mapped:
    """Neither the order of the samples nor that of their features changes a pair. Raises `TroupeError` for unknown
    names, for a table or map that is not one to one, and where second sub-styles run out."""
    sample_set.require_any("Map Styles")
    previous = settings.previous or StyleMap()
    firsts = choose_firsts(sample_set, library, settings.first, settings.first_scope, dict(previous.firsts))
    axis, seconds = _seconds(sample_set, library, settings, previous)
    by_key, by_feature = {c.key: c for c in firsts}, {c.feature: c for c in seconds}
    noted = json.dumps({"first": settings.first, "axis": axis, "seconds": list(settings.seconds)})

    def styled(sample: Sample) -> Sample:
        first = by_key[sample.character if settings.first_scope == "character" else sample.id]
        return replace(sample, style=_pair(sample, first, axis, by_feature)).after(STAGE, noted)

    return Mapped(sample_set.mapped(styled), axis, firsts, seconds)


def mapping_rows(mapped: Mapped) -> tuple[MappingRow, ...]:
    """Image feature -> second sub-style; without second ones, character or sample -> first sub-style."""
    if mapped.axis:
        return tuple(MappingRow(c.feature, c.style.name, c.count, c.reason) for c in mapped.seconds if c.count)
    return tuple(MappingRow(c.key, c.style.name, c.count, c.reason) for c in mapped.firsts)


def _seconds(
    sample_set: SampleSet, library: StyleLibrary, settings: MapSettings, previous: StyleMap
) -> tuple[str, tuple[SecondChoice, ...]]:
    if not settings.second_enabled:
        return "", ()
    styles = allowed_seconds(library, settings.seconds)
    # A kept map decides "auto" too, or one more picture could change the axis and with it every pair.
    kept_axis = previous.axis if settings.axis.strip().lower() == "auto" else ""
    axis = choose_axis(sample_set, kept_axis or settings.axis, len(styles))
    pins = dict(previous.seconds) if previous.axis == axis else {}
    return axis, choose_seconds(sample_set, axis, settings.table, styles, pins)


def _pair(sample: Sample, first: FirstChoice, axis: str, seconds: Mapping[str, SecondChoice]) -> StylePair:
    reason = f"{first.style.name}: {first.reason}"
    if not axis:
        return StylePair(first.style, reason=reason)
    second = seconds[feature_of(sample, axis)]
    why = f"{second.style.name} for {axis} = {second.feature}: {second.reason}"
    return StylePair(first.style, second.style, f"{axis}={second.feature}", f"{reason}; {why}")
