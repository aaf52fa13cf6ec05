"""Whatever a tagger, a path name or a person calls it, one thing has one name over the whole set."""

import pytest

from troupe.models.labelling.lexicon import lexicon
from troupe.models.labelling.overrides import parse_renamings
from troupe.models.labelling.traits import TraitBook
from troupe.models.vocabulary import vocabulary


@pytest.mark.parametrize(
    ("written", "slot", "value"),
    [
        ("silver_hair", "hair.colour", "silver"),
        ("Silver Hair", "hair.colour", "silver"),
        ("(silver hair:1.2)", "hair.colour", "silver"),
        ("silver hair: 0.93", "hair.colour", "silver"),
        ("golden hair", "hair.colour", "blonde"),
        ("from_behind", "angle", "back"),
        ("侧面", "angle", "side"),
        ("ahoge", "other:ahoge", "ahoge"),
        ("mira_\\(series\\)", "other:mira (series)", "mira (series)"),
        ("t-shirt", "clothes.top", "shirt"),
        ("semi-rimless_eyewear", "other:semi-rimless eyewear", "semi-rimless eyewear"),
        ("^_^", "other:^_^", "^_^"),
    ],
)
def test_tags_in_every_spelling(written, slot, value):
    book = TraitBook()
    (told,) = book.keyword[written]
    trait = book.traits[told.trait]
    assert (trait.slot, trait.value) == (slot, value)


@pytest.mark.parametrize(
    ("feature", "tag"),
    [
        (("hair.colour", "silver"), "silver hair"),
        (("hair.colour", "silver hair"), "silver hair"),
        (("hair.colour", "mint"), "mint hair"),
        (("shot", "medium"), "upper body"),
        (("mood.of.another.pack", "dreamy"), "dreamy"),
    ],
)
def test_features_as_tags(feature, tag):
    book = TraitBook()
    assert book.traits[book.feature[feature]].tag == tag


@pytest.mark.parametrize(
    ("tag", "like"),
    [
        ("aqua eyes", "eyes.colour"),
        ("heterochromia", "eyes.colour"),
        ("half-closed eyes", "expression"),
        ("blue pleated skirt", "clothes.bottom"),
        ("witch hat", "clothes.head"),
        ("looking to the side", "gaze"),
        ("blurry background", "background"),
        ("brown footwear", "clothes.shoes"),
        ("fluffy thing", ""),
    ],
)
def test_an_unknown_tag_follows_the_slot_that_it_is_like(tag, like):
    book = TraitBook()
    assert book.traits[book.tag[tag]].like == like


@pytest.mark.parametrize("word", vocabulary().words, ids=lambda w: f"{w.slot}={w.value}")
def test_every_tag_is_read_as_the_word_that_it_was_written_for(word):
    """What Describe writes as a keyword must come back as the same feature: "dark" is a dark picture, not night."""
    book = TraitBook()
    (told,) = book.keyword[word.tag]
    assert told.trait == book.feature[word.slot, word.value] and told.otherwise == -1


def test_the_lexicon_names_only_slots_and_words_that_the_vocabulary_has():
    slots = {s.id for s in vocabulary().slots}
    data = lexicon()
    named = [slot for _, slot in data["kin"]] + data["ends"] + data["outfit"] + data["rivals"] + data["colours"]
    named += [*data["compose"], *data["harmless"], *filter(None, data["remedies"])]
    assert set(named) <= slots
    for tag in (*data["implies"], *data["implies"].values()):
        assert vocabulary().find(tag), tag
    for slot, values in data["harmless"].items():
        assert all(v == "*" or vocabulary().word(slot, v) for v in values)


def test_the_surer_of_two_answers_wins_and_the_report_says_which_lost(picture, tagged):
    labelled = tagged([picture("01", "hair.colour=white@0.4 hair.colour=silver@0.9")])
    assert labelled.sample_set.samples[0].labels.non_target == ("silver hair",)
    assert "mira/01: silver hair beats white hair" in labelled.report


@pytest.mark.parametrize("origin", ["person", "sidecar", "path"])
def test_a_person_and_a_file_name_beat_the_surest_captioner(picture, tagged, origin):
    from dataclasses import replace

    said = picture("01", "angle=side@0.5", origin=origin)
    both = replace(said, features=picture("01", "angle=front@0.99").features + said.features)
    assert tagged([both]).sample_set.samples[0].labels.non_target == ("from side",)


def test_a_feature_with_its_confidence_beats_a_tag_without(picture, tagged):
    labelled = tagged([picture("01", "hair.colour=silver@0.5", tags="white_hair")])
    assert labelled.sample_set.samples[0].labels.non_target == ("silver hair",)


def test_a_blush_beside_a_smile_is_no_contradiction(picture, tagged):
    """The vocabulary reads "blush" as shy and "cat" as an animal; a smiling girl may blush and have a cat."""
    labelled = tagged([picture("01", tags="1girl, smile, blush, cat")])
    assert set(labelled.sample_set.samples[0].labels.non_target) == {"1girl", "smile", "blush", "cat"}
    assert "beats" not in labelled.report


def test_very_long_hair_is_long_hair_too(picture, tagged, decision):
    """Taggers waver between the two; the hair does not."""
    samples = [picture(f"a{i}", tags="long_hair, very_long_hair") for i in range(8)]
    samples += [picture(f"b{i}", tags="long_hair") for i in range(6)]
    labelled = tagged(samples)
    assert (decision(labelled, "long hair").decision, decision(labelled, "long hair").agree) == ("target", 14)
    assert decision(labelled, "very long hair").decision == "target"
    assert all("hair" not in s.labels.caption for s in labelled.sample_set.samples)
    assert "beats" not in labelled.report


def test_a_skirt_may_be_the_characters_own_while_its_colours_vary(picture, tagged, decision):
    samples = [picture(f"{i:02}", tags=f"{'blue' if i % 2 else 'red'}_skirt, skirt") for i in range(12)]
    labelled = tagged(samples)
    assert decision(labelled, "skirt").decision == "target"
    assert labelled.sample_set.samples[0].labels.caption == "mira_x, red skirt"


def test_a_general_word_beside_an_exact_one_is_not_written_twice(picture, tagged):
    labelled = tagged([picture("01", tags="skirt, blue_pleated_skirt")])
    assert labelled.sample_set.samples[0].labels.caption == "mira_x, blue pleated skirt"


def test_renaming_comes_before_counting(picture, tagged, decision):
    samples = [picture(f"{i:02}", tags="aqua_eyes" if i % 2 else "teal_eyes") for i in range(10)]
    labelled = tagged(samples, replace="aqua eyes -> teal eyes")
    assert decision(labelled, "teal eyes").agree == 10


def test_renaming_takes_patterns_and_new_words(picture, tagged):
    samples = [picture("01", "hair.colour=white", tags="star_hair_ornament")]
    labelled = tagged(samples, replace="*hair ornament -> hairclip\nwhite hair → moonlight hair")
    assert set(labelled.sample_set.samples[0].labels.non_target) == {"moonlight hair", "hairclip"}


@pytest.mark.parametrize("line", ["white hair", "-> silver hair", "white hair ->", "a -> b, c"])
def test_a_line_that_is_no_renaming_is_an_error_that_quotes_it(line):
    with pytest.raises(Exception, match="old -> new|Leave the comma out") as error:
        parse_renamings(f"red hair -> orange hair\n{line}")
    assert line in str(error.value)
