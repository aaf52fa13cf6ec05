"""The lines about single pictures in the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..samples.sample import Sample
from .decide import SlotDecision
from .own import outdated_words
from .rows import Conflict
from .rules import FORCED
from .traits import Trait

# Of (character, tag), where the tag does not simply stay in the caption.
Moved = Mapping[tuple[str, str], SlotDecision]


def picture_lines(samples: Sequence[Sample], moved: Moved) -> Iterator[str]:
    """Each caption, and which of the picture's tags went where."""
    for sample in samples:
        labels = sample.labels
        lines = [f"{sample.id}{_whose(sample)}: {labels.caption}"]
        target = [f"{t} ({_reason(moved[sample.character, t])})" for t in labels.target]
        if target:
            lines.append(f"  to the trigger: {', '.join(target)}")
        asked = [t for t in labels.non_target if (sample.character, t) in moved]
        if asked:
            lines.append(f"  kept until you decide: {', '.join(asked)}")
        yield "\n".join(lines)


def conflict_lines(conflicts: Sequence[Conflict], samples: Sequence[Sample], traits: list[Trait]) -> Iterator[str]:
    for conflict in conflicts:
        yield f"{samples[conflict.picture].id}: {traits[conflict.kept].tag} beats {traits[conflict.lost].tag}"


def _whose(sample: Sample) -> str:
    if sample.labels.origin != "person":
        return ""
    outdated = " and ".join(outdated_words(sample, sample.labels.caption))
    return f" (yours, kept; it names {outdated}, which the restyle repainted)" if outdated else " (yours, kept)"


def _reason(decision: SlotDecision) -> str:
    return "forced" if decision.decision == FORCED else f"{decision.agree} of {decision.observable}"
