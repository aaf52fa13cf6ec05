"""Trigger first and once, class word second, then what varies, in one order over the whole set."""

from dataclasses import replace

import pytest

from troupe.models.samples.redrawn import still_true
from troupe.models.samples.sample import StylePair, SubStyle

CHARACTER = "hair.colour=silver hair.length=long eyes.colour=blue"
SCENES = (
    "shot=close-up angle=side expression=smile place=park",
    "shot=full angle=front action=run place=street time=night",
    "shot=medium angle=back action=wave background=plain",
)


def mira(picture, **more):
    return [picture(f"{i:02}", f"{CHARACTER} {SCENES[i % 3]} count=girl", **more) for i in range(24)]


def captions(labelled, n=3):
    return [s.labels.caption for s in labelled.sample_set.samples[:n]]


def test_absorb_leaves_the_character_to_the_trigger(picture, tagged):
    assert captions(tagged(mira(picture), class_word="1girl")) == [
        "mira_x, 1girl, close-up, from side, smile, park",
        "mira_x, 1girl, full body, from front, running, street, night",
        "mira_x, 1girl, upper body, from behind, waving, simple background",
    ]


def test_describe_all_writes_everything(picture, tagged):
    first = captions(tagged(mira(picture), class_word="1girl", policy="describe all"))[0]
    assert first == "mira_x, 1girl, close-up, from side, smile, silver hair, long hair, blue eyes, park"


def test_hybrid_keeps_the_character_in_a_head_that_is_not_shuffled(picture, tagged):
    first = captions(tagged(mira(picture), class_word="1girl", policy="hybrid"))[0]
    assert first == "mira_x, 1girl, silver hair, long hair, blue eyes ||| close-up, from side, smile, park"
    other = captions(tagged(mira(picture), policy="hybrid", separator="###"))[0]
    assert other == "mira_x, silver hair, long hair, blue eyes ### close-up, from side, smile, 1girl, park"


def test_hybrid_has_its_separator_even_when_nothing_varies(picture, tagged):
    """Without one, a trainer that shuffles would shuffle the trigger."""
    labelled = tagged([picture(f"{i}", "hair.colour=silver") for i in range(9)], policy="hybrid")
    assert captions(labelled, 1) == ["mira_x, silver hair |||"]


def test_a_sentence_is_built_from_what_may_be_said(picture, tagged):
    assert captions(tagged(mira(picture, sentence="A silver-haired girl."), style="sentence")) == [
        "mira_x, a close-up of a girl seen from the side, smiling, in a park",
        "mira_x, a full-body shot of a girl seen from the front, running, in a street, at night",
        "mira_x, a medium shot of a girl seen from behind, waving, on a plain background",
    ]


def test_tags_and_sentence(picture, tagged):
    first = captions(tagged(mira(picture), style="tags and sentence", class_word="1girl"))[0]
    assert first == (
        "mira_x, 1girl, close-up, from side, smile, park, a close-up of a girl seen from the side, smiling, in a park"
    )


def test_describe_all_may_use_the_captioners_own_sentence(picture, tagged):
    samples = mira(picture, sentence="Mira_x smiles."), mira(picture, sentence="A girl smiles at a cat.")
    both = {"policy": "describe all", "style": "sentence"}
    assert captions(tagged(samples[1], **both), 1) == ["mira_x, A girl smiles at a cat"]
    # It is written anew where it holds the trigger or a word that must not be written.
    assert captions(tagged(samples[0], **both), 1)[0].count("ira_x") == 1
    assert "cat" not in captions(tagged(samples[1], never_write="cat", **both), 1)[0]


def test_labels_tell_target_from_non_target(picture, tagged):
    labels = tagged(mira(picture)).sample_set.samples[2].labels
    assert labels.target == ("silver hair", "long hair", "blue eyes")
    assert labels.non_target == ("upper body", "from behind", "waving", "1girl", "simple background")
    assert (labels.trigger, labels.origin) == ("mira_x", "captioner")


def test_the_class_word_replaces_the_tags_that_say_the_same(picture, tagged):
    assert captions(tagged(mira(picture), class_word="girl"), 1) == ["mira_x, girl, close-up, from side, smile, park"]
    knight = captions(tagged(mira(picture), class_word="knight", style="sentence"), 1)
    assert knight == ["mira_x, a close-up of a knight seen from the side, smiling, in a park"]


