"""What a review changed, as text, and how to go on."""

from __future__ import annotations

from collections.abc import Iterator

from ..samples.holes import pictures
from .review import Reviewed

HOW = (
    'Write "drop" in place of "keep", change captions and features, save, and run again. An emptied cell takes the '
    "machine's words again; - in a feature's cell says that there is none."
)


def review_report(reviewed: Reviewed) -> str:
    return "\n".join(_lines(reviewed)) + "\n"


def review_words(reviewed: Reviewed) -> str:
    """One line, for the node."""
    kept = len(reviewed.shown) - reviewed.dropped
    return f"{kept} kept, {reviewed.dropped} dropped, {reviewed.edited} with your words. Edit {reviewed.table}"


def _lines(reviewed: Reviewed) -> Iterator[str]:
    kept = len(reviewed.shown) - reviewed.dropped
    yield f"{pictures(kept)} kept, {reviewed.dropped} dropped, {reviewed.edited} with your words"
    yield f"table: {reviewed.table}"
    yield f"sheets: {', '.join(path.name for path in reviewed.sheets)}"
    yield HOW
    if reviewed.new:
        yield f"{pictures(reviewed.new)} new since the last time, at the end of the table"
    if reviewed.unread:
        yield f"columns kept and not read, as no feature is called so: {', '.join(reviewed.unread)}"
    changed = [s for s in reviewed.shown if s.dropped or s.mine]
    if changed:
        yield ""
    for shown in changed:
        what = "dropped" if shown.dropped else f"your {', '.join(shown.mine)}"
        yield f"line {shown.number}  {shown.sample.id}: {what}"
    if reviewed.gone:
        yield ""
        yield "not in the set now, kept at the end of the table: " + ", ".join(e.picture for e in reviewed.gone)
