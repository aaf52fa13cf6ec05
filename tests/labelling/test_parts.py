"""A set may be cut into any parts that answer in any order: labels, decisions, warnings and report are the whole's."""

import json
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troupe.models.labelling.label import label, outcome
from troupe.models.labelling.part import Part
from troupe.models.labelling.settings import LabelSettings
from troupe.models.labelling.settle import settle
from troupe.models.labelling.tally import joined
from troupe.models.labelling.told import MOST_EVENTS
from troupe.models.samples.sample import SampleSet, StylePair, SubStyle
from troupe.models.vocabulary import vocabulary

STYLES = [SubStyle(name, name.title(), "", name, name) for name in ("ink", "toon")]
OUTFITS = ("clothes.top=hanfu clothes.shoes=sandals", "clothes.top=armour clothes.shoes=boots accessory=sword")
LOOKS = "hair.colour=brown body=freckles body=horns"
FEATURES = [f"{w.slot}={w.value.replace(' ', '_')}" for s in vocabulary().slots for w in vocabulary().values(s.id)]
TAGS = ("ahoge", "blush", "red skirt", "silver hair: 0.93", "very long hair", "long hair", "mira x", "odd thing", "米")


def varied(picture, seed, n):
    """Of three characters in two outfits: some redrawn, of these most looked at again, some described by a person."""
    chance = random.Random(seed)
    common = chance.sample(FEATURES, 8)
    return [_sample(picture, chance, common, i) for i in range(n)]


def _sample(picture, chance, common, number):
    who, by = chance.choice(("mira", "rook", "米拉")), chance.choice(("captioner", "captioner", "person"))
    words = [chance.choice(common if chance.random() < 0.6 else FEATURES) for _ in range(9)]
    facts = " ".join(f"{word}@{chance.randint(1, 10) / 10}" for word in words)
    said = {"tags": ",".join(chance.sample(TAGS, 3)), "by": by, "sentence": "She waits." if by == "person" else ""}
    here = picture(f"{number:03}", f"{LOOKS} {facts} {chance.choice(OUTFITS)}", character=who, **said).after("describe")
    if chance.random() < 0.5:
        return here
    style = StylePair(chance.choice(STYLES))
    lost = ("hair.colour", "brown"), ("body", "freckles")
    ink = picture("x", "hair.colour=grey").features if style.first.id == "ink" else ()
    kept = [f for f in here.features if chance.random() < 0.9 and not (ink and (f.slot, f.value) in lost)]
    features = (*(replace(f, confidence=0.55) for f in kept), *ink, *picture("x", chance.choice(FEATURES)).features)
    twin = replace(here, source=here, style=style, features=features).after("restyle")
    return twin.after("describe") if chance.random() < 0.8 else twin


def labelled_in_parts(parts, wanted, chance):
    """By workers that remember nothing from question to question."""

    def ask(question):
        answers = [question(Part(samples, wanted)) for samples in parts]
        chance.shuffle(answers)
        return answers

    settled = settle(ask, wanted)
    each = [Part(samples, wanted).label(settled.verdict) for samples in parts]
    return [s for samples, _ in each for s in samples], outcome(settled, [told for _, told in each], wanted)


SETTINGS = st.builds(
    LabelSettings,
    trigger=st.sampled_from(["", "mira_x", "{character}_trp"]),
    policy=st.sampled_from(["absorb", "describe all", "hybrid"]),
    style=st.sampled_from(["tags", "sentence", "tags and sentence"]),
    threshold=st.sampled_from([0.5, 0.7, 0.8]),
    never_write=st.sampled_from(["", "skirt"]),
    force_target=st.sampled_from(["", "sword, nothing"]),
    replace=st.sampled_from(["", "blush -> shy\nboots -> long hair"]),
    style_tags=st.sampled_from(["caption", "leave out"]),
)


@given(seed=st.integers(0, 10_000), n=st.sampled_from([1, 7, 60]), wanted=SETTINGS, cuts=st.lists(st.floats(0, 1)))
@settings(max_examples=30, deadline=None)
def test_any_parts_give_what_the_whole_gives(picture, seed, n, wanted, cuts):
    samples = varied(picture, seed, n)
    places = [0, *sorted(round(cut * n) for cut in cuts), n]
    parts = [tuple(samples[start:end]) for start, end in zip(places, places[1:], strict=False)]  # also empty ones
    whole = label(SampleSet(tuple(samples)), wanted)
    labelled, said = labelled_in_parts(parts, wanted, random.Random(seed))
    assert labelled == list(whole.sample_set.samples)
    assert said == (whole.report, whole.decisions, whole.warnings, whole.outfits)


def test_what_such_sets_have_in_them(picture):
    """So that the law above is one about outfits, styles, drifts, contradictions and people's captions."""
    whole = label(SampleSet(tuple(varied(picture, 3, 60))), LabelSettings("mira_x", threshold=0.7))
    assert {d.decision for d in whole.decisions} >= {"outfit", "style", "ask", "kept", "dropped"}
    told = "\n".join(whole.warnings)
    assert whole.outfits["mira"] > 1 and "Drift: " in told and 'The restyle took "freckles" away' in told
    assert " beats " in whole.report and " (yours, kept" in whole.report


def test_tallies_add_up_in_any_order_and_grouping(picture):
    samples, wanted = varied(picture, 5, 40), LabelSettings("")
    one, two, three = (Part(samples[n::3], wanted).tally(frozenset({"hair.colour", "place"})) for n in range(3))
    plain = [
        tallied(joined(some)) for some in ([one, two, three], [three, joined([one, two])], [two, joined([three, one])])
    ]
    assert plain[0] == plain[1] == plain[2]
    assert tallied(joined([joined([one])])) == tallied(joined([one]))


def tallied(value):
    """As JSON: a tally is texts and whole numbers, and small enough to be sent about."""

    def plain(part):
        return part.tolist() if isinstance(part, np.ndarray) else part

    def unpacked(part):
        return [unpacked(p) for p in part] if isinstance(part, tuple) else plain(part)

    return json.dumps(unpacked(value))


def test_a_tally_does_not_grow_with_the_pictures(picture):
    few, many = (varied(picture, 7, 50) * times for times in (1, 20))
    sizes = [len(tallied(Part(some, LabelSettings("")).tally(frozenset()))) for some in (few, many)]
    assert sizes[1] < 1.5 * sizes[0]


@pytest.mark.parametrize("parts", [1, 4])
def test_what_is_told_of_single_pictures_is_bounded(picture, parts):
    samples = [picture(f"{n:04}", "hair.colour=silver@0.9 hair.colour=brown@0.8") for n in range(4 * MOST_EVENTS)]
    wanted, size = LabelSettings("mira_x"), len(samples) // parts
    cut = [tuple(samples[n * size : (n + 1) * size]) for n in range(parts)]
    settled = settle(lambda question: [question(Part(some, wanted)) for some in cut], wanted)
    for some in cut:
        told = Part(some, wanted).label(settled.verdict)[1]
        assert told.pictures == told.conflicts.total == size
        assert len(told.lines.first) == len(told.conflicts.first) == min(size, MOST_EVENTS)
