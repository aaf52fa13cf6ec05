"""Captions and tags from other nodes, one a picture, read into descriptions and features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .attributes import path_features
from .bridging import require_equal
from .said import said_by_text
from .sample import Description, Feature, Sample, SampleSet
from .walking import printable


def with_captions(sample_set: SampleSet, captions: Sequence[str], *, mine: bool) -> SampleSet:
    """The set with a sentence or tag list for each sample. `mine`: a person's words, never overwritten.

    Machine text leaves a picture alone that a person has described. An empty caption changes nothing.
    """
    require_equal("captions", len(captions), len(sample_set))
    pairs = zip(sample_set.samples, captions, strict=True)
    return replace(sample_set, samples=tuple(_captioned(s, text, mine) for s, text in pairs))


def _captioned(sample: Sample, text: str, mine: bool) -> Sample:
    if not text.strip():
        return sample
    said = said_by_text(printable(text))
    origin = "person" if mine else "captioner"
    features = tuple(Feature(f.slot, f.value, origin, f.confidence) for f in said.told)
    sample = sample.with_features(features) if not mine else _with_own_features(sample, features)
    if mine or sample.description.origin != "person":
        described = Description(said.sentence, said.tags, origin)
        sample = replace(sample, description=described)
    return sample.after("set captions")


def _with_own_features(sample: Sample, features: Sequence[Feature]) -> Sample:
    """A person's words win over whatever was in their slots."""
    said = {f.slot for f in features}
    return replace(sample, features=tuple(f for f in sample.features if f.slot not in said) + tuple(features))


def with_name_words(sample_set: SampleSet) -> SampleSet:
    """Features found in the samples' names (`front_run_01`), as Load Sample Set finds them in file names."""
    return sample_set.mapped(lambda s: s.with_features(path_features([s.id.split("/", 1)[-1]], [s.character])))
