"""What was written, what was left out and what was kept, in words for the data set's owner."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ..samples.sample import Rejection
from .catalogue import find_format
from .earlier import Earlier
from .entries import Entries
from .planned import Plan
from .wording import counted, some

MOST_NAMES = 5


def report_lines(
    plan: Plan, todo: Plan, earlier: Earlier, entries: Entries, rejected: Sequence[Rejection]
) -> Iterator[str]:
    """To stand behind the data set's name. `plan`: what was asked for. `todo`: what of it was not there yet. `entries`:
    the whole data set now."""
    writes, masks = find_format(plan.settings.format), counted(entries.summary.masks, "mask")
    if plan.settings.pairs:
        yield f"{counted(len(entries), 'edit pair')} with instructions, as {writes.label}"
    else:
        yield f"{counted(len(entries), 'picture')} with captions, {masks}, as {writes.label}"
    for (label, repeats), n in _subsets(entries).items():
        shown = f" x {counted(repeats, 'repeat')}" if writes.counts_repeats else ""
        yield f"  {label}: {counted(n, 'picture')}{shown}"
    if earlier.adds:
        yield f"  {len(earlier.kept)} of them were there before, {len(entries) - len(earlier.kept)} are new"
        if present := len(plan.pictures) - len(todo.pictures):
            yield f"  {present} were not added because the data set has them"
        if any(p.sample.mask and not p.files.mask for p in todo.pictures) and plan.settings.masks:
            yield "  no masks for the new ones, as not all that were there have one: write the set anew for masks"
    kept, fallback = _told(todo)
    if kept:
        yield f"  {counted(len(kept), 'caption')} kept as edited in the folder: {some(kept, MOST_NAMES)}"
    if fallback:
        yield f"  {len(fallback)} without a caption of their own: {some(fallback, MOST_NAMES)}"
    if rejected:
        yield f"  {len(rejected)} left out:"
        yield from (f"    {r.id}: {r.reason}" for r in rejected)


def _told(todo: Plan) -> tuple[list[str], list[str]]:
    """Whose captions were edited in the folder, and who has none."""
    kept, fallback = [], []
    for picture in todo.pictures:
        if picture.edited_in_folder:
            kept.append(picture.sample.id)
        if picture.caption.fallback:
            fallback.append(picture.sample.id)
    return kept, fallback


def _subsets(entries: Entries) -> Counter[tuple[str, int]]:
    counts: Counter[tuple[str, int]] = Counter()
    for kind, count in entries.summary.kinds.items():
        counts[kind.subset, kind.repeats] += count
    return counts
