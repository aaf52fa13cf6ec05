"""Captions as trainers read them: one line, never empty, with the trigger word first and once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troupe.models.formats.captions import (
    Caption,
    caption_of,
    caption_of_original,
    caption_warnings,
    one_line,
    token_estimate,
)
from troupe.models.samples.sample import Labels, StylePair, SubStyle


@given(st.text())
def test_a_caption_is_one_line_without_a_byte_order_mark(text):
    line = one_line("\ufeff" + text)
    assert len(line.splitlines()) <= 1 and "\ufeff" not in line and line == line.strip()


def test_a_sample_keeps_its_own_caption(make_sample):
    sample = make_sample(1, labels=Labels("mirax", caption="mirax, a girl\nwaving ", origin="person"))
    assert caption_of(sample, "mirax", "girl") == Caption("mirax, a girl waving", "person")


def test_a_sample_without_a_caption_gets_trigger_and_class_word(make_sample):
    for labels in (None, Labels("mirax", caption=" \n")):
        assert caption_of(make_sample(1, labels=labels), "mirax", "girl").text == "mirax girl"
    assert caption_of(make_sample(1, labels=None), "", "").text == ""


def test_an_original_does_not_get_the_words_of_the_style(make_sample):
    style = SubStyle("ink", "Ink", "墨", "drawing", "ink drawing, cross-hatching", keywords=("monochrome",))
    original = make_sample(1, labels=None)
    sample = make_sample(
        2, source=original, style=StylePair(style), caption="mirax, waving, Ink drawing, monochrome, outdoors"
    )
    assert caption_of_original(sample, "mirax", "").text == "mirax, waving, outdoors"


def test_an_original_with_a_caption_of_its_own_keeps_it(make_sample):
    sample = make_sample(2, source=make_sample(1, caption="rex, standing"))
    assert caption_of_original(sample, "mirax", "").text == "rex, standing"


@pytest.mark.parametrize(
    "text, said",
    [
        ("mirax, waving", ()),
        ("Mirax waving", ()),
        ("a girl, mirax", ("the trigger word is not first",)),
        ("a girl, waving", ("the trigger word is missing",)),
        ("miraxo, waving", ("the trigger word is missing",)),
        ("mirax, mirax, waving", ("the trigger word occurs twice",)),
    ],
)
def test_what_is_said_about_the_trigger_word(text, said):
    assert caption_warnings(Caption(text, "captioner"), "mirax") == said


def test_long_captions_are_said_to_be_cut():
    assert "needs --max_token_length 225" in caption_warnings(Caption("blue sky, " * 40, "captioner"), "")[0]
    assert "never learnt" in caption_warnings(Caption("blue sky, " * 100, "captioner"), "")[0]


# Counted with the tokenizer of CLIP ViT-L/14, without start and end mark.
@pytest.mark.parametrize(
    "tokens, caption",
    [
        (30, "trgx, 1girl, silver hair, long hair, school uniform, from behind, upper body, walking, outdoors, night,"
             " looking at viewer"),
        (33, "mirachar, a girl with freckles and a long orange ponytail waving in a forest, seen from below,"
             " watercolour on cold-pressed paper, sunlight filtering through leaves"),
        (36, "A three-quarter view of an anthropomorphic fox standing on cobblestones; she's wearing a moss-green"
             " hooded cloak, leather gloves & boots with silver buckles."),
        (62, "小鹿, 女孩, 微笑, 从背后, 雪地, 夜晚, 一个小女孩在森林里奔跑"),
        (32, "xyqtrv, solo, absurdres, highres, masterpiece, best quality, 2020, detailed background, chiaroscuro,"
             " impressionism"),
    ],
)  # fmt: skip
def test_tokens_are_estimated_within_15_percent(tokens, caption):
    assert token_estimate(caption) == pytest.approx(tokens, rel=0.15)
