"""The dry run as plain text: what goes to the trigger, what stays, why, and what became of each picture."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from ..samples.sample import Sample
from ..texttable import table
from ..vocabulary import vocabulary
from .decide import SlotDecision
from .findings import Findings
from .own import outdated_words
from .rules import ABSORBED, ASK, DROPPED, FORCED, KEPT, OUTFIT, STYLE, TARGET, WARNED
from .warn import hints_of

# What a person reads to the end; the whole is in the decisions and in each picture's labels.
MOST_CHARACTERS, MOST_ROWS, MOST_EVENTS = 20, 40, 200
_ORDER = (TARGET, FORCED, ASK, WARNED, STYLE, DROPPED, OUTFIT, KEPT)
_HEADINGS = ("", "slot", "value", "agree", "sure", "other characters", "decided by", "why")


def write_report(findings: Findings, warnings: Sequence[str]) -> str:
    hints = hints_of(findings)
    lines = [_title(findings), *_section("Warnings", warnings, len(warnings)), *_section("Hints", hints, len(hints))]
    decisions = defaultdict(list)
    for decision in findings.decisions:
        decisions[decision.character].append(decision)
    sizes = Counter(s.character for s in findings.result.samples)
    for character in list(sizes)[:MOST_CHARACTERS]:
        lines += _character(findings, character, sizes[character], decisions[character])
    if len(sizes) > MOST_CHARACTERS:
        lines += ["", f"and {len(sizes) - MOST_CHARACTERS} more characters"]
    drifts, samples = findings.evidence.twins.drifts, findings.result.samples
    lines += _section("Drift: what the restyle changed in single pictures", _drifts(findings), len(drifts))
    lines += _section("Contradictions inside one picture", _conflicts(findings), len(findings.conflicts))
    lines += _section("Pictures", _pictures(findings), len(samples))
    return "\n".join(lines) + "\n"


def _title(findings: Findings) -> str:
    characters, samples = findings.result.characters, findings.result.samples
    people = "1 character" if len(characters) == 1 else f"{len(characters)} characters"
    own = sum(s.labels.origin == "person" for s in samples)
    mine = f", {own} captions of yours kept" if own else ""
    return f"Tag Features: {len(samples)} pictures of {people}, policy {findings.settings.policy}{mine}"


def _section(title: str, entries: Iterable[str], total: int) -> list[str]:
    """The first of `total` entries; an entry may have several lines."""
    if not total:
        return []
    lines = [f"  {line}" for entry in islice(entries, MOST_EVENTS) for line in entry.split("\n")]
    rest = [f"  and {total - MOST_EVENTS} more"] if total > MOST_EVENTS else []
    return ["", title, *lines, *rest]


def _character(findings: Findings, character: str, pictures: int, decisions: list[SlotDecision]) -> list[str]:
    measured = {s.id for s in vocabulary().slots if s.kind == "measured"}
    decisions = sorted(decisions, key=lambda d: (_ORDER.index(d.decision), d.slot in measured, -d.agree))
    loud = [d for d in decisions if d.decision != KEPT or d.decided_by == "you"]
    quiet = [d for d in decisions if d.decision == KEPT and d.decided_by != "you"]
    rows = table([_HEADINGS, *map(_row, loud + quiet[:MOST_ROWS])]).split("\n")
    rest = [f"and {len(quiet) - MOST_ROWS} more that are kept"] if len(quiet) > MOST_ROWS else []
    title = f'{character or "(no name)"}: {pictures} pictures, trigger "{findings.triggers[character]}"'
    return ["", title, *(f"  {line}" for line in (*rows, *rest, *_outfits(findings, character)))]


def _row(d: SlotDecision) -> tuple[str, ...]:
    slot = "tag" if d.slot.startswith("other:") else d.slot
    sure = f"{d.lower:.0%} to {d.upper:.0%}" if d.observable else ""
    return d.decision, slot, d.value, f"{d.agree} of {d.observable}", sure, d.others, d.decided_by, d.why


def _outfits(findings: Findings, character: str) -> Iterator[str]:
    mine = [o for o in findings.evidence.outfits if findings.evidence.names[o.character] == character]
    for outfit in sorted(mine, key=lambda o: -o.pictures):
        traits = sorted((findings.evidence.traits[t] for t in outfit.traits), key=lambda t: t.place)
        yield f"outfit of about {outfit.pictures} pictures: {', '.join(t.tag for t in traits)}"


def _drifts(findings: Findings) -> Iterator[str]:
    for d in findings.evidence.twins.drifts:
        yield f"{d.sample}: {d.slot} was {d.was or 'absent'}, is {d.now or 'absent'}"


def _conflicts(findings: Findings) -> Iterator[str]:
    traits = findings.evidence.traits
    for conflict in findings.conflicts:
        sample = findings.result.samples[conflict.picture]
        yield f"{sample.id}: {traits[conflict.kept].tag} beats {traits[conflict.lost].tag}"


def _pictures(findings: Findings) -> Iterator[str]:
    """Each caption, and which of the picture's tags went where."""
    moved = {(d.character, d.tag): d for d in findings.decisions if d.decision in (*ABSORBED, ASK, DROPPED)}
    for sample in findings.result.samples:
        labels = sample.labels
        lines = [f"{sample.id}{_whose(sample)}: {labels.caption}"]
        target = [f"{t} ({_reason(moved[sample.character, t])})" for t in labels.target]
        if target:
            lines.append(f"  to the trigger: {', '.join(target)}")
        asked = [t for t in labels.non_target if (sample.character, t) in moved]
        if asked:
            lines.append(f"  kept until you decide: {', '.join(asked)}")
        yield "\n".join(lines)


def _whose(sample: Sample) -> str:
    if sample.labels.origin != "person":
        return ""
    outdated = " and ".join(outdated_words(sample, sample.labels.caption))
    return f" (yours, kept; it names {outdated}, which the restyle repainted)" if outdated else " (yours, kept)"


def _reason(decision: SlotDecision) -> str:
    return "forced" if decision.decision == FORCED else f"{decision.agree} of {decision.observable}"
