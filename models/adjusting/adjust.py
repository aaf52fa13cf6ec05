"""A sample set brought to a preset: chosen, cropped, thinned out, with a reason for every picture."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from ..errors import EmptySet, TroupeError
from ..progress import Progress, silent
from ..samples.sample import Rejection, Sample, SampleSet
from ..samples.store import Store
from .casting import Cast, cast
from .consistency.fact import consistency_of
from .losses import tally
from .measuring import measure_all
from .report import report_text
from .rules import Fault
from .sorting import Known, was_judged
from .wishes import Preset, as_json

STAGE = "adjust"


class Decision(NamedTuple):
    """What became of a picture. "cropped": `sample_id` is a new picture, cut from another."""

    sample_id: str
    action: Literal["kept", "cropped", "dropped"]
    reason: str


class Adjusted(NamedTuple):
    """decisions: in the order of the set that came in, crops behind what they were cut from."""

    sample_set: SampleSet
    report: str
    decisions: tuple[Decision, ...]


def adjust(
    sample_set: SampleSet, preset: Preset, store: Store, *, progress: Progress = silent, part: bool = False
) -> Adjusted:
    """Keep of each character what `preset` wants; the rest moves to the rejected, each with its reason.

    Every picture is decoded once, small; its measures stay in `store`, so a second run decodes nothing. The time grows
    with N log N and with the number of pairs that look alike, memory by about 12 kB a picture. The same pictures in
    another order give the same choice, and a set that was adjusted comes through again as it is.
    Raises `EmptySet` for a set without pictures, and when none would be left, with what stopped them; not when it is a
    `part` of a larger set, which must have its characters whole.
    """
    sample_set.require_any("Adjust")
    preset.quotas()  # wishes that cannot be counted are told before anything is decoded
    _require_likeness(sample_set, preset)
    settings = as_json(preset)
    known, unreadable = _measured(sample_set.samples, store, progress)
    total = len(sample_set)
    casts = [
        cast(
            character,
            tuple(s for s in samples if s.id in known),
            known,
            preset,
            store,
            settings,
            lambda name: progress(total, total + 1, name),
        )
        for character, samples in ((c, sample_set.of(c)) for c in sample_set.characters)
    ]
    adjusted = _told(sample_set, casts, unreadable, settings)
    if not (adjusted.sample_set.samples or part):
        raise _nothing_left(_faults(casts, unreadable), unreadable)
    return adjusted


def _require_likeness(sample_set: SampleSet, preset: Preset) -> None:
    if preset.likeness_minimum is not None and not any(map(consistency_of, sample_set.samples)):
        raise TroupeError(
            "The preset asks for a likeness that nobody has measured",
            item="likeness_minimum",
            remedy="Wire the set through Check Consistency before Adjust, or leave the setting out.",
        )


def _measured(samples: tuple[Sample, ...], store: Store, progress: Progress) -> tuple[Known, dict[str, Fault]]:
    known, unreadable = {}, {}
    for sample, found in zip(samples, measure_all(samples, store, progress), strict=True):
        if isinstance(found, str):
            unreadable[sample.id] = Fault("cannot be read", f"cannot be read: {found}", "that cannot be read")
        else:
            known[sample.id] = found
    return known, unreadable


def _told(sample_set: SampleSet, casts: Sequence[Cast], unreadable: dict[str, Fault], settings: str) -> Adjusted:
    """Everything in the order of the set."""
    kept = {id: reason for c in casts for id, reason in c.kept.items()}
    faults = _faults(casts, unreadable)
    crops = defaultdict(list)
    for crop in (crop for c in casts for crop in c.crops):
        crops[crop.plan.sample.id].append(crop)
    samples: list[Sample] = []
    decisions: list[Decision] = []
    for sample in sample_set.samples:
        if sample.id in kept:
            samples.append(_after(sample, settings))
            decisions.append(Decision(sample.id, "kept", kept[sample.id]))
        else:
            decisions.append(Decision(sample.id, "dropped", faults[sample.id].reason))
        for crop in crops[sample.id]:
            samples.append(_after(crop.sample, settings))
            decisions.append(Decision(crop.sample.id, "cropped", f"{crop.plan.shot} cut from {sample.id}"))
    rejected = tuple(
        Rejection(s.id, STAGE, faults[s.id].reason, s.image.path, s) for s in sample_set.samples if s.id in faults
    )
    ordered = {id: faults[id] for id in (r.id for r in rejected)}
    out = replace(sample_set, samples=tuple(samples), rejected=sample_set.rejected + rejected)
    return Adjusted(out, report_text(sample_set, casts, ordered), tuple(decisions))


def _faults(casts: Sequence[Cast], unreadable: dict[str, Fault]) -> dict[str, Fault]:
    return {**unreadable, **{id: fault for c in casts for id, fault in c.faults.items()}}


def _nothing_left(faults: dict[str, Fault], unreadable: dict[str, Fault]) -> EmptySet:
    """A set with nothing in it would only make the next step complain, which cannot say why."""
    id, fault = next(iter(faults.items()))
    again = "Save the files again as PNG or JPEG, and load the set anew."
    looser = "Loosen that setting among the wishes, choose another preset, or add pictures that pass."
    return EmptySet(
        f"Adjust would leave none of {len(faults)} {'picture' if len(faults) == 1 else 'pictures'}",
        item=f"{tally(Counter(f.why for f in faults.values()))} (such as {id}: {fault.reason})",
        remedy=again if len(unreadable) == len(faults) else looser,
    )


def _after(sample: Sample, settings: str) -> Sample:
    """With this step in its history, once: adjusting twice is adjusting once."""
    return sample if was_judged(sample, settings) else sample.after(STAGE, settings)
