"""What the names of a file and its folders say about the picture: `mira_run_side_full_03` runs, seen from the side."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from ..vocabulary import Word, vocabulary
from .exclusive import most_trusted
from .sample import Feature

# A name is somebody's word, but a file is renamed in passing and copied with its old name.
PATH_CONFIDENCE = 0.9

_HAN = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af"
_SMALL = rf"[^\W\d_A-Z{_HAN}]"
# Chinese run | ABBreviation before a Word | Word or word, with its 's | CAPITALS | number
_TOKEN = re.compile(rf"[{_HAN}]+|[A-Z]+(?=[A-Z]{_SMALL})|[A-Z]?{_SMALL}+(?:'s\b)?|[A-Z]+|\d+")


def path_features(names: Iterable[str], own_names: Sequence[str]) -> tuple[Feature, ...]:
    """Features in the words of `names`, nearest name first; `own_names` (the character's) are no attribute.

    A slot takes its values from the nearest name that speaks of it. What pixels say better (sharpness,
    brightness) is not taken from a name.
    """
    return most_trusted(_features(words_in(name, own_names)) for name in names)


def _features(words: Iterable[Word]) -> Iterator[Feature]:
    for word in words:
        if vocabulary().slot(word.slot).kind != "measured":
            yield Feature(word.slot, word.value, "path", PATH_CONFIDENCE)


def words_in(name: str, own_names: Sequence[str] = ()) -> list[Word]:
    """Words of the vocabulary in `name`, longest first from the left; a lone number is none (`mira_34`)."""
    tokens = tokens_of(name)
    for own in own_names:
        tokens = _without(tokens, tokens_of(own))
    return list(_matches(tokens))


def tokens_of(name: str) -> list[str]:
    """`MiraRun-02 跑步` is `Mira`, `Run`, `02`, `跑步`."""
    return _TOKEN.findall(unicodedata.normalize("NFC", name).replace("’", "'").replace("_", " "))


def _matches(tokens: list[str]) -> Iterator[Word]:
    start = 0
    while start < len(tokens):
        if re.match(f"[{_HAN}]", tokens[start]):
            yield from _in_chinese(tokens[start])
            start += 1
            continue
        word, length = _longest(tokens, start)
        if word:
            yield word
        start += length


def _longest(tokens: list[str], start: int) -> tuple[Word | None, int]:
    for length in range(min(_longest_term(), len(tokens) - start), 0, -1):
        term = tokens[start : start + length]
        if word := vocabulary().find(" ".join(term)):
            after = tokens[start + length : start + length + 1]
            if not all(t.isdigit() for t in term) or [t.lower() for t in after] == ["view"]:
                return word, length
    return None, 1


def _in_chinese(run: str) -> Iterator[Word]:
    """Longest match; one sign counts only where nothing else is left beside it (`跑`, not the `指` of `戒指`)."""
    for piece in re.split(f"({_chinese_terms()})", run):
        if word := vocabulary().find(piece):
            yield word


def _without(tokens: list[str], own: Sequence[str]) -> list[str]:
    """`tokens` without the first place where `own` stands; a Chinese name also inside a longer run."""
    folded, wanted = [t.casefold() for t in tokens], [o.casefold() for o in own]
    for i in range(len(tokens) - len(own) + 1 if own else 0):
        if folded[i : i + len(own)] == wanted:
            return tokens[:i] + tokens[i + len(own) :]
    if len(own) == 1 and re.match(f"[{_HAN}]", own[0]):
        for i, token in enumerate(tokens):
            if own[0] in token:
                return tokens[:i] + [t for t in token.split(own[0], 1) if t] + tokens[i + 1 :]
    return tokens


@lru_cache(maxsize=1)
def _longest_term() -> int:
    return max(len(name.split()) for word in vocabulary().words for name in word.words)


@lru_cache(maxsize=1)
def _chinese_terms() -> str:
    names = {name for word in vocabulary().words for name in word.words}
    terms = [n for n in names if re.fullmatch(f"[{_HAN}]{{2,}}", n)]
    return "|".join(sorted(terms, key=lambda t: (-len(t), t)))
