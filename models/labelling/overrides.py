"""A person's rules about tags: which feature a written pattern means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import NamedTuple

from ..errors import TroupeError
from ..vocabulary import normal, vocabulary


class Pattern(NamedTuple):
    """`slot` and `value` are wildcard patterns for a feature's slot and value; without `slot`, `value` is
    one for its tag. `tag`: what the vocabulary calls it, if a person used another word. `text`: as written."""

    text: str
    slot: str
    value: str
    tag: str = ""

    def fits(self, slots: Iterable[str], value: str, tag: str) -> bool:
        """`slots`: the feature's own slot and the one whose rules it follows."""
        if not self.slot:
            return fnmatchcase(normal(tag), self.value) or normal(tag) == self.tag
        return any(fnmatchcase(s, self.slot) for s in slots) and (
            fnmatchcase(normal(value), self.value) or fnmatchcase(normal(tag), self.value)
        )


class Renaming(NamedTuple):
    old: Pattern
    new: str


def parse_patterns(text: str) -> tuple[Pattern, ...]:
    """Comma or line separated. Each is `tag`, `slot:background`, `slot:background=plain` or `background:plain`."""
    parts = (part.strip() for part in re.split(r"[,，、\n]", text))
    return tuple(parse_pattern(part) for part in parts if part)


def parse_pattern(text: str) -> Pattern:
    head, colon, rest = (part.strip() for part in text.partition(":"))
    if colon and head.lower() == "slot":
        slot, _, value = (part.strip() for part in rest.partition("="))
        return Pattern(text, slot.lower(), normal(value) or "*")
    if colon and any(fnmatchcase(slot.id, head.lower()) for slot in vocabulary().slots):
        return Pattern(text, head.lower(), normal(rest) or "*")
    # "golden hair" means blonde hair too; "dark" is a tag itself, although the vocabulary reads it as night.
    word = None if normal(text) in _tags() else vocabulary().find(text)
    return Pattern(text, "", normal(text), normal(word.tag) if word else "")


@lru_cache(maxsize=1)
def _tags() -> frozenset[str]:
    return frozenset(normal(word.tag) for word in vocabulary().words)


def parse_renamings(text: str) -> tuple[Renaming, ...]:
    """`old -> new`, one a line. Raises `TroupeError` for a line that is not."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        old, arrow, new = (part.strip() for part in re.sub("→|=>", "->", line).partition("->"))
        if not (old and arrow and new):
            raise TroupeError(
                "Not a renaming",
                item=line,
                remedy='Write one a line: old -> new. To drop a tag, name it under "never write".',
            )
        if "," in new:
            raise TroupeError("A tag is renamed to one tag", item=line, remedy="Leave the comma out.")
        found.append(Renaming(Pattern(old, "", normal(old)), new))
    return tuple(found)
