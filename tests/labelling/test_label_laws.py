"""What holds for every set: order does not matter, twice is once, the trigger is there once, a person's word stays."""

import random

from hypothesis import given
from hypothesis import strategies as st

from support.examples import examples
from troupe.models.labelling.trigger import mentions
from troupe.models.vocabulary import normal, vocabulary

SLOTS = [s for s in vocabulary().slots if vocabulary().values(s.id)]
FEATURES = [f"{w.slot}={w.value.replace(' ', '_')}" for s in SLOTS for w in vocabulary().values(s.id)]

# Words that have gone wrong in other tools: the trigger in every spelling, escapes, weights, smileys, bars, Chinese.
NASTY = st.sampled_from(
    ["mira_x", "Mira X", "MIRA-X", "(mira_x:1.2)", "mira_x_(series)", "mira_\\(x\\)", "a mira_x girl", "^_^", "|||",
     "((silver_hair))", "silver hair: 0.93", "very_long_hair", "long hair", "1girl", "girl", ":d", "", " , ", "水墨",
     "侧面", "from_behind", "blue pleated skirt", "skirt", "<lora:mira:1>", "solo", "\ufeffsmile", "mirax", "x"]
)  # fmt: skip
TAGS = st.lists(st.one_of(NASTY, st.text(max_size=12)), max_size=8)
POLICY = st.sampled_from(["absorb", "describe all", "hybrid"])
STYLE = st.sampled_from(["tags", "sentence", "tags and sentence"])


def random_set(picture, seed, n=24):
    generator = random.Random(seed)
    samples = []
    for i in range(n):
        source = picture(f"{i:02}", " ".join(generator.choices(FEATURES, k=9))) if generator.random() < 0.5 else None
        features = " ".join(f"{f}@{generator.randint(1, 10) / 10}" for f in generator.choices(FEATURES, k=12))
        character = generator.choice(("mira", "rook", "米拉"))
        samples.append(picture(f"{i:02}", features, tags="ahoge, blush, skirt", character=character, source=source))
    return samples


@given(seed=st.integers(0, 1000), policy=POLICY, style=STYLE)
@examples(12)
def test_the_order_of_the_pictures_changes_nothing(picture, tagged, seed, policy, style):
    samples = random_set(picture, seed)
    mixed = random.Random(seed + 1).sample(samples, len(samples))
    one, other = (tagged(some, trigger="", policy=policy, style=style) for some in (samples, mixed))
    assert one.decisions == other.decisions
    assert {s.id: s for s in one.sample_set.samples} == {s.id: s for s in other.sample_set.samples}
    assert [s.id for s in other.sample_set.samples] == [s.id for s in mixed]


@given(seed=st.integers(0, 1000), policy=POLICY, style=STYLE, tags=TAGS, by=st.sampled_from(["person", "captioner"]))
@examples(12)
def test_labelling_twice_is_labelling_once(picture, tagged, seed, policy, style, tags, by):
    samples = random_set(picture, seed, 8) + [picture("nasty", tags=",".join(tags), sentence="She waits.", by=by)]
    once = tagged(samples, policy=policy, style=style)
    assert tagged(once.sample_set.samples, policy=policy, style=style) == once


@given(tags=TAGS, policy=POLICY, style=STYLE, class_word=st.sampled_from(["", "1girl", "mira_x girl", "Mira X"]))
@examples(100)
def test_the_trigger_is_first_and_exactly_once(picture, tagged, tags, policy, style, class_word):
    samples = [picture(f"{i}", "hair.colour=silver", tags=",".join(tags), sentence="Mira X sits.") for i in range(8)]
    for sample in tagged(samples, policy=policy, style=style, class_word=class_word).sample_set.samples:
        assert sample.labels.caption.startswith("mira_x")
        assert f" {normal(sample.labels.caption.replace(',', ' '))} ".count(" mira x ") == 1
        assert mentions(sample.labels.caption, "mira_x", loosely=True) == 1


@given(tags=TAGS, seed=st.integers(0, 1000), style=STYLE)
@examples(50)
def test_an_absorbed_feature_is_in_no_caption(picture, tagged, tags, seed, style):
    """The character's own words, as tags or as the words of a sentence, are in none of the captions."""
    generator = random.Random(seed)
    own = "hair.colour=silver hair.length=very_long eyes.colour=blue accessory=glasses clothes.top=hanfu"
    scenes = [f for f in FEATURES if f.split("=")[0] in ("shot", "angle", "action", "expression", "place", "time")]
    samples = [
        picture(f"{i:02}", f"{own} {' '.join(generator.choices(scenes, k=5))}", tags=",".join(tags)) for i in range(16)
    ]
    labelled = tagged(samples, style=style, threshold=0.5)
    targets = {d.tag for d in labelled.decisions if d.decision == "target"}
    assert {"silver hair", "very long hair", "hanfu", "glasses"} <= targets
    for sample in labelled.sample_set.samples:
        words = {normal(part) for part in sample.labels.caption.split(",")}
        assert not words & {normal(t) for t in targets}
        if style == "sentence":
            assert not any(w in sample.labels.caption for w in ("silver", "hanfu", "glasses", "blue eyes"))


@given(text=st.text(min_size=1, max_size=40).filter(str.strip), policy=POLICY, style=STYLE)
@examples(100)
def test_a_persons_text_is_never_altered(picture, tagged, text, policy, style):
    own = picture("own", "hair.colour=silver", sentence=text, by="person")
    rest = [picture(f"{i}", "hair.colour=silver place=park") for i in range(9)]
    caption = tagged([own, *rest], policy=policy, style=style, never_write="*").sample_set.samples[0].labels.caption
    assert caption == text or caption == f"mira_x, {text}"
    assert mentions(caption, "mira_x")


@given(tags=TAGS, policy=POLICY)
@examples(50)
def test_no_tag_stands_twice(picture, tagged, tags, policy):
    sample = picture("01", "count=girl expression=smile", tags=",".join(tags))
    labelled = tagged([sample], policy=policy, class_word="1girl")
    caption = labelled.sample_set.samples[0].labels.caption
    parts = [normal(part) for part in caption.replace("|||", ",").split(",") if part.strip()]
    assert len(parts) == len(set(parts))


def test_everything_else_about_a_sample_stays(picture, tagged):
    from dataclasses import replace

    samples = random_set(picture, 7)
    for before, after in zip(samples, tagged(samples).sample_set.samples, strict=True):
        assert replace(after, labels=None, history=()) == before
        assert [step.stage for step in after.history] == ["tag"]


def test_rejected_pictures_stay_rejected(picture):
    from troupe.models.labelling.label import label
    from troupe.models.labelling.settings import LabelSettings
    from troupe.models.samples.sample import Rejection, SampleSet

    rejected = (Rejection("mira/99", "read", "the file is empty"),)
    labelled = label(SampleSet((picture("01"),), rejected), LabelSettings(""))
    assert labelled.sample_set.rejected == rejected
