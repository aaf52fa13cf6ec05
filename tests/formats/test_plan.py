"""A plan says everything before a file is touched: names, sizes, captions, repeats, and what is left out."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troupe.models.errors import EmptySet, TroupeError
from troupe.models.formats import FORMATS
from troupe.models.formats.plan import plan_dataset
from troupe.models.formats.repeats import repeats_for
from troupe.models.formats.settings import WriteSettings
from troupe.models.samples.sample import ImageFile, Labels, Rejection, Sample, SampleSet


def sample(n, size=(512, 512), character="mira", caption="mirax, waving", **rest):
    image = ImageFile(f"/nowhere/{n}.png", f"{n:064d}", *size)
    return Sample(f"{character}/{n}", character, image, labels=Labels("mirax", caption=caption), **rest)


def test_a_plan_needs_no_file_and_is_the_same_every_time():
    samples = SampleSet(tuple(sample(n) for n in range(3)))
    assert not Path("/nowhere").exists()
    assert plan_dataset(samples, WriteSettings("mira")) == plan_dataset(samples, WriteSettings("mira"))


def test_numbers_run_through_the_whole_set_and_folders_hold_one_character_each():
    samples = SampleSet((sample(1), sample(2, character="rob"), sample(3)))
    plan = plan_dataset(samples, WriteSettings("both", class_word="girl", repeats=4))
    assert [p.files.picture for p in plan.pictures] == [
        "train/4_mirax girl/0001_mira-1.png",
        "train/4_mirax girl/0002_mira-3.png",
        "train/4_mirax girl-2/0003_rob-2.png",
    ]


@pytest.mark.parametrize("format", [f.id for f in FORMATS])
def test_every_file_has_a_place_of_its_own(format):
    samples = SampleSet(tuple(sample(n, character=c) for c in ("mira", "Mira", "rob") for n in range(3)))
    plan = plan_dataset(samples, WriteSettings("x", format=format))
    files = [path.casefold() for p in plan.pictures for path in p.files if path]
    assert len(set(files)) == len(files)


@pytest.mark.parametrize(
    "pictures, subsets, steps, batch, epochs, repeats",
    [(25, 1, 1500, 1, 10, 6), (20, 1, 2000, 4, 10, 40), (30, 2, 1500, 1, 10, 2), (5000, 1, 1500, 1, 10, 1)],
)
def test_repeats(pictures, subsets, steps, batch, epochs, repeats):
    assert repeats_for(pictures, subsets, steps, batch, epochs) == repeats


@given(st.integers(1, 400), st.integers(1, 4), st.integers(100, 20000), st.integers(1, 8), st.integers(1, 40))
def test_repeats_miss_the_wanted_steps_by_half_a_round_at_most(pictures, subsets, steps, batch, epochs):
    repeats = repeats_for(pictures, subsets, steps, batch, epochs)
    one_round = pictures * subsets * epochs / batch
    assert repeats >= 1
    assert abs(repeats * one_round - steps) <= one_round / 2 + 1e-6 or repeats == 1


def test_steps_are_shared_equally_between_characters():
    many, few = [sample(n) for n in range(30)], [sample(n, character="rob") for n in range(10)]
    subsets = plan_dataset(SampleSet((*many, *few)), WriteSettings("x", target_steps=1200)).subsets
    assert [s.repeats for s in subsets] == [2, 6]


def test_asked_for_repeats_are_taken():
    plan = plan_dataset(SampleSet((sample(1),)), WriteSettings("x", repeats=7))
    assert plan.subsets[0].repeats == 7


def test_originals_go_into_a_folder_of_their_own_and_each_only_once():
    original = sample(9, caption="mirax, standing")
    samples = SampleSet((sample(1, source=original), sample(2, source=original), sample(3)))
    plan = plan_dataset(samples, WriteSettings("x", include_originals=True, repeats=2))
    assert [p.files.picture for p in plan.pictures][3:] == ["train/2_mirax original/0004_mira-9.png"]
    assert plan.pictures[3].caption.text == "mirax, standing"
    assert not any("original" in p.files.picture for p in plan_dataset(samples, WriteSettings("x")).pictures)


@pytest.mark.parametrize(
    "bad, reason",
    [
        (sample(2, size=(40, 500)), "too small"),
        (sample(2, size=(5000, 70)), "too narrow"),
        (replace(sample(2), labels=None, character="rob"), "no caption"),
    ],
)
def test_what_cannot_be_trained_on_is_left_out_with_the_reason(bad, reason):
    earlier = Rejection("mira/0", "read", "damaged")
    plan = plan_dataset(SampleSet((sample(1), bad), (earlier,)), WriteSettings("x"))
    assert [p.sample.id for p in plan.pictures] == ["mira/1"]
    assert len(plan.rejected) == 1 and reason in plan.rejected[0].reason
    assert plan.earlier == (earlier,)


def test_nothing_left_is_an_error_that_says_why():
    with pytest.raises(EmptySet, match="too small"):
        plan_dataset(SampleSet((sample(1, size=(20, 20)),)), WriteSettings("x"))
    with pytest.raises(EmptySet):
        plan_dataset(SampleSet(), WriteSettings("x"))


@pytest.mark.parametrize(
    "wrong", [{"format": "zip"}, {"resize": "stretch"}, {"picture_format": "bmp"}, {"mode": "merge"}, {"name": "a/b"},
              {"resolution": 0}, {"resolution": 9000}, {"epochs": 0}, {"batch_size": 0}, {"repeats": -1},
              {"mask_dilate": -1}]
)  # fmt: skip
def test_a_wrong_setting_is_named(wrong):
    with pytest.raises(TroupeError, match=str(*wrong.values())):
        plan_dataset(SampleSet((sample(1),)), WriteSettings(**{"name": "x", **wrong}))
