"""Pictures with masks become a folder of composite groups, on all cores, and none that is finished is made again."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import asdict
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from ...errors import TroupeError
from ...parallel import attended, ordered_map
from ...progress import Progress, silent
from ...samples.store import Store, store_key
from .finished import recall, remember
from .group import GroupFault, GroupSet
from .making import MakeSettings, made_groups
from .manifestfiles import unusable
from .setfolder import clear_leftovers, publish, same_set, set_name
from .sources import Source, fitted
from .writing import NamedGroup, write_groups

# Raise it when a group would come out differently from the same picture.
VERSION = 1


class Made(NamedTuple):
    """`computed`, `reused`: how many groups were made now, and how many were found finished."""

    groups: GroupSet
    computed: int
    reused: int


class Outcome(NamedTuple):
    """What became of one picture; `fresh`: just now."""

    made: NamedGroup | GroupFault
    fresh: bool = True


def make_set(
    sources: Sequence[Source],
    settings: MakeSettings,
    place: Path,
    store: Store,
    *,
    longest_side: int = 0,
    left_out: Sequence[GroupFault] = (),
    progress: Progress = silent,
) -> Made:
    """Groups in the folder `place`, or `place_2`, ... when that holds something else.

    Pictures are first brought down to `longest_side` pixels (0 = full size). What was finished before a Cancel is
    in `store`; the very same set is not written twice. Pictures that cannot be used are faults, after `left_out`,
    which are the caller's. Raises `TroupeError` with all reasons when no group comes out of it.
    """
    root, name = place.parent, set_name(place.name)
    clear_leftovers(root)
    keys = list(_keys(sources, settings, longest_side, progress))
    made_from = store_key("composite set", [f.id for f in left_out], [s.id for s in sources], keys)
    if found := same_set(root, name, made_from):
        return Made(found, 0, len(found))
    faults, fresh = list(left_out), []
    work = partial(_outcome, settings=settings, longest_side=longest_side, store=store)
    outcomes = _attended(list(zip(sources, keys, strict=True)), work, progress)
    with closing(_groups(outcomes, faults, fresh)) as groups:
        first = next(groups, None)
        if first is None:
            raise unusable("No picture could be made into a composite group", place, faults)
        written = publish(root, name, made_from, lambda folder: write_groups(folder, chain([first], groups)), faults)
    return Made(written, sum(fresh), len(fresh) - sum(fresh))


def _keys(sources: Sequence[Source], settings: MakeSettings, longest_side: int, progress: Progress) -> Iterator[str]:
    """What each picture's group is found by; "" for a picture that cannot be read."""

    def key(source: Source) -> str:
        try:
            return store_key("composite group", VERSION, source.digest(), source.id, longest_side, asdict(settings))
        except TroupeError:  # reading it says why
            return ""

    for done, (source, found) in enumerate(zip(sources, ordered_map(key, sources), strict=True)):
        progress(done, len(sources), f"looking at {source.id}")
        yield found


def _outcome(pair: tuple[Source, str], settings: MakeSettings, longest_side: int, store: Store) -> Outcome:
    """Runs on many threads; what it finishes stays in the store even when nobody waits for it any more."""
    source, key = pair
    if key and (known := recall(store, key, source.id)):
        return Outcome(known, fresh=False)
    try:
        rgb, mask = fitted(source.read(), longest_side)
    except TroupeError as error:
        return Outcome(GroupFault(source.id, str(error)))
    made = next(made_groups([(source.id, rgb, mask)], settings))
    if key:
        remember(store, key, made)
    return Outcome(made)


def _attended(pairs: list[tuple[Source, str]], work, progress: Progress) -> Iterator[Outcome]:
    """In order, several at once. The caller is asked ten times a second, because one group takes seconds."""
    outcomes = ordered_map(work, pairs)
    try:
        for done, (source, _) in enumerate(pairs):
            beat = partial(progress, done, len(pairs), source.id)
            beat()
            yield attended(partial(next, outcomes), beat)
    finally:
        # Closing waits for what is under way; who cancels does not want to.
        threading.Thread(target=_let_go, args=(outcomes,), name="troupe-closing", daemon=True).start()


def _let_go(outcomes: Iterator[Outcome]) -> None:
    with suppress(ValueError):  # it is at work on a thread of its own, which closes it afterwards
        outcomes.close()


def _groups(outcomes: Iterator[Outcome], faults: list[GroupFault], fresh: list[bool]) -> Iterator[NamedGroup]:
    for outcome in outcomes:
        if isinstance(outcome.made, GroupFault):
            faults.append(outcome.made)
        else:
            fresh.append(outcome.fresh)
            yield outcome.made
