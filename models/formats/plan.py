"""Everything that writing a sample set will do, decided before a file is touched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..errors import TroupeError
from ..samples.sample import Rejection, Sample, SampleSet
from .buckets import STEP, Fit
from .captions import Caption, caption_of, caption_of_original, one_line, trigger_of
from .catalogue import FORMATS, find_format
from .naming import data_set_name, folder_words, picture_stem, unique
from .pairing import Control, control_of, instruction_of
from .planned import Plan, PlannedPicture, Subset
from .repeats import repeats_for
from .settings import WriteSettings
from .sizing import fit_picture
from .trainerrows import trainer_rows
from .trainerview import trainer_view

__all__ = ["STAGE", "Plan", "plan_dataset", "trainer_rows", "trainer_view"]

STAGE = "write"


class _Candidate(NamedTuple):
    sample: Sample
    fit: Fit
    caption: Caption
    control: Control | None = None


class _Group(NamedTuple):
    """The pictures of one character, or the originals they were restyled from."""

    character: str
    trigger: str
    originals: bool
    candidates: Sequence[_Candidate]


def plan_dataset(sample_set: SampleSet, settings: WriteSettings) -> Plan:
    """Say for every picture where it goes, at which size, with which caption; reads and writes nothing.

    A picture below one bucket step or with nothing to caption it is rejected with the reason.
    Raises `EmptySet` when none is left, `TroupeError` for a name that is a path or an unknown format.
    """
    sample_set.require_any(settings.step)
    name, writes = data_set_name(settings.name), find_format(settings.format)
    if settings.pairs and not writes.takes_pairs:
        raise TroupeError(
            "This format has no place for edit pairs",
            item=writes.label,
            remedy=f"Choose one of: {', '.join(f.id for f in FORMATS if f.takes_pairs)}.",
        )
    rejected: list[Rejection] = []
    groups = [g for g in _groups(sample_set, settings, rejected) if g.candidates]
    if not groups:
        SampleSet((), sample_set.rejected + tuple(rejected)).require_any(settings.step)
    labels: set[str] = set()
    pictures: list[PlannedPicture] = []
    for group in groups:
        subset = _subset(group, len(groups), settings, labels)
        for sample, fit, caption, control in group.candidates:
            number = len(pictures) + 1
            files = writes.files(subset, picture_stem(number, sample.id), settings.suffix)
            pictures.append(PlannedPicture(number, sample, subset, files, fit, caption, control=control))
    return Plan(name, settings, tuple(pictures), tuple(rejected), sample_set.rejected)


def _groups(sample_set: SampleSet, settings: WriteSettings, rejected: list[Rejection]) -> Iterator[_Group]:
    for character in sample_set.characters:
        samples = sample_set.of(character)
        if settings.pairs:
            pairs = [(s, instruction_of(s, settings.instruction)) for s in samples]
            yield _Group(character, "", False, _usable(pairs, settings, rejected))
            continue
        triggers = Counter(filter(None, map(trigger_of, samples)))
        trigger = triggers.most_common(1)[0][0] if triggers else ""
        pairs = [(s, caption_of(s, trigger, settings.class_word)) for s in samples]
        yield _Group(character, trigger, False, _usable(pairs, settings, rejected))
        if settings.include_originals:
            # Several samples may be cut from one original, which is one picture all the same.
            twins = {s.source.image.digest: s for s in reversed(samples) if s.source}
            firsts = [s for s in samples if s.source and twins[s.source.image.digest] is s]
            pairs = [(s.source, caption_of_original(s, trigger, settings.class_word)) for s in firsts]
            yield _Group(character, trigger, True, _usable(pairs, settings, rejected))


def _usable(
    pairs: Sequence[tuple[Sample, Caption]], settings: WriteSettings, rejected: list[Rejection]
) -> tuple[_Candidate, ...]:
    """What can be written of samples and their captions; the others go to `rejected`."""
    candidates = []
    for sample, caption in pairs:
        fit = fit_picture(sample.image.size, settings)
        control = control_of(sample) if settings.pairs else None
        reason = control if isinstance(control, str) else _unusable(fit, caption, settings)
        if reason:
            rejected.append(Rejection(sample.id, STAGE, reason, sample.image.path, sample))
        else:
            candidates.append(_Candidate(sample, fit, caption, control))
    return tuple(candidates)


def _unusable(fit: Fit, caption: Caption, settings: WriteSettings) -> str:
    trained = fit.size if fit.size.short < STEP else find_format(settings.format).look(fit.size, settings).size
    if trained.short < STEP:
        size = f"{fit.resized.width}x{fit.resized.height}"
        return f"at {size} pixels it is too small or too narrow: trainers need {STEP} on each side"
    if not caption.text and settings.pairs:
        return "no instruction: its styles have none; write one into the node, or use Map Styles"
    if not caption.text:
        return "no caption, and no trigger or class word to make one of: run Tag Features, or set a class word"
    return ""


def _subset(group: _Group, groups: int, settings: WriteSettings, labels: set[str]) -> Subset:
    words = folder_words(one_line(f"{group.trigger} {settings.class_word}")) or folder_words(group.character)
    label = unique(f"{words or 'character'}{' original' if group.originals else ''}", labels)
    repeats = settings.repeats or repeats_for(
        len(group.candidates), groups, settings.target_steps, settings.batch_size, settings.epochs
    )
    masked = settings.masks and any(c.sample.mask for c in group.candidates)
    return Subset(label, group.character, group.trigger, group.originals, repeats, masked, settings.pairs)
