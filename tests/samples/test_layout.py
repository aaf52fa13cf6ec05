"""Whose picture a file is, and its id."""

import unicodedata

import pytest

from troupe.models.errors import TroupeError
from troupe.models.samples.layout import places, unique_ids


def characters(*pictures, layout="auto", character="", root="album"):
    return [p.character for p in places(pictures, layout, character, root)]


@pytest.mark.parametrize(
    ("pictures", "wanted"),
    [
        (["mira/a.png", "bolt/a.png"], ["mira", "bolt"]),
        (["mira/run/a.png", "mira/b.png"], ["mira", "mira"]),
        (["12_mira/a.png", "3_mira/b.png"], ["mira", "mira"]),
        (["12/a.png", "7/b.png"], ["12", "7"]),
        (["a.png", "b.png"], ["album", "album"]),
        (["mira/a.png", "loose.png"], ["album", "album"]),
        (["front/a.png", "side/b.png", "背面/c.png"], ["album"] * 3),
        (["1_run/a.png", "2_sit/b.png", "c.png"], ["album"] * 3),
        (["Joy/a.png"], ["Joy"]),
        (["front/a.png", "mira/b.png"], ["front", "mira"]),
        ([], []),
    ],
)
def test_auto(pictures, wanted):
    assert characters(*pictures) == wanted


def test_a_layout_can_be_ordered():
    pictures = ["front/a.png", "side/b.png"]
    assert characters(*pictures, layout="one folder per character") == ["front", "side"]
    assert characters("mira/a.png", "bolt/a.png", layout="one character") == ["album", "album"]
    assert characters("mira/a.png", "loose.png", layout="one folder per character") == ["mira", "album"]


def test_of_several_characters_some_can_be_chosen():
    pictures = ["mira/a.png", "12_bolt/a.png", "米拉/a.png"]
    assert characters(*pictures, character="Bolt, 米拉") == ["bolt", "米拉"]
    assert characters(*pictures, character=" , ") == ["mira", "bolt", "米拉"]
    with pytest.raises(TroupeError, match="no folder for this character: nova. There are: mira, bolt, 米拉."):
        places(pictures, "auto", "mira, nova", "album")


def test_a_flat_folder_takes_the_name_it_is_given_or_its_own():
    assert characters("a.png", character=" Mira ") == ["Mira"]
    assert characters("a.png", root="10_mira") == ["mira"]
    assert characters("a.png", root="") == ["character"]


def test_names_come_from_the_inner_to_the_outer_one_without_the_character():
    (place,) = places(["mira/outdoors/run/a_front.png"], "auto", "", "album")
    assert place.names == ("a_front", "run", "outdoors")


def test_ids_are_paths_without_suffix():
    assert unique_ids(["mira/a.b.png", "mira/c.jpg"]) == ["mira/a.b", "mira/c"]


def test_two_pictures_of_one_stem_keep_their_suffix():
    assert unique_ids(["a.jpg", "a.png", "b.png"]) == ["a.jpg", "a.png", "b"]


def test_ids_are_always_different():
    accents = [unicodedata.normalize(form, "é.png") for form in ("NFC", "NFD")]
    nasty = [*accents, "a.png", "a.jpg", "a.png.gif", "x/a.png"]
    ids = unique_ids(nasty)
    assert len(set(ids)) == len(nasty)
    assert all(unicodedata.is_normalized("NFC", i) for i in ids)
