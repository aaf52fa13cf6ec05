"""A restyled picture and its original: what stayed is character or pose, what changed everywhere is style."""

from dataclasses import replace

import pytest
import torch

from troupe.models.captioning import describe
from troupe.models.labelling.secondlook import LOOKED, REDRAWN, is_witness
from troupe.models.restyling import redrawing, structurecheck
from troupe.models.samples.bridging import with_images
from troupe.models.samples.captiontext import with_captions
from troupe.models.samples.redrawn import still_true
from troupe.models.samples.sample import Feature, SampleSet, StylePair, SubStyle
from troupe.models.samples.store import Store

INK = SubStyle("ink", "Ink wash", "水墨", "ink", "ink wash painting")
TOON = SubStyle("toon", "Toon", "卡通", "toon", "3d cartoon")


def twin(picture, id, was, now, style=INK, look="describe", origin="captioner"):
    """A picture that was restyled and looked at again (`look`, "" = not): what was and is known of it."""
    source = picture(id, was, origin=origin).after("load").after("describe")
    made = replace(picture(id, now, origin=origin), source=source, style=StylePair(style), history=source.history)
    return made.after("restyle").after(look) if look else made.after("restyle")


def claims(labelled):
    """Everything that a labelling says about the work of the restyle."""
    said = [d.why for d in labelled.decisions if "restyle" in d.why or d.decided_by == "restyle"]
    said += [line for line in labelled.report.splitlines() if "was absent" in line or "is absent" in line]
    return said + [w for w in labelled.warnings if w.startswith(("The restyle took", "Drift"))]


def test_what_the_style_does_to_every_picture_is_not_the_character(picture, tagged, decision):
    was, now = "hair.colour=brown eyes.colour=blue", "hair.colour=grey eyes.colour=blue@0.9"
    labelled = tagged([twin(picture, f"{i:02}", was, now) for i in range(10)])
    hair, eyes = decision(labelled, "grey hair"), decision(labelled, "blue eyes")
    assert (hair.decision, hair.decided_by) == ("style", "restyle")
    assert "10 of 10" in hair.why
    assert eyes.decision == "target"
    assert "the restyle kept it in 10 of 10" in eyes.why
    assert all("grey hair" in s.labels.caption for s in labelled.sample_set.samples)


def test_kept_is_counted_for_each_character_and_feature_alone(picture, tagged, decision):
    was, now = "accessory=scarf accessory=bag", "accessory=scarf@0.9 accessory=bag@0.9"
    samples = [twin(picture, f"{i:02}", was, now if i else "accessory=scarf@0.9") for i in range(20)]
    rook = [replace(s, id=f"rook/{n}", character="rook") for n, s in enumerate(samples[1:])]
    labelled = tagged(samples + rook)
    assert "the restyle kept it in 20 of 20" in decision(labelled, "scarf").why
    assert "the restyle kept it in 19 of 20" in decision(labelled, "bag").why
    assert "the restyle kept it in 19 of 19" in decision(labelled, "bag", "rook").why


def test_what_changed_in_a_few_pictures_is_reported_for_each_of_them(picture, tagged):
    was = "hair.colour=silver hair.length=long"
    samples = [twin(picture, f"{i:02}", was, f"hair.length={'short' if i == 3 else 'long@0.9'}") for i in range(10)]
    labelled = tagged(samples)
    assert "mira/03: hair.length was long, is short" in labelled.report
    assert labelled.report.count(" was long") == 1
    assert any(w.startswith("Drift: the restyle changed 1 of 10 pictures") for w in labelled.warnings)


def test_what_came_and_what_went_are_drift_too(picture, tagged):
    was, same = "accessory=scarf accessory=bag", "accessory=scarf@0.9 accessory=bag@0.9"
    samples = [twin(picture, f"{i:02}", was, same) for i in range(9)]
    samples.append(twin(picture, "09", was, "accessory=scarf@0.9 accessory=glasses"))
    report = tagged(samples).report
    assert "mira/09: accessory was bag, is absent" in report
    assert "mira/09: accessory was absent, is glasses" in report


