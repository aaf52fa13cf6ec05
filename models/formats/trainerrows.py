"""What the trainer will really see of a planned data set, by its own rules."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..geometry import Box, Size
from .captions import caption_warnings, kept_and_rest, token_estimate, without_separator
from .catalogue import find_format
from .planned import Plan, PlannedPicture

# Some pixels more, to fill the last step of a bucket, blur nothing that can be seen.
ROUNDED_UP = 1.05


class TrainerRow(NamedTuple):
    """One picture as the trainer sees it.

    `pixels`: as written. `bucket`: the size it is trained at. `crop`: what of the sample's own picture is left by
    then, in that picture's pixels; `cut_away`: the share that is lost on the way, in [0, 1]. `kept`, `caption`:
    the comma parts that stay in front when captions are shuffled, and the rest. `tokens`: estimated.
    """

    file: str
    pixels: Size
    bucket: Size
    crop: Box
    cut_away: float
    kept: str
    caption: str
    repeats: int
    tokens: int
    warnings: tuple[str, ...]


def trainer_rows(plan: Plan) -> tuple[TrainerRow, ...]:
    """In the plan's order; every picture of the plan is a file that the trainer finds."""
    return tuple(_row(plan, picture) for picture in plan.pictures)


def steps_per_epoch(rows: Sequence[TrainerRow], batch_size: int) -> int:
    """Every bucket fills batches of its own, and its last one may stay part empty."""
    shown = Counter()
    for row in rows:
        shown[row.bucket] += row.repeats
    return sum(math.ceil(n / batch_size) for n in shown.values())


def _row(plan: Plan, picture: PlannedPicture) -> TrainerRow:
    writes = find_format(plan.settings.format)
    size = picture.fit.size
    seen = writes.look(size, plan.settings)
    left, top, right, bottom = picture.fit.crop_in(picture.sample.image.size)
    x, y = (right - left) / size.width, (bottom - top) / size.height
    kept = seen.crop_in(size)
    crop = (left + kept[0] * x, top + kept[1] * y, left + kept[2] * x, top + kept[3] * y)
    plain = without_separator(picture.caption.text)
    head, rest = kept_and_rest(picture.caption.text if writes.knows_head else plain, plan.settings.keep_tokens)
    return TrainerRow(
        file=picture.files.picture.removeprefix("train/"),
        pixels=size,
        bucket=seen.size,
        crop=Box(*map(round, crop)),
        cut_away=1 - (1 - picture.fit.cut_away) * (1 - seen.cut_away),
        kept=", ".join(head),
        caption=", ".join(rest),
        repeats=picture.subset.repeats if writes.counts_repeats else 1,
        tokens=token_estimate(plain),
        warnings=tuple(_row_warnings(plan, picture)),
    )


def _row_warnings(plan: Plan, picture: PlannedPicture) -> Iterator[str]:
    writes, written = find_format(plan.settings.format), picture.fit
    seen = writes.look(written.size, plan.settings)
    if written.resized.width > picture.sample.image.width:
        yield "enlarged when written: the blur is learnt too"
    if seen.resized.width > written.size.width * ROUNDED_UP:
        yield "enlarged by the trainer: the blur is learnt too"
    if seen.size.area < plan.settings.resolution**2 // 2:
        yield "small: less than half of the pixels that the resolution allows"
    if 1 - (1 - written.cut_away) * (1 - seen.cut_away) > 0.1:
        yield "more than a tenth is cut away"
    if picture.unmasked:
        yield "no mask among masked pictures: all of it is learnt"
    yield from writes.warnings(picture, seen)
    yield from caption_warnings(picture.caption, picture.subset.trigger, writes.cuts_tokens)
