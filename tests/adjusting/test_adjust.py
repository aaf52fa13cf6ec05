"""The whole step: every picture is kept, cropped or dropped once, with a reason, in whatever order they come."""

from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from random import Random

import numpy as np
import pytest
from PIL import Image, ImageFilter, ImageOps

from troupe.models.adjusting.adjust import adjust
from troupe.models.adjusting.preset import PRESETS, Preset, parse_preset
from troupe.models.errors import EmptySet, TroupeError
from troupe.models.samples.reading import ReadOptions, read_sample_set
from troupe.models.samples.sample import Rejection, SampleSet

PRESET_TEXTS = [
    "",
    "total = 4",
    "total = 6\nidentity_minimum = 0.5\nshots = { full = '50%', close-up = '50%' }",
    "[angles]\nback = 1",
    "balance = 'exact'\n[actions]\nwalk = 2\nwave = 1",
    "minimum_side = 60\n[shots]\nfull = 3",
]


@pytest.mark.parametrize("text", PRESET_TEXTS)
def test_every_picture_is_decided_once_and_none_is_lost(text, cast_of_ten, store):
    adjusted = adjust(cast_of_ten, parse_preset(text), store)
    assert [d.sample_id for d in adjusted.decisions] == [s.id for s in cast_of_ten.samples]
    kept = [d.sample_id for d in adjusted.decisions if d.action == "kept"]
    dropped = [d.sample_id for d in adjusted.decisions if d.action == "dropped"]
    assert kept == [s.id for s in adjusted.sample_set.samples]
    assert dropped == [r.id for r in adjusted.sample_set.rejected]
    assert all(d.reason for d in adjusted.decisions)
    assert all(r.stage == "adjust" and r.sample and r.path == r.sample.image.path for r in adjusted.sample_set.rejected)


@pytest.mark.parametrize("text", PRESET_TEXTS)
def test_the_order_of_the_set_changes_nothing_but_the_order(text, cast_of_ten, store):
    shuffled = SampleSet(tuple(Random(5).sample(cast_of_ten.samples, 10)))
    one, other = (adjust(s, parse_preset(text), store) for s in (cast_of_ten, shuffled))
    assert set(one.decisions) == set(other.decisions)
    kept = {s.id for s in one.sample_set.samples}
    assert [s.id for s in other.sample_set.samples] == [s.id for s in shuffled.samples if s.id in kept]


@pytest.mark.parametrize("text", PRESET_TEXTS)
def test_adjusting_twice_is_adjusting_once(text, cast_of_ten, store):
    preset = parse_preset(text)
    once = adjust(cast_of_ten, preset, store).sample_set
    assert adjust(once, preset, store).sample_set == once


def test_a_second_run_decodes_nothing(cast_of_ten, store, monkeypatch):
    decoded = []
    from troupe.models.adjusting import measuring

    decode = measuring.decode
    monkeypatch.setattr(measuring, "decode", lambda *a, **k: decoded.append(a) or decode(*a, **k))
    first = adjust(cast_of_ten, parse_preset(""), store)
    assert len(decoded) == 10
    assert adjust(cast_of_ten, parse_preset(""), store) == first
    assert len(decoded) == 10


@pytest.mark.parametrize("kind", ["*.json", "*.png"])
def test_a_damaged_or_missing_file_in_the_store_is_made_again(kind, cast_of_ten, shelf, studio, store):
    copies = (shelf.sample(f"mira/{n}", studio.saved_again(studio.draw(), quality=q)) for n, q in enumerate((90, 70)))
    samples = SampleSet((*cast_of_ten.samples, *copies))
    first = adjust(samples, parse_preset(""), store)
    for number, path in enumerate(sorted(store.root.glob(f"??/{kind}"))):
        path.write_text("{") if number % 2 else path.unlink()
    assert adjust(samples, parse_preset(""), store) == first


class Cancelled(BaseException):
    pass


def test_cancel_leaves_at_once_and_what_was_measured_stays(cast_of_ten, store):
    def stop(done, total, name):
        if done == 6:
            raise Cancelled

    with pytest.raises(Cancelled):
        adjust(cast_of_ten, parse_preset(""), store, progress=stop)
    assert 1 <= len(list(store.root.glob("??/*.json"))) <= 6


def test_progress_names_every_picture_before_its_work(cast_of_ten, store):
    seen = []
    adjust(cast_of_ten, parse_preset(""), store, progress=lambda *call: seen.append(call))
    assert seen[:10] == [(n, 10, s.id) for n, s in enumerate(cast_of_ten.samples)]
    assert set(seen[10:]) <= {(10, 11, "looking for near-duplicates")}


