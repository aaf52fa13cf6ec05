"""How alike a set's pictures are, as text: the outliers, what is usual for which view, every picture's figure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import numpy as np

from ...texttable import table
from ..identity import FEWEST
from .checking import Checked, Portrait, kind_of, reason
from .comparing import Kind

MOST_ROWS = 60  # of a character; the least alike come first
VIEWS = ("view", "pictures", "among themselves", "to the others")
ROWS = ("picture", "view", "likeness", "deviations", "")


def consistency_report(checked: Checked, unembedded: bool = False) -> str:
    """unembedded: a captioner was wired that has no embeddings."""
    fallback = " (the captioner that is wired offers no embeddings)" if unembedded else ""
    head = f"Compared by {checked.look}{fallback}."
    parts = [head, *("\n".join(_of_character(p)) for p in checked.portraits)]
    if checked.unreadable:
        lines = (f"  {id}: {why}" for id, why in checked.unreadable.items())
        parts.append("\n".join(("Not compared, as they cannot be read", *lines)))
    return "\n\n".join(parts)


def view_name(kind: Kind) -> str:
    return ", ".join(filter(None, kind)) or "unknown"


def _of_character(portrait: Portrait) -> Iterator[str]:
    outliers = [(s, f) for s, f in zip(portrait.samples, portrait.found, strict=True) if f.outlier]
    usual = portrait.found[0].usual
    yield f"{portrait.character}: {_count(len(portrait.samples))}, usual likeness {usual:.2f}, {_named(portrait)}"
    yield from (f"  ! {s.id}: {reason(f)}" for s, f in outliers)
    if portrait.compared is None:
        return
    yield ""
    yield table([VIEWS, *_views(portrait)], left=1)
    yield ""
    ranked = sorted(zip(portrait.samples, portrait.found, strict=True), key=lambda pair: (pair[1].likeness, pair[0].id))
    rows = [
        (s.id, view_name(kind_of(s)), f"{f.likeness:.2f}", f"{-f.deviations:+.1f}", "!" if f.outlier else "")
        for s, f in ranked[:MOST_ROWS]
    ]
    yield table([ROWS, *rows], left=2)
    if len(ranked) > MOST_ROWS:
        yield f"... and {_count(len(ranked) - MOST_ROWS)} more alike"


def _count(pictures: int) -> str:
    return f"{pictures} picture{'' if pictures == 1 else 's'}"


def _named(portrait: Portrait) -> str:
    if len(portrait.samples) < FEWEST:
        return f"too few to know an outlier (it takes {FEWEST})"
    count = sum(f.outlier for f in portrait.found)
    return f"{count or 'no'} outlier{'' if count == 1 else 's'}"


def _views(portrait: Portrait) -> Iterator[tuple[str, ...]]:
    """The median similarity of each kind's pictures to their own kind and to all others."""
    compared = portrait.compared
    ordered = sorted(portrait.samples, key=lambda s: s.id)
    kinds = [kind_of(s) for s in ordered]
    at = {kind: np.array([k == kind for k in kinds]) for kind, _ in groupby(sorted(kinds))}
    same = np.arange(len(ordered))[:, None] == compared.references
    for kind, rows in at.items():
        columns = rows[compared.references]
        own = compared.similarity[rows][:, columns][~same[rows][:, columns]]
        others = compared.similarity[rows][:, ~columns]
        yield view_name(kind), str(int(rows.sum())), _median(own), _median(others)


def _median(values: np.ndarray) -> str:
    return f"{np.median(values):.2f}" if values.size else "-"
