"""Every feature and every tag of a set as one kind of thing: a trait, `slot` = `value`."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ..samples.tagtext import parse_tags
from ..vocabulary import normal, vocabulary
from .lexicon import end_of, is_noise, kin_of, lexicon, spelled, tag_of, value_word, word_for
from .overrides import Pattern, Renaming

NOTHING = -1


class Trait(NamedTuple):
    """`slot`: of the vocabulary, or `other:<tag>` for a tag that is not in it. `like`: the vocabulary slot whose
    rules the trait follows, "" when nothing is known. `kind`: as in the vocabulary, or "class" (what the base
    model calls it: girl, animal), "noise" (about the file, not the picture) or "unknown".
    `exclusive`: a picture has one trait of this slot at most; any other trait is there or not.
    `place`: sorts traits into the order of a caption. `implies`: the number of the trait that is true with it."""

    slot: str
    value: str
    tag: str
    like: str
    kind: str
    exclusive: bool
    place: tuple[float, int, str]
    implies: int = NOTHING


class Told(NamedTuple):
    """One tag of a keyword: its trait; what it is besides, should its slot be taken; the tagger's confidence."""

    trait: int
    otherwise: int
    score: float


def caption_ranks(traits: list[Trait]) -> np.ndarray:
    """Each trait's place in the order of captions. Unlike its number, it does not depend on the order of pictures."""
    ranks = np.empty(len(traits), np.int64)
    ranks[sorted(range(len(traits)), key=lambda n: traits[n].place)] = np.arange(len(traits))
    return ranks


class Memo(dict):
    """A dictionary that makes what it lacks, once."""

    def __init__(self, make: Callable) -> None:
        self._make = make

    def __missing__(self, key):
        made = self[key] = self._make(key)
        return made


class TraitBook:
    """Numbers the traits of a set as it meets them. `feature[slot, value]` and `keyword[text]` look them up."""

    def __init__(self, renamings: tuple[Renaming, ...] = (), never: tuple[Pattern, ...] = ()) -> None:
        self.traits: list[Trait] = []
        self._renamings, self._never = renamings, never
        self._numbers: dict[tuple[str, str], int] = {}
        self.tag = Memo(self._tag)
        self.feature = Memo(self._feature)
        self.keyword = Memo(self._keyword)

    def _feature(self, key: tuple[str, str]) -> int:
        slot, value = key
        if not value.strip():
            return NOTHING
        if vocabulary().slot(slot) is None:
            return self.tag[spelled(value)]
        word = value_word(slot, value)
        tag = word.tag if word else tag_of(slot, value)
        renamed = self._renamed(tag)
        if renamed != tag:
            return self.tag[renamed]
        return self._number(slot, word.value if word else normal(value), tag)

    def _keyword(self, text: str) -> tuple[Told, ...]:
        told = []
        for found in parse_tags(re.split(r"[,，、\n]|\|\|\|", text)):
            tag = spelled(found.text)
            trait = self.tag[tag]
            # "blush" is read as shy; beside a smile it is still a blush.
            word = word_for(tag)
            synonym = word is not None and normal(word.tag) != normal(tag) and self._renamed(tag) == tag
            told.append(Told(trait, self._unknown(tag) if synonym else NOTHING, found.score))
        return tuple(told)

    def _tag(self, tag: str) -> int:
        tag = self._renamed(tag)
        word = word_for(tag)
        return self._number(word.slot, word.value, word.tag) if word else self._unknown(tag)

    def _renamed(self, tag: str) -> str:
        for old, new in self._renamings:
            if old.fits((), "", tag):
                return spelled(new)
        return tag

    def _number(self, slot: str, value: str, tag: str) -> int:
        known = vocabulary().slot(slot)
        kind = "class" if slot == "count" else known.kind
        general = lexicon()["implies"].get(tag)
        values = [w.value for w in vocabulary().values(slot)]
        at = values.index(value) if value in values else len(values)
        trait = Trait(slot, value, tag, slot, kind, known.exclusive, (_rank(slot), at, tag))
        return self._add(trait, self.tag[general] if general else NOTHING)

    def _unknown(self, tag: str) -> int:
        if is_noise(tag):
            like, general, kind = "", None, "noise"
        else:
            general = end_of(tag)
            like = kin_of(tag) or (general.slot if general else "")
            kind = "class" if like == "count" else vocabulary().slot(like).kind if like else "unknown"
        number = NOTHING if general is None else self.tag[general.tag]
        return self._add(Trait(f"other:{tag}", tag, tag, like, kind, False, (_rank(like), 10_000, tag)), number)

    def _add(self, trait: Trait, implies: int) -> int:
        number = self._numbers.get((trait.slot, trait.value))
        if number is None:
            # What is never written must not take the more general word with it.
            unwanted = any(p.fits((trait.slot, trait.like), trait.value, trait.tag) for p in self._never)
            number = self._numbers[trait.slot, trait.value] = len(self.traits)
            self.traits.append(trait._replace(implies=NOTHING if unwanted else implies))
        return number


@lru_cache(maxsize=256)
def _rank(slot: str) -> float:
    """The slot's place in a caption; tags of no known slot stand before the scene."""
    slots = vocabulary().slots
    if slot:
        return next(i for i, s in enumerate(slots) if s.id == slot)
    return next(i for i, s in enumerate(slots) if s.kind == "scene") - 0.5
