"""Some or all of a set's pictures: what they tell about the whole, and their labels once the whole has been decided."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ..progress import Progress, silent
from ..samples.sample import Labels, Sample, Step
from .agreement import count
from .caption import CaptionWriter
from .facts import Facts, gather
from .lines import Moved, conflict_lines, picture_lines
from .outfits import Piece, Worn, count_worn
from .overrides import parse_patterns, parse_renamings
from .own import own_caption, with_trigger
from .pairing import Pairs, count_twins, none_paired, pair_up
from .rules import Overrides
from .secondlook import is_twin, is_witness, seen_anew
from .settings import LabelSettings
from .tally import Tally
from .told import Told, few, tell
from .traits import TraitBook
from .twins import Drift, drifts
from .words import UNSAID, Words, words_of_each

STAGE = "tag"

# (character, slot, value) -> UNSAID, TARGET or KEPT; (style, slot, value).
Sides = Mapping[tuple[str, str, str], int]
Changed = frozenset[tuple[str, str, str]]


class Verdict(NamedTuple):
    """What each part must know of the whole. `triggers`: of each character. `slots`: those that the second look speaks
    of. `came`, `went`: what a style changes in nearly all its pictures."""

    triggers: Mapping[str, str]
    sides: Sides
    moved: Moved
    slots: frozenset[str]
    came: Changed
    went: Changed


class Seen(NamedTuple):
    """What a first look at a part's samples keeps of them. `character[n]`: the number of picture n's among `names`.
    `twins`: how many are redrawn; `witnesses`: which of these were looked at again, and `anew`: slots that this second
    look speaks of."""

    names: tuple[str, ...]
    character: np.ndarray
    twins: int
    witnesses: list[int]
    anew: frozenset[str]
    facts: Facts


class Part:
    """`samples`: in the order of the set. They are gone through anew for the first look, for pairs and for labels, and
    in between nothing is held of them but facts; so they may as well lie on a disk. What one question found out is
    there for the next."""

    def __init__(self, samples: Collection[Sample], settings: LabelSettings) -> None:
        self._samples, self._settings = samples, settings
        self._never = overrides_of(settings).never
        self._book = TraitBook(parse_renamings(settings.replace), self._never)
        self._paired: dict[frozenset[str], Pairs] = {}

    def seen_anew(self) -> frozenset[str]:
        """Slots that the second look at its redrawn pictures speaks of."""
        return self._seen.anew

    def tally(self, slots: frozenset[str]) -> Tally:
        """`slots`: what the parts have `seen_anew`, together. Twins come first: the originals may bring traits that the
        set itself has not."""
        seen = self._seen
        unseen = seen.twins - len(seen.witnesses)
        redrawn = none_paired(len(seen.witnesses), unseen, len(seen.facts.visible))
        if slots and seen.witnesses:
            pairs, who = self._pairs(slots), seen.character[seen.witnesses]
            redrawn = count_twins(pairs, unseen, who, self._book.traits)
        traits = self._book.traits
        return Tally(seen.names, tuple(traits), count(seen.facts, traits, seen.character), redrawn)

    def worn(self, wanted: Mapping[str, Sequence[Piece]]) -> dict[str, Worn]:
        """Of each of its characters that is in `wanted`."""
        names, seen = self._seen.names, self._seen
        mine = {n: wanted[name] for n, name in enumerate(names) if name in wanted}
        found = count_worn(seen.facts, self._book.traits, seen.character, mine)
        return {names[n]: worn for n, worn in found.items()}

    def label(self, verdict: Verdict, progress: Progress = silent) -> tuple[tuple[Sample, ...], Told]:
        """The samples with their labels, and what the report says of them."""
        facts, traits = self._seen.facts, self._book.traits
        words = words_of_each(facts, traits, self._sides(verdict.sides))
        samples = tuple(self._labelled(words, verdict, progress))
        conflicts = few(conflict_lines(facts.conflicts, samples, traits), len(facts.conflicts))
        lines = picture_lines(samples, verdict.moved)
        return samples, tell(samples, self._settings, self._drifts(verdict), conflicts, lines)

    @cached_property
    def _seen(self) -> Seen:
        samples = tuple(self._samples)
        names, character = np.unique(np.array([s.character for s in samples], object), return_inverse=True)
        twins = [n for n, sample in enumerate(samples) if is_twin(sample)]
        witnesses = [n for n in twins if is_witness(samples[n])]
        anew = seen_anew(samples[n] for n in witnesses)
        return Seen(tuple(names.tolist()), character, len(twins), witnesses, anew, gather(samples, self._book))

    def _pairs(self, slots: frozenset[str]) -> Pairs:
        if slots not in self._paired:
            samples, witnesses = tuple(self._samples), self._seen.witnesses
            twins, visible = [samples[n] for n in witnesses], self._seen.facts.visible[:, witnesses]
            self._paired[slots] = pair_up(twins, slots, visible, self._book)
        return self._paired[slots]

    def _sides(self, sides: Sides) -> np.ndarray:
        """Of each fact."""
        (names, character, *_, facts), traits = self._seen, self._book.traits
        width = max(1, len(traits))
        owner = character[facts.picture].astype(np.int64)
        pair, of_fact = np.unique(owner * width + facts.trait, return_inverse=True)
        keys = (
            (names[who], traits[what]) for who, what in zip(*(x.tolist() for x in divmod(pair, width)), strict=True)
        )
        return np.array([sides[name, t.slot, t.value] for name, t in keys] or [UNSAID])[of_fact]

    def _labelled(self, words_of: Iterator[Words], verdict: Verdict, progress: Progress) -> Iterator[Sample]:
        record = Step(STAGE, json.dumps(asdict(self._settings), sort_keys=True))
        writers = {c: CaptionWriter(verdict.triggers[c], self._settings, self._never) for c in self._seen.names}
        for done, (sample, words) in enumerate(zip(self._samples, words_of, strict=True)):
            progress(done, len(self._samples), sample.id)
            labels = _labels(sample, words, writers[sample.character], self._settings)
            # A second run takes the first one's place in the history, as its labels take theirs.
            history = (*(step for step in sample.history if step.stage != STAGE), record)
            yield replace(sample, labels=labels, history=history)

    def _drifts(self, verdict: Verdict) -> list[Drift]:
        if not (verdict.slots and self._seen.witnesses):
            return []
        pairs, traits = self._pairs(verdict.slots), self._book.traits
        keys = [(style, t.slot, t.value) for style in pairs.styles for t in traits]
        shape = len(pairs.styles), len(traits)
        tables = (np.array([key in some for key in keys], bool).reshape(shape) for some in (verdict.came, verdict.went))
        return drifts(pairs, *tables, self._book)


def overrides_of(settings: LabelSettings) -> Overrides:
    return Overrides(*map(parse_patterns, (settings.never_write, settings.always_keep, settings.force_target)))


def _labels(sample: Sample, words: Words, writer: CaptionWriter, settings: LabelSettings) -> Labels:
    target, kept = (tuple(t.tag for t in traits) for traits in (words.target, words.kept))
    own = own_caption(sample, settings.style)
    if own:
        text = with_trigger(own, writer.trigger) if settings.trigger_in_own_captions else own
        return Labels(writer.trigger, target, kept, text, "person")
    return Labels(writer.trigger, target, kept, writer.write(sample, words), "captioner")
