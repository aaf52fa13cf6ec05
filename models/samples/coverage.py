"""The coverage of a set as a table of plain text, for a node's text output and the log."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from ..texttable import display_width, elided, table
from .holes import UNKNOWN, Coverage, coverage, pictures, values_shown
from .reading import load_notes
from .sample import Rejection, SampleSet

# More tables than this are a wall of numbers; the summary above them names every character.
MOST_TABLES = 12
LONGEST_NAME = 32
MOST_REASONS = 8
MOST_NOTES = 20


def coverage_text(sample_set: SampleSet) -> str:
    """Monospaced: a summary of all characters, a table of angle by shot for each, warnings, rejected pictures."""
    found = coverage(sample_set)
    blocks = [_headline(found, sample_set)]
    if len(found) > 1:
        blocks.append(_summary(found))
    blocks += [_block(c) for c in found[:MOST_TABLES]]
    if len(found) > MOST_TABLES:
        blocks.append(f"... and {len(found) - MOST_TABLES} more characters, see the summary above")
    notes = [f"{sample.id}: {note}" for sample in sample_set.samples for note in load_notes(sample)]
    if notes:
        more = [f"and {len(notes) - MOST_NOTES} more"] if len(notes) > MOST_NOTES else []
        blocks.append("\n".join(["Notes", *notes[:MOST_NOTES], *more]))
    if sample_set.rejected:
        blocks.append(_rejected(sample_set.rejected))
    return "\n\n".join(blocks)


def _headline(found: tuple[Coverage, ...], sample_set: SampleSet) -> str:
    characters = "1 character" if len(found) == 1 else f"{len(found)} characters"
    return f"{pictures(len(sample_set))} of {characters}, {len(sample_set.rejected)} rejected"


def _summary(found: tuple[Coverage, ...]) -> str:
    head = ("character", "pictures", "angles", "shots", "actions", "expressions", "holes", "")
    return table([head, *map(_summary_row, found)], left=1)


def _summary_row(c: Coverage) -> tuple[str, ...]:
    angles = {a for a, _, _ in c.cells} - {UNKNOWN}
    shots = {s for _, s, _ in c.cells} - {UNKNOWN}
    counts = (c.count, len(angles), len(shots), len(c.actions), len(c.expressions), len(c.holes))
    return (elided(c.character, LONGEST_NAME), *map(str, counts), "WARNING" if c.warning else "")


def _block(c: Coverage) -> str:
    name = elided(c.character, LONGEST_NAME)
    title = f"{name} - {pictures(c.count)}"
    lines = [title, "-" * display_width(title), _cross_table(c), ""]
    lines += _listed("actions", c.actions) + _listed("expressions", c.expressions)
    if c.noted:
        lines.append(f"{'notes':<12} {pictures(c.noted)} with remarks on masks or texts, listed below")
    if c.warning:
        lines.append(f"WARNING      {c.warning}")
    elif c.holes:
        lines.append(f"{'holes':<12} {', '.join(c.holes)}")
    return "\n".join(lines)


def _cross_table(c: Coverage) -> str:
    angles, shots = values_shown("angle", (c,)), values_shown("shot", (c,))
    rows = [("", *shots, "all")]
    for angle in angles:
        rows.append((angle, *(_number(c.at(angle, shot)) for shot in shots), _number(c.at(angle))))
    rows.append(("all", *(_number(c.at(shot=shot)) for shot in shots), _number(c.count)))
    return table(rows, left=1)


def _number(count: int) -> str:
    return str(count) if count else "-"


def _listed(name: str, counts: Iterable[tuple[str, int]]) -> list[str]:
    text = ", ".join(f"{value} {n}" for value, n in counts)
    return [f"{name:<12} {text or 'none known'}"]


def _rejected(rejected: tuple[Rejection, ...]) -> str:
    """Counted by reason, the sizes in it aside, with the first names of each."""
    reasons = Counter((r.stage, _reason(r)) for r in rejected)
    lines = [f"Rejected: {pictures(len(rejected))}"]
    for (stage, reason), count in reasons.most_common(MOST_REASONS):
        ids = [r.id for r in rejected if (r.stage, _reason(r)) == (stage, reason)]
        names = ", ".join(ids[:3]) + (", ..." if count > 3 else "")
        lines.append(f"{count:>5}  {stage}: {reason} ({names})")
    if len(reasons) > MOST_REASONS:
        lines.append(f"       and {len(reasons) - MOST_REASONS} more reasons")
    return "\n".join(lines)


def _reason(rejection: Rejection) -> str:
    return re.sub(r"^\d+x\d+ ", "", rejection.reason)
