"""The word that calls a character: asked for or made from its name, checked, and found in a text."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from ..vocabulary import normal, vocabulary

# What a tokeniser may cut from a shorter word is a letter that is everywhere.
SHORTEST = 3
# Letters that NFKD does not take apart.
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


def word_of(name: str) -> str:
    """Lower-case ASCII of a character's name: `Mira Łuk` is `mira_luk`.

    A name in letters that have no ASCII form (Chinese, Cyrillic) becomes a short word of its own that is
    the same on every machine: `trp_` and four hexadecimal digits of the name's SHA-256.
    """
    plain = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS))
    word = re.sub(r"[^a-z0-9]+", "_", plain.encode("ascii", "ignore").decode()).strip("_")
    letters = sum(c.isalpha() for c in plain)
    kept = sum(c.isalpha() for c in word)
    # Half a name is no name: "米拉 b" must not become "b".
    if kept == 0 or kept * 2 < letters:
        return "trp_" + hashlib.sha256(unicodedata.normalize("NFC", name).encode()).hexdigest()[:4]
    return word


def triggers_of(characters: Iterable[str], wanted: str) -> dict[str, str]:
    """Each character's trigger word; `wanted` as in `LabelSettings.trigger`."""
    wanted = " ".join(wanted.split())
    return {c: wanted.replace("{character}", word_of(c)) if wanted else word_of(c) for c in characters}


def trigger_warnings(triggers: Mapping[str, str]) -> tuple[str, ...]:
    """What is wrong with them, in words."""
    found = []
    owners: dict[str, list[str]] = {}
    for character, trigger in triggers.items():
        owners.setdefault(normal(trigger), []).append(character)
    for trigger, characters in owners.items():
        if len(characters) > 1:
            found.append(
                f'{", ".join(sorted(characters))} have one trigger word, "{trigger}": a LoRA will mix them. '
                "Write {character} into the trigger to give each its own."
            )
    for trigger in sorted(set(triggers.values())):
        if sum(c.isalpha() for c in trigger) < SHORTEST:
            found.append(f'The trigger word "{trigger}" is very short; use at least {SHORTEST} letters.')
        elif is_ordinary(trigger):
            found.append(
                f'The trigger word "{trigger}" is an ordinary word: the model already means something by it, and '
                f'every other prompt with it will show the character. Use one like "{trigger.replace(" ", "_")}_trp".'
            )
    return tuple(found)


def is_ordinary(trigger: str) -> bool:
    """Whether it, or each of its words, is a word of the vocabulary or a common English one."""
    parts = normal(trigger).split()
    return vocabulary().find(trigger) is not None or all(p in _ordinary() for p in parts)


def mentions(text: str, trigger: str, *, loosely: bool = False) -> int:
    """How often `text` holds the trigger as a word, whatever its case, with `_`, `-` or a blank between its parts.

    Inside a longer word joined by `_` or `-` it counts only `loosely`: `mira_x` is another word than `mira`.
    """
    parts = [re.escape(p) for p in re.split(r"[\s_\-]+", trigger) if p]
    if not parts:
        return 0
    word = r"[\s_\-]+".join(parts)
    edge = r"[^\W_]" if loosely else r"[\w\-]"
    return len(re.findall(f"(?<!{edge}){word}(?!{edge})", text, re.IGNORECASE))


@lru_cache(maxsize=1)
def _ordinary() -> frozenset[str]:
    """About five hundred of the words that captions are made of."""
    return frozenset((Path(__file__).parent / "ordinary.txt").read_text(encoding="utf-8").split())
