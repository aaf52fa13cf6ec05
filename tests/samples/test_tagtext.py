"""Sentences and tags told apart, and tags cleaned of what taggers and prompts add to them."""

import pytest

from troupe.models.samples.tagtext import Tag, parse_text


@pytest.mark.parametrize(
    "text",
    [
        "A girl with silver hair, running.",
        "girl standing in a park",
        "mira, a girl with long silver hair standing, full body",
        "Portrait of Mira, smiling",
        "Silver hair. Blue coat.",
        "一个女孩在公园里跑步。",
        "一个女孩在公园里跑步",
    ],
)
def test_sentences_stay_whole(text):
    assert parse_text(f"  {text}\n").sentence == text
    assert parse_text(text).tags == ()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1girl, silver_hair, from_behind", ["1girl", "silver hair", "from behind"]),
        ("1girl\nrun\nfront", ["1girl", "run", "front"]),
        ("full body", ["full body"]),
        ("微笑，跑步、全身", ["微笑", "跑步", "全身"]),
        ("四分之三侧面", ["四分之三侧面"]),
        (r"mira \(series\), re:zero", ["mira (series)", "re:zero"]),
        ("(smile:1.2), ((masterpiece)), [bad], {good}", ["smile", "masterpiece", "bad", "good"]),
        ("^_^, o_o, (o)_(o), score_9, :d", ["^_^", "o_o", "(o)_(o)", "score_9", ":d"]),
        ("<lora:mira:0.8>, smile", ["smile"]),
        ("smile, Smile,, smile ", ["smile"]),
        ("", []),
        (" , ,", []),
    ],
)
def test_tags_are_cleaned(text, wanted):
    assert [t.text for t in parse_text(text).tags] == wanted
    assert parse_text(text).sentence == ""


def test_a_taggers_scores_become_confidence_and_low_ones_drop_out():
    assert parse_text("1girl: 0.98, long_hair:0.2, smile").tags == (Tag("1girl", 0.98), Tag("smile", 1.0))


def test_scores_in_brackets_are_a_taggers_when_every_tag_has_one():
    tags = parse_text(r"(1girl:0.98), (long_hair:0.87), (mira \(series\):0.50), (hat:0.12)").tags
    assert tags == (Tag("1girl", 0.98), Tag("long hair", 0.87), Tag("mira (series)", 0.5))
    assert parse_text("(smile:0.7)").tags == (Tag("smile"),)
    assert parse_text("(smile:0.7), hat").tags == (Tag("smile"), Tag("hat"))


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("1girl silver_hair from_behind", ["1girl", "silver hair", "from behind"]),
        ("1girl long_hair smile solo looking_at_viewer", ["1girl", "long hair", "smile", "solo", "looking at viewer"]),
    ],
)
def test_image_boards_put_spaces_between_tags(text, tags):
    assert [t.text for t in parse_text(text).tags] == tags


def test_a_file_name_in_a_sentence_makes_no_tags_of_it():
    assert parse_text("A girl as in mira_01 walks in a park").sentence


def test_a_prompts_weight_is_no_score():
    assert parse_text("(smile:0.7), (hat:1.3)").tags == (Tag("smile"), Tag("hat"))
