"""The preview of a data set as a monospace table: what the trainer sees, what is odd about it, how to start."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from .catalogue import find_format
from .planned import Plan
from .trainerrows import TrainerRow, steps_per_epoch, trainer_rows
from .wording import counted, some

MOST_ROWS = 200
MOST_REJECTED = 20
MOST_NUMBERS = 12
CAPTION_WIDTH = 72


def trainer_view(plan: Plan) -> str:
    """A monospace table with totals, warnings (each with the pictures it is about) and how to start."""
    rows = trainer_rows(plan)
    return "\n".join((*_summary(plan, rows), "", *_table(rows), "", *_warnings(rows), *_notes(plan)))


def _summary(plan: Plan, rows: Sequence[TrainerRow]) -> Iterator[str]:
    settings, writes = plan.settings, find_format(plan.settings.format)
    steps = steps_per_epoch(rows, settings.batch_size)
    yield f"{plan.name}: {counted(len(rows), 'picture')} as {writes.label}"
    for subset in plan.subsets:
        n = sum(p.subset == subset for p in plan.pictures)
        shown = f" x {counted(subset.repeats, 'repeat')}" if writes.counts_repeats else ""
        paired = ", each with its original" if subset.paired else ""
        yield f"  {subset.label}: {counted(n, 'picture')}{shown}{', with masks' if subset.masked else ''}{paired}"
    yield (
        f"  {counted(steps, 'step')} an epoch at batch {settings.batch_size},"
        f" {steps * settings.epochs} in {counted(settings.epochs, 'epoch')} (wanted: {settings.target_steps})"
    )
    buckets = Counter(row.bucket for row in rows)
    yield "  trained at: " + ", ".join(f"{b.width}x{b.height} ({n})" for b, n in sorted(buckets.items()))
    if plan.rejected:
        yield f"  left out: {len(plan.rejected)}"
        yield from (f"    {r.id}: {r.reason}" for r in plan.rejected[:MOST_REJECTED])
        if len(plan.rejected) > MOST_REJECTED:
            yield f"    ... and {len(plan.rejected) - MOST_REJECTED} more"


def _table(rows: Sequence[TrainerRow]) -> Iterator[str]:
    shown = rows[:MOST_ROWS]
    cells = [("file", "pixels", "bucket", "kept", "cut", "rep", "tok", "!", "caption (fixed | rest)")]
    cells += [_cells(row) for row in shown]
    widths = [max(len(line[i]) for line in cells) for i in range(8)]
    for line in cells:
        left = line[0].ljust(widths[0])
        yield "  ".join((left, *(c.rjust(w) for c, w in zip(line[1:8], widths[1:], strict=True)), line[8]))
    if len(rows) > len(shown):
        yield f"... and {counted(len(rows) - len(shown), 'more picture')}"


def _cells(row: TrainerRow) -> tuple[str, ...]:
    caption = f"{row.kept} | {row.caption}" if row.kept else row.caption
    if len(caption) > CAPTION_WIDTH:
        caption = caption[: CAPTION_WIDTH - 1].rstrip() + "…"
    return (
        row.file,
        f"{row.pixels.width}x{row.pixels.height}",
        f"{row.bucket.width}x{row.bucket.height}",
        "{},{} - {},{}".format(*row.crop) if row.cut_away else "all",
        _percent(row.cut_away),
        str(row.repeats),
        str(row.tokens),
        str(len(row.warnings) or ""),
        caption,
    )


def _percent(share: float) -> str:
    return "-" if not share else f"{share:.0%}" if share >= 0.005 else "<1%"


def _warnings(rows: Sequence[TrainerRow]) -> Iterator[str]:
    about: dict[str, list[str]] = {}
    for row in rows:
        for warning in row.warnings:
            about.setdefault(warning, []).append(row.file.rpartition("/")[2].partition("_")[0].partition(".")[0])
    for warning, numbers in about.items():
        yield f"! {warning}: {some(numbers, MOST_NUMBERS)}"
    if about:
        yield ""


def _notes(plan: Plan) -> tuple[str, ...]:
    masked = any(subset.masked for subset in plan.subsets)
    return find_format(plan.settings.format).notes(plan.settings, masked)
