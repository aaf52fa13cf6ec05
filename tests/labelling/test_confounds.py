"""Constant is not yet the character's own: other characters and the kind of slot tell identity from a one-sided set."""

import pytest


def ten(picture, features, character="mira", **more):
    return [picture(f"{i:02}", features, character=character, **more) for i in range(10)]


@pytest.mark.parametrize(
    ("mira", "rook", "tag", "expected"),
    [
        # constant in one, different in the other: identity
        ("hair.colour=silver", "hair.colour=brown", "silver hair", "target"),
        ("accessory=glasses", "expression=smile", "glasses", "target"),
        # both have black hair: it is still what Mira looks like
        ("hair.colour=black", "hair.colour=black", "black hair", "target"),
        # a plain ground behind everybody is nobody's own
        ("background=plain", "background=plain", "simple background", "warned"),
        ("background=plain", "background=scene", "simple background", "warned"),
        ("brightness=dark", "brightness=dark", "dark", "warned"),
        ("look=flat", "look=flat", "flat color", "warned"),
        ("expression=smile", "expression=smile", "smile", "warned"),
        # Mira always smiles, Rook does not: a habit of hers or an accident, a person has to say
        ("expression=smile", "expression=angry", "smile", "ask"),
        # measured values that are as they should be bias nothing
        ("brightness=balanced", "brightness=balanced", "normal brightness", "kept"),
        ("palette=navy", "palette=navy", "navy theme", "kept"),
        ("count=girl", "count=boy", "1girl", "kept"),
    ],
)
def test_two_characters(picture, tagged, decision, mira, rook, tag, expected):
    labelled = tagged(ten(picture, mira) + ten(picture, rook, "rook"), trigger="")
    assert decision(labelled, tag).decision == expected


@pytest.mark.parametrize(
    ("feature", "expected"),
    [
        ("hair.colour=silver", "target"),
        ("clothes.top=hanfu", "target"),
        ("background=plain", "warned"),
        ("place=park", "warned"),
        ("angle=front", "warned"),
        ("action=stand", "warned"),
        ("expression=smile", "warned"),
        ("count=girl", "kept"),
    ],
)
def test_a_single_character_is_judged_by_the_kind_of_slot(picture, tagged, decision, feature, expected):
    labelled = tagged(ten(picture, feature))
    row = next(d for d in labelled.decisions if f"{d.slot}={d.value}" == feature)
    assert row.decision == expected
    captioned = row.tag in labelled.sample_set.samples[0].labels.caption
    assert captioned == (expected != "target")


def test_a_one_sided_set_is_a_warning_that_says_what_to_do(picture, tagged):
    labelled = tagged(ten(picture, "background=plain") + ten(picture, "background=plain", "rook"), trigger="")
    warning = next(w for w in labelled.warnings if "simple background" in w)
    assert "mira (10 of 10), rook (10 of 10)" in warning
    assert "Stage the set on other backgrounds" in warning
    assert warning in labelled.report


def test_a_set_with_different_backgrounds_gives_no_warning(picture, tagged):
    places = ("park", "street", "beach", "room", "forest")
    labelled = tagged([picture(f"{i}", f"place={places[i % 5]} hair.colour=silver") for i in range(10)])
    assert labelled.warnings == ()


def test_an_unknown_tag_needs_another_character_to_be_understood(picture, tagged, decision):
    mira = ten(picture, "", tags="fluffy thing, star motif")
    assert decision(tagged(mira), "star motif").decision == "ask"
    with_rook = mira + ten(picture, "", "rook", tags="fluffy thing")
    labelled = tagged(with_rook, trigger="")
    assert decision(labelled, "star motif").decision == "target"
    assert decision(labelled, "fluffy thing").decision == "kept"


def test_a_tag_that_another_character_has_now_and_then_is_still_ones_own(picture, tagged, decision):
    rook = [picture(f"{i:02}", tags="star motif" if i < 3 else "waving", character="rook") for i in range(10)]
    found = decision(tagged(ten(picture, "", tags="star motif") + rook, trigger=""), "star motif")
    assert (found.decision, found.others) == ("target", "rook: 3 of 10")


def test_a_tag_that_one_of_three_others_shares_is_still_ones_own(picture, tagged, decision):
    cast = ten(picture, "", tags="star motif") + ten(picture, "", "rook", tags="star motif")
    cast += ten(picture, "", "bram", tags="waving") + ten(picture, "", "lune", tags="waving")
    assert decision(tagged(cast, trigger=""), "star motif").decision == "target"


def test_words_about_the_file_are_no_features(picture, tagged, decision):
    labelled = tagged(ten(picture, "", tags="solo, highres, score_9"))
    assert [decision(labelled, t).decision for t in ("solo", "highres", "score_9")] == ["kept"] * 3
    assert labelled.warnings == ()


def test_the_table_shows_what_other_characters_have(picture, tagged, decision):
    samples = ten(picture, "hair.colour=silver accessory=scarf") + ten(picture, "hair.colour=brown", "rook")
    labelled = tagged(samples, trigger="")
    assert decision(labelled, "silver hair").others == "rook: brown 10 of 10"
    assert decision(labelled, "scarf").others == "rook: 0 of 10"


def test_hair_under_two_names_comes_with_the_renaming_that_joins_them(picture, tagged, decision):
    samples = [picture(f"{i:02}", f"hair.colour={'silver' if i < 12 else 'white'}") for i in range(20)]
    assert "replace: white hair -> silver hair" in decision(tagged(samples), "white hair").why
    joined = tagged(samples, replace="white hair -> silver hair")
    assert decision(joined, "silver hair").decision == "target"
