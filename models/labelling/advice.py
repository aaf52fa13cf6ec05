"""What the trigger word would learn besides the character, or fail to learn, by the captions as they are."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from functools import lru_cache

from ..advice import Advice
from ..samples.sample import Sample, SampleSet
from ..vocabulary import normal
from .decide import SlotDecision
from .label import STAGE, Labelled, label
from .lexicon import lexicon, tag_of, value_word, word_for
from .rules import ABSORBED, FEWEST_FOR_WARNING, WARNED
from .settings import LabelSettings
from .trigger import mentions, trigger_warnings

# Views, shots, actions and expressions have their own advice, with the numbers that are wanted.
COUNTED = ("shot", "angle", "action", "expression")
# One outfit is the character's own; from three on it can be changed; two are neither (LoRA Dataset Studio's advice).
ENOUGH_OUTFITS = 3
NAMED = 6

Captions = dict[str, list[str]]


def label_advice(sample_set: SampleSet) -> tuple[Advice, ...]:
    """By the same evidence as Tag Features, with the settings that it was last run with. Captions are those of the set,
    whoever wrote them; a set without captions is judged by its features alone."""
    if not sample_set.samples:
        return ()
    settings = settings_of(sample_set)
    labelled = label(replace(sample_set, rejected=()), settings)
    advice: list[Advice] = []
    for character in sorted(sample_set.characters):
        samples = sorted(sample_set.of(character), key=lambda s: s.id)
        decisions = [d for d in labelled.decisions if d.character == character]
        captions = {s.id: _tags(s) for s in samples if s.labels and s.labels.caption}
        advice += [*_one_sided(samples, decisions, captions), *_outfits(character, labelled)]
        if captions:
            advice += _unlearnt(decisions, captions, settings)
            advice += _always_there(samples, decisions, captions, settings)
        advice += _style(samples, captions)
    triggers = {s.character: s.labels.trigger for s in sample_set.samples if s.labels and s.labels.trigger}
    remedy = "Type another trigger word into Tag Features."
    return (*advice, *(Advice("improve", "captions", text, remedy) for text in trigger_warnings(triggers)))


def settings_of(sample_set: SampleSet) -> LabelSettings:
    """Those of the last Tag Features in the samples' history; the usual ones where there was none."""
    known = {f.name for f in fields(LabelSettings)}
    for step in (step for s in sample_set.samples for step in reversed(s.history) if step.stage == STAGE):
        found = json.loads(step.settings)
        return LabelSettings(**{name: value for name, value in found.items() if name in known})
    return LabelSettings("")


def _tags(sample: Sample) -> list[str]:
    """The comma parts of its caption."""
    return [normal(part) for part in sample.labels.caption.replace("|||", ",").split(",") if part.strip()]


def _says(tags: Sequence[str], tag: str) -> bool:
    """As a part of its own, or within a sentence."""
    tag = normal(tag)
    return any(part == tag or (tag in part and mentions(part, tag)) for part in tags)


def _one_sided(samples: Sequence[Sample], decisions: Sequence[SlotDecision], captions: Captions) -> Iterator[Advice]:
    """What is behind the character, or around it, in every picture."""
    remedies = lexicon()["remedies"]
    found = [d for d in decisions if d.decision == WARNED and d.slot not in COUNTED]
    shown = {s.id: _shown(s) for s in samples} if found else {}
    for d in found:
        ids = [id for id, tags in shown.items() if normal(d.tag) in tags]
        told = sum(_says(captions[id], d.tag) for id in ids if id in captions)
        how = ""
        if captions:
            how = " and every caption says so: it is one with the trigger" if told == len(ids) else ""
            how = how or " and no caption names it" * (not told) or f" and only {told} captions name it"
        what = f'"{d.tag}" in {d.agree} of {d.observable} pictures{how}; the trigger will learn it.'
        yield Advice("improve", "leaks", what, remedies.get(d.slot, remedies[""]), d.character, tuple(ids))


