"""Samples survive being written as JSON, whatever they carry."""

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troupe.models.errors import TroupeError
from troupe.models.samples.sample import (
    Description,
    Feature,
    ImageFile,
    Labels,
    MaskFile,
    Rejection,
    Sample,
    SampleSet,
    Step,
    StylePair,
    SubStyle,
)
from troupe.models.samples.serial import from_json, sample_to_json, to_json

words = st.text(max_size=12)
shares = st.floats(0, 1, allow_nan=False)
tags = st.lists(words, max_size=3).map(tuple)
images = st.builds(ImageFile, words, words, st.integers(1, 9999), st.integers(1, 9999), words)
masks = st.none() | st.builds(MaskFile, words, words, st.sampled_from(["alpha", "grey"]))
feature = st.builds(Feature, words, words, st.just("path"), shares, st.none() | shares)
features = st.lists(feature, max_size=3).map(tuple)
painterly = st.lists(st.tuples(words, words | shares), max_size=2).map(tuple)
styles = st.builds(SubStyle, words, words, words, words, words, words, words, shares, tags, painterly)
pairs = st.none() | st.builds(StylePair, styles, st.none() | styles, words, words)
labels = st.none() | st.builds(Labels, words, tags, tags, words, st.just("captioner"))
steps = st.lists(st.builds(Step, words, words, st.none() | st.integers(0, 2**63)), max_size=2).map(tuple)
described = st.builds(Description, words, tags, st.just("person"))


def samples(sources):
    return st.builds(Sample, words, words, images, masks, features, described, pairs, labels, sources, steps)


rejections = st.builds(Rejection, words, words, words, words, st.none() | samples(st.none()))
sets = st.builds(
    SampleSet,
    st.lists(samples(st.none() | samples(st.none())), max_size=2).map(tuple),
    st.lists(rejections, max_size=2).map(tuple),
)


@given(sets)
def test_there_and_back(sample_set):
    assert from_json(json.loads(json.dumps(to_json(sample_set)))) == sample_set


@given(samples(st.none() | samples(st.none())))
def test_it_says_what_dataclasses_say(sample):
    """Of every member, also of one that is new: only faster."""
    assert json.loads(json.dumps(sample_to_json(sample))) == json.loads(json.dumps(dataclasses.asdict(sample)))


def test_another_format_is_refused_by_number():
    with pytest.raises(TroupeError, match="format 99"):
        from_json({"troupe_samples": 99})


def test_a_damaged_file_says_what_is_missing():
    with pytest.raises(TroupeError, match="rejected"):
        from_json({"troupe_samples": 1, "samples": []})
