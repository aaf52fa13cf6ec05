"""Contact sheets: a set to look at, before and after, and what was dropped and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from PIL import Image

from ..geometry import Size
from ..parallel import ordered_map
from .holes import pictures
from .lettering import NO_FONT, readable
from .pages import Card, Group, Page, draw_page, share_out
from .sample import Rejection, Sample
from .tiles import dimmed, empty_tile, side_by_side, tile

Item = TypeVar("Item", Sample, Rejection)
MAXIMUM = 120
SHOWN_SLOTS = ("angle", "action", "shot")
PAIR_GAP = 4
ONE_LINE = 192  # pixels in which three values fit, as a rule


def contact_sheet(
    samples: Sequence[Sample],
    *,
    columns: int = 6,
    cell: int = 192,
    title: str = "",
    labels: Sequence[str] | None = None,
    maximum: int = MAXIMUM,
) -> Image.Image:
    """Every picture with its id and what is known of it, grouped by character.

    `cell`: side of a tile in pixels. `labels`: one text for each sample in place of angle, action and shot.
    """
    notes = dict(zip((s.id for s in samples), labels, strict=True)) if labels is not None else {}
    groups = _grouped(samples, lambda s: s.character)
    return _sheet(
        title or "Sample set",
        groups,
        maximum,
        columns,
        Size(cell, cell),
        lambda s: Card(short_id(s), notes.get(s.id, known(s))),
        lambda s: _tile_of(s, cell),
        note_lines=1 if cell >= ONE_LINE else 2,
    )


def pair_sheet(
    samples: Sequence[Sample], *, columns: int = 3, cell: int = 192, title: str = "", maximum: int = MAXIMUM
) -> Image.Image:
    """Each picture beside the one that it was drawn from, with the names of its styles."""
    groups = _grouped(samples, lambda s: s.character)
    return _sheet(
        title or "Before and after",
        groups,
        maximum,
        columns,
        Size(2 * cell + PAIR_GAP, cell),
        lambda s: Card(short_id(s), styles(s)),
        lambda s: side_by_side(_tile_of(s.source, cell), _tile_of(s, cell), PAIR_GAP),
    )


def verdict_sheet(
    samples: Sequence[Sample],
    verdicts: Mapping[str, tuple[bool, str]],
    *,
    columns: int = 3,
    cell: int = 192,
    title: str = "",
    maximum: int = MAXIMUM,
) -> Image.Image:
    """Each picture beside its source; those that a check refused first. `verdicts`: id -> (passed, reason), for every
    sample that was compared."""
    compared = sorted((s for s in samples if s.id in verdicts), key=lambda s: verdicts[s.id][0])
    return _sheet(
        title or "Before and after",
        _grouped(compared, lambda s: "Passed" if verdicts[s.id][0] else "Refused"),
        maximum,
        columns,
        Size(2 * cell + PAIR_GAP, cell),
        lambda s: Card(s.id, verdicts[s.id][1]),
        lambda s: side_by_side(_tile_of(s.source, cell), _tile_of(s, cell), PAIR_GAP),
        group_name="group",
        note_lines=2,
    )


def rejected_sheet(
    rejections: Sequence[Rejection], *, columns: int = 6, cell: int = 192, title: str = "", maximum: int = MAXIMUM
) -> Image.Image:
    """What was dropped, pale, with the reason under each; grouped by the step that dropped it."""
    groups = _grouped(rejections, lambda r: r.stage.capitalize() or "Dropped")
    return _sheet(
        title or "Dropped pictures",
        groups,
        maximum,
        columns,
        Size(cell, cell),
        lambda r: Card(r.id, r.reason),
        lambda r: _dropped_tile(r, cell),
        group_name="step",
        note_lines=3,
    )


def known(sample: Sample) -> str:
    """Angle, action and shot, as far as they are known."""
    values = [v for slot in SHOWN_SLOTS if (v := sample.value(slot))]
    return ", ".join(values) or "nothing known"


def styles(sample: Sample) -> str:
    if sample.style is None:
        return "no style"
    second = sample.style.second
    return f"{sample.style.first.name} + {second.name}" if second else sample.style.first.name


def _sheet(
    title: str,
    groups: dict[str, list[Item]],
    maximum: int,
    columns: int,
    tile_size: Size,
    card: Callable[[Item], Card],
    picture: Callable[[Item], Image.Image],
    group_name: str = "character",
    note_lines: int = 1,
) -> Image.Image:
    counts = share_out([len(items) for items in groups.values()], maximum)
    shown = {name: items[:n] for (name, items), n in zip(groups.items(), counts, strict=True) if n}
    total = sum(map(len, groups.values()))
    cards = tuple(
        Group(readable(name, f"{group_name} {n}"), _remark(len(groups[name]), len(items)), tuple(map(card, items)))
        for n, (name, items) in enumerate(shown.items(), 1)
    )
    subtitle = pictures(total) + (f", {len(groups)} {group_name}s" if len(groups) > 1 else "")
    more = total - sum(counts)
    page = Page(title, subtitle, cards, columns, tile_size, note_lines, _footer(shown, cards, more))
    return draw_page(page, ordered_map(picture, (item for items in shown.values() for item in items)))


def _footer(names: Iterable[str], groups: Iterable[Group], more: int) -> str:
    texts = [*names, *(t for g in groups for c in g.cards for t in c)]
    shortened = any(readable(t) != " ".join(t.split()) for t in texts)
    return "  ".join([f"... and {more} more."] * bool(more) + [NO_FONT] * shortened)


def _remark(count: int, shown: int) -> str:
    return pictures(count) if shown == count else f"{shown} of {pictures(count)}, and {count - shown} more"


def _grouped(items: Sequence[Item], name: Callable[[Item], str]) -> dict[str, list[Item]]:
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(name(item), []).append(item)
    return groups


def short_id(sample: Sample) -> str:
    """Without the character's name, which stands in the heading above: `mira/mira_front_01` is `front_01`."""
    name = sample.id.removeprefix(f"{sample.character}/")
    return name.removeprefix(sample.character).lstrip("_- ") or name


def _tile_of(sample: Sample | None, side: int) -> Image.Image:
    found = tile(sample.image.path, side, sample.image.background) if sample else None
    return found or empty_tile(side)


def _dropped_tile(rejection: Rejection, side: int) -> Image.Image:
    image = rejection.sample.image if rejection.sample else None
    found = tile(image.path, side, image.background) if image else tile(rejection.path, side)
    return dimmed(found) if found else empty_tile(side)