def test_underscores_and_brackets(picture, tagged):
    samples = [picture("01", tags="from side, mira (series), ^_^, fluffy thing")]
    plain = captions(tagged(samples))[0]
    booru = captions(tagged(samples, underscores=True, escape_brackets=True))[0]
    assert plain == "mira_x, from side, ^_^, fluffy thing, mira (series)"
    assert booru == "mira_x, from_side, ^_^, fluffy_thing, mira_\\(series\\)"


def test_the_surest_tags_stay_when_there_are_too_many(picture, tagged):
    samples = [picture("01", "shot=full@0.9 angle=side@0.3 action=run@0.8 place=park@0.95")]
    assert captions(tagged(samples, maximum_tags=3)) == ["mira_x, full body, running, park"]
    assert captions(tagged(samples, maximum_tags=1)) == ["mira_x, park"]


def test_measured_words_are_written_only_when_asked(picture, tagged):
    samples = [picture("01", "place=park brightness=dark contrast=normal palette=navy")]
    assert captions(tagged(samples)) == ["mira_x, park"]
    assert captions(tagged(samples, measured_words=True)) == ["mira_x, navy theme, park, dark"]


def test_style_names_are_in_the_caption_or_left_to_the_lora(picture, tagged):
    ink = SubStyle("ink", "Ink wash", "水墨", "ink", "ink wash painting")
    bold = SubStyle("bold", "Bold line", "粗线", "line", "bold lines")
    samples = [replace(s, style=StylePair(ink, bold)) for s in mira(picture)]
    assert captions(tagged(samples), 1) == ["mira_x, close-up, from side, smile, 1girl, park, ink wash, bold line"]
    sentence = captions(tagged(samples, style="sentence"), 1)[0]
    assert sentence.endswith("in a park, ink wash, bold line")
    silent = tagged(samples, style_tags="leave out")
    assert "ink" not in captions(silent, 1)[0]
    assert any('All pictures are in one style, "Ink wash"' in w for w in silent.warnings)


def test_a_style_that_a_tag_names_already_is_not_named_twice(picture, tagged):
    ink = SubStyle("ink", "Ink-Wash", "水墨", "ink", "ink wash painting")
    samples = [replace(picture("01", "place=park", tags="ink_wash"), style=StylePair(ink))]
    assert captions(tagged(samples)) == ["mira_x, ink wash, park"]


def test_a_sentence_does_not_say_a_trigger_that_is_an_ordinary_word(picture, tagged):
    samples = [picture("01", "count=girl place=park action=run")]
    assert captions(tagged(samples, trigger="park", style="sentence")) == ["park, a girl, running"]
    assert captions(tagged(samples, trigger="girl", style="sentence")) == ["girl, a character, running, in a park"]


def test_shuffling_is_each_pictures_own_and_always_the_same(picture, tagged):
    samples = [picture(f"{i:02}", f"{SCENES[1]} count=girl expression=smile") for i in range(6)]
    shuffled = captions(tagged(samples, shuffle=True, class_word="1girl"), 6)
    assert shuffled == captions(tagged(samples, shuffle=True, class_word="1girl"), 6)
    assert len(set(shuffled)) > 1
    assert {tuple(sorted(c.split(", "))) for c in shuffled} == {
        tuple(sorted(captions(tagged(samples, class_word="1girl"), 1)[0].split(", ")))
    }
    assert all(c.startswith("mira_x, 1girl, ") for c in shuffled)


# What a person wrote.


def test_a_persons_caption_is_kept_and_only_gets_the_trigger(picture, tagged):
    own = picture("own", CHARACTER, sentence="My silver-haired girl, dancing.", by="person")
    labelled = tagged([*mira(picture), own])
    labels = labelled.sample_set.samples[-1].labels
    assert (labels.caption, labels.origin) == ("mira_x, My silver-haired girl, dancing.", "person")
    assert "mira/own (yours, kept): mira_x, My silver-haired girl" in labelled.report
    assert "1 captions of yours kept" in labelled.report
    untouched = tagged([*mira(picture), own], trigger_in_own_captions=False)
    assert untouched.sample_set.samples[-1].labels.caption == "My silver-haired girl, dancing."


