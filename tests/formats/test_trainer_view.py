"""The preview tells what the trainer will see, not what was meant."""

import pytest

from troupe.models.formats.plan import plan_dataset, trainer_rows, trainer_view
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.trainerrows import steps_per_epoch
from troupe.models.geometry import Box
from troupe.models.samples.sample import ImageFile, Labels, MaskFile, Sample, SampleSet


def sample(n, size=(1024, 1024), caption="mirax, waving, outdoors", masked=False):
    mask = MaskFile(f"/nowhere/{n}.png", "", "alpha") if masked else None
    image = ImageFile(f"/nowhere/{n}.png", f"{n:064d}", *size)
    return Sample(f"mira/{n}", "mira", image, mask=mask, labels=Labels("mirax", caption=caption))


def rows(*samples, **settings):
    return trainer_rows(plan_dataset(SampleSet(samples), WriteSettings("mira", **settings)))


def test_a_row_shows_bucket_and_crop_in_the_pixels_of_the_picture():
    (row,) = rows(sample(1, (2000, 3000)), resolution=1024, repeats=3)
    assert (row.pixels, row.bucket) == ((683, 1024), (640, 1024))
    assert row.crop == Box(61, 0, 1936, 3000)  # 21 and 22 of 683 columns are lost
    assert row.cut_away == pytest.approx(43 / 683)
    assert (row.kept, row.caption, row.repeats) == ("mirax", "waving, outdoors", 3)


def test_what_is_cut_when_written_counts_like_what_the_trainer_cuts():
    (row,) = rows(sample(1, (2000, 3000)), resize="bucket")
    assert row.pixels == row.bucket == (832, 1216)
    assert row.cut_away == pytest.approx(32 / 1248) and row.crop == Box(0, 38, 2000, 2962)


@pytest.mark.parametrize("keep, kept", [(0, ""), (2, "mirax, waving"), (9, "mirax, waving, outdoors")])
def test_the_parts_that_are_kept_in_front(keep, kept):
    (row,) = rows(sample(1), keep_tokens=keep)
    assert row.kept == kept


@pytest.mark.parametrize(
    "samples, settings, warning",
    [
        ([sample(1, (400, 400))], {}, "small"),
        ([sample(1, (900, 900))], {"upscale": True}, "enlarged when written"),
        ([sample(1, (900, 900))], {"upscale": True, "resize": "none"}, "enlarged by the trainer"),
        ([sample(1, (900, 900))], {"format": "huggingface"}, "enlarged by the trainer"),
        ([sample(1, (700, 700))], {}, "more than a tenth is cut away"),
        ([sample(1, caption="waving")], {}, "the trigger word is missing"),
        ([sample(1, caption="")], {"class_word": "girl"}, "no caption"),
        ([sample(1, masked=True), sample(2)], {}, "no mask among masked pictures"),
        ([sample(1, (1000, 1000), masked=True)], {}, "squeezes its mask"),
    ],
)
def test_warnings(samples, settings, warning):
    assert any(warning in text for row in rows(*samples, **settings) for text in row.warnings)


def test_a_good_picture_has_no_warning():
    good = [sample(1, (2048, 1536), masked=True), sample(2, (1024, 1024), masked=True)]
    assert [row.warnings for row in rows(*good, resize="bucket")] == [(), ()]


def test_every_bucket_fills_its_own_batches():
    seen = rows(*(sample(n) for n in range(3)), sample(9, (1024, 768)), repeats=3)
    assert steps_per_epoch(seen, 1) == 12
    assert steps_per_epoch(seen, 4) == 3 + 1  # 9 squares and 3 wide ones


def test_diffusers_shows_every_picture_once_and_cuts_squares():
    (row,) = rows(sample(1, (1500, 1000)), format="huggingface", repeats=9, resize="shortest side")
    assert (row.repeats, row.bucket, row.cut_away) == (1, (1024, 1024), pytest.approx(1 / 3, abs=1e-3))
    assert row.crop == pytest.approx((250, 0, 1250, 1000), abs=2)


def test_the_table():
    plan = plan_dataset(
        SampleSet((sample(1, (2000, 3000)), sample(2, caption="a cat"), sample(3, (30, 30)))), WriteSettings("mira")
    )
    view = trainer_view(plan)
    assert view.splitlines()[:7] == [
        "mira: 2 pictures as kohya (sd-scripts)",
        "  mirax: 2 pictures x 75 repeats",
        "  150 steps an epoch at batch 1, 1500 in 10 epochs (wanted: 1500)",
        "  trained at: 640x1024 (1), 1024x1024 (1)",
        "  left out: 1",
        "    mira/3: at 30x30 pixels it is too small or too narrow: trainers need 64 on each side",
        "",
    ]
    table = view.splitlines()[7:10]
    assert [line.split()[0] for line in table] == ["file", "75_mirax/0001_mira-1.png", "75_mirax/0002_mira-2.png"]
    assert "640x1024  61,0 - 1936,3000   6%   75    5     mirax | waving, outdoors" in table[1]
    assert "! the trigger word is missing: 0002" in view
    assert "--dataset_config dataset.toml" in view


def test_a_long_table_is_cut_and_says_so():
    plan = plan_dataset(SampleSet(tuple(sample(n) for n in range(230))), WriteSettings("mira"))
    assert "... and 30 more pictures" in trainer_view(plan)
    assert len(trainer_rows(plan)) == 230
