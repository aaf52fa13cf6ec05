"""One character's pictures: who stays, who is cropped, who goes, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import NamedTuple

from ..samples.sample import Sample
from ..samples.store import Store
from .exchanging import keep_alive
from .filling import Crop, fill
from .rules import Fault
from .selection import SLOTS, Candidate, Chosen, Wanted, select
from .sorting import Known, cell_of, sort_out
from .wishes import Preset

COMPARING = "looking for near-duplicates"


class Cast(NamedTuple):
    """kept: sample id -> why. crops: made and chosen. faults: sample id -> why not; every picture is in `kept` or
    here. wanted, chosen: for the table. croppable: shots that the preset lets be made; refused: (shot, why not) ->
    pictures."""

    character: str
    kept: dict[str, str]
    crops: tuple[Crop, ...]
    faults: dict[str, Fault]
    wanted: Wanted
    chosen: Chosen
    croppable: tuple[str, ...]
    refused: Counter


def cast(
    character: str,
    samples: tuple[Sample, ...],
    known: Known,
    preset: Preset,
    store: Store,
    judged: str,
    announce: Callable[[str], None],
) -> Cast:
    """Sort out what is faulty, choose what serves a wish, crop what is missing, fill up with the rest, keep it varied.

    announce: is told what is being done, often enough to be a place to stop at.
    """
    good, faults = sort_out(samples, known, preset, store, judged, lambda: announce(COMPARING))
    wanted = Wanted(preset.quotas(), preset.total, preset.balance)
    candidates = [Candidate(s.id, cell_of(s), rank) for rank, s in enumerate(good)]
    chosen = select(candidates, wanted, useful=True)
    filled = fill(good, known, preset, wanted, chosen, store, announce)
    taken = set(chosen.ids)
    chosen = select((c for c in candidates if c.id not in taken), wanted, filled.chosen)
    chosen = keep_alive(candidates, wanted, chosen)
    taken = set(chosen.ids)
    kept = {c.id: _merit(c.cell, wanted) for c in candidates if c.id in taken}
    cut = defaultdict(list)
    for crop in filled.crops:
        cut[crop.plan.sample.id].append(crop.plan.id)
    faults |= {c.id: _surplus(c, wanted, chosen, cut[c.id]) for c in candidates if c.id not in taken}
    return Cast(character, kept, filled.crops, faults, wanted, chosen, preset.crop_to_shot, filled.refused)


def _merit(cell: tuple[str, ...], wanted: Wanted) -> str:
    served = [value for slot, value in zip(SLOTS, cell, strict=True) if wanted.quotas.get(slot, {}).get(value)]
    return f"wanted: {', '.join(served)}" if served else "nothing speaks against it"


def _surplus(candidate: Candidate, wanted: Wanted, chosen: Chosen, cropped: list[str]) -> Fault:
    """`cropped`: ids of what was cut from it."""
    also = f"; its crop was kept ({', '.join(cropped)})" if cropped else ""
    reason, setting = wanted.obstacle(candidate.cell, chosen)
    return Fault(reason, reason + also, f"{setting} left no room", surplus=True)
