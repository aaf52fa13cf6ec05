"""A sample as text for models: style words, description, what is known of the character."""

from troupe.models.samples.prompts import style_instruction, style_negative, style_prompt
from troupe.models.samples.sample import Description, Feature, ImageFile, Labels, Sample, StylePair, SubStyle

INK = SubStyle("ink", "Ink", "墨", "ink", "ink drawing", "photo", "Redraw it in ink.")
BOLD = SubStyle("bold", "Bold", "粗", "line", "bold lines", "", "Use bold lines.")
BOTH = StylePair(INK, BOLD)
IMAGE = ImageFile("p", "d", 8, 8)


def sample(sentence="", keywords=(), features=(), style=BOTH, trigger=""):
    labels = Labels(trigger=trigger) if trigger else None
    return Sample("a/p", "a", IMAGE, None, features, Description(sentence, keywords), style, labels)


def test_styles_come_first_then_the_description():
    assert style_prompt(sample("A girl runs.")) == "ink drawing, bold lines, A girl runs"
    assert style_prompt(sample(keywords=("1girl", "running"))) == "ink drawing, bold lines, 1girl, running"


def test_what_is_known_of_the_character_and_not_said_yet_comes_last():
    known = (Feature("hair.colour", "blue", "path"), Feature("clothes.top", "shirt", "path"))
    assert style_prompt(sample("A girl in a shirt.", features=known)).endswith("A girl in a shirt, blue hair")
    assert style_prompt(sample(keywords=("blue_hair", "shirt"), features=known)).endswith(
        "bold lines, blue_hair, shirt"
    )


def test_guesses_and_what_changes_between_pictures_are_not_added():
    known = (Feature("hair.colour", "blue", "captioner", 0.2), Feature("action", "run", "path"))
    assert style_prompt(sample("A girl.", features=known)).endswith(", A girl")


def test_the_trigger_word_is_left_out_and_nothing_else():
    assert style_prompt(sample("mirachr, a girl runs", trigger="mirachr")).endswith(", a girl runs")
    assert style_prompt(sample("a mirachrome car", trigger="mirachr")).endswith(", a mirachrome car")


def test_negatives_and_instructions_are_those_of_both_styles():
    assert style_negative(sample()) == "photo"
    assert style_instruction(sample()) == "Redraw it in ink. Use bold lines."


def test_without_a_style_the_description_stands_alone():
    assert style_prompt(sample("A girl.", style=None)) == "A girl"
