"""A set and backgrounds become more samples: none is made twice, none vanishes, every setting does something."""

from dataclasses import replace

import pytest
import torch

from troupe.models.compositing.staging.report import stage_report, staged_sheet
from troupe.models.compositing.staging.settings import StageSettings
from troupe.models.compositing.staging.stage import stage_samples
from troupe.models.errors import EmptySet, TroupeError
from troupe.models.samples.sample import SampleSet, read_picture
from troupe.models.samples.serial import from_json, to_json

QUICK = StageSettings(steps=1)


@pytest.fixture
def staged(compositor, store):
    def run(samples, backgrounds, settings=QUICK, **more):
        return stage_samples(SampleSet(tuple(samples)), backgrounds, compositor, settings, store, **more)

    return run


def test_new_samples_follow_their_originals(staged, figure, drops):
    original = figure("mira/a")
    result = staged([original], drops("", ""), replace(QUICK, per_sample=2))
    first, *new = result.sample_set.samples
    assert first == original
    assert len(new) == 2 and tuple(new) == result.staged
    assert {s.id.split("@")[0] for s in new} == {"mira/a"} and len({s.id for s in new}) == 2
    for sample in new:
        assert sample.source == original
        assert sample.history[-1].stage == "stage"
        picture = read_picture(sample)
        assert picture.rgb.shape == (64, 96, 3) and picture.mask.shape == (64, 96)
        assert picture.mask.max() > 0.9
    assert from_json(to_json(result.sample_set)) == result.sample_set


def test_the_character_is_where_the_mask_says(staged, figure, drops):
    (new,) = staged([figure("mira/a")], drops("")).staged
    rgb, mask = read_picture(new)
    redness = rgb[..., 0] - rgb[..., 1]
    assert redness[mask > 0.9].mean() > 0.3
    assert redness[mask == 0].abs().mean() < 0.1


def test_originals_can_give_way(staged, figure, drops):
    kept_anyway = figure("mira/b", masked="")
    result = staged([figure("mira/a"), kept_anyway], drops(""), replace(QUICK, keep_originals=False))
    assert [s.id.split("@")[0] for s in result.sample_set.samples] == ["mira/a", "mira/b"]
    assert result.sample_set.samples[1] == kept_anyway
    assert result.skipped[0].id == "mira/b" and "no mask" in result.skipped[0].reason


@pytest.mark.parametrize("masked", ["grey", "alpha"])
def test_nothing_finished_is_made_again(staged, figure, drops, compositor, masked):
    samples, backgrounds = [figure("mira/a", masked=masked)], drops("")
    first = staged(samples, backgrounds)
    asked = len(compositor.asked)
    again = staged(samples, backgrounds)
    assert again.sample_set == first.sample_set
    assert (first.computed, first.reused, again.computed, again.reused) == (1, 0, 0, 1)
    assert len(compositor.asked) == asked  # a model that is not needed is not loaded


def test_a_deleted_picture_is_made_again_just_the_same(staged, figure, drops, store):
    samples, backgrounds = [figure("mira/a")], drops("")
    first = staged(samples, backgrounds)
    for file in store.root.rglob("*.png"):
        file.unlink()
    again = staged(samples, backgrounds)
    assert again.computed == 1 and again.sample_set == first.sample_set


@pytest.mark.parametrize(
    "change", [{"seed": 1}, {"steps": 2}, {"colour": 0.0}, {"shadow": 0.0}, {"edge": 0.0}, {"largest": 0.4}]
)
def test_another_setting_is_another_picture_to_make(staged, figure, drops, change):
    samples, backgrounds = [figure("mira/a")], drops("")
    staged(samples, backgrounds)
    assert staged(samples, backgrounds, replace(QUICK, **change)).computed == 1


def test_other_weights_make_new_pictures(staged, figure, drops, compositor):
    samples, backgrounds = [figure("mira/a")], drops("")
    staged(samples, backgrounds)
    compositor.identity = "trained further"
    assert staged(samples, backgrounds).computed == 1


