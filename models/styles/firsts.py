"""The first sub-style, from the text description: one that was named, one that a rule gives, or the one most alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from ..errors import TroupeError
from ..samples.sample import Description, Sample, SampleSet, SubStyle
from .assignment import style_words
from .library import StyleLibrary
from .naming import find_style, require_style
from .rules import Rule, is_rules, read_rules
from .words import Corpus, known_words

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


def choose_firsts(
    sample_set: SampleSet, library: StyleLibrary, first: str, scope: Scope, pins: Mapping[str, str]
) -> tuple[FirstChoice, ...]:
    """One choice a character, or one a sample, in order. `first`: "auto", a style's name, or rules (`rules.py`).

    Rules come before `pins` (key -> style id), and these before likeness: the cosine of the description's words with
    the style's keywords and prompt (`words.Corpus`), pooled over the samples. Raises `TroupeError` for unknown names.
    """
    if not library.firsts:
        raise TroupeError("The style library has no first sub-style", remedy="Add one, or use Troupe's own library.")
    named, rules = _wanted(first, library)
    groups = _groups(sample_set.samples, scope)
    if named:
        return tuple(FirstChoice(key, named, len(group), "chosen by name") for key, group in groups.items())
    corpus = Corpus.of([style_words(style) for style in library.firsts])
    kept = {key: find_style(pins[key], library.firsts) for key in groups if key in pins}
    return tuple(
        FirstChoice(key, *_chosen(group, rules, kept.get(key), corpus, library.firsts)) for key, group in groups.items()
    )


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


def _groups(samples: Iterable[Sample], scope: Scope) -> dict[str, list[Sample]]:
    groups: dict[str, list[Sample]] = {}
    for sample in samples:
        groups.setdefault(sample.character if scope == "character" else sample.id, []).append(sample)
    return groups


def _chosen(
    group: Sequence[Sample], rules: Iterable[Rule], kept: SubStyle | None, corpus: Corpus, styles: Sequence[SubStyle]
) -> tuple[SubStyle, int, str]:
    size = len(group)
    for rule in rules:
        fitting = sum(rule.fits(sample.description) for sample in group)
        if fitting >= MOST * size:
            share = f" ({fitting} of {size} pictures)" if size > 1 else ""
            return rule.style, size, f"rule in {rule.place}{share}"
    if kept:
        return kept, size, "kept from the previous map"
    likeness = corpus.likeness(_pooled(sample.description for sample in group))
    best = max(range(len(styles)), key=lambda i: (round(likeness[i], 6), -i))
    if likeness[best] >= ALIKE:
        return styles[best], size, f"most alike in words ({likeness[best]:.2f})"
    return styles[0], size, f"no style is much alike in words ({likeness[best]:.2f} at most), so the library's first"


def _pooled(descriptions: Iterable[Description]) -> Iterator[str]:
    for description in descriptions:
        yield from known_words(description.sentence, description.keywords)