@pytest.mark.parametrize("text", ["mira_x dances", "A dance of Mira_X.", "MIRA X, dancing", "dancing, mira-x"])
def test_a_trigger_that_a_person_wrote_is_not_added_again(picture, tagged, text):
    labelled = tagged([picture("01", sentence=text, by="person")])
    assert labelled.sample_set.samples[0].labels.caption == text
    spelled_otherwise = "mira_x" not in text
    assert any("do not have the trigger word as it is written" in w for w in labelled.warnings) == spelled_otherwise


def test_a_longer_word_is_not_the_trigger(picture, tagged):
    labelled = tagged([picture("01", sentence="mira_x2 dances", by="person")])
    assert labelled.sample_set.samples[0].labels.caption == "mira_x, mira_x2 dances"


def test_a_persons_tags_or_sentence_as_the_style_asks(picture, tagged):
    own = picture("01", tags="Dancing, alone", sentence="She dances alone.", by="person")
    by_style = {s: captions(tagged([own], style=s))[0] for s in ("tags", "sentence", "tags and sentence")}
    assert by_style == {
        "tags": "mira_x, Dancing, alone",
        "sentence": "mira_x, She dances alone.",
        "tags and sentence": "mira_x, Dancing, alone, She dances alone.",
    }


def test_a_caption_that_a_person_edited_after_labelling_stays(picture, tagged):
    first = tagged(mira(picture)).sample_set.samples
    edited = replace(first[0], labels=replace(first[0].labels, caption="mira_x as I want it", origin="person"))
    assert captions(tagged([edited, *first[1:]]), 1) == ["mira_x as I want it"]


def test_a_person_without_words_gets_a_caption_made(picture, tagged):
    labels = tagged([picture("01", "place=park", by="person")]).sample_set.samples[0].labels
    assert (labels.caption, labels.origin) == ("mira_x, park", "captioner")


def test_a_picture_that_nobody_described_has_the_trigger_alone(picture, tagged):
    assert captions(tagged([picture("01")])) == ["mira_x"]
    assert captions(tagged([picture("01")], style="sentence")) == ["mira_x, a character"]


def test_only_a_persons_half_of_a_description_is_a_persons(picture, tagged):
    """Describe fills what a person left out; the person's half is the caption, whatever the style asks for."""
    features = "hair.colour=silver place=park"
    sentence = picture("01", features, sentence="She waits.", tags="silver hair, park", by="person")
    sentence = replace(sentence, description=replace(sentence.description, filled="keywords"))
    tags = picture("02", features, tags="smile, ahoge", sentence="A girl with silver hair.", by="person")
    tags = replace(tags, description=replace(tags.description, filled="sentence"))
    for style in ("tags", "sentence", "tags and sentence"):
        assert captions(tagged([sentence, tags], style=style)) == ["mira_x, She waits.", "mira_x, smile, ahoge"]


def test_a_persons_caption_that_gives_the_character_away_is_a_warning(picture, tagged):
    own = picture("own", "hair.colour=silver", tags="Silver_Hair, waving", by="person")
    rest = [picture(f"{i}", "hair.colour=silver") for i in range(9)]
    assert any("1 captions of yours name what the trigger word should learn (mira/own)" in w
               for w in tagged([*rest, own]).warnings)  # fmt: skip
    assert not any("of yours" in w for w in tagged([*rest, own], policy="describe all").warnings)


def test_a_caption_of_ones_own_that_names_what_was_repainted_is_named(picture, tagged):
    """Restyle recoloured the hair; the person's words about it stand as they were written."""
    said = "hair.colour=blue accessory=scarf expression=smile"
    words = "Mira_x, with short Blue-Hair and a scarf, smiling"
    source = picture("own", said, sentence=words, by="person", origin="person")
    redrawn = replace(still_true(source, ("hair.colour",)), source=source).after("restyle")
    kept = replace(still_true(source), source=source, id="mira/kept").after("restyle")
    labelled = tagged([redrawn, kept])
    assert "mira/own (yours, kept; it names blue hair, which the restyle repainted): Mira_x, with" in labelled.report
    assert "mira/kept (yours, kept): " in labelled.report
    warned = [w for w in labelled.warnings if "repainted" in w]
    assert len(warned) == 1 and warned[0].startswith("1 captions of yours name what the restyle repainted (mira/own: ")
