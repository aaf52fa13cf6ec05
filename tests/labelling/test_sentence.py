"""Sentences are built from features by the grammar of the vocabulary's phrases."""

import pytest

from troupe.models.labelling.sentence import sentence, with_article
from troupe.models.labelling.traits import TraitBook
from troupe.models.vocabulary import vocabulary


def say(*tags, subject="", styles=()):
    book = TraitBook()
    return sentence([book.traits[book.tag[t]] for t in tags], subject, styles)


@pytest.mark.parametrize(
    ("tags", "text"),
    [
        ((), "a character"),
        (("1girl",), "a girl"),
        (("close-up", "1girl", "from side", "smile", "park"),
         "a close-up of a girl seen from the side, smiling, in a park"),
        (("upper body", "looking at viewer"), "a medium shot of a character, looking at the viewer"),
        (("1boy", "tall", "brown hair", "short hair", "freckles"),
         "a boy, with short brown hair, a tall build and freckles"),
        (("1girl", "curly hair", "long hair", "red hair", "blue eyes", "scarf"),
         "a girl, with long curly red hair, blue eyes and a scarf"),
        (("1girl", "hanfu", "boots", "blue skirt"), "a girl, wearing hanfu, boots and a blue skirt"),
        (("1girl", "armor", "barefoot", "umbrella"), "a girl, with an umbrella, wearing armour, barefoot"),
        (("1girl", "standing", "open mouth", "outdoors", "night", "rain"),
         "a girl, standing, open mouth, outdoors, at night, in the rain"),
        (("animal", "red fur", "solo"), "an animal, with red fur"),
    ],
)  # fmt: skip
def test_sentences(tags, text):
    assert say(*tags) == text


def test_the_subject_is_the_class_word():
    assert say("close-up", subject="1girl") == "a close-up of a girl"
    assert say("close-up", subject="elf") == "a close-up of an elf"
    assert say("1girl", subject="the old witch") == "the old witch"


def test_styles_come_last():
    assert say("1girl", "park", styles=["ink wash"]) == "a girl, in a park, ink wash"


@pytest.mark.parametrize(
    ("noun", "text"),
    [("scarf", "a scarf"), ("umbrella", "an umbrella"), ("glasses", "glasses"), ("dress", "a dress"),
     ("school uniform", "a school uniform"), ("uniform", "a uniform"), ("pale skin", "pale skin")],
)  # fmt: skip
def test_articles(noun, text):
    assert with_article(noun) == text


@pytest.mark.parametrize("word", vocabulary().words, ids=lambda w: f"{w.slot}={w.value}")
def test_every_word_of_the_vocabulary_can_be_said(word):
    book = TraitBook()
    text = sentence([book.traits[book.feature[word.slot, word.value]]])
    assert text != "a character" and "  " not in text and not text.endswith((" ", ","))