def _shown(sample: Sample) -> set[str]:
    """By its features and its keywords, as tags."""
    return {_tag_of(f.slot, f.value) for f in sample.features} | {normal(k) for k in sample.description.keywords}


@lru_cache(maxsize=4096)
def _tag_of(slot: str, value: str) -> str:
    word = value_word(slot, value)
    return normal(word.tag if word else tag_of(slot, value))


def _outfits(character: str, labelled: Labelled) -> Iterator[Advice]:
    n = labelled.outfits.get(character, 0)
    if 0 < n < ENOUGH_OUTFITS:
        outfits = "1 outfit" if n == 1 else f"{n} outfits"
        what = f"{outfits} among others: neither one that is the character's own, nor enough to be changed."
        remedy = f"Keep the pictures of one outfit, or add others until there are {ENOUGH_OUTFITS}."
        yield Advice("improve", "leaks", what, remedy, character)


def _unlearnt(decisions: Sequence[SlotDecision], captions: Captions, settings: LabelSettings) -> Iterator[Advice]:
    """The character's own features that captions name, so that the trigger need not learn them."""
    if settings.policy != "absorb":
        return
    named: dict[str, list[str]] = defaultdict(list)
    for d in decisions:
        if d.decision in ABSORBED:
            for id in (id for id, tags in captions.items() if _says(tags, d.tag)):
                named[d.tag].append(id)
    if named:
        ids = sorted({id for found in named.values() for id in found})
        tags = ", ".join(f'"{tag}" ({len(found)})' for tag, found in sorted(named.items())[:NAMED])
        what = f"Captions name the character's own: {tags}. The trigger will not learn it."
        remedy = "Take the words out, or choose the policy describe all if they shall stay changeable."
        yield Advice("improve", "leaks", what, remedy, decisions[0].character, tuple(ids))


def _always_there(
    samples: Sequence[Sample], decisions: Sequence[SlotDecision], captions: Captions, settings: LabelSettings
) -> Iterator[Advice]:
    """Words of every caption that nothing else here speaks of: quality words, names, places that are all the same."""
    if len(captions) < FEWEST_FOR_WARNING:
        return
    common = set.intersection(*map(set, captions.values()))
    spoken = {normal(d.tag) for d in decisions if d.decision in (*ABSORBED, WARNED) or d.slot in COUNTED}
    spoken |= {normal(w) for w in settings.class_word.split(",")}
    spoken |= {normal(name) for s in samples for name in _style_names(s)}
    left = sorted(t for t in common - spoken if not _is_class(t) and not _is_trigger(t, samples))
    if left:
        what = f"In every caption: {', '.join(left[:NAMED])}. What always comes with the trigger is learnt with it."
        remedy = "Leave it out (never write in Tag Features), or add pictures without it."
        yield Advice("improve", "leaks", what, remedy, samples[0].character)


def _is_class(tag: str) -> bool:
    word = word_for(tag)
    return word is not None and word.slot == "count"


def _is_trigger(tag: str, samples: Sequence[Sample]) -> bool:
    return any(s.labels and s.labels.trigger and mentions(tag, s.labels.trigger, loosely=True) for s in samples)


def _style_names(sample: Sample) -> tuple[str, ...]:
    pair = sample.style
    return tuple(style.name for style in (pair.first, pair.second) if style and style.name) if pair else ()


def _style(samples: Sequence[Sample], captions: Captions) -> Iterator[Advice]:
    """All pictures drawn in one way."""
    names = {s.style.first.name if s.style else "" for s in samples}
    if len(names) != 1 or "" in names or len(samples) < FEWEST_FOR_WARNING:
        return
    (name,) = names
    named = sum(_says(tags, name) for tags in captions.values())
    told = "every caption names" if named == len(captions) else f"{named} of {len(captions)} captions name"
    what = f'All pictures are in one style, "{name}"' + (f", which {told}." if captions else ".")
    remedy = "Map several first styles or mix in originals, if the character shall be drawn in other styles too."
    yield Advice("note" if 2 * named >= len(captions) else "improve", "leaks", what, remedy, samples[0].character)
