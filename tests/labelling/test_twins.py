"""A restyled picture and its original: what stayed is character or pose, what changed everywhere is style."""

from dataclasses import replace

import pytest

from troupe.models.samples.sample import StylePair, SubStyle

INK = SubStyle("ink", "Ink wash", "水墨", "ink", "ink wash painting")
TOON = SubStyle("toon", "Toon", "卡通", "toon", "3d cartoon")


def twin(picture, id, was, now, style=INK):
    source = picture(id, was)
    return replace(picture(id, now), source=source, style=StylePair(style))


def test_what_the_style_does_to_every_picture_is_not_the_character(picture, tagged, decision):
    samples = [twin(picture, f"{i:02}", "hair.colour=brown eyes.colour=blue", "hair.colour=grey eyes.colour=blue")
               for i in range(10)]  # fmt: skip
    labelled = tagged(samples)
    hair, eyes = decision(labelled, "grey hair"), decision(labelled, "blue eyes")
    assert (hair.decision, hair.decided_by) == ("style", "restyle")
    assert "10 of 10" in hair.why
    assert eyes.decision == "target"
    assert "the restyle kept it in 10 of 10" in eyes.why
    assert all("grey hair" in s.labels.caption for s in labelled.sample_set.samples)


def test_what_changed_in_a_few_pictures_is_reported_for_each_of_them(picture, tagged):
    samples = [twin(picture, f"{i:02}", "hair.colour=silver hair.length=long", "hair.colour=silver hair.length=short")
               if i == 3 else twin(picture, f"{i:02}", "hair.colour=silver hair.length=long@0.9",
                                   "hair.colour=silver hair.length=long") for i in range(10)]  # fmt: skip
    labelled = tagged(samples)
    assert "mira/03: hair.length was long, is short" in labelled.report
    assert labelled.report.count(" was long") == 1
    assert any(w.startswith("Drift: the restyle changed 1 of 10 pictures") for w in labelled.warnings)


def test_what_came_and_what_went_are_drift_too(picture, tagged):
    was, same = "accessory=scarf action=run", "accessory=scarf action=run@0.9"
    samples = [twin(picture, f"{i:02}", was, same) for i in range(9)]
    samples.append(twin(picture, "09", was, "clothes.head=crown action=run@0.9"))
    report = tagged(samples).report
    assert "mira/09: accessory was scarf, is absent" in report
    assert "mira/09: clothes.head was absent, is crown" in report


def test_what_a_style_takes_away_everywhere_is_told_once(picture, tagged):
    samples = [twin(picture, f"{i:02}", "body=freckles hair.colour=red", "hair.colour=red@0.9") for i in range(9)]
    labelled = tagged(samples)
    assert 'The restyle took "freckles" away in 9 of 9 pictures that can show it.' in labelled.warnings
    assert "Drift" not in labelled.report


def test_each_style_is_judged_by_its_own_pictures(picture, tagged, decision):
    """Ink drains the colour from all of its pictures, the other style from none: half of the set is all of a style."""
    ink = [twin(picture, f"i{i}", "look=photographic", "look=line_art", INK) for i in range(6)]
    toon = [twin(picture, f"t{i}", "look=photographic", "look=painted", TOON) for i in range(6)]
    labelled = tagged(ink + toon)
    assert [decision(labelled, t).decision for t in ("lineart", "painting (medium)")] == ["style", "style"]


def test_two_twins_cannot_tell_a_style_from_a_slip(picture, tagged, decision):
    samples = [twin(picture, f"{i}", "hair.colour=brown", "hair.colour=grey") for i in range(2)]
    labelled = tagged(samples)
    assert decision(labelled, "grey hair").decision == "ask"
    assert "mira/0: hair.colour was brown, is grey" in labelled.report


def test_a_hidden_slot_cannot_drift(picture, tagged):
    samples = [twin(picture, f"{i}", "angle=back eyes.colour=blue", "angle=back eyes.colour=red") for i in range(2)]
    assert "Drift" not in tagged(samples).report


def test_long_and_very_long_hair_are_no_drift(picture, tagged):
    samples = [twin(picture, f"{i}", "hair.length=long", "hair.length=very_long") for i in range(2)]
    assert "Drift" not in tagged(samples).report


def test_twins_that_were_not_described_again_prove_nothing(picture, tagged, decision):
    features = "hair.colour=silver"
    labelled = tagged([twin(picture, f"{i:02}", features, features) for i in range(10)])
    assert "restyle kept it" not in decision(labelled, "silver hair").why
    assert any("not described again" in w for w in labelled.warnings)


@pytest.mark.parametrize("force", ["grey hair", "hair.colour:*"])
def test_a_person_may_say_that_the_new_hair_is_the_new_character(picture, tagged, decision, force):
    samples = [twin(picture, f"{i:02}", "hair.colour=brown", "hair.colour=grey") for i in range(10)]
    assert decision(tagged(samples, force_target=force), "grey hair").decision == "forced"
