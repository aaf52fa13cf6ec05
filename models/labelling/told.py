"""What the report says of single pictures: how many there are of each kind, and the first of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, NamedTuple

from ..samples.sample import Sample
from ..vocabulary import normal
from .own import outdated_words
from .settings import LabelSettings
from .trigger import mentions
from .twins import Drift

# What a person reads to the end; the whole is in the decisions and in each picture's labels.
MOST_EVENTS = 200


class Few(NamedTuple):
    """`total` of a kind, and the `first` of them."""

    total: int = 0
    first: tuple[Any, ...] = ()


class Own(NamedTuple):
    """Captions that a person wrote: all of them, those without the trigger word as it is written, those that name what
    it should learn, those that name what the restyle repainted (with the words), those that say it twice."""

    captions: int
    odd: Few
    leaking: Few
    outdated: Few
    twice: Few


class Drifts(NamedTuple):
    """`few`: sorted. `pictures`: in how many; `slots`: how many of each."""

    few: Few
    pictures: int
    slots: Counter


class Told(NamedTuple):
    """Of a part of a set, or of all of it. `sizes`: each character's pictures, in order of first appearance. `styles`:
    names of the first sub-styles, "" for none. `lines`: a picture's lines in the report; `conflicts`: one each."""

    sizes: dict[str, int]
    styles: frozenset[str]
    own: Own
    drifts: Drifts
    conflicts: Few
    lines: Few

    @property
    def pictures(self) -> int:
        return sum(self.sizes.values())


def few(entries: Iterable[Any], total: int) -> Few:
    return Few(total, tuple(islice(entries, MOST_EVENTS)))


def tell(
    samples: Sequence[Sample], settings: LabelSettings, drifts: Sequence[Drift], conflicts: Few, lines: Iterable[str]
) -> Told:
    """`samples`: labelled."""
    sizes = dict(Counter(s.character for s in samples))
    styles = frozenset(s.style.first.name if s.style else "" for s in samples)
    drifting = Drifts(
        few(sorted(drifts), len(drifts)), len({d.sample for d in drifts}), Counter(d.slot for d in drifts)
    )
    return Told(sizes, styles, _own(samples, settings), drifting, conflicts, few(lines, len(samples)))


def told_together(parts: Sequence[Told]) -> Told:
    """`parts`: in the order of the set."""
    sizes: Counter = Counter()
    for part in parts:
        sizes.update(part.sizes)
    captions, *kinds = zip(*(part.own for part in parts), strict=True)
    some, pictures, slots = zip(*(part.drifts for part in parts), strict=True)
    drifting = _few_of(some)
    drifting = drifting._replace(first=tuple(sorted(drift for each in some for drift in each.first)[:MOST_EVENTS]))
    return Told(
        dict(sizes),
        frozenset().union(*(part.styles for part in parts)),
        Own(sum(captions), *map(_few_of, kinds)),
        Drifts(drifting, sum(pictures), sum(slots, Counter())),
        _few_of([part.conflicts for part in parts]),
        _few_of([part.lines for part in parts]),
    )


def _few_of(parts: Iterable[Few]) -> Few:
    parts = tuple(parts)
    return few((entry for part in parts for entry in part.first), sum(part.total for part in parts))


def _own(samples: Iterable[Sample], settings: LabelSettings) -> Own:
    own = [s for s in samples if s.labels.origin == "person"]
    odd = [s.id for s in own if s.labels.trigger not in s.labels.caption]
    leaking = [s.id for s in own if any(normal(t) in normal(s.labels.caption) for t in s.labels.target)]
    leaking = leaking if settings.policy == "absorb" else []
    outdated = [f"{s.id}: {', '.join(words)}" for s in own if (words := outdated_words(s, s.labels.caption))]
    twice = [s.id for s in own if mentions(s.labels.caption, s.labels.trigger) > 1]
    return Own(len(own), *(few(found, len(found)) for found in (odd, leaking, outdated, twice)))
