"""The first sub-style, from the text description: one that was named, one that a rule gives, or the one most alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

from ..errors import TroupeError
from ..samples.sample import Description, SubStyle
from .assignment import style_words
from .library import StyleLibrary
from .naming import find_style, require_style
from .rules import Rule, is_rules, read_rules
from .words import Corpus, known_words, spoken_runs

Scope = Literal["character", "sample"]
# Two or three common words in common: below it, any style would do as well.
ALIKE = 0.25
MOST = 0.5  # of a character's pictures must fit a rule, so that one night scene does not decide for forty


class FirstChoice(NamedTuple):
    """`key`: the character or sample that it is for."""

    key: str
    style: SubStyle
    count: int
    reason: str


@dataclass
class Told:
    """What `size` descriptions say, as far as it decides. `fitting`: how many of them fit each rule, by its place.
    `words`: how often they have each term that occurs in a style's own words."""

    size: int = 0
    fitting: Counter[int] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class FirstStyles:
    """How first sub-styles are chosen: all `named`, or by `rules`, before those `kept` (by key), before likeness: the
    cosine of the descriptions' words with a style's keywords and prompt (`words.Corpus`)."""

    styles: tuple[SubStyle, ...]
    named: SubStyle | None
    rules: tuple[Rule, ...]
    kept: Mapping[str, SubStyle]

    @classmethod
    def of(cls, library: StyleLibrary, first: str, pins: Mapping[str, str]) -> FirstStyles:
        """`first`: "auto", a style's name, or rules (`rules.py`). `pins`: key -> style id, of which those that are gone
        are left out. Raises `TroupeError` for unknown names."""
        if not library.firsts:
            remedy = "Add one, or use Troupe's own library."
            raise TroupeError("The style library has no first sub-style", remedy=remedy)
        named, rules = _wanted(first, library)
        found = {style: find_style(style, library.firsts) for style in set(pins.values())}
        kept = {key: found[style] for key, style in pins.items() if found[style]}
        return cls(library.firsts, named, rules, kept)

    def count(self, told: Told, key: str, description: Description) -> None:
        """One description more of the character or sample `key`."""
        told.size += 1
        if self.named or (key in self.kept and not self.rules):
            return
        words = known_words(description.sentence, description.keywords)
        if self.rules:
            said = {*words, *spoken_runs(description.sentence)}
            told.fitting.update(place for place, rule in enumerate(self.rules) if rule.fits(said))
        if key not in self.kept and not any(rule.always for rule in self.rules):
            self._corpus.count(told.words, words)

    def choice(self, key: str, told: Told) -> FirstChoice:
        """`told`: by all descriptions of `key`."""
        style, reason = self._chosen(key, told)
        return FirstChoice(key, style, told.size, reason)

    @cached_property
    def _corpus(self) -> Corpus:
        return Corpus.of([style_words(style) for style in self.styles])

    def _chosen(self, key: str, told: Told) -> tuple[SubStyle, str]:
        if self.named:
            return self.named, "chosen by name"
        for place, rule in enumerate(self.rules):
            fitting = told.fitting[place]
            if fitting >= MOST * told.size:
                share = f" ({fitting} of {told.size} pictures)" if told.size > 1 else ""
                return rule.style, f"rule in {rule.place}{share}"
        if key in self.kept:
            return self.kept[key], "kept from the previous map"
        return self._most_alike(told.words)

    def _most_alike(self, words: Counter[str]) -> tuple[SubStyle, str]:
        styles, likeness = self.styles, self._corpus.likeness_of(words)
        best = max(range(len(styles)), key=lambda i: (round(likeness[i], 6), -i))
        alike = f"{likeness[best]:.2f}"
        if likeness[best] >= ALIKE:
            return styles[best], f"most alike in words ({alike})"
        return styles[0], f"no style is much alike in words ({alike} at most), so the library's first"


def _wanted(first: str, library: StyleLibrary) -> tuple[SubStyle | None, tuple[Rule, ...]]:
    first = first.strip()
    if is_rules(first):
        return None, read_rules(first, library.firsts)
    if first.lower() in ("", "auto"):
        return None, ()
    second = None if find_style(first, library.firsts) else find_style(first, library.seconds)
    if second:
        raise TroupeError(
            "This is a second sub-style",
            item=repr(first),
            remedy="A first one says how to draw: anime_cel, watercolour, ...",
        )
    return require_style(first, library.firsts), ()
