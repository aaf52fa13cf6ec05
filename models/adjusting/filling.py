"""Shots that are missing, made by cropping full ones: no more than are missing, none that is there already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from typing import NamedTuple

from ..errors import BadPicture
from ..samples.sample import Sample
from ..samples.store import Store
from .cropping import Plan, plan_crop
from .cutting import cut, described_as
from .measuring import Measures, measured
from .nearduplicates import Crowd
from .rules import fault_of
from .selection import Candidate, Chosen, Wanted, select
from .sorting import Known, cell_of
from .wishes import Preset


class Crop(NamedTuple):
    """`sample` was cut as `plan` says."""

    plan: Plan
    sample: Sample
    measures: Measures


class Filled(NamedTuple):
    """chosen: with the crops. crops: those chosen. refused: (shot, why not) -> pictures."""

    chosen: Chosen
    crops: tuple[Crop, ...]
    refused: Counter


def fill(
    good: Sequence[Sample],
    known: Known,
    preset: Preset,
    wanted: Wanted,
    chosen: Chosen,
    store: Store,
    announce: Callable[[str], None],
) -> Filled:
    """Add crops of `good` to `chosen` while shots are missing, calling `announce` with each crop's id before it is cut
    and while it is compared.

    A crop that misses one of the preset's limits, or is the same as a picture or crop that is there, is put aside and
    the next best is tried.
    """
    refused: Counter = Counter()
    plans = _plans(good, known, preset, wanted.missing(chosen).get("shot", {}), refused)
    made: dict[str, Crop] = {}
    crowd = Crowd(good, [known[s.id] for s in good])
    while True:
        filled = select(map(_candidate, plans.values(), count()), wanted, chosen, useful=True)
        added = filled.ids[len(chosen.ids) :]
        fresh = [plans[id] for id in added if id not in made]
        if not fresh:
            return Filled(filled, tuple(made[id] for id in added), refused)
        for plan in fresh:
            announce(plan.id)
            crop = _made(plan, crowd, preset, store, partial(announce, plan.id))
            if isinstance(crop, str):
                refused[plan.shot, crop] += 1
                del plans[plan.id]
            else:
                made[plan.id] = crop
                crowd.add(crop.sample, crop.measures)


def _candidate(plan: Plan, rank: int) -> Candidate:
    return Candidate(plan.id, cell_of(described_as(plan.sample, plan.shot)), rank)


def _plans(
    good: Sequence[Sample], known: Known, preset: Preset, missing: dict[str, int], refused: Counter
) -> dict[str, Plan]:
    """Every crop to a missing shot that the preset allows, the best picture's first."""
    there = {s.id for s in good}
    plans = {}
    for shot in (shot for shot in preset.crop_to_shot if shot in missing):
        for sample in good:
            plan = plan_crop(sample, known[sample.id].figure, shot, preset.crop_limit)
            if isinstance(plan, str):
                refused[shot, plan] += 1
            elif plan.id not in there:
                plans[plan.id] = plan
    return plans


def _made(plan: Plan, crowd: Crowd, preset: Preset, store: Store, watch: Callable[[], None]) -> Crop | str:
    """The crop, or why it is of no use."""
    try:
        sample = cut(plan, store)
        measures = measured(sample, store)
    except BadPicture as error:
        return error.what
    fault = fault_of(sample, measures, preset)
    if fault:
        return fault.rule
    limit = preset.near_duplicate_distance
    if limit is not None and crowd.has(sample, measures, limit, store, watch):
        return "the same as a picture that is there"
    return Crop(plan, sample, measures)
