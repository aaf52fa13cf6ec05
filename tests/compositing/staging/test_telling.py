"""A staged picture keeps the character's facts and a person's words about it, and tells of the new scene."""

from dataclasses import replace

import pytest

from troupe.models.compositing.grid import Frame
from troupe.models.compositing.staging.telling import in_scene, staged_sample
from troupe.models.samples.sample import Description, Feature, ImageFile, Labels, MaskFile

IMAGE, MASK = ImageFile("x.png", "0", 96, 64), MaskFile("m.png", "1", "grey")
BOX = Frame(10, 4, 30, 60)


@pytest.fixture
def staged(figure, drops):
    def make(caption="", box=BOX, mine=True, **about):
        return staged_sample(figure("mira/a", **about), drops(caption, mine=mine)[0], IMAGE, MASK, box)

    return make


def test_the_old_scene_and_old_pixels_are_forgotten(staged):
    told = (
        Feature("hair.colour", "blue", "sidecar"),
        Feature("place", "room", "path"),
        Feature("brightness", "bright", "measured"),
    )
    new = staged(features=told)
    assert new.value("hair.colour") == "blue"
    assert new.value("place") == new.value("brightness") == ""
    assert new.value("background") == "scene"


def test_the_caption_fills_the_scene(staged):
    new = staged("a beach at sunset")
    assert (new.value("place"), new.value("time")) == ("beach", "sunset")
    assert new.feature("place").origin == "person"
    assert staged("a beach", mine=False).feature("place").origin == "captioner"


@pytest.mark.parametrize(
    "caption, ending",
    [
        ("a pier at sunset.", "with a pier at sunset in the background"),
        ("by the sea", "by the sea"),
        ("In front of a house", "In front of a house"),
    ],
)
def test_a_caption_ends_a_sentence(caption, ending):
    assert in_scene(caption) == ending


@pytest.mark.parametrize(
    "said, sentence, keywords",
    [
        (Description("Mira waves.", (), "person"), "Mira waves, by the sea", ()),
        (Description("Mira waves, plain background", (), "person"), "Mira waves, by the sea", ()),
        (Description("", ("wave", "white background"), "person"), "", ("wave", "by the sea")),
        (Description("Mira waves", ("wave",), "person"), "Mira waves, by the sea", ("wave", "by the sea")),
        (Description("A girl on white.", ("smile", "simple background"), "captioner"), "", ("smile", "by the sea")),
        (Description(), "", ("by the sea",)),
    ],
)
def test_what_was_said_goes_on_with_the_new_scene(staged, said, sentence, keywords):
    told = staged("by the sea", said=said).description
    assert (told.sentence, told.keywords, told.origin) == (sentence, keywords, said.origin)


def test_without_a_caption_a_persons_words_stay(staged):
    assert staged(said=Description("Mira waves", (), "person")).description.sentence == "Mira waves"


@pytest.mark.parametrize("height, shot", [(60, "full"), (20, "long")])
def test_a_whole_figure_is_full_or_long_by_its_new_height(staged, height, shot):
    assert staged(box=Frame(10, 60 - height, 30, 60), shot="full").value("shot") == shot


def test_a_cut_figure_keeps_its_shot(staged):
    assert staged(shot="close-up").feature("shot") == Feature("shot", "close-up", "path")


def test_labels_are_for_another_picture(figure, drops):
    labelled = replace(figure("mira/a"), labels=Labels("mira"))
    new = staged_sample(labelled, drops("")[0], IMAGE, MASK, BOX)
    assert new.labels is None and new.source == labelled
