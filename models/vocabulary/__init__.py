"""The words for what a picture can show: slots, their values, and how each is written as tag, phrase and in Chinese.

The words themselves are data: `slots.json` beside this file. A slot is one question about a picture
("what colour is the hair?"), a value one answer. Everything that reads words (path names, captions,
tags) and everything that writes them (keywords, sentences, captions) goes through here, so one thing
has one name over a whole set.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

# static: what the character is. scene: what is around it. dynamic: what changes between pictures.
# measured: what pixels say (brightness, sharpness); it describes the picture, never the character.
Kind = Literal["static", "dynamic", "scene", "measured"]
# (slot, value) pairs under any of which something cannot be seen.
Hidden = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Slot:
    """`exclusive`: a picture has one value at most. `hidden_when`: where nobody can see this slot (a back view
    hides the eyes), so that such a picture has no vote on it."""

    id: str
    label: str
    label_zh: str
    kind: Kind
    exclusive: bool
    hidden_when: Hidden


@dataclass(frozen=True)
class Word:
    """One value of one slot. `tag`: booru spelling with spaces. `phrase`: fits into a sentence.
    `words`: what people call it in file names and captions, English and Chinese, lower case. `hidden_when`: as its
    slot's, unless it has its own in the file (a back view hides freckles, but not a tail)."""

    slot: str
    value: str
    tag: str
    phrase: str
    zh: str
    words: tuple[str, ...]
    hidden_when: Hidden = ()


@dataclass(frozen=True)
class Vocabulary:
    """Slots in the order in which a caption names them."""

    slots: tuple[Slot, ...]
    words: tuple[Word, ...]

    def slot(self, id: str) -> Slot | None:
        return next((s for s in self.slots if s.id == id), None)

    def values(self, slot: str) -> tuple[Word, ...]:
        return tuple(w for w in self.words if w.slot == slot)

    def word(self, slot: str, value: str) -> Word | None:
        return next((w for w in self.words if (w.slot, w.value) == (slot, value)), None)

    def find(self, text: str) -> Word | None:
        """The word that `text` (a tag, a path word, a value) means, or None. Case, `_` and `-` do not matter."""
        return _index().get(normal(text))

    def visible(self, slot: str, facts: dict[str, str], value: str = "") -> bool:
        """Whether `slot` (and in it `value`, if given) can be seen in a picture with `facts` (slot -> value)."""
        known = self.word(slot, value) or self.slot(slot)
        return known is None or not any(facts.get(s) == v for s, v in known.hidden_when)


def normal(text: str) -> str:
    """Lower case, `_` and `-` as spaces, booru escapes undone: `From_Behind` and `from-behind` are one."""
    text = text.replace("\\(", "(").replace("\\)", ")").lower()
    return re.sub(r"[\s_\-]+", " ", text).strip()


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    data = json.loads((Path(__file__).parent / "slots.json").read_text(encoding="utf-8"))
    slots, words = [], []
    for entry in data["slots"]:
        hidden = _hidden(entry)
        slots.append(
            Slot(entry["id"], entry["label"], entry["label_zh"], entry["kind"], entry.get("exclusive", True), hidden)
        )
        for value, w in entry["values"].items():
            # "red" alone is no hair colour; "run" alone is an action. Slots of the second kind are `bare`.
            own = (value,) if entry.get("bare") else ()
            names = tuple(dict.fromkeys(normal(n) for n in (*own, w["tag"], w["zh"], *w.get("words", ()))))
            unseen = _hidden(w) if "hidden_when" in w else hidden
            words.append(Word(entry["id"], value, w["tag"], w.get("phrase", w["tag"]), w["zh"], names, unseen))
    return Vocabulary(tuple(slots), tuple(words))


def _hidden(entry: dict) -> Hidden:
    return tuple((slot, value) for slot, values in entry.get("hidden_when", {}).items() for value in values)


@lru_cache(maxsize=1)
def _index() -> dict[str, Word]:
    index: dict[str, Word] = {}
    for word in vocabulary().words:
        for name in word.words:
            index.setdefault(name, word)
    return index
