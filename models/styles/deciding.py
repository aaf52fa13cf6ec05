"""Who gets which sub-styles, decided in one pass over samples that nobody holds, character after character."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from ..progress import Progress, silent
from ..samples.sample import ByCharacter, Sample, StylePair
from .firsts import FirstChoice, FirstStyles, Scope, Told
from .library import StyleLibrary
from .seconds import SecondChoice, allowed_seconds, choose_axis, choose_seconds, possible_axes
from .stylemap import StyleMap
from .values import Values, feature_of

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

    @property
    def wanted_axis(self) -> str:
        """A kept map decides "auto" too, or one more picture could change the axis and with it every pair."""
        kept = self.previous.axis if self.previous and self.axis.strip().lower() == "auto" else ""
        return (kept or self.axis).strip()


@dataclass(frozen=True)
class Decided:
    """What each of the samples gets that were looked at, which have different ids. `by_character`: first sub-styles, in
    order of appearance, unless each sample has its own, which is chosen when it is asked for. `axis`: as of `Mapped`.
    """

    settings: MapSettings
    first_styles: FirstStyles
    by_character: Mapping[str, FirstChoice]
    axis: str
    seconds: tuple[SecondChoice, ...]

    def first(self, sample: Sample) -> FirstChoice:
        if self.settings.first_scope == "character":
            return self.by_character[sample.character]
        told = Told()
        self.first_styles.count(told, sample.id, sample.description)
        return self.first_styles.choice(sample.id, told)

    def styled(self, sample: Sample, first: FirstChoice) -> Sample:
        """With its pair, and noted that it has it."""
        return replace(sample, style=self._pair(sample, first)).after(STAGE, self._noted)

    def _pair(self, sample: Sample, first: FirstChoice) -> StylePair:
        reason = f"{first.style.name}: {first.reason}"
        if not self.axis:
            return StylePair(first.style, reason=reason)
        second = self._by_feature[feature_of(sample, self.axis)]
        why = f"{second.style.name} for {self.axis} = {second.feature}: {second.reason}"
        return StylePair(first.style, second.style, f"{self.axis}={second.feature}", f"{reason}; {why}")

    @cached_property
    def _by_feature(self) -> Mapping[str, SecondChoice]:
        return {choice.feature: choice for choice in self.seconds}

    @cached_property
    def _noted(self) -> str:
        said = self.settings
        return json.dumps({"first": said.first, "axis": self.axis, "seconds": list(said.seconds)})


def decide(
    sample_set: ByCharacter, library: StyleLibrary, settings: MapSettings, progress: Progress = silent
) -> Decided:
    """The order of samples changes no pair. Raises `TroupeError` for unknown styles, before any sample is asked for,
    for an unknown axis, for a table or map that is not one to one, and where second sub-styles run out."""
    previous = settings.previous or StyleMap()
    first_styles = FirstStyles.of(library, settings.first, dict(previous.firsts))
    styles = allowed_seconds(library, settings.seconds) if settings.second_enabled else ()
    values = Values(possible_axes(settings.wanted_axis) if settings.second_enabled else ())
    by_character: dict[str, FirstChoice] = {}
    for character in sample_set.characters:
        told = Told()
        for sample in sample_set.of(character):
            progress(values.size, len(sample_set), sample.id)
            values.count(sample)
            if settings.first_scope == "character":
                first_styles.count(told, character, sample.description)
        if settings.first_scope == "character":
            by_character[character] = first_styles.choice(character, told)
    if not settings.second_enabled:
        return Decided(settings, first_styles, by_character, "", ())
    axis = choose_axis(values, settings.wanted_axis, len(styles))
    pins = dict(previous.seconds) if previous.axis == axis else {}
    seconds = choose_seconds(values.features[axis], axis, settings.table, styles, pins)
    return Decided(settings, first_styles, by_character, axis, seconds)
