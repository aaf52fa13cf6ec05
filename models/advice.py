"""Advice for a person: how much it matters, what was found in which pictures, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

# fix: the training fails or learns the wrong thing. improve: it gets better. note: good to know, nothing to do.
Severity = Literal["fix", "improve", "note"]
SEVERITIES: tuple[Severity, ...] = ("fix", "improve", "note")
# In the order in which a person works through them.
TOPICS = ("count", "missing", "too many", "doubles", "quality", "leaks", "captions", "size", "steps")


class Advice(NamedTuple):
    """`what` was found, and what to do about it (`remedy`), in whole sentences. `character`: "" = all of them.
    `samples`: ids of the pictures that it is about, none where it is about the whole set."""

    severity: Severity
    topic: str
    what: str
    remedy: str
    character: str = ""
    samples: tuple[str, ...] = ()


class Schedule(NamedTuple):
    """How long to train. `sums`: the arithmetic, one line a character; `remark`: where the wanted number is from."""

    sums: tuple[str, ...]
    steps: int
    wanted: int
    remark: str


def in_order(advice: Iterable[Advice]) -> tuple[Advice, ...]:
    """The gravest first, then by topic and character."""
    return tuple(sorted(advice, key=_place))


def count_of(advice: Iterable[Advice], severity: Severity) -> int:
    return sum(a.severity == severity for a in advice)


def _place(a: Advice) -> tuple:
    return SEVERITIES.index(a.severity), TOPICS.index(a.topic), a.character, a.what, a.samples
