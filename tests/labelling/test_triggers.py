"""The trigger word is ASCII, nobody else's, and stands in a caption once."""

import pytest

from troupe.models.errors import TroupeError
from troupe.models.labelling.settings import LabelSettings
from troupe.models.labelling.trigger import is_ordinary, mentions, triggers_of, word_of


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Mira", "mira"),
        ("Mira Łuk", "mira_luk"),
        ("Zoë Großmann", "zoe_grossmann"),
        ("set one/Mira-2", "set_one_mira_2"),
        ("ＭＩＲＡ", "mira"),  # full-width letters
    ],
)
def test_made_from_the_name(name, word):
    assert word_of(name) == word


@pytest.mark.parametrize("name", ["米拉", "Мира", "米拉 b", "", "!!!"])
def test_a_name_without_ascii_letters_gets_a_word_of_its_own(name):
    word = word_of(name)
    assert word.startswith("trp_") and len(word) == 8 and word.isascii()
    assert word == word_of(name)


def test_the_word_of_a_name_never_changes():
    """Captions of earlier runs hold it."""
    assert word_of("米拉") == "trp_1a53"


def test_asked_for_as_it_is_or_as_a_template():
    assert triggers_of(["Mira", "Rook"], "") == {"Mira": "mira", "Rook": "rook"}
    assert triggers_of(["Mira", "Rook"], "trp_{character}") == {"Mira": "trp_mira", "Rook": "trp_rook"}
    assert triggers_of(["Mira"], "Ohwx") == {"Mira": "Ohwx"}


@pytest.mark.parametrize(
    ("trigger", "ordinary"),
    [("background", True), ("smile", True), ("1girl", True), ("Red Fox", True), ("silver_hair", True),
     ("mira_x", False), ("trp_fox", False), ("miralune", False)],
)  # fmt: skip
def test_ordinary_words(trigger, ordinary):
    assert is_ordinary(trigger) == ordinary


@pytest.mark.parametrize(
    ("trigger", "part"), [("background", "an ordinary word"), ("mx", "very short"), ("x1", "very short")]
)
def test_a_bad_trigger_is_a_warning(picture, tagged, trigger, part):
    labelled = tagged([picture("01", "hair.colour=silver")], trigger=trigger)
    assert any(part in w and f'"{trigger}"' in w for w in labelled.warnings)


def test_two_characters_with_one_trigger_are_a_warning(picture, tagged):
    samples = [picture("01"), picture("01", character="rook")]
    assert any("mira, rook have one trigger word" in w for w in tagged(samples, trigger="ohwx").warnings)
    assert not any("one trigger" in w for w in tagged(samples, trigger="{character}_x").warnings)
    twins = [picture("01", character="Mira!"), picture("01", character="mira")]
    assert any("have one trigger word" in w for w in tagged(twins, trigger="").warnings)


@pytest.mark.parametrize("trigger", ["a, b", "a|b", "a\nb"])
def test_a_trigger_that_trainers_would_cut_is_refused(trigger):
    with pytest.raises(TroupeError, match="one word"):
        LabelSettings(trigger)


@pytest.mark.parametrize(
    ("text", "strictly", "loosely"),
    [
        ("mira_x, smiling", 1, 1),
        ("a Mira X smiling, mira-x", 2, 2),
        ("mira_xenia", 0, 0),
        ("mira_x_old", 0, 1),
        ("mirax", 0, 0),
    ],
)
def test_where_a_text_mentions_the_trigger(text, strictly, loosely):
    assert (mentions(text, "mira_x"), mentions(text, "mira_x", loosely=True)) == (strictly, loosely)


def test_a_tag_that_holds_the_trigger_is_dropped_and_the_table_says_so(picture, tagged, decision):
    labelled = tagged([picture("01", tags="Mira X, mira_x_(series), smile")])
    assert labelled.sample_set.samples[0].labels.caption == "mira_x, smile"
    assert decision(labelled, "mira x").decided_by == "trigger"
