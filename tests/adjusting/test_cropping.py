"""Crops to nearer shots: inside the picture, round the head, never enlarged."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from troupe.models.adjusting.cropping import CROPS, Plan, plan_crop
from troupe.models.adjusting.cutting import cut
from troupe.models.adjusting.figure import Figure
from troupe.models.adjusting.wishes import Limit, Preset
from troupe.models.geometry import Box
from troupe.models.picturefiles import decode, file_digest
from troupe.models.samples.sample import Description, Feature, ImageFile, Labels, MaskFile, Sample

UPRIGHT = Figure(left=0.3, top=0.1, right=0.7, bottom=0.9, head_x=0.5, head_top=0.1, head_height=0.14)


SMALL = Limit("minimum_side", 64)


def full_shot(width=1000, height=1500, **facts):
    features = tuple(Feature(slot, value, "path") for slot, value in {"shot": "full", **facts}.items())
    return Sample("mira/a", "mira", ImageFile("a.png", "0" * 64, width, height), features=features)


@st.composite
def figures(draw):
    """Upright figures anywhere in the picture, as wide as tall at most, heads from an eighth of them to a half."""
    tall = draw(st.floats(0.3, 0.95))
    top = draw(st.floats(0.01, 0.99 - tall))
    wide = draw(st.floats(0.1, tall / 2))
    left = draw(st.floats(0, 1 - wide))
    head_x = draw(st.floats(left, left + wide))
    return Figure(left, top, left + wide, top + tall, head_x, top, draw(st.floats(0.125, 0.5)) * tall)


@settings(max_examples=200, deadline=None)
@given(figures(), st.integers(600, 3000), st.integers(600, 3000), st.sampled_from(sorted(CROPS)), st.integers(64, 300))
def test_a_crop_lies_inside_the_picture_is_large_enough_and_of_a_usual_shape(figure, width, height, shot, side):
    plan = plan_crop(full_shot(width, height), figure, shot, Limit("minimum_side", side))
    assume(isinstance(plan, Plan))
    box = plan.box
    assert 0 <= box.left < box.right <= width and 0 <= box.top < box.bottom <= height
    assert box.size.short >= side
    assert min(abs(box.size.width - box.size.height * aspect) for aspect in CROPS[shot].aspects) <= 0.5
    assert box.size.height <= height and box.size.width <= width


@settings(max_examples=100, deadline=None)
@given(figures(), st.sampled_from(sorted(CROPS)))
def test_a_crop_has_the_whole_head_from_top_to_chin(figure, shot):
    plan = plan_crop(full_shot(2000, 3000), figure, shot, SMALL)
    assume(isinstance(plan, Plan))
    assert plan.box.top <= figure.head_top * 3000 + 1
    assert plan.box.bottom >= (figure.head_top + figure.head_height) * 3000 - 1
    assert plan.box.left <= figure.head_x * 2000 + 1 and figure.head_x * 2000 - 1 <= plan.box.right


def test_a_close_up_is_nearer_than_a_medium_shot():
    close, medium = (plan_crop(full_shot(), UPRIGHT, shot, SMALL).box for shot in ("close-up", "medium"))
    assert close.size.height < medium.size.height
    assert close.size.width == close.size.height
    assert medium.size.width == round(medium.size.height * 3 / 4)


@pytest.mark.parametrize(
    "sample, figure, reason",
    [
        (full_shot(shot="medium"), UPRIGHT, "not a full shot"),
        (full_shot(), None, "no mask"),
        (full_shot(angle="above"), UPRIGHT, "not upright"),
        (full_shot(action="lie"), UPRIGHT, "not upright"),
        (full_shot(), UPRIGHT._replace(left=0.0, right=1.0, top=0.5), "not upright"),
        (full_shot(), UPRIGHT._replace(top=0.0), "cut off at the top"),
        (full_shot(width=300), UPRIGHT._replace(left=0.4, right=0.6), "too near the edge"),
    ],
)
def test_why_a_picture_is_not_cropped(sample, figure, reason):
    assert plan_crop(sample, figure, "medium", SMALL) == reason


@pytest.mark.parametrize(
    "preset, limit",
    [
        (Preset(), "384 px after cropping (crop_minimum_side)"),
        (Preset(minimum_side=256), "384 px after cropping (crop_minimum_side)"),
        (Preset(minimum_side=768), "768 px after cropping (minimum_side)"),
        (Preset(minimum_side=768, crop_minimum_side=1000), "1000 px after cropping (crop_minimum_side)"),
        (Preset(minimum_side=400, crop_minimum_side=64), "400 px after cropping (minimum_side)"),
    ],
)
def test_a_crop_needs_the_larger_of_the_two_sides(preset, limit):
    assert plan_crop(full_shot(), UPRIGHT, "close-up", preset.crop_limit) == f"smaller than {limit}"


@pytest.fixture
def drawn(shelf, studio):
    image = studio.draw(size=(200, 300))
    return shelf.sample("mira/a", image, studio.outline(image), shot="full", action="wave", angle="front")


def test_the_crops_pixels_and_mask_are_the_pictures_own(drawn, store):
    box = Box(60, 20, 140, 100)
    crop = cut(Plan(drawn, "close-up", box), store)
    for made, source in ((crop.image, drawn.image), (crop.mask, drawn.mask)):
        expected = np.asarray(Image.open(source.path).crop(box))
        assert np.array_equal(np.asarray(Image.open(made.path)), expected)
        assert made.digest == file_digest(made.path)
    assert crop.image.size == box.size
    assert crop.mask.channel == "grey" and Image.open(crop.image.path).mode == "RGB"
    assert crop.id == "mira/a@close-up"


@pytest.fixture(params=["alpha", "grey"])
def cut_out(request, shelf, studio):
    """On nothing, with soft edges, shown on a green background; the mask is its alpha, or a file of its own."""
    image = studio.draw(size=(200, 300))
    alpha = studio.outline(image).filter(ImageFilter.GaussianBlur(3))
    image.putalpha(alpha)
    sample = shelf.sample("mira/a", image, alpha, shot="full")
    sample = replace(sample, image=replace(sample.image, background="#30a040"))
    own = MaskFile(sample.image.path, sample.image.digest, "alpha")
    return replace(sample, mask=own) if request.param == "alpha" else sample


def test_the_crop_of_a_transparent_picture_is_transparent_and_looks_the_same_on_its_background(cut_out, store):
    box = Box(60, 20, 140, 100)
    crop = cut(Plan(cut_out, "close-up", box), store)
    assert crop.mask.channel == cut_out.mask.channel
    assert (crop.mask.path == crop.image.path) == (cut_out.mask.path == cut_out.image.path)
    assert crop.image.background == "#30a040"
    made, source = (decode(sample.image.path, "#30a040") for sample in (crop, cut_out))
    assert np.array_equal(np.asarray(made.alpha), np.asarray(source.alpha.crop(box)))
    assert 0 < np.asarray(made.alpha).mean() < 255
    apart = np.asarray(made.image, int) - np.asarray(source.image.crop(box), int)
    assert np.abs(apart).max() <= 1  # rounding


def test_soft_edges_do_not_take_the_background_with_them(cut_out, store):
    """Laid over another background, the crop is the picture laid over that background."""
    box = Box(60, 20, 140, 100)
    crop = cut(Plan(cut_out, "close-up", box), store)
    made, source = (np.asarray(decode(sample.image.path, "#ffffff").image, int) for sample in (crop, cut_out))
    assert np.abs(made - source[box.top : box.bottom, box.left : box.right]).max() <= 2


def test_a_crop_says_its_shot_and_nothing_that_it_does_not_show(drawn, store):
    worn = Feature("clothes.shoes", "boots", "captioner"), Feature("accessory", "scarf", "person")
    small = Feature("subject.size", "small", "measured")
    keywords = ("1girl", "full body", "boots", "waving", "scarf")
    told = replace(
        drawn,
        features=(*drawn.features, *worn, small),
        description=Description("A full-body shot of a girl, waving.", keywords),
        labels=Labels("mirax", ("scarf", "boots"), ("full body", "waving"), "mirax, full body, waving"),
        source=full_shot(),
    )
    crop = cut(Plan(told, "close-up", Box(60, 20, 140, 100)), store)
    assert crop.feature("shot") == Feature("shot", "close-up", "measured", 0.7)
    assert {f.slot for f in crop.features} == {"shot", "angle", "accessory"}
    assert crop.description.sentence == "A close-up of a girl, waving."
    assert crop.description.keywords == ("1girl", "close-up", "scarf")
    assert crop.labels == Labels("mirax", ("scarf",), ("close-up",), "mirax, close-up")
    assert crop.source == told.source
    assert crop.history[-1].stage == "crop"


def test_a_crop_is_cut_once(drawn, store, monkeypatch):
    plan = Plan(drawn, "close-up", Box(60, 20, 140, 100))
    first = cut(plan, store)
    monkeypatch.setattr("troupe.models.adjusting.cutting.decode", None)
    assert cut(plan, store) == first
