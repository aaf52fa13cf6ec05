"""Everything that writing a sample set will do, decided before a file is touched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ..errors import TroupeError
from ..samples.sample import ByCharacter, Rejection, Sample, SampleSet
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

__all__ = ["STAGE", "Plan", "Survey", "plan_dataset", "planned_pictures", "survey", "trainer_rows", "trainer_view"]

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


class _Count(NamedTuple):
    """`usable`: how many pictures of the group can be written; `masked`: whether one of these has a mask."""

    group: _Group
    usable: int
    masked: bool


@dataclass(frozen=True)
class Survey:
    """What must be known of all samples before the first picture can be planned: `groups` with something to write, and
    the samples that are `rejected`."""

    sample_set: ByCharacter
    settings: WriteSettings
    groups: tuple[tuple[_Group, Subset], ...]
    rejected: tuple[Rejection, ...]


def plan_dataset(sample_set: SampleSet, settings: WriteSettings) -> Plan:
    """Say for every picture where it goes, at which size, with which caption; reads and writes nothing.

    A picture below one bucket step or with nothing to caption it is rejected with the reason.
    Raises `EmptySet` when none is left, `TroupeError` for a name that is a path or an unknown format.
    """
    name, surveyed = data_set_name(settings.name), survey(sample_set, settings)
    return Plan(name, settings, tuple(planned_pictures(surveyed)), surveyed.rejected, sample_set.rejected)


def survey(sample_set: ByCharacter, settings: WriteSettings) -> Survey:
    """The first half of `plan_dataset`, which goes through the samples and holds none."""
    sample_set.require_any(settings.step)
    writes = find_format(settings.format)
    if settings.pairs and not writes.takes_pairs:
        raise TroupeError(
            "This format has no place for edit pairs",
            item=writes.label,
            remedy=f"Choose one of: {', '.join(f.id for f in FORMATS if f.takes_pairs)}.",
        )
    rejected: list[Rejection] = []
    counted = [_counted(group, sample_set, settings, rejected) for group in _groups(sample_set, settings)]
    counted = [count for count in counted if count.usable]
    if not counted:
        SampleSet((), sample_set.rejected + tuple(rejected)).require_any(settings.step)
    labels: set[str] = set()
    groups = tuple((count.group, _subset(count, len(counted), settings, labels)) for count in counted)
    return Survey(sample_set, settings, groups, tuple(rejected))


def planned_pictures(surveyed: Survey) -> Iterator[PlannedPicture]:
    """The second half: one after the other, in the order of their numbers."""
    sample_set, settings = surveyed.sample_set, surveyed.settings
    writes, number = find_format(settings.format), 0
    for group, subset in surveyed.groups:
        for found in _candidates(group, sample_set.of(group.character), settings):
            if isinstance(found, _Candidate):
                number += 1
                sample, fit, caption, control = found
                files = writes.files(subset, picture_stem(number, sample.id), settings.suffix)
                yield PlannedPicture(number, sample, subset, files, fit, caption, control=control)


def _groups(sample_set: ByCharacter, settings: WriteSettings) -> Iterator[_Group]:
    for character in sample_set.characters:
        trigger = "" if settings.pairs else _trigger(sample_set.of(character))
        yield _Group(character, trigger, False)
        if settings.include_originals and not settings.pairs:
            yield _Group(character, trigger, True)


def _trigger(samples: Collection[Sample]) -> str:
    triggers = Counter(filter(None, map(trigger_of, samples)))
    return triggers.most_common(1)[0][0] if triggers else ""


def _counted(group: _Group, sample_set: ByCharacter, settings: WriteSettings, rejected: list[Rejection]) -> _Count:
    """What cannot be written goes to `rejected`."""
    usable, masked = 0, False
    for found in _candidates(group, sample_set.of(group.character), settings):
        if isinstance(found, Rejection):
            rejected.append(found)
        else:
            usable += 1
            masked = masked or found.sample.mask is not None
    return _Count(group, usable, masked)


def _candidates(
    group: _Group, samples: Collection[Sample], settings: WriteSettings
) -> Iterator[_Candidate | Rejection]:
    for sample, caption in _captioned(group, samples, settings):
        fit = fit_picture(sample.image.size, settings)
        control = control_of(sample) if settings.pairs else None
        reason = control if isinstance(control, str) else _unusable(fit, caption, settings)
        if reason:
            yield Rejection(sample.id, STAGE, reason, sample.image.path, sample)
        else:
            yield _Candidate(sample, fit, caption, control)


def _captioned(group: _Group, samples: Collection[Sample], settings: WriteSettings) -> Iterator[tuple[Sample, Caption]]:
    if settings.pairs:
        return ((s, instruction_of(s, settings.instruction)) for s in samples)
    if group.originals:
        found = _first_of_each(s for s in samples if s.source)
        return ((s.source, caption_of_original(s, group.trigger, settings.class_word)) for s in found)
    return ((s, caption_of(s, group.trigger, settings.class_word)) for s in samples)


def _first_of_each(samples: Iterable[Sample]) -> Iterator[Sample]:
    """Several may be cut from one original, which is one picture all the same."""
    seen: set[str] = set()
    for sample in samples:
        digest = sample.source.image.digest
        if digest not in seen:
            seen.add(digest)
            yield sample


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


def _subset(count: _Count, groups: int, settings: WriteSettings, labels: set[str]) -> Subset:
    character, trigger, originals = count.group
    words = folder_words(one_line(f"{trigger} {settings.class_word}")) or folder_words(character)
    label = unique(f"{words or 'character'}{' original' if originals else ''}", labels)
    repeats = settings.repeats or repeats_for(
        count.usable, groups, settings.target_steps, settings.batch_size, settings.epochs
    )
    return Subset(label, character, trigger, originals, repeats, settings.masks and count.masked, settings.pairs)
