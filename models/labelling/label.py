"""Label a whole set: decide what is the character's own, then write every picture's labels and caption."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import NamedTuple

import numpy as np

from ..progress import Progress, silent
from ..samples.sample import Labels, Sample, SampleSet, Step
from .agreement import count
from .caption import CaptionWriter, Words
from .contrast import contrast
from .decide import Evidence, SlotDecision, decide
from .facts import Facts, gather
from .findings import Findings
from .outfits import find_outfits
from .overrides import parse_patterns, parse_renamings
from .own import own_caption, with_trigger
from .report import write_report
from .rules import ABSORBED, DROPPED, Overrides
from .settings import LabelSettings
from .traits import Trait, TraitBook, caption_ranks, lexicon
from .trigger import triggers_of
from .twins import compare
from .warn import warnings_of

STAGE = "tag"


class Labelled(NamedTuple):
    """`report`: plain text for a monospace display. `decisions`: one for each trait of each character."""

    sample_set: SampleSet
    report: str
    decisions: tuple[SlotDecision, ...]
    warnings: tuple[str, ...]


def label(sample_set: SampleSet, settings: LabelSettings, *, progress: Progress = silent) -> Labelled:
    """Give every sample its `Labels`; ids, order, features and descriptions stay as they are.

    Depends on the set of pictures, not on their order; labelling twice changes nothing.
    Raises `EmptySet`, and `TroupeError` for a renaming that is none.
    """
    sample_set.require_any("Tag Features")
    samples = sample_set.samples
    overrides = Overrides(*map(parse_patterns, (settings.never_write, settings.always_keep, settings.force_target)))
    book = TraitBook(parse_renamings(settings.replace), overrides.never)
    names, character = np.unique(np.array([s.character for s in samples], object), return_inverse=True)
    facts = gather(samples, book)
    evidence = _weigh(samples, facts, book, names.tolist(), character, settings.threshold)
    triggers = triggers_of(names.tolist(), settings.trigger)
    decisions = decide(evidence, overrides, triggers, settings.threshold)
    labelled = tuple(_labelled(samples, facts, evidence, decisions, triggers, settings, overrides, progress))
    result = replace(sample_set, samples=labelled)
    decisions = sorted(decisions, key=_in_report)
    findings = Findings(result, decisions, evidence, facts.conflicts, overrides, triggers, settings)
    warnings = warnings_of(findings)
    return Labelled(result, write_report(findings, warnings), tuple(decisions), warnings)


def _weigh(
    samples: Sequence[Sample], facts: Facts, book: TraitBook, names: list[str], character: np.ndarray, threshold: float
) -> Evidence:
    """All statistics. Twins come first: the originals may bring traits that the set itself has not."""
    twins = compare(samples, facts, book, threshold)
    traits = book.traits
    agreement = count(facts, traits, character)
    outfits = find_outfits(facts, agreement, traits, character, threshold)
    return Evidence(traits, names, agreement, contrast(agreement, traits, threshold), twins, outfits)


def _in_report(decision: SlotDecision) -> tuple:
    return decision.character, decision.slot, decision.value


def _labelled(
    samples, facts: Facts, evidence: Evidence, decisions, triggers, settings: LabelSettings, overrides, progress
) -> Iterator[Sample]:
    writers = {c: CaptionWriter(t, settings, overrides.never) for c, t in triggers.items()}
    record = Step(STAGE, json.dumps(asdict(settings), sort_keys=True))
    for done, (sample, words) in enumerate(zip(samples, _words(facts, evidence, decisions, settings), strict=True)):
        progress(done, len(samples), sample.id)
        labels = _labels(sample, words, writers[sample.character], settings)
        # A second run takes the first one's place in the history, as its labels take theirs.
        history = (*(step for step in sample.history if step.stage != STAGE), record)
        yield replace(sample, labels=labels, history=history)


def _labels(sample: Sample, words: Words, writer: CaptionWriter, settings: LabelSettings) -> Labels:
    target, kept = (tuple(t.tag for t in traits) for traits in (words.target, words.kept))
    own = own_caption(sample, settings.style)
    if own:
        text = with_trigger(own, writer.trigger) if settings.trigger_in_own_captions else own
        return Labels(writer.trigger, target, kept, text, "person")
    return Labels(writer.trigger, target, kept, writer.write(sample, words), "captioner")


def _words(facts: Facts, evidence: Evidence, decisions, settings: LabelSettings) -> Iterator[Words]:
    """Each picture's words, in order: what it states, sorted into target and non-target."""
    traits = evidence.traits
    chosen = np.flatnonzero(facts.stated)
    chosen = chosen[np.lexsort((caption_ranks(traits)[facts.trait[chosen]], facts.picture[chosen]))]
    sides = np.array([_side(traits[t], d, settings) for t, d in zip(evidence.agreement.trait, decisions, strict=True)])
    side = sides[evidence.agreement.of_fact[chosen]] if len(chosen) else np.zeros(0, np.int64)
    number, weight = facts.trait[chosen].tolist(), facts.weight[chosen].tolist()
    edges = np.searchsorted(facts.picture[chosen], np.arange(len(facts.described) + 1)).tolist()
    side = side.tolist()
    for start, end in zip(edges, edges[1:], strict=False):
        target = tuple(traits[number[i]] for i in range(start, end) if side[i] == _TARGET)
        kept = [i for i in range(start, end) if side[i] == _KEPT]
        yield Words(target, tuple(traits[number[i]] for i in kept), tuple(weight[i] for i in kept))


_TARGET, _KEPT, _UNSAID = 1, 2, 0


def _side(trait: Trait, decision: SlotDecision, settings: LabelSettings) -> int:
    if decision.decision == DROPPED:
        return _UNSAID
    if decision.decision in ABSORBED:
        return _TARGET
    if trait.kind == "measured" and decision.decided_by != "you":
        usual = trait.value in lexicon()["harmless"].get(trait.slot, ())
        return _KEPT if settings.measured_words and not usual else _UNSAID
    return _KEPT
