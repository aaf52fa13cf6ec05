"""Check Features: pictures that came back from anywhere are held to what their sources show."""

import json
from dataclasses import replace

import pytest
from PIL import Image, ImageDraw

from support.pictures import figure
from troupe.models.captioning.measured import MeasuredCaptioner
from troupe.models.captioning.onlooker import LookingCaptioner
from troupe.models.errors import EmptySet, TroupeError
from troupe.models.pixels import from_pillow
from troupe.models.registration.features import FeatureGate
from troupe.models.restyling.featurecheck import check_features, features_report
from troupe.models.samples.bridging import from_images, with_images, with_masks
from troupe.models.samples.sample import SampleSet
from troupe.models.samples.sheets import verdict_sheet
from troupe.models.samples.store import Store

SIDE = 96


# What an outline says of a shot is 0.6 sure at the most.
GATE = FeatureGate(sure=0.5)


def mask(left, top, right, bottom):
    """A subject in this part of the picture."""
    image = Image.new("L", (SIDE, SIDE), 0)
    ImageDraw.Draw(image).rectangle([SIDE * x for x in (left, top, right, bottom)], 255)
    return from_pillow(image)


WHOLE, FACE = mask(0.35, 0.1, 0.65, 0.9), mask(0, 0.3, 1, 1)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


@pytest.fixture
def onlooker(store):
    return LookingCaptioner(MeasuredCaptioner(), store)


@pytest.fixture
def drawn(store):
    """Four pictures that somebody drew anew; the second one came nearer, and its frame cuts the figure."""
    pictures = [from_pillow(figure(n, SIDE)) for n in range(4)]
    old = from_images([p.unsqueeze(0) for p in pictures], store, character="mira", masks=[WHOLE.unsqueeze(0)] * 4)
    new = with_images(old, [(1 - p).unsqueeze(0) for p in pictures], store)
    return with_masks(new, [m.unsqueeze(0) for m in (WHOLE, FACE, WHOLE, WHOLE)], store)


def test_another_shot_is_dropped_with_both_values(drawn, onlooker):
    checked = check_features(drawn, onlooker, GATE)
    assert [s.id for s in checked.sample_set.samples] == ["mira/0001", "mira/0003", "mira/0004"]
    (lost,) = checked.sample_set.rejected
    assert (lost.id, lost.stage) == ("mira/0002", "check features")
    assert "shows something else: shot size was 'full body', now 'close-up' (0.60)" in lost.reason
    assert json.loads(checked.sample_set.samples[0].history[-1].settings)["found"] == "still full body"


def test_who_is_not_sure_enough_drops_nothing(drawn, onlooker):
    checked = check_features(drawn, onlooker, FeatureGate())
    assert len(checked.sample_set) == 4
    assert "0 something else (dropped), 4 could not be compared." in features_report(checked, 0)


def test_the_report_has_a_line_for_each(drawn, onlooker):
    checked = check_features(drawn, onlooker, GATE)
    lines = features_report(checked, unchecked=2).splitlines()
    assert lines[0] == "3 pictures show the same as before, 1 something else (dropped), 2 have no source."
    assert [line.split()[0] for line in lines[3:]] == [s.id for s in drawn.samples]
    assert "refused: shot size was" in lines[4] and "still" in lines[3]


def test_pictures_without_a_source_come_through_unchecked(drawn, onlooker):
    mixed = SampleSet((drawn.samples[0].source, *drawn.samples[1:]))
    checked = check_features(mixed, onlooker, GATE)
    assert checked.sample_set.samples[0] == mixed.samples[0] and "mira/0001" not in checked.verdicts


def test_a_set_that_nobody_drew_anew_says_what_is_missing(drawn, onlooker):
    with pytest.raises(TroupeError, match="Set Images"):
        check_features(SampleSet(tuple(s.source for s in drawn.samples)), onlooker, GATE)
    with pytest.raises(EmptySet):
        check_features(SampleSet(), onlooker, GATE)


def test_progress_goes_over_the_pictures_and_cancel_is_heard(drawn, onlooker):
    class Cancel(BaseException):
        pass

    def cancel(done, total, name):
        assert 0 <= done < total == 4
        if name == "mira/0003":
            raise Cancel

    with pytest.raises(Cancel):
        check_features(drawn, onlooker, GATE, cancel)


def test_the_sheet_shows_what_was_refused_first(drawn, onlooker):
    checked = check_features(drawn, onlooker, GATE)
    found = {id: (v.passed, v.reason) for id, v in checked.verdicts.items()}
    both = verdict_sheet(drawn.samples, found)
    passed = verdict_sheet(checked.sample_set.samples, {id: v for id, v in found.items() if v[0]})
    assert both.height > passed.height and both.width == passed.width


def test_a_mask_that_is_gone_is_told_where_nothing_can_be_compared(drawn, onlooker, tmp_path):
    first = drawn.samples[0]
    lost = replace(first, mask=replace(first.mask, path=str(tmp_path / "gone.png"), digest="0" * 64))
    checked = check_features(SampleSet((lost, *drawn.samples[2:])), onlooker, GATE)
    assert len(checked.sample_set) == 3
    assert checked.verdicts[lost.id].reason.startswith("nothing to compare (its mask cannot be used: ")
