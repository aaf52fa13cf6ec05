"""What is in a set of composite groups, what dropped out and why, and whether the backgrounds give it away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ...texttable import elided, table
from .auditing import FolderAudit
from .group import CompositeGroup, GroupFault, GroupSet
from .leakaudit import LeakAudit

# More kinds than this are no overview; the rest is counted.
KINDS = 12
LONGEST = 60  # columns of a kind's or a scene's name


def groups_report(groups: GroupSet, audit: LeakAudit | None = None) -> str:
    """Text for a person; every fault is in it."""
    parts = ["\n".join(_contents(groups)), *_tables(groups.groups)]
    if groups.faults:
        parts.append(_faults(f"{_count(len(groups.faults), 'group')} cannot be used:", groups.faults))
    if audit is not None:
        parts.append(f"Do the backgrounds betray where things were removed?\n{audit.report()}")
    if isinstance(audit, FolderAudit) and audit.unread:
        parts.append(_faults("Not looked at for that, because they cannot be read:", audit.unread))
    return "\n\n".join(parts)


def _contents(groups: GroupSet) -> list[str]:
    lines = [f"{_count(len(groups), 'composite group')} in {groups.root}"]
    masked = sum(group.foreground is None for group in groups.groups)
    blind = sum(group.position_only for group in groups.groups)
    moved = sum(group.gain != (1.0, 1.0, 1.0) for group in groups.groups)
    lines += [f"{masked} with a mask in place of a cut-out"] if masked else []
    lines += [f"{blind} for the position only, not for colours"] if blind else []
    lines += [f"{moved} whose composite is brought to the background's exposure"] if moved else []
    return lines


def _tables(groups: Sequence[CompositeGroup]) -> list[str]:
    kinds = (("what it is", [g.category for g in groups]), ("scene", [g.scene for g in groups]))
    return [_counted(title, names) for title, names in kinds if any(names)]


def _counted(title: str, names: Iterable[str]) -> str:
    counts = Counter(names).most_common()
    rows = [[elided(name, LONGEST) or "(not named)", str(count)] for name, count in counts[:KINDS]]
    rest = counts[KINDS:]
    rows += [[f"{len(rest)} others", str(sum(count for _, count in rest))]] if rest else []
    return table([[title, "groups"], *rows], left=1)


def _faults(heading: str, faults: Iterable[GroupFault]) -> str:
    return "\n".join([heading, *(f"  {fault.id}: {fault.reason}" for fault in faults)])


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
