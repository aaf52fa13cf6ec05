"""Finding what a person meant by a name, or saying what comes near to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from ..errors import TroupeError
from ..samples.sample import SubStyle
from ..vocabulary import normal, vocabulary


def find_style(text: str, styles: Iterable[SubStyle]) -> SubStyle | None:
    """By id, English or Chinese name; case, `_` and `-` do not matter."""
    wanted = normal(text)
    return next((s for s in styles if wanted in (normal(s.id), normal(s.name), normal(s.name_zh))), None)


def require_style(text: str, styles: Sequence[SubStyle], where: str = "") -> SubStyle:
    """As `find_style`. Raises `TroupeError` with the nearest ids."""
    found = find_style(text, styles)
    if found is None:
        remedy = nearest(text, [name for s in styles for name in (s.id, s.name, s.name_zh)], [s.id for s in styles])
        raise TroupeError(f"Unknown style{where}", item=repr(text.strip()), remedy=remedy)
    return found


def find_value(text: str, axis: str, present: Iterable[str]) -> str | None:
    """The value of slot `axis` that `text` names: one that is `present`, or one of the vocabulary's words for it."""
    wanted = normal(text)
    for value in present:
        if normal(value) == wanted:
            return value
    return next((w.value for w in vocabulary().values(axis) if wanted in (normal(w.value), *w.words)), None)


def require_value(text: str, axis: str, present: Sequence[str], where: str = "") -> str:
    found = find_value(text, axis, present)
    if found is None:
        words = [w for word in vocabulary().values(axis) for w in (word.value, *word.words)]
        values = list(dict.fromkeys([*present, *(w.value for w in vocabulary().values(axis))]))
        remedy = nearest(text, [*present, *words], values)
        raise TroupeError(f"Not a value of {axis!r}{where}", item=repr(text.strip()), remedy=remedy)
    return found


def nearest(text: str, names: Sequence[str], all_names: Sequence[str]) -> str:
    """`Did you mean ...?`, or else what there is to choose from."""
    close = get_close_matches(normal(text), [normal(n) for n in names], n=3, cutoff=0.6)
    if close:
        meant = dict.fromkeys(next(n for n in names if normal(n) == c) for c in close)
        return f"Did you mean {' or '.join(repr(n) for n in meant)}?"
    return f"Choose among: {', '.join(all_names)}."
