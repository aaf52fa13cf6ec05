"""What a set's own pixels say against it: pictures that are there twice, and pictures that are blurred or burnt out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..advice import Advice
from ..progress import Progress, silent
from ..samples.sample import Sample, SampleSet
from ..samples.store import Store
from .measuring import Measures, measure_all
from .nearduplicates import near_duplicates
from .ready import PRESETS
from .rules import fault_of

LIMITS = PRESETS["everything usable"]
NAMED = 3


def picture_advice(sample_set: SampleSet, store: Store, progress: Progress = silent) -> tuple[Advice, ...]:
    """Every picture is decoded once, small; measures that Adjust left in `store` are taken from there."""
    samples = sorted(sample_set.samples, key=lambda s: s.id)
    results = dict(zip((s.id for s in samples), measure_all(tuple(samples), store, progress), strict=True))
    known = {id: found for id, found in results.items() if isinstance(found, Measures)}
    advice = list(_unreadable({id: found for id, found in results.items() if isinstance(found, str)}))
    for character in sorted(sample_set.characters):
        own = [s for s in samples if s.character == character and s.id in known]
        advice += [*_doubles(character, own, known, store), *_poor(character, own, known)]
    return tuple(advice)


def _unreadable(reasons: Mapping[str, str]) -> Iterator[Advice]:
    if reasons:
        id, reason = next(iter(reasons.items()))
        what = f"{_pictures(len(reasons))} cannot be read ({id}: {reason})."
        yield Advice("fix", "quality", what, "Save the files again as PNG or JPEG.", samples=tuple(reasons))


def _doubles(
    character: str, samples: Sequence[Sample], known: Mapping[str, Measures], store: Store
) -> Iterator[Advice]:
    twins = near_duplicates(samples, [known[s.id] for s in samples], LIMITS.near_duplicate_distance, store)
    if not twins:
        return
    pairs = [f"{samples[t.dropped].id} = {samples[t.kept].id}" for t in twins[:NAMED]]
    more = f" and {len(twins) - NAMED} more" if len(twins) > NAMED else ""
    what = f"{_pictures(len(twins))} look the same as another one: {', '.join(pairs)}{more}."
    ids = sorted({samples[n].id for t in twins for n in (t.dropped, t.kept)})
    remedy = "Keep one of each: what is there twice is learnt twice. Adjust drops them by itself."
    yield Advice("improve", "doubles", what, remedy, character, tuple(ids))


def _poor(character: str, samples: Sequence[Sample], known: Mapping[str, Measures]) -> Iterator[Advice]:
    """Blurred, too dark, burnt out; sizes are the trainer's business."""
    found: dict[str, list[str]] = {}
    for sample in samples:
        fault = fault_of(sample, known[sample.id], LIMITS)
        if fault and fault.rule != "too small":
            found.setdefault(fault.rule, []).append(sample.id)
    for rule, ids in sorted(found.items()):
        what = f"{_pictures(len(ids))} {'is' if len(ids) == 1 else 'are'} {rule}: {', '.join(ids[:NAMED])}."
        remedy = "Drop them or take better ones: the fault is learnt with the character."
        yield Advice("improve", "quality", what, remedy, character, tuple(ids))


def _pictures(n: int) -> str:
    return "1 picture" if n == 1 else f"{n} pictures"
