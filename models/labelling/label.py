"""Label a whole set: decide what is the character's own, then write every picture's labels and caption."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import NamedTuple

import numpy as np

from ..progress import Progress, silent
from ..samples.sample import Labels, Sample, SampleSet, Step
from .agreement import count
from .caption import CaptionWriter
from .contrast import contrast
from .decide import Evidence, SlotDecision, decide
from .facts import Facts, gather
from .findings import Findings
from .outfits import find_outfits
from .overrides import parse_patterns, parse_renamings
from .own import own_caption, with_trigger
from .report import write_report
from .rules import Overrides
from .settings import LabelSettings
from .traits import TraitBook
from .trigger import triggers_of
from .twins import compare
from .warn import warnings_of
from .words import Words, words_of_each

STAGE = "tag"


class Labelled(NamedTuple):
    """`report`: plain text for a monospace display. `decisions`: one for each trait of each character. `outfits`: for
    each character that changes clothes, how many outfits come again."""

    sample_set: SampleSet
    report: str
    decisions: tuple[SlotDecision, ...]
    warnings: tuple[str, ...]
    outfits: Mapping[str, int]


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
    words = words_of_each(facts, evidence, decisions, settings.measured_words)
    writers = {c: CaptionWriter(t, settings, overrides.never) for c, t in triggers.items()}
    result = replace(sample_set, samples=tuple(_labelled(samples, words, writers, settings, progress)))
    decisions = sorted(decisions, key=_in_report)
    findings = Findings(result, decisions, evidence, facts.conflicts, overrides, triggers, settings)
    warnings = warnings_of(findings)
    outfits = Counter(evidence.names[outfit.character] for outfit in evidence.outfits)
    return Labelled(result, write_report(findings, warnings), tuple(decisions), warnings, outfits)


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
    samples: Sequence[Sample],
    words_of: Iterable[Words],
    writers: Mapping[str, CaptionWriter],
    settings: LabelSettings,
    progress: Progress,
) -> Iterator[Sample]:
    record = Step(STAGE, json.dumps(asdict(settings), sort_keys=True))
    for done, (sample, words) in enumerate(zip(samples, words_of, strict=True)):
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
