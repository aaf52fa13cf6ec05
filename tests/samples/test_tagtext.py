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


def test_a_prompts_weight_is_no_score():
    assert parse_text("(smile:0.7), (hat:1.3)").tags == (Tag("smile"), Tag("hat"))
