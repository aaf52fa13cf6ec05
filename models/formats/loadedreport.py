"""What a data set that was read back holds, in words for its owner."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ..samples.reading import load_notes
from ..samples.sample import Rejection, SampleSet
from .reading import Loaded
from .wording import counted, some

MOST_NAMES, MOST_REJECTED = 5, 20


def loaded_report(loaded: Loaded) -> str:
    """What was found in which group, what is odd about it, and what was left out."""
    samples = loaded.samples
    return "\n".join((*_summary(loaded), *_oddities(samples), *_left_out(samples.rejected)))


def _summary(loaded: Loaded) -> Iterator[str]:
    samples = loaded.samples.samples
    masks = sum(s.mask is not None for s in samples)
    pairs = sum(s.source is not None for s in samples)
    paired = f", {pairs} with what they were made of" if pairs else ""
    yield f"{counted(len(samples), 'picture')} as {loaded.format.label}, {masks} with masks{paired}"
    for group in dict.fromkeys((f.group, f.repeats) for f in loaded.found):
        n = sum((f.group, f.repeats) == group for f in loaded.found)
        shown = f" x {counted(group[1], 'repeat')}" if loaded.format.counts_repeats or group[1] > 1 else ""
        yield f"  {group[0] or 'one folder'}: {counted(n, 'picture')}{shown}"
    triggers = dict.fromkeys(s.labels.trigger for s in samples if s.labels and s.labels.trigger)
    if triggers or not pairs:
        yield f"  trigger word: {', '.join(triggers) or 'none found; write it into the node if there is one'}"
    if empty := [s.id for s in samples if not (s.labels and s.labels.caption)]:
        yield f"  {len(empty)} without a caption: {some(empty, MOST_NAMES)}"


def _oddities(samples: SampleSet) -> Iterator[str]:
    counts = Counter(note for s in samples.samples for note in load_notes(s))
    yield from (f"! {note}: {counted(n, 'picture')}" for note, n in counts.items())


def _left_out(rejected: Sequence[Rejection]) -> Iterator[str]:
    if rejected:
        yield f"  left out: {len(rejected)}"
        yield from (f"    {r.id}: {r.reason}" for r in rejected[:MOST_REJECTED])
        if len(rejected) > MOST_REJECTED:
            yield f"    ... and {len(rejected) - MOST_REJECTED} more"
