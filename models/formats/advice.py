"""What a trainer would make of a set: pictures that are too small, captions that it cuts, steps that it takes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..advice import Advice, Schedule
from ..samples.sample import SampleSet
from .buckets import STEP
from .captions import LATE_TRIGGER, NO_CAPTION, NO_TRIGGER, PLAIN_LIMIT, TWO_TRIGGERS, caption_warnings
from .catalogue import find_format
from .families import Family
from .plan import plan_dataset
from .planned import Plan, PlannedPicture
from .settings import WriteSettings
from .trainerrows import TrainerRow, steps_per_epoch, trainer_rows
from .wording import counted

MOST_CUT = 0.1  # of a picture, before it is worth a word: `trainerrows` draws the line there too
_REMEDIES = {
    NO_CAPTION: ("fix", "Caption them: put Describe and Tag Features before this."),
    NO_TRIGGER: ("fix", "Put the trigger word in front: without it the picture teaches the model's own words."),
    LATE_TRIGGER: ("improve", "Put it first: trainers that shuffle or cut captions keep what is in front."),
    TWO_TRIGGERS: ("improve", "Take one of them out; a trainer that adds the trigger itself would make it three."),
}


class TrainingWish(NamedTuple):
    """What a person means to do. `resolution`, `steps`: 0 = what is usual for the family."""

    family: Family
    trainer: str = "kohya"
    resolution: int = 0
    steps: int = 0
    epochs: int = 10
    batch_size: int = 1

    @property
    def side(self) -> int:
        return self.resolution or self.family.resolution

    @property
    def wanted(self) -> int:
        return self.steps or self.family.steps

    def title(self, sample_set: SampleSet) -> str:
        """What the advice is about, in one line."""
        n = len(sample_set.characters)
        who = sample_set.characters[0] if n == 1 else counted(n, "character")
        pictures = counted(len(sample_set), "picture")
        return f"{pictures} of {who}, to train {self.family.name} at {self.side} with {find_format(self.trainer).label}"


def training_advice(sample_set: SampleSet, wish: TrainingWish) -> tuple[tuple[Advice, ...], Schedule | None]:
    """Advice, and how long to train: None for a set of which nothing can be trained."""
    if not sample_set.samples:
        return (), None
    plan = _planned(sample_set, wish)
    captioned = any(s.labels and s.labels.caption for s in sample_set.samples)
    if plan is None:
        what = f"No picture is large enough: trainers need {STEP} pixels on each side."
        return (Advice("fix", "size", what, "Load larger pictures."),), None
    rows = trainer_rows(plan)
    schedule = _schedule(plan, rows, wish)
    advice = [*_left_out(plan), *_sizes(plan, rows, wish), *_steps(len(rows), schedule, wish)]
    advice += _captions(plan, rows, wish) if captioned else _no_captions()
    return tuple(advice), schedule


def _planned(sample_set: SampleSet, wish: TrainingWish) -> Plan | None:
    """As Write LoRA Dataset would write it."""
    from ..errors import EmptySet

    settings = WriteSettings(
        "advice",
        format=wish.trainer,
        resize="bucket",
        resolution=wish.side,
        target_steps=wish.wanted,
        epochs=wish.epochs,
        batch_size=wish.batch_size,
        class_word="character",
    )
    try:
        return plan_dataset(sample_set, settings)
    except EmptySet:
        return None


def _left_out(plan: Plan) -> Iterator[Advice]:
    if plan.rejected:
        what = f"{counted(len(plan.rejected), 'picture')} cannot be trained on: {plan.rejected[0].reason}."
        yield Advice("fix", "size", what, "Load larger ones, or drop them.", samples=tuple(r.id for r in plan.rejected))


def _sizes(plan: Plan, rows: Sequence[TrainerRow], wish: TrainingWish) -> Iterator[Advice]:
    pairs = list(zip(plan.pictures, rows, strict=True))
    side = wish.side
    small = [p for p, _ in pairs if p.sample.image.size.area < side**2 // 2]
    if small:
        fits = max(STEP, int(math.sqrt(min(p.sample.image.size.area for p in small))) // STEP * STEP)
        what = f"{counted(len(small), 'picture')} {_have(small)} less than half of the pixels of {side} x {side}."
        remedy = f"Use larger sources, or train at a resolution of {fits}: small pictures teach no detail, only blur."
        yield Advice("improve", "size", what, remedy, samples=_ids(small))
    cut = [p for p, row in pairs if row.cut_away > MOST_CUT]
    if cut:
        what = f"{counted(len(cut), 'picture')} {_have(cut)} a shape of which the trainer cuts more than a tenth away."
        remedy = "Crop them yourself, so that nothing of the character is lost. Write LoRA Dataset shows the cuts."
        yield Advice("improve", "size", what, remedy, samples=_ids(cut))
    bare = [p for p, _ in pairs if p.unmasked]
    if bare:
        what = f"{counted(len(bare), 'picture')} {_have(bare)} no mask, while others have one."
        remedy = "Give them masks (Set Masks), or train without: unmasked, the background is learnt too."
        yield Advice("improve", "size", what, remedy, samples=_ids(bare))


def _captions(plan: Plan, rows: Sequence[TrainerRow], wish: TrainingWish) -> Iterator[Advice]:
    found: dict[str, list[PlannedPicture]] = {}
    for picture in plan.pictures:
        for warning in caption_warnings(picture.caption, picture.subset.trigger, cuts_tokens=False):
            found.setdefault(warning, []).append(picture)
    for warning, about in found.items():
        severity, remedy = _REMEDIES[warning]
        what = f"{counted(len(about), 'caption')}: {warning}."
        yield Advice(severity, "captions", what, remedy, samples=_ids(about))
    limit = wish.family.tokens
    long = [(row.tokens, p) for p, row in zip(plan.pictures, rows, strict=True) if row.tokens > limit]
    if long:
        most = max(tokens for tokens, _ in long)
        are = "caption is" if len(long) == 1 else "captions are"
        what = f"{len(long)} {are} longer than {limit} tokens (the longest: about {most}); the end is not read."
        more = ", or train with --max_token_length 225" if limit == PLAIN_LIMIT and wish.trainer == "kohya" else ""
        remedy = f"Lower maximum_tags in Tag Features or shorten them{more}."
        yield Advice("improve", "captions", what, remedy, samples=_ids([p for _, p in long]))


def _no_captions() -> tuple[Advice, ...]:
    what = "No picture has a caption yet, so nothing is said about captions."
    return (Advice("note", "captions", what, "Put Tag Features before this."),)


def _schedule(plan: Plan, rows: Sequence[TrainerRow], wish: TrainingWish) -> Schedule:
    writes, sums, total = find_format(wish.trainer), [], 0
    for subset in plan.subsets:
        n = sum(p.subset == subset for p in plan.pictures)
        name = f"{subset.character}: " if len(plan.subsets) > 1 else ""
        repeats = f" x {counted(subset.repeats, 'repeat')}" if writes.counts_repeats else ""
        steps = math.ceil(n * (subset.repeats if writes.counts_repeats else 1) * wish.epochs / wish.batch_size)
        total += steps
        epochs = f"{counted(wish.epochs, 'epoch')} / batch {wish.batch_size}"
        sums.append(f"{name}{counted(n, 'picture')}{repeats} x {epochs} = {counted(steps, 'step')}")
    truly = steps_per_epoch(rows, wish.batch_size) * wish.epochs
    if truly != total:
        sums.append(f"with batches that stay part empty: {counted(truly, 'step')}")
    if wish.trainer == "simpletuner":
        sums.append("SimpleTuner counts the passes after the first: its repeats are one less")
    source = "as you asked" if wish.steps else f"usual for {wish.family.name}, {wish.family.source}"
    return Schedule(tuple(sums), truly, wish.wanted, f"{wish.wanted} wanted ({source})")


def _steps(pictures: int, schedule: Schedule, wish: TrainingWish) -> Iterator[Advice]:
    least, most = wish.family.step_range
    if least <= schedule.steps <= most:
        return
    much = schedule.steps > most
    how = "more" if much else "fewer"
    what = f"{schedule.steps} steps are {how} than the {least} to {most} that are usual for {wish.family.name}."
    if find_format(wish.trainer).counts_repeats:
        remedy = f"Set target_steps between {least} and {most}, and keep the best of the saved epochs."
        if pictures * wish.epochs > most * wish.batch_size:
            remedy = "Lower the epochs: one repeat of each picture is too many."
    else:
        epochs = max(1, round(schedule.wanted * wish.epochs / max(1, schedule.steps)))
        remedy = f"This trainer shows each picture once an epoch: {schedule.wanted} steps are {epochs} epochs."
    yield Advice("improve", "steps", what, remedy)


def _have(pictures: Sequence[PlannedPicture]) -> str:
    return "has" if len(pictures) == 1 else "have"


def _ids(pictures: Sequence[PlannedPicture]) -> tuple[str, ...]:
    return tuple(sorted(p.sample.id for p in pictures))
