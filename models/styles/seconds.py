"""The second sub-styles: one for each value of one slot, by a person's table, by what was kept, then by likeness."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ..errors import TroupeError
from ..samples.sample import SubStyle
from ..vocabulary import vocabulary
from .assignment import Assigned, assign, in_order
from .library import StyleLibrary
from .naming import nearest, require_style
from .table import Row, read_table
from .values import Values

MOST = 0.5  # of the samples must have a value on a chosen axis
FALLBACK = "angle"


class SecondChoice(NamedTuple):
    """`feature`: a value of the axis. `count`: samples that have it, 0 for a row kept for later."""

    feature: str
    style: SubStyle
    count: int
    reason: str


def choose_axis(values: Values, axis: str, styles: int) -> str:
    """`axis` itself, or for "auto" the dynamic slot with the most distinct well-known values among those that most
    samples have and the number of `styles` suffices for; in a tie the vocabulary's first. Raises `TroupeError`."""
    if axis.lower() != "auto":
        return _known_axis(values, axis)
    best, most = FALLBACK, 0
    for slot in _dynamic():
        known = values.well_known[slot]
        distinct, total = len(known), known.total()
        enough = total >= MOST * values.size and distinct + (total < values.size) <= styles
        if enough and distinct > most:
            best, most = slot, distinct
    return best


def possible_axes(axis: str) -> tuple[str, ...]:
    """The slots of which `choose_axis` may name one."""
    return (axis,) if axis.lower() != "auto" else tuple(dict.fromkeys([*_dynamic(), FALLBACK]))


def _dynamic() -> list[str]:
    return [slot.id for slot in vocabulary().slots if slot.kind == "dynamic"]


def _known_axis(values: Values, axis: str) -> str:
    slots = [slot.id for slot in vocabulary().slots]
    if axis not in slots and axis not in values.used:
        remedy = nearest(axis, [*slots, *sorted(values.used)], ["auto", *slots])
        raise TroupeError("Not a slot that images can be told apart by", item=repr(axis), remedy=remedy)
    return axis


def allowed_seconds(library: StyleLibrary, wanted: Sequence[str]) -> tuple[SubStyle, ...]:
    """The library's second sub-styles, or those named by `wanted`, in the library's order."""
    if not wanted:
        return library.seconds
    ids = {require_style(name, library.seconds, " among the second sub-styles").id for name in wanted}
    return tuple(style for style in library.seconds if style.id in ids)


def choose_seconds(
    counts: Counter[str], axis: str, table: str, styles: Sequence[SubStyle], pins: Mapping[str, str]
) -> tuple[SecondChoice, ...]:
    """A bijection between the values of slot `axis` in the set, of which there are `counts`, and some of `styles`, in
    the vocabulary's order.

    Rows of `table` come first, then `pins` (value -> style id), and the rest is assigned (`assignment.assign`). Rows
    and pins for values that no sample has keep their style for them. Raises `TroupeError` when styles run out.
    """
    rows = {row.feature: row for row in read_table(table, axis, list(counts), styles)}
    kept = _kept(pins, rows, styles)
    taken = {row.style.id for row in rows.values()} | {style.id for style in kept.values()}
    free = [style for style in styles if style.id not in taken]
    found = assign(axis, [f for f in counts if f not in rows and f not in kept], free)
    choices = [SecondChoice(f, row.style, counts[f], f"{row.place} of the table") for f, row in rows.items()]
    choices += [SecondChoice(f, style, counts[f], "kept from the previous map") for f, style in kept.items()]
    choices += [SecondChoice(a.feature, a.style, counts[a.feature], _why(a, pins)) for a in found]
    order = in_order(axis, [choice.feature for choice in choices])
    return tuple(sorted(choices, key=lambda choice: order.index(choice.feature)))


def _kept(pins: Mapping[str, str], rows: Mapping[str, Row], styles: Iterable[SubStyle]) -> dict[str, SubStyle]:
    """Pins that still hold: the table wins, and a style that is gone or no longer allowed is given up."""
    known = {style.id: style for style in styles}
    used = {row.style.id for row in rows.values()}
    kept: dict[str, SubStyle] = {}
    for feature, style in pins.items():
        if feature not in rows and style in known and style not in used:
            kept[feature] = known[style]
            used.add(style)
    return kept


def _why(found: Assigned, pins: Mapping[str, str]) -> str:
    why = f"most alike in words ({found.likeness:.2f})"
    if found.likeness < 0.005:
        why = "no word in common, next in the library"
    lost = pins.get(found.feature)
    return f"{why}; {lost} of the previous map is gone or taken" if lost else why