def test_cancel_is_heard_while_pictures_are_compared(cast_of_ten, store):
    def stop(done, total, name):
        if name == "looking for near-duplicates":
            raise Cancelled

    with pytest.raises(Cancelled):
        adjust(cast_of_ten, parse_preset(""), store, progress=stop)
    assert len(list(store.root.glob("??/*.json"))) == 10


def test_each_limit_has_its_reason_with_the_number_and_the_limit(shelf, studio, store):
    image = studio.draw(size=(120, 180))
    samples = (
        shelf.sample("mira/good", image),
        shelf.sample("mira/again", studio.saved_again(image)),
        shelf.sample("mira/small", studio.draw("wave", size=(40, 60))),
        shelf.sample("mira/wide", studio.draw("walk", size=(300, 120))),
        shelf.sample("mira/soft", studio.draw("jump", size=(120, 180)).filter(ImageFilter.GaussianBlur(5))),
        shelf.sample("mira/black", Image.new("RGB", (120, 180))),
    )
    text = "minimum_side = 100\naspect_maximum = 2\nsharpness_minimum = 0.4\nclipped_dark_maximum = '50%'"
    reasons = {d.sample_id: d.reason for d in adjust(SampleSet(samples), parse_preset(text), store).decisions}
    assert reasons["mira/good"] == "nothing speaks against it"
    assert reasons["mira/small"] == "too small: 40 px on the shorter side, limit 100"
    assert reasons["mira/wide"] == "too wide: width / height is 2.50, limit 2.00"
    assert reasons["mira/soft"].startswith("blurred: sharpness 0.2")
    assert reasons["mira/black"] == "too dark: 100% of the picture is black, limit 50%"
    assert reasons["mira/again"].startswith("near-duplicate of mira/good (distance ")
    assert "of 64, limit 6); the" in reasons["mira/again"]


def test_of_two_alike_the_better_described_then_the_rarer_then_the_larger_stays(shelf, studio, store):
    image, again = studio.draw(), studio.saved_again(studio.draw(), quality=90)

    def kept(*samples):
        adjusted = adjust(SampleSet(samples), parse_preset(""), store)
        return adjusted.sample_set.samples[0].id, adjusted.decisions

    described = shelf.sample("mira/b", again, shot="full")
    assert kept(shelf.sample("mira/a", image), described)[0] == "mira/b"
    same = shelf.sample("mira/c", image, shot="full"), shelf.sample("mira/d", again, shot="full")
    winner, decisions = kept(*same)
    assert winner == "mira/c"
    assert decisions[1].reason.endswith("the larger one was kept")


