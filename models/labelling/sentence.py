"""A sentence from traits: built from what may be said, so that nothing has to be cut out of one."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from ..vocabulary import vocabulary
from .traits import Trait

# The order of the parts after "a close-up of a girl seen from the side"; the sub-styles come last.
_PARTS = ("dynamic", "with", "wearing", "plain", "scene")


def sentence(traits: Iterable[Trait], subject: str = "", style_words: Sequence[str] = ()) -> str:
    """`a close-up of a girl seen from the side, smiling, with long silver hair, in a park, ink wash`.

    `subject`: a class word ("1girl", "knight"); without it and without a trait that says so, "a character".
    """
    said: dict[str, list[str]] = defaultdict(list)
    # "long silver hair", though the vocabulary has the colour before the length.
    for trait in sorted(traits, key=lambda t: t.slot != "hair.length"):
        role, words = part_of_speech(trait)
        if trait.kind != "noise" and words not in said[role]:
            said[role].append(words)
    if said["hair"]:
        said["with"].insert(0, f"{' '.join(said['hair'])} hair")
    whom = _subject(subject, said["subject"])
    start = f"{said['shot'][0]} of {whom}" if said["shot"] else whom
    opening = " ".join([start, *said["angle"]])
    for role in ("with", "wearing"):
        said[role] = [f"{role} {_listed(said[role])}"] if said[role] else []
    return ", ".join([opening, *(words for part in _PARTS for words in said[part]), *style_words])


@lru_cache(maxsize=4096)
def part_of_speech(trait: Trait) -> tuple[str, str]:
    """Where in the sentence the trait belongs, and its words there."""
    role = "" if trait.tag in grammar()["alone"] else grammar()["roles"].get(trait.like, "")
    word = vocabulary().word(trait.slot, trait.value)
    alone = "dynamic" if trait.kind == "dynamic" else "plain"
    if trait.like.startswith("hair.") and trait.tag.endswith(" hair"):
        return "hair", trait.tag.removesuffix(" hair")
    if word is None:
        noun = role in ("with", "wearing")
        return (role, with_article(trait.tag)) if noun else ("scene" if role == "scene" else alone, trait.tag)
    return role or alone, trait.tag if trait.kind == "measured" else word.phrase


def with_article(noun: str) -> str:
    """`a scarf`, `an umbrella`; plurals and what cannot be counted stay as they are."""
    plural = noun.endswith("s") and not noun.endswith("ss")
    if plural or any(noun.split()[-1] == mass for mass in grammar()["mass"]):
        return noun
    return f"{'an' if noun[0] in 'aeiou' and not noun.startswith('uni') else 'a'} {noun}"


def _subject(class_word: str, known: Sequence[str]) -> str:
    word = vocabulary().find(class_word) if class_word else None
    if word and word.slot == "count":
        return word.phrase
    if class_word:
        return class_word if class_word.split()[0] in ("a", "an", "the") else with_article(class_word)
    return known[0] if known else "a character"


def _listed(words: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


@lru_cache(maxsize=1)
def grammar() -> dict:
    return json.loads((Path(__file__).parent / "grammar.json").read_text(encoding="utf-8"))
