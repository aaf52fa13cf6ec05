"""A set at a glance: few pictures under large letters, for a node that is some 350 pixels wide."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from .drawing import PAPER
from .sample import Rejection, Sample, SampleSet
from .sheets import contact_sheet, pair_sheet, rejected_sheet

# A sheet of four such cells is 750 pixels wide: on a node its letters are half as large, which can still be read.
CELL, COLUMNS = 160, 4
MOST, MOST_PAIRS, MOST_DROPPED = 12, 8, 8


def glance(samples: Sequence[Sample], dropped: Sequence[Rejection] = (), title: str = "") -> Image.Image:
    """Some pictures of a set, and below them some of what was dropped, with the reasons."""
    return _with_dropped(
        contact_sheet(samples, columns=COLUMNS, cell=CELL, maximum=MOST, title=title) if samples else None, dropped
    )


def glance_at_pairs(samples: Sequence[Sample], dropped: Sequence[Rejection] = ()) -> Image.Image:
    """The same with each picture beside the one that it was drawn from."""
    pairs = pair_sheet(samples, columns=COLUMNS // 2, cell=CELL, maximum=MOST_PAIRS) if samples else None
    return _with_dropped(pairs, dropped)


def dropped_between(before: SampleSet, after: SampleSet) -> tuple[Rejection, ...]:
    """What a stage dropped: it leaves what had been dropped before in its place."""
    return after.rejected[len(before.rejected) :]


def stacked(pages: Sequence[Image.Image]) -> Image.Image:
    """Pages one below the other."""
    whole = Image.new("RGB", (max(p.width for p in pages), sum(p.height for p in pages)), PAPER)
    top = 0
    for page in pages:
        whole.paste(page, (0, top))
        top += page.height
    return whole


def _with_dropped(page: Image.Image | None, dropped: Sequence[Rejection]) -> Image.Image:
    lost = rejected_sheet(dropped, columns=COLUMNS, cell=CELL, maximum=MOST_DROPPED) if dropped else None
    pages = [p for p in (page, lost) if p]
    return stacked(pages) if pages else contact_sheet(())