def test_what_a_style_takes_away_everywhere_is_told_once(picture, tagged):
    samples = [twin(picture, f"{i:02}", "body=freckles body=horns", "body=horns@0.9") for i in range(9)]
    labelled = tagged(samples)
    assert 'The restyle took "freckles" away in 9 of 9 pictures that were looked at again.' in labelled.warnings
    assert "Drift" not in labelled.report


def test_what_a_style_takes_away_is_counted_where_it_can_be_seen(picture, tagged):
    """Freckles are lost in front views; back views could not show them before either."""
    was, now = "body=freckles body=horns", "body=horns@0.9"
    samples = [twin(picture, f"f{i}", f"angle=front {was}", f"angle=front {now}") for i in range(5)]
    samples += [twin(picture, f"b{i}", "angle=back body=horns", f"angle=back {now}") for i in range(9)]
    assert any('"freckles" away in 5 of 5 pictures' in w for w in tagged(samples).warnings)


def test_colours_that_a_style_takes_away_are_no_loss(picture, tagged):
    was, now = "palette=grey palette=navy@0.5", "palette=navy@0.6"
    labelled = tagged([twin(picture, f"{i:02}", was, now, origin="measured") for i in range(9)])
    assert not [w for w in labelled.warnings if "took" in w]


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
    """Beside a front view that drifts, so that the eyes are seen anew."""
    samples = [twin(picture, f"{i}", f"angle={a} eyes.colour=blue", f"angle={a} eyes.colour=red")
               for i, a in enumerate(("back", "back", "front"))]  # fmt: skip
    assert tagged(samples).report.count("eyes.colour was blue") == 1


def test_long_and_very_long_hair_are_no_drift(picture, tagged):
    samples = [twin(picture, f"{i}", "hair.length=long", "hair.length=very_long") for i in range(2)]
    assert "Drift" not in tagged(samples).report


# What is evidence, and what was only carried along


SAID = "angle=front accessory=scarf clothes.head=hat hair.colour=blue"  # by file names and tables
REPAINTED = ("hair.colour", "palette")


def redrawn(picture, i):
    """As in the pack's own example: tables say what is there, colours are measured; the hair is painted anew."""
    said = picture(f"{i:02}", SAID, origin="sidecar", tags="scarf, hat, blue hair", by="sidecar")
    source = said.with_features([Feature("palette", "grey", "measured", 1.0, 0.4)]).after("describe")
    made = still_true(replace(source, source=source, style=StylePair(INK)), REPAINTED)
    return made.after("restyle")


def test_when_nobody_looked_again_nothing_is_claimed(picture, tagged):
    labelled = tagged([redrawn(picture, i) for i in range(10)])
    assert claims(labelled) == []
    hints = [line for line in labelled.report.splitlines() if "Nobody has looked at" in line]
    assert len(hints) == 1
    assert "the 10 redrawn pictures" in hints[0]
    assert not any("Nobody has looked" in w for w in labelled.warnings)


def test_when_some_were_looked_at_the_hint_counts_the_others(picture, tagged):
    samples = [redrawn(picture, i) for i in range(10)]
    report = tagged([s.after("describe") if int(s.id[-2:]) < 7 else s for s in samples]).report
    assert "Nobody has looked at 3 of 10 redrawn pictures" in report


