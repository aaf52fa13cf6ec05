"""Features in words: a table of what is known and the sentence a person would write, and the tags beside it."""

import pytest

from troupe.models.captioning.kinds import dynamic_features, kind_of, scene_features, static_features
from troupe.models.captioning.sentence import keywords_of, listed, write_sentence
from troupe.models.samples.sample import Feature, ImageFile, Sample
from troupe.models.vocabulary import vocabulary


def sample(*facts, **shares):
    """Facts as "slot=value" or "slot=value@confidence"; palette colours by their share."""
    features = []
    for fact in facts:
        slot, _, rest = fact.partition("=")
        value, _, confidence = rest.partition("@")
        features.append(Feature(slot, value, "captioner", float(confidence or 1)))
    features += [Feature("palette", name.replace("_", " "), "measured", 0.9, share) for name, share in shares.items()]
    return Sample("a", "mira", ImageFile("a.png", "d", 8, 8), features=tuple(features))


SENTENCES = [
    ((), "A picture of a character."),
    (("count=girl",), "A picture of a girl."),
    (("shot=full",), "A full-body shot of a character."),
    (("shot=extreme close-up", "count=animal"), "An extreme close-up of an animal."),
    (
        (
            "shot=full",
            "count=girl",
            "hair.colour=silver",
            "angle=front",
            "action=wave",
            "expression=smile",
            "place=park",
        ),
        "A full-body shot of a girl with silver hair, seen from the front, waving, smiling, in a park.",
    ),
    # one noun for all of the hair
    (("hair.length=long", "hair.colour=red"), "A picture of a character with long red hair."),
    (
        ("hair.colour=silver", "hair.length=very long", "hair.style=wavy", "hair.style=ponytail", "eyes.colour=green"),
        "A picture of a character with very long wavy silver hair, a ponytail and green eyes.",
    ),
    (("hair.length=bald", "body=beard"), "A picture of a character with a bald head and a beard."),
    # worn, carried, bare
    (
        ("count=boy", "clothes.top=jacket", "clothes.bottom=trousers", "clothes.shoes=boots", "accessory=sword"),
        "A picture of a boy, wearing a jacket, trousers and boots, carrying a sword.",
    ),
    (("clothes.top=dress", "clothes.shoes=barefoot"), "A picture of a character, wearing a dress, barefoot."),
    # where and when
    (("background=plain",), "A picture of a character, on a plain background."),
    (("background=scene", "place=street", "time=night"), "A picture of a character, in a street, at night."),
    (("place=outdoors", "place=forest", "weather=fog"), "A picture of a character, in a forest, in fog."),
    (("place=outdoors",), "A picture of a character, outdoors."),
    (("place=observatory",), "A picture of a character, in an observatory."),
    # measurements are said when they are extreme
    (("brightness=dark", "shot=medium"), "A dark medium shot of a character."),
    (("saturation=monochrome", "sharpness=blurred"), "A monochrome blurred picture of a character."),
    (("brightness=balanced", "contrast=high", "subject.size=tiny", "sharpness=sharp"), "A picture of a character."),
    (("look=flat",), "A picture of a character, drawn in flat colours."),
    # what is not sure, or cannot be seen, is not said
    (("action=run@0.49", "angle=side@0.5"), "A picture of a character, seen from the side."),
    (("angle=back", "expression=smile", "eyes.colour=blue"), "A picture of a character, seen from behind."),
    (("angle=front@0.6", "angle=side@0.9"), "A picture of a character, seen from the side."),
    # words of a captioner that the vocabulary lacks
    (("action=juggling", "count=a wizard"), "A picture of a wizard, juggling."),
]


@pytest.mark.parametrize(("facts", "sentence"), SENTENCES, ids=[sentence for _, sentence in SENTENCES])
def test_a_sentence_for_any_subset_of_facts(facts, sentence):
    assert write_sentence(sample(*facts)) == sentence
    assert write_sentence(sample(*reversed(facts))).count(",") == sentence.count(",")


def test_the_palette_names_the_main_colours():
    known = sample("count=girl", teal=0.5, mustard=0.3, cream=0.15, navy=0.05)
    assert write_sentence(known) == "A picture of a girl, with a teal, mustard and cream palette."
    assert write_sentence(sample(orange=0.9, black=0.04)) == "A picture of a character, with an orange palette."


def test_every_word_of_the_vocabulary_makes_a_sentence():
    for word in vocabulary().words:
        text = write_sentence(sample(f"{word.slot}={word.value}"))
        assert text.endswith(".") and "  " not in text and " ," not in text and "a a" not in text, text
        assert not any(f" {wrong} " in text for wrong in ("a a", "an a", "in in", "with with")), text


def test_keywords_come_in_the_order_of_slots_in_booru_spelling():
    known = sample("place=park", "expression=smile", "hair.colour=silver", "angle=back", "count=girl", "shot=full")
    assert keywords_of(known) == ("full body", "from behind", "1girl", "silver hair", "park")


def test_keywords_leave_out_doubt_and_plain_measurements():
    known = sample("action=run@0.4", "brightness=dark", "contrast=low", "look=flat", "subject.place=left")
    assert keywords_of(known) == ("dark", "flat color")


def test_a_theme_is_one_colour_over_most_of_the_subject():
    assert keywords_of(sample(teal=0.7, cream=0.2)) == ("teal theme",)
    assert keywords_of(sample(teal=0.5, cream=0.4)) == ()


def test_unknown_slots_are_kept_as_keywords_at_the_end():
    assert keywords_of(sample("instrument=lute", "shot=full")) == ("full body", "lute")


@pytest.mark.parametrize(
    ("words", "text"), [((), ""), (("a",), "a"), (("a", "b"), "a and b"), (("a", "b", "c"), "a, b and c")]
)
def test_lists_read_as_people_write_them(words, text):
    assert listed(words) == text


# Static and dynamic (A2)

EVERYTHING = sample(
    "shot=full", "angle=front", "action=run", "expression=smile", "gaze=viewer", "count=girl", "hair.colour=silver",
    "clothes.top=jacket", "accessory=scarf", "place=park", "background=scene", "brightness=dark", "instrument=lute",
    teal=1.0,
)  # fmt: skip


def slots(features):
    return {f.slot for f in features}


def test_static_is_what_the_character_is_and_the_scene():
    body = {"count", "hair.colour", "clothes.top", "accessory", "palette"}
    assert slots(static_features(EVERYTHING)) == body | {"place", "background"}
    assert slots(static_features(EVERYTHING, scene=False)) == body
    assert slots(scene_features(EVERYTHING)) == {"place", "background"}


def test_dynamic_is_what_changes_between_pictures():
    assert slots(dynamic_features(EVERYTHING)) == {"shot", "angle", "action", "expression", "gaze", "instrument"}


def test_no_feature_is_both():
    assert not set(static_features(EVERYTHING)) & set(dynamic_features(EVERYTHING))
    assert kind_of("brightness") == "measured"
