"""A caption from what was decided: trigger first and once, then what stays, in one order over the whole set."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from ..samples.sample import Sample
from ..vocabulary import normal
from .lexicon import word_for
from .overrides import Pattern
from .sentence import sentence
from .settings import LabelSettings
from .traits import Memo, Trait
from .trigger import mentions
from .words import Words


class CaptionWriter:
    """Writes the captions of one character. `never`: what a person banned, for words that are no traits."""

    def __init__(self, trigger: str, settings: LabelSettings, never: tuple[Pattern, ...] = ()) -> None:
        self.trigger, self._settings, self._never = trigger, settings, never
        classes = (" ".join(part.split()) for part in settings.class_word.split(","))
        self._classes = [c for c in dict.fromkeys(classes) if c and not mentions(c, trigger, loosely=True)]
        self._said = {_meaning(c) for c in self._classes}
        self._tag = Memo(lambda tag: (normal(tag), self._spelled(tag)))
        self._sayable = Memo(lambda trait: not mentions(sentence([trait]), trigger, loosely=True))

    def write(self, sample: Sample, words: Words) -> str:
        """The caption that Troupe makes; for a person's own see `own.py`."""
        settings = self._settings
        absorbed = words.target if settings.policy != "absorb" else ()
        rest = words.surest(settings.maximum_tags - len(absorbed))
        head = [self.trigger] + (self._classes if settings.style != "sentence" else [])
        if settings.policy == "hybrid":
            head += self._tags(absorbed, ())
            # A trainer that shuffles what follows the separator must find one even when nothing follows.
            return f"{', '.join(head)} {settings.separator} {', '.join(self._body(sample, rest))}".rstrip()
        rest = tuple(sorted((*absorbed, *rest), key=lambda t: t.place)) if absorbed else rest
        return ", ".join((*head, *self._body(sample, rest)))

    def _body(self, sample: Sample, traits: Sequence[Trait]) -> list[str]:
        names = self._style_words(sample)
        if self._settings.style == "sentence":
            return [self._sentence(sample, traits, names)]
        tags = self._tags(traits, names)
        if self._settings.shuffle:
            tags.sort(key=lambda tag: hashlib.sha256(f"{sample.id}/{tag}".encode()).digest())
        if self._settings.style == "tags":
            return tags
        return [*tags, self._sentence(sample, traits, ())]  # the tags have named the styles

    def _tags(self, traits: Iterable[Trait], names: Sequence[str]) -> list[str]:
        tags = dict(self._tag[t.tag] for t in traits)
        for name in names:
            tags.setdefault(*self._tag[name])
        return [tag for meaning, tag in tags.items() if meaning not in self._said]

    def _sentence(self, sample: Sample, traits: Sequence[Trait], names: Sequence[str]) -> str:
        told = sample.description.sentence.strip().rstrip(".")
        if self._settings.policy == "describe all" and told and not self._forbids(told):
            return ", ".join((told, *names))
        subject = self._classes[0] if self._classes else ""
        return sentence([t for t in traits if self._sayable[t]], subject, names)

    def _forbids(self, text: str) -> bool:
        """Nothing is cut out of a sentence: one that says too much is written anew."""
        if self._settings.replace.strip() or mentions(text, self.trigger, loosely=True):
            return True
        return any(p.slot or fnmatchcase(normal(text), f"*{p.value}*") for p in self._never)

    def _style_words(self, sample: Sample) -> list[str]:
        if sample.style is None or self._settings.style_tags == "leave out":
            return []
        named = [s.name.lower() for s in (sample.style.first, sample.style.second) if s and s.name]
        banned = [n for n in named if any(p.fits((), n, n) for p in self._never)]
        return [n for n in named if n not in banned and not mentions(n, self.trigger, loosely=True)]

    def _spelled(self, tag: str) -> str:
        """`underscores` and `escape_brackets` as the settings say; smileys keep their form."""
        if self._settings.underscores and re.search(r"[^\W\d_]{2}", tag):
            tag = tag.replace(" ", "_")
        return re.sub(r"([()])", r"\\\1", tag) if self._settings.escape_brackets else tag


def _meaning(text: str) -> str:
    """Equal for words that say the same: `girl`, `1girl` and `woman`."""
    word = word_for(text)
    return normal(word.tag if word else text)