def test_a_second_look_is_evidence_about_what_it_saw_alone(picture, tagged, decision):
    """The captioner now speaks of hair and glasses; scarf and hat were said by the table, of the source."""
    source_saw = [Feature("hair.style", "bob", "captioner", 0.8), Feature("accessory", "glasses", "captioner", 0.9)]
    now_sees = [Feature("hair.style", "bob", "captioner", 0.7), Feature("hair.colour", "teal", "captioner", 0.9)]
    samples = []
    for i in range(10):
        made = redrawn(picture, i)
        source = made.source.with_features(source_saw)
        made = replace(made, source=source).with_features(source_saw).with_features(now_sees)
        samples.append(made.after("describe"))
    labelled = tagged(samples)
    assert claims(labelled) == [decision(labelled, "bob cut").why]
    assert "the restyle kept it in 10 of 10" in decision(labelled, "bob cut").why
    assert "Nobody has looked" not in labelled.report


def test_what_a_captioner_once_saw_and_says_nothing_of_now_was_not_kept(picture, tagged, decision):
    """Describe leaves facts alone that it says nothing about: they are the source's, to the last digit."""
    was, now = "accessory=scarf@0.83 expression=smile", "accessory=scarf@0.83 expression=sad"
    labelled = tagged([twin(picture, f"{i:02}", was, now) for i in range(10)])
    assert "restyle" not in decision(labelled, "scarf").why
    assert decision(labelled, "sad").decided_by == "restyle"


@pytest.mark.parametrize("origin", ["person", "sidecar", "path"])
def test_what_people_say_is_neither_kept_nor_lost(picture, tagged, origin):
    was, now = "hair.colour=brown accessory=scarf", "hair.colour=grey"
    assert claims(tagged([twin(picture, f"{i:02}", was, now, origin=origin) for i in range(10)])) == []


@pytest.mark.parametrize(
    ("stages", "seen"),
    [
        (("describe", "restyle", "describe"), True),
        (("restyle", "set captions", "adjust"), True),
        (("set images", "check structure", "describe"), True),
        (("describe", "restyle"), False),
        (("restyle", "describe", "set images"), False),
        (("set images", "describe", "check structure"), False),
        (("describe",), False),
        ((), False),
    ],
    ids=lambda value: ", ".join(value) if isinstance(value, tuple) else str(value),
)
def test_only_a_look_at_the_picture_as_it_is_now_counts(picture, stages, seen):
    sample = replace(picture("01"), source=picture("01"))
    for stage in stages:
        sample = sample.after(stage)
    assert is_witness(sample) is seen


def test_a_source_that_nobody_looked_at_is_no_evidence_either(picture):
    source = replace(picture("01"), source=picture("01")).after("restyle")
    twice = replace(source, source=source).after("restyle").after("describe")
    assert not is_witness(twice)
    looked = source.after("describe")
    assert is_witness(replace(looked, source=looked).after("restyle").after("describe"))


def test_a_crop_is_another_view_than_its_source(picture, tagged):
    """Adjust cut it: that the shot changed is not the restyle's doing, nor is the picture waiting for a look."""
    samples = [twin(picture, f"{i}", "shot=full", "shot=close-up", look=look).after("crop") for i in range(5)
               for look in ("describe", "")]  # fmt: skip
    report = tagged(samples).report
    assert "restyle" not in report and "Nobody has looked" not in report


def test_the_stages_are_called_as_the_steps_call_them(picture, tmp_path):
    samples = SampleSet((picture("01"),))
    store = Store(tmp_path)
    drawn = with_images(samples, [torch.zeros(1, 16, 16, 3)], store).samples[0].history[-1].stage
    told = with_captions(samples, ["a scarf"], mine=False).samples[0].history[-1].stage
    assert set(REDRAWN) == {redrawing.STAGE, structurecheck.STAGE, drawn}
    assert set(LOOKED) == {describe.STAGE, told}


@pytest.mark.parametrize("force", ["grey hair", "hair.colour:*"])
def test_a_person_may_say_that_the_new_hair_is_the_new_character(picture, tagged, decision, force):
    samples = [twin(picture, f"{i:02}", "hair.colour=brown", "hair.colour=grey") for i in range(10)]
    assert decision(tagged(samples, force_target=force), "grey hair").decision == "forced"
