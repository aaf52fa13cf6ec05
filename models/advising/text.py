"""Advice as a monospace report: first how much of it there is, then what to do, then how long to train."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..advice import SEVERITIES, Advice, Schedule, count_of
from ..texttable import elided, table

HEADS = {"fix": "FIX", "improve": "IMPROVE", "note": "NOTE"}
LONGEST_NAME, MOST_IDS = 24, 12


def advice_text(title: str, advice: Sequence[Advice], schedule: Schedule | None) -> str:
    """`title`: what it is about, in one line. `advice`: in order."""
    lines = [title, summary(advice), *_advised(advice), *_pictures(advice), *_training(schedule)]
    return "\n".join(lines) + "\n"


def summary(advice: Sequence[Advice]) -> str:
    """`1 to fix, 3 to improve, 2 notes`."""
    fix, improve, notes = (count_of(advice, severity) for severity in SEVERITIES)
    noted = f"{notes} note{'' if notes == 1 else 's'}" if notes else ""
    if not fix and not improve:
        return f"Nothing to fix or improve{', ' + noted if noted else ''}."
    told = [f"{fix} to fix" if fix else "", f"{improve} to improve" if improve else "", noted]
    return ", ".join(filter(None, told)) + "."


def _advised(advice: Sequence[Advice]) -> Iterator[str]:
    if not advice:
        return
    several = len({a.character for a in advice if a.character}) > 1
    rows = [("", "about", *(("character",) if several else ()), "what was found, and what to do")]
    for a in advice:
        who = (elided(a.character or "all", LONGEST_NAME),) if several else ()
        rows.append((HEADS[a.severity], a.topic, *who, a.what))
        rows.append(("", "", *(("",) if several else ()), f"-> {a.remedy}"))
    yield ""
    yield from table(rows).split("\n")


def _pictures(advice: Sequence[Advice]) -> Iterator[str]:
    about = [a for a in advice if a.samples]
    if not about:
        return
    yield from ("", "Which pictures")
    for a in about:
        more = f" and {len(a.samples) - MOST_IDS} more" if len(a.samples) > MOST_IDS else ""
        yield f"  {a.topic}: {a.what}"
        yield f"    {', '.join(a.samples[:MOST_IDS])}{more}"


def _training(schedule: Schedule | None) -> Iterator[str]:
    if schedule is None:
        return
    yield from ("", "How long to train", *(f"  {line}" for line in schedule.sums), f"  {schedule.remark}")