def test_sizes_hold(staged, figure, drops):
    for low, high in ((0.3, 0.35), (0.8, 0.9)):
        (new,) = staged([figure("mira/a")], drops(""), replace(QUICK, smallest=low, largest=high)).staged
        rows = (read_picture(new).mask > 0.5).any(1).sum() / 64
        assert low - 0.1 <= rows <= high + 0.05


def test_sampling_depends_on_the_seed_and_nothing_else(staged, figure, drops):
    def box(seed):
        settings = replace(QUICK, mode="sample", seed=seed)
        return staged([figure("mira/a")], drops(""), settings).staged[0].history[-1].settings

    assert box(3) == box(3) != box(4)


def test_a_doubtful_place_is_left_out_with_the_reason(staged, figure, drops):
    samples, backgrounds = [figure("mira/a")], drops("a lake")
    result = staged(samples, backgrounds, replace(QUICK, least_confidence=0.5))
    assert not result.staged and "no good place" in result.skipped[0].reason
    assert result.sample_set.samples == tuple(samples)
    staged(samples, backgrounds)  # made now, because nothing is asked of the place
    assert not staged(samples, backgrounds, replace(QUICK, least_confidence=0.5)).staged


def test_staged_pictures_are_not_staged_again(staged, figure, drops):
    once = staged([figure("mira/a")], drops(""))
    twice = staged(once.sample_set.samples, drops("", ""))
    assert [s.reason for s in twice.skipped] == ["it is staged already"]
    assert all(s.id.count("@") == 1 for s in twice.staged)


def test_a_picture_that_vanished_is_a_reason_and_the_rest_goes_on(staged, figure, drops):
    lost = figure("mira/a")
    lost = replace(lost, image=replace(lost.image, path=lost.image.path + "x", digest="0"))
    result = staged([lost, figure("mira/b")], drops(""))
    assert [s.id for s in result.skipped] == ["mira/a"]
    assert [s.source.id for s in result.staged] == ["mira/b"]
    assert len(result.sample_set) == 3


def test_cancel_keeps_what_is_finished(staged, figure, drops):
    class Cancel(BaseException):
        pass

    def progress(done, total, name):
        if done == 1:
            raise Cancel

    samples, backgrounds = [figure("mira/a"), figure("mira/b")], drops("")
    with pytest.raises(Cancel):
        staged(samples, backgrounds, progress=progress)
    result = staged(samples, backgrounds)
    assert (result.computed, result.reused) == (1, 1)


def test_an_empty_set_is_an_error(staged, drops):
    with pytest.raises(EmptySet):
        staged([], drops(""))


@pytest.mark.parametrize(
    "wrong", [{"per_sample": 0}, {"least_confidence": 2}, {"steps": 0}, {"smallest": 0.9, "largest": 0.1}]
)
def test_settings_out_of_range_are_refused(wrong):
    with pytest.raises(TroupeError):
        StageSettings(**wrong)


def test_report_and_sheet_name_everything(staged, figure, drops):
    backgrounds = drops("a lake", "")
    result = staged([figure("mira/a"), figure("mira/b", masked="")], backgrounds)
    text = stage_report(result, backgrounds)
    assert "1 picture staged on 2 backgrounds" in text
    assert "a lake" in text and f"background {backgrounds[1].name}" in text
    assert "mira/b: it has no mask" in text
    assert staged_sheet(result, backgrounds).width > 256
    nothing = staged([figure("mira/b", masked="")], backgrounds)
    assert "0 pictures staged" in stage_report(nothing, backgrounds)
    assert staged_sheet(nothing, backgrounds).size[0] > 0


def test_nothing_handed_in_is_changed(staged, figure, drops):
    backgrounds = drops("")
    before = backgrounds[0].picture.clone()
    staged([figure("mira/a")], backgrounds)
    assert torch.equal(backgrounds[0].picture, before)
