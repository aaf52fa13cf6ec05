"""The dry run as plain text: what goes to the trigger, what stays, why, and what became of each picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from ..texttable import table
from ..vocabulary import vocabulary
from .decide import SlotDecision
from .findings import Findings
from .rules import ASK, DROPPED, FORCED, KEPT, OUTFIT, STYLE, TARGET, WARNED
from .told import MOST_EVENTS
from .twins import Drift
from .warn import hints_of

# What a person reads to the end; the whole is in the decisions and in each picture's labels.
MOST_CHARACTERS, MOST_ROWS = 20, 40
_ORDER = (TARGET, FORCED, ASK, WARNED, STYLE, DROPPED, OUTFIT, KEPT)
_HEADINGS = ("", "slot", "value", "agree", "sure", "other characters", "decided by", "why")


def write_report(findings: Findings, warnings: Sequence[str]) -> str:
    hints = hints_of(findings)
    lines = [_title(findings), *_section("Warnings", warnings, len(warnings)), *_section("Hints", hints, len(hints))]
    decisions = defaultdict(list)
    for decision in findings.decisions:
        decisions[decision.character].append(decision)
    sizes = findings.told.sizes
    for character in list(sizes)[:MOST_CHARACTERS]:
        lines += _character(findings, character, sizes[character], decisions[character])
    if len(sizes) > MOST_CHARACTERS:
        lines += ["", f"and {len(sizes) - MOST_CHARACTERS} more characters"]
    drifts, conflicts, pictures = findings.told.drifts.few, findings.told.conflicts, findings.told.lines
    lines += _section("Drift: what the restyle changed in single pictures", map(_drift, drifts.first), drifts.total)
    lines += _section("Contradictions inside one picture", conflicts.first, conflicts.total)
    lines += _section("Pictures", pictures.first, pictures.total)
    return "\n".join(lines) + "\n"


def _title(findings: Findings) -> str:
    told = findings.told
    people = "1 character" if len(told.sizes) == 1 else f"{len(told.sizes)} characters"
    mine = f", {told.own.captions} captions of yours kept" if told.own.captions else ""
    return f"Tag Features: {told.pictures} pictures of {people}, policy {findings.settings.policy}{mine}"


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


def _drift(d: Drift) -> str:
    return f"{d.sample}: {d.slot} was {d.was or 'absent'}, is {d.now or 'absent'}"