def test_a_picture_that_cannot_be_read_is_a_rejection_and_the_rest_goes_on(cast_of_ten, store, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    first = cast_of_ten.samples[0]
    bad = replace(first, id="mira/broken", image=replace(first.image, path=str(broken), digest="f" * 64))
    adjusted = adjust(SampleSet((*cast_of_ten.samples, bad)), parse_preset(""), store)
    assert len(adjusted.sample_set) == 10
    assert adjusted.sample_set.rejected[0].reason.startswith("cannot be read: not a picture")
    assert "cannot be read: 1\n    mira/broken" in adjusted.report


def test_what_was_rejected_before_stays_rejected(cast_of_ten, store):
    before = Rejection("mira/lost", "restyle", "the model gave up")
    adjusted = adjust(replace(cast_of_ten, rejected=(before,)), parse_preset("total = 9"), store)
    assert [r.id for r in adjusted.sample_set.rejected][0] == "mira/lost"
    assert len(adjusted.sample_set.rejected) == 2


def test_a_stranger_is_dropped_and_the_report_says_what_was_compared(cast_of_ten, shelf, studio, store):
    strange = studio.draw("stand", size=(72, 108), shirt=(20, 200, 40), hair=(20, 220, 60), ground=(20, 60, 220))
    mixed = SampleSet((*cast_of_ten.samples, shelf.sample("mira/stranger", strange, shot="full")))
    adjusted = adjust(mixed, parse_preset("identity_minimum = 0.6"), store)
    dropped = [d for d in adjusted.decisions if d.action == "dropped"]
    assert [d.sample_id for d in dropped] == ["mira/stranger"]
    assert "colour/texture similarity 0." in dropped[0].reason and "most typical picture (mira/" in dropped[0].reason


def test_characters_are_adjusted_each_by_itself(cast_of_ten, store):
    rob = tuple(replace(s, id=s.id.replace("mira", "rob"), character="rob") for s in cast_of_ten.samples)
    adjusted = adjust(SampleSet(cast_of_ten.samples + rob), parse_preset("total = 4"), store)
    assert {c: len(adjusted.sample_set.of(c)) for c in ("mira", "rob")} == {"mira": 4, "rob": 4}


def test_the_report_counts_what_was_wanted_what_came_and_what_would_fill_the_holes(cast_of_ten, store):
    report = adjust(cast_of_ten, parse_preset("[shots]\nclose-up = 4\nmedium = 2\n[angles]\nside = 1"), store).report
    lines = [" ".join(line.split()) for line in report.splitlines()]
    assert lines[0] == "Kept 9 of 10 pictures."
    assert "close-up 4 4" in lines
    assert "medium 2 0 2 missing" in lines
    assert "1 x a medium shot, seen from the side" in lines
    assert 'Restyle cannot invent them: add pictures, or allow crop_to_shot = ["medium"].' in lines
    assert "more than wanted: shot close-up, limit 4: 1" in lines
    assert "A LoRA of a character wants at least 20 pictures." in lines


@pytest.fixture
def full_shots(shelf, studio):
    """Four full shots with masks, and one close-up."""
    poses = ("stand", "wave", "point", "jump")
    images = [studio.draw(pose, size=(320, 480), shirt=(60 * n, 90, 160)) for n, pose in enumerate(poses)]
    full = [
        shelf.sample(f"mira/{pose}", image, studio.outline(image), shot="full", angle="front", action=pose)
        for pose, image in zip(poses, images, strict=True)
    ]
    return SampleSet((*full, shelf.sample("mira/near", studio.draw(zoom=2.6, size=(160, 160)), shot="close-up")))


def test_crops_fill_the_holes_that_pictures_leave_and_no_more(full_shots, store):
    text = "crop_to_shot = 'close-up'\nminimum_side = 64\n[shots]\nclose-up = 3\nfull = 4"
    adjusted = adjust(full_shots, parse_preset(text), store)
    made = [d for d in adjusted.decisions if d.action == "cropped"]
    assert len(made) == 2
    assert [s.value("shot") for s in adjusted.sample_set.samples].count("close-up") == 3
    order = [s.id for s in adjusted.sample_set.samples]
    for crop in made:
        assert order.index(crop.sample_id) == order.index(crop.sample_id.removesuffix("@close-up")) + 1
        image = adjusted.sample_set.samples[order.index(crop.sample_id)].image
        assert image.size == Image.open(image.path).size
        assert image.size.short >= 64
        assert f"{crop.sample_id}: {image.width} x {image.height} pixels" in adjusted.report
    assert adjust(adjusted.sample_set, parse_preset(text), store).sample_set == adjusted.sample_set


def test_without_holes_nothing_is_cropped(full_shots, store):
    text = "crop_to_shot = 'close-up'\nminimum_side = 64\n[shots]\nclose-up = 1"
    assert not [d for d in adjust(full_shots, parse_preset(text), store).decisions if d.action == "cropped"]


def test_a_surplus_picture_says_that_its_crop_was_kept(full_shots, store):
    text = "crop_to_shot = 'close-up'\nminimum_side = 64\n[shots]\nclose-up = 5\nfull = 1"
    decisions = {d.sample_id: d for d in adjust(full_shots, parse_preset(text), store).decisions}
    dropped = [d for d in decisions.values() if d.action == "dropped"]
    assert len(dropped) == 3
    for decision in dropped:
        crop = f"{decision.sample_id}@close-up"
        kept = f"; its crop was kept ({crop})" if crop in decisions else ""
        assert decision.reason == f"more than wanted: shot full, limit 1{kept}"


def test_equal_heads_on_unlike_bodies_make_one_close_up(shelf, studio, store):
    """Two steps of a walk, told apart by the legs alone."""
    steps = [studio.draw((-0.3, 0.3, -step, step), size=(320, 480)) for step in (0.1, 0.5)]
    full = SampleSet(
        tuple(shelf.sample(f"mira/{n}", image, studio.outline(image), shot="full") for n, image in enumerate(steps))
    )
    adjusted = adjust(full, parse_preset("crop_to_shot='close-up'\nminimum_side = 64\n[shots]\nclose-up = 2"), store)
    assert [d.action for d in adjusted.decisions].count("cropped") == 1
    assert "No close-up from 1 full shot: the same as a picture that is there." in adjusted.report


def test_the_report_says_why_full_shots_were_not_cropped(full_shots, store):
    text = "crop_to_shot = 'close-up'\nminimum_side = 300\n[shots]\nclose-up = 3"
    report = adjust(full_shots, parse_preset(text, Preset(minimum_side=64)), store).report
    assert "No close-up from 4 full shots: smaller than 300 px after cropping (minimum_side)." in report
    report = adjust(full_shots, parse_preset(text.replace("300", "64"), Preset(crop_minimum_side=64)), store).report
    assert "px after cropping" not in report


@pytest.mark.parametrize("name", PRESETS)
def test_every_ready_preset_runs(name, cast_of_ten, shelf, store):
    def enlarged(sample):
        with Image.open(sample.image.path) as image:
            large = image.resize((792, 1188), Image.Resampling.NEAREST)
        return shelf.sample(sample.id, large, **{f.slot: f.value for f in sample.features})

    adjusted = adjust(cast_of_ten.mapped(enlarged), PRESETS[name], store)
    assert len(adjusted.decisions) == 10 and len(adjusted.sample_set) >= 4


def test_the_report_says_what_died_out_and_why(cast_of_ten, shelf, studio, store):
    """Five actions, and room for four; one more action has been there in small pictures alone."""
    small = (shelf.sample(f"mira/tiny-{n}", studio.draw(size=(40 + n, 60)), action="sleep") for n in range(2))
    adjusted = adjust(SampleSet((*cast_of_ten.samples, *small)), parse_preset("total = 4\nminimum_side = 60"), store)
    actions = {s.value("action") for s in adjusted.sample_set.samples}
    assert len(actions) == 4
    (gone,) = {s.value("action") for s in cast_of_ten.samples} - actions
    told = sorted([f"{gone} (2 were there; total = 4 left no room)", "sleep (2 were there; TOO SMALL)"])
    line = f"  No picture of: {', '.join(told)}.".replace("TOO SMALL", "too small for minimum_side = 60")
    assert line in adjusted.report.splitlines()


def test_when_nothing_died_out_the_report_is_silent(cast_of_ten, store):
    assert "No picture of" not in adjust(cast_of_ten, parse_preset("total = 5"), store).report


@pytest.fixture(scope="module")
def mira():
    return read_sample_set(Path(__file__).parents[2] / "assets" / "samples" / "mira", ReadOptions())


@pytest.mark.parametrize("text", ["", "total = 24", "total = 24\nshots = { close-up = 8 }"])
def test_of_the_sample_pictures_no_angle_and_no_action_dies_out(text, mira, store):
    preset = parse_preset(text, PRESETS["character LoRA, 25 pictures (40/30/30)"])
    adjusted = adjust(mira, preset, store)
    for slot in ("angle", "action"):
        assert {s.value(slot) for s in mira.samples} == {s.value(slot) for s in adjusted.sample_set.samples}
    sides = [s.image.size.short for s in adjusted.sample_set.samples if "@" in s.id]
    assert all(side >= 384 for side in sides)
    assert adjust(adjusted.sample_set, preset, store).sample_set == adjusted.sample_set


def test_when_nothing_is_left_the_error_says_what_stopped_the_pictures(cast_of_ten, store):
    with pytest.raises(EmptySet) as caught:
        adjust(cast_of_ten, parse_preset("minimum_side = 768"), store)
    told = str(caught.value)
    assert told.startswith("Adjust would leave none of 10 pictures: 10 too small for minimum_side = 768 (such as mira/")
    assert ": too small: 72 px on the shorter side, limit 768). Loosen that setting among the wishes" in told


def test_when_no_picture_can_be_read_the_error_says_so(cast_of_ten, store, tmp_path):
    def damaged(sample):
        return replace(sample, image=replace(sample.image, path=str(tmp_path / "gone.png"), digest="f" * 64))

    told = "10 that cannot be read .*the file cannot be opened.* Save the files again as PNG"
    with pytest.raises(EmptySet, match=told):
        adjust(cast_of_ten.mapped(damaged), parse_preset(""), store)


def test_the_report_says_which_limits_made_the_holes(cast_of_ten, shelf, studio, store):
    small = shelf.sample("mira/tiny", studio.draw(size=(40, 60)), shot="medium")
    text = "minimum_side = 60\ncrop_to_shot = 'medium'\n[shots]\nmedium = 1"
    report = adjust(SampleSet((*cast_of_ten.samples, small)), parse_preset(text), store).report
    assert "  What the limits took away: 1 too small for minimum_side = 60." in report.splitlines()
    assert "or allow crop_to_shot" not in report


@pytest.mark.parametrize("name", [n for n in PRESETS if n != "duplicates only"])
@pytest.mark.parametrize(
    "colour, reason",
    [
        ("white", "burnt out: 100% of the picture is white, limit 99.5%"),
        ("black", "too dark: 100% of the picture is black, limit 98%"),
    ],
)
def test_the_ready_presets_drop_what_is_white_or_black_all_over(name, colour, reason, shelf, studio, store):
    samples = (
        shelf.sample("mira/good", studio.draw(size=(800, 1200), ground=(255, 255, 255))),
        shelf.sample("mira/bad", Image.new("RGB", (800, 1200), colour)),
    )
    decisions = adjust(SampleSet(samples), PRESETS[name], store).decisions
    assert [d.action for d in decisions] == ["kept", "dropped"]
    assert decisions[1].reason == reason


def good_ones(studio):
    """Pictures that are nearly all white or dark and that nobody would call badly exposed."""
    white = (255, 255, 255)
    figure = studio.draw(size=(300, 450), ground=white)
    sheet = Image.new("RGB", (600, 900), white)
    sheet.paste(figure.resize((200, 300)), (200, 300))
    lines = ImageOps.invert(sheet.convert("L").filter(ImageFilter.FIND_EDGES)).point(lambda v: 255 * (v > 200))
    return {
        "on white paper": figure,
        "small on white paper": sheet,
        "small, in thin lines": lines.convert("RGB"),
        "by night": studio.draw(size=(300, 450), ground=(12, 12, 20)).point(lambda v: v // 12),
    }


def test_the_ready_presets_let_white_paper_line_art_and_night_scenes_pass(shelf, studio, store):
    good = good_ones(studio)
    preset = replace(PRESETS["everything usable"], sharpness_minimum=None)
    shares = [np.mean((grey >= 251) | (grey <= 4)) for grey in (np.asarray(i.convert("L")) for i in good.values())]
    assert max(shares) > 0.97 and min(shares) > 0.5  # by half a limit, they would all go
    samples = tuple(shelf.sample(f"mira/{name}", image) for name, image in good.items())
    assert [d.action for d in adjust(SampleSet(samples), preset, store).decisions] == ["kept"] * len(samples)


def test_exposure_is_the_subjects_where_a_mask_tells_it(shelf, studio, store):
    """A burnt-out subject in a scene that is well lit: only with the mask is it seen."""
    scene = studio.draw(size=(300, 450), ground=(90, 120, 90))
    outline = studio.outline(scene, ground=(90, 120, 90))
    scene.paste((255, 255, 255), mask=outline)
    samples = shelf.sample("mira/a", scene, outline.filter(ImageFilter.MinFilter(9))), shelf.sample("mira/b", scene)
    preset = replace(PRESETS["everything usable"], sharpness_minimum=None, near_duplicate_distance=None)
    reasons = [d.reason for d in adjust(SampleSet(samples), preset, store).decisions]
    assert reasons == ["burnt out: 100% of the subject is white, limit 99.5%", "nothing speaks against it"]


def test_an_empty_set_and_wishes_that_cannot_be_counted_are_told_before_any_work(cast_of_ten, store):
    with pytest.raises(EmptySet, match="Adjust was given a sample set with no picture left"):
        adjust(SampleSet(), parse_preset(""), store)
    with pytest.raises(TroupeError, match="shares of an unknown total"):
        adjust(cast_of_ten, parse_preset("shots = { full = '50%' }"), store)
    assert not store.root.exists()


def test_a_character_by_itself_is_adjusted_as_within_the_set(cast_of_ten, full_shots, store):
    """So a large set may be shared out by characters, each to another machine."""
    rob = tuple(replace(s, id=s.id.replace("mira", "rob"), character="rob") for s in full_shots.samples)
    mixed = SampleSet(tuple(s for pair in zip_longest(cast_of_ten.samples, rob) for s in pair if s))
    wish = parse_preset("total = 4\ncrop_to_shot = 'close-up'\ncrop_minimum_side = 8\n[shots]\nclose-up = 2")
    whole = adjust(mixed, wish, store)
    for character in ("mira", "rob"):
        alone = adjust(SampleSet(mixed.of(character)), wish, store, part=True)
        own = [d for d in whole.decisions if d.sample_id.startswith(character)]
        assert list(alone.decisions) == own and {d.action for d in own} >= {"kept", "dropped"}
        assert alone.sample_set.samples == whole.sample_set.of(character)
        assert alone.sample_set.rejected == tuple(
            r for r in whole.sample_set.rejected if r.sample.character == character
        )
