"""What a part of a set tells about the whole, and what several parts tell together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from .agreement import Votes
from .counts import added, placed
from .pairing import Redrawn
from .traits import NOTHING, Trait


class Tally(NamedTuple):
    """`names`: characters. All else has characters and traits by number; all numbers are whole."""

    names: tuple[str, ...]
    traits: tuple[Trait, ...]
    votes: Votes
    redrawn: Redrawn


def joined(tallies: Iterable[Tally]) -> Tally:
    """The same whatever the parts are and in whatever order they come: names and traits are numbered anew, sorted."""
    tallies = tuple(tallies)
    names = tuple(sorted({name for t in tallies for name in t.names}))
    styles = tuple(sorted({style for t in tallies for style in t.redrawn.styles}))
    traits = _all_traits(tallies)
    of_name, of_style = ({name: n for n, name in enumerate(some)} for some in (names, styles))
    of_trait = {_key(t): n for n, t in enumerate(traits)}
    moved = []
    for tally in tallies:
        who = np.array([of_name[name] for name in tally.names], np.int64)
        what = np.array([of_trait[_key(t)] for t in tally.traits], np.int64)
        style = np.array([of_style[name] for name in tally.redrawn.styles], np.int64)
        votes = _moved_votes(tally.votes, who, what, len(names))
        moved.append(Tally(names, traits, votes, _moved_twins(tally.redrawn, who, what, style, styles)))
    return Tally(names, traits, _added_votes([t.votes for t in moved]), _added_twins([t.redrawn for t in moved]))


def _key(trait: Trait) -> tuple[str, str]:
    return trait.slot, trait.value


def _all_traits(tallies: Sequence[Tally]) -> tuple[Trait, ...]:
    """Each once, in the order of captions; `implies` counts within them."""
    found, general = {}, {}
    for trait, others in ((trait, tally.traits) for tally in tallies for trait in tally.traits):
        found[_key(trait)] = trait
        general[_key(trait)] = _key(others[trait.implies]) if trait.implies != NOTHING else None
    ordered = sorted(found.values(), key=lambda t: (t.place, _key(t)))
    number = {_key(t): n for n, t in enumerate(ordered)} | {None: NOTHING}
    return tuple(t._replace(implies=number[general[_key(t)]]) for t in ordered)


def _moved_votes(votes: Votes, who: np.ndarray, what: np.ndarray, characters: int) -> Votes:
    tables = (placed(table, who, characters) for table in votes[1:])
    return Votes(votes.pairs.renumbered(who, what), *tables)


def _moved_twins(
    redrawn: Redrawn, who: np.ndarray, what: np.ndarray, style: np.ndarray, styles: tuple[str, ...]
) -> Redrawn:
    return redrawn._replace(
        styles=styles,
        of=placed(redrawn.of, style, len(styles)),
        came=redrawn.came.renumbered(style, what),
        went=redrawn.went.renumbered(style, what),
        kept=redrawn.kept.renumbered(who, what),
    )


def _added_votes(votes: Sequence[Votes]) -> Votes:
    pairs, *tables = zip(*votes, strict=True)
    return Votes(added(pairs), *(sum(table) for table in tables))


def _added_twins(redrawn: Sequence[Redrawn]) -> Redrawn:
    pairs, unseen, styles, of, came, went, kept = zip(*redrawn, strict=True)
    return Redrawn(sum(pairs), sum(unseen), styles[0], sum(of), added(came), added(went), added(kept))
