"""A person's word beats every statistic, and the table says so."""

import pytest


def mira(picture):
    scenes = ("place=park", "place=street", "place=room", "place=beach")
    return [
        picture(f"{i:02}", f"hair.colour=silver hair.style=twintails {scenes[i % 4]} expression=smile", tags="ahoge")
        for i in range(12)
    ]


@pytest.mark.parametrize(
    ("setting", "pattern", "tag", "expected"),
    [
        ("always_keep", "silver hair", "silver hair", "kept"),
        ("always_keep", "silver_hair", "silver hair", "kept"),
        ("always_keep", "*hair*", "silver hair", "kept"),
        ("always_keep", "slot:hair.*", "twintails", "kept"),
        ("always_keep", "hair.colour:*", "silver hair", "kept"),
        ("always_keep", "hair.colour:*", "twintails", "target"),
        ("always_keep", "slot:hair.colour=white", "silver hair", "target"),
        ("always_keep", "银色头发", "silver hair", "kept"),
        ("force_target", "smile", "smile", "forced"),
        ("force_target", "expression:smile", "smile", "forced"),
        ("force_target", "slot:place", "park", "forced"),
        ("force_target", "ahoge", "ahoge", "forced"),
        ("never_write", "park", "park", "dropped"),
        ("never_write", "twin*, slot:expression", "smile", "dropped"),
    ],
)
def test_patterns(picture, tagged, decision, setting, pattern, tag, expected):
    found = decision(tagged(mira(picture), **{setting: pattern}), tag)
    assert found.decision == expected
    if expected != "target":
        assert found.decided_by == "you"
        assert setting.replace("_", " ") in found.why


def test_where_the_word_ends_up(picture, tagged):
    settings = {"always_keep": "silver hair", "force_target": "smile, ahoge", "never_write": "park"}
    labels = tagged(mira(picture), **settings).sample_set.samples[0].labels
    assert labels.caption == "mira_x, silver hair"
    assert set(labels.target) == {"twintails", "smile", "ahoge"}
    assert labels.non_target == ("silver hair",)


def test_never_comes_before_keep_and_keep_before_force(picture, tagged, decision):
    both = tagged(mira(picture), always_keep="smile", force_target="smile")
    assert decision(both, "smile").decision == "kept"
    assert any("Under always keep and under force target: smile" in w for w in both.warnings)
    assert decision(tagged(mira(picture), always_keep="smile", never_write="smile"), "smile").decision == "dropped"


@pytest.mark.parametrize("setting", ["always_keep", "force_target", "never_write"])
def test_a_pattern_that_fits_nothing_is_a_warning(picture, tagged, setting):
    labelled = tagged(mira(picture), **{setting: "*haar*, smile"})
    assert f'{setting.replace("_", " ")}: "*haar*" fits nothing in this set.' in labelled.warnings
    assert not any('"smile" fits' in w for w in labelled.warnings)


def test_measured_words_that_a_person_keeps_are_written(picture, tagged):
    labelled = tagged([picture("01", "brightness=dark contrast=low")], always_keep="dark")
    assert "dark" in labelled.sample_set.samples[0].labels.caption
    assert "contrast" not in labelled.sample_set.samples[0].labels.caption


def test_what_is_never_written_does_not_take_its_general_word_with_it(picture, tagged):
    labelled = tagged([picture("01", tags="skirt, blue_skirt")], never_write="blue skirt")
    assert labelled.sample_set.samples[0].labels.caption == "mira_x, skirt"
