"""Label a whole set: decide what is the character's own, then write every picture's labels and caption."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ..progress import Progress, silent
from ..samples.sample import SampleSet
from .decide import SlotDecision
from .findings import Findings
from .part import STAGE, Part
from .report import write_report
from .settings import LabelSettings
from .settle import Settled, settle
from .told import Told, told_together
from .warn import warnings_of

__all__ = ["STAGE", "Labelled", "Outcome", "label", "outcome"]


class Labelled(NamedTuple):
    """`report`: plain text for a monospace display. `decisions`: one for each trait of each character. `outfits`: for
    each character that changes clothes, how many outfits come again."""

    sample_set: SampleSet
    report: str
    decisions: tuple[SlotDecision, ...]
    warnings: tuple[str, ...]
    outfits: Mapping[str, int]


class Outcome(NamedTuple):
    """What `Labelled` says of the whole set."""

    report: str
    decisions: tuple[SlotDecision, ...]
    warnings: tuple[str, ...]
    outfits: Mapping[str, int]


def label(sample_set: SampleSet, settings: LabelSettings, *, progress: Progress = silent) -> Labelled:
    """Give every sample its `Labels`; ids, order, features and descriptions stay as they are.

    Depends on the set of pictures, not on their order; labelling twice changes nothing. A set that is too large for one
    machine is cut into `Part`s, which `settle` asks and which then label their own, to the same result.
    Raises `EmptySet`, and `TroupeError` for a renaming that is none.
    """
    sample_set.require_any("Tag Features")
    part = Part(sample_set.samples, settings)
    settled = settle(lambda question: [question(part)], settings)
    samples, told = part.label(settled.verdict, progress)
    return Labelled(replace(sample_set, samples=samples), *outcome(settled, [told], settings))


def outcome(settled: Settled, told: Sequence[Told], settings: LabelSettings) -> Outcome:
    """`told`: of each part, in the order of the set."""
    decisions, evidence, overrides, triggers, _ = settled
    findings = Findings(told_together(told), list(decisions), evidence, overrides, triggers, settings)
    warnings = warnings_of(findings)
    outfits = Counter(evidence.names[outfit.character] for outfit in evidence.outfits)
    return Outcome(write_report(findings, warnings), decisions, warnings, outfits)
