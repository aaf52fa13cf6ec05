"""What a word means that the vocabulary knows under another name, or not at all; the data is `lexicon.json`."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path

from ..vocabulary import Word, normal, vocabulary


@lru_cache(maxsize=1)
def lexicon() -> dict:
    """The file as it is; its `note` explains each member."""
    return json.loads((Path(__file__).parent / "lexicon.json").read_text(encoding="utf-8"))


def spelled(tag: str) -> str:
    """Lower case, blanks for underscores between letters; hyphens stay, for they belong to many tags."""
    tag = " ".join(tag.lower().split())
    return tag.replace("_", " ") if re.search(r"[^\W\d_]{2}", tag) and not tag.startswith("score_") else tag


def word_for(text: str) -> Word | None:
    """As `Vocabulary.find`, but a word's own tag goes before what else it is called: Describe writes "dark" for a
    dark picture, and people say it for night."""
    return _tags().get(normal(text)) or vocabulary().find(text)


def value_word(slot: str, value: str) -> Word | None:
    """The word of a feature; its value may be written as a tag."""
    found = vocabulary().word(slot, value) or vocabulary().find(value)
    return found if found and found.slot == slot else None


def tag_of(slot: str, value: str) -> str:
    """How a value that has no word yet is written as a tag: hair that is "mint" is "mint hair"."""
    return lexicon()["compose"].get(slot, "{}").format(normal(value))


def is_noise(tag: str) -> bool:
    """Whether it is about the file or the site, not about the picture's content."""
    return any(fnmatchcase(tag, pattern) for pattern in lexicon()["noise"])


def kin_of(tag: str) -> str:
    """The slot whose rules an unknown tag follows, or ""."""
    return next((slot for pattern, slot in lexicon()["kin"] if fnmatchcase(tag, pattern)), "")


def end_of(tag: str) -> Word | None:
    """The longest known word that `tag` ends in: "blue pleated skirt" ends in a pleated skirt."""
    parts = tag.split()
    for start in range(1, len(parts)):
        word = vocabulary().find(" ".join(parts[start:]))
        if word and word.slot in lexicon()["ends"]:
            return word
    return None


@lru_cache(maxsize=1)
def _tags() -> dict[str, Word]:
    return {normal(word.tag): word for word in reversed(vocabulary().words)}
