"""A style map as a table to read: what got which style, and why."""

from __future__ import annotations

from collections.abc import Sequence

from ..texttable import table
from .firsts import FirstChoice
from .seconds import SecondChoice


def mapping_report(axis: str, firsts: Sequence[FirstChoice], seconds: Sequence[SecondChoice], digest: str) -> str:
    lines = [_table(("first sub-style for", "style", "pictures", "why"), [(c.key, *c[1:]) for c in firsts])]
    if axis:
        lines += ["", _table((f"{axis} (one to one)", "second sub-style", "pictures", "why"), seconds)]
    return "\n".join([*lines, "", f"map {digest[:12]}"])


def _table(headings: tuple[str, ...], choices: Sequence[tuple]) -> str:
    cells = [(key, f"{style.name} ({style.id})", str(count), why) for key, style, count, why in choices]
    return table([headings, *cells])
