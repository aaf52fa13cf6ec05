"""What a review says of a picture, out of the sample and back into it: a person's words are the highest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..samples.captiontext import with_captions
from ..samples.said import said_by_record
from ..samples.sample import Feature, Sample, SampleSet
from ..vocabulary import normal
from .columns import CAPTION
from .entry import NOTHING, values_in
from .tabletext import plain

STAGE = "review"


def words_of(sample: Sample, slots: Sequence[str]) -> dict[str, str]:
    """The caption (or else the sentence, or the keywords) and the values of `slots`, as cells."""
    told = sample.description.sentence or ", ".join(sample.description.keywords)
    caption = sample.labels.caption if sample.labels else told
    return {CAPTION: plain(caption)} | {s: ", ".join(f.value for f in sample.all_of(s)) for s in slots}


def with_words(sample: Sample, words: Mapping[str, str]) -> Sample:
    """The sample with what a person wrote: a caption that no later step overwrites, features that none doubts."""
    if CAPTION in words:
        sample = _captioned(sample, words[CAPTION])
    for slot, text in words.items():
        if slot != CAPTION:
            kept = tuple(f for f in sample.features if f.slot != slot)
            sample = replace(sample, features=kept + _features(slot, text))
    return sample.after(STAGE) if words else sample


def _captioned(sample: Sample, caption: str) -> Sample:
    """Before Tag Features it is the picture's description, after it the caption that is written."""
    if sample.labels is None:
        return with_captions(SampleSet((sample,)), [caption], mine=True).samples[0]
    return replace(sample, labels=replace(sample.labels, caption=caption, origin="person"))


def _features(slot: str, text: str) -> tuple[Feature, ...]:
    """A value that the vocabulary lacks is taken as it stands."""
    values = [] if text == NOTHING else values_in(text)
    known = [next((f.value for f in said_by_record({slot: value}).stated), normal(value)) for value in values]
    return tuple(Feature(slot, value, "person") for value in dict.fromkeys(known))
