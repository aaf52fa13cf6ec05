"""What a node shows of a set: small enough to read there, and what was dropped is below."""

from dataclasses import replace

import pytest
from PIL import Image

from troupe.models.samples.glance import dropped_between, glance, glance_at_pairs, stacked
from troupe.models.samples.reading import ReadOptions, read_sample_set
from troupe.models.samples.sample import Rejection, SampleSet
from troupe.models.samples.tablepicture import MARGIN, WIDTH, Row, Section, table_picture

NODE = 350  # pixels, about as wide as people leave a node


@pytest.fixture
def samples(album):
    return read_sample_set(album(*(f"mira/front_run_{i:02d}.png" for i in range(30)), "bolt/a.png"), ReadOptions())


def dropped(samples, count=3):
    return tuple(Rejection(s.id, "adjust", "blurred", s.image.path, s) for s in samples.samples[:count])


@pytest.mark.parametrize("look", [glance, glance_at_pairs])
@pytest.mark.parametrize("lost", [0, 3, 40])
def test_letters_are_at_least_half_as_large_on_a_node(look, lost, samples):
    assert look(samples.samples, dropped(samples, lost)).width * 0.45 <= NODE


def test_a_large_set_takes_no_more_room_than_a_dozen_pictures(samples):
    assert abs(glance(samples.samples).height - glance(samples.samples[:13]).height) < 200


def test_what_was_dropped_is_below_what_was_kept(samples):
    kept, both = glance(samples.samples), glance(samples.samples, dropped(samples))
    assert both.height > kept.height + 100
    assert both.crop((0, 0, kept.width, kept.height)).tobytes() == kept.tobytes()


def test_an_empty_set_has_a_sheet_too(samples):
    assert glance(()).size == glance_at_pairs(()).size
    assert glance((), dropped(samples)).height > 200


def test_only_what_this_stage_dropped_is_shown(samples):
    old, new = dropped(samples, 1), dropped(samples, 2)[1:]
    before = replace(samples, rejected=old)
    assert dropped_between(before, before.without(new)) == new
    assert dropped_between(before, before) == ()
    assert dropped_between(SampleSet(), before) == old


def test_pages_lie_one_below_the_other():
    red, blue = Image.new("RGB", (4, 3), "red"), Image.new("RGB", (6, 2), "blue")
    whole = stacked([red, blue])
    assert whole.size == (6, 5)
    assert whole.getpixel((0, 2)) == (255, 0, 0) and whole.getpixel((5, 3)) == (0, 0, 255)


# Tables


def table(*rows, heading="a heading"):
    return table_picture("Title", "subtitle", [Section(heading, rows)])


def test_every_row_makes_the_table_longer_and_a_long_text_by_a_line():
    one, two = table(Row("a", "b")), table(Row("a", "b"), Row("a", "b"))
    long, longer = table(Row("a", "word " * 20)), table(Row("a", "word " * 2000))
    assert one.width == two.width == long.width == WIDTH and WIDTH * 0.5 <= NODE
    assert one.height < long.height < two.height
    assert longer.height == long.height  # two lines at most


@pytest.mark.parametrize("text", ["", "x" * 500, "word " * 100, "米拉", "\U0001f469"])
def test_nothing_leaves_the_page(text):
    picture = table(Row(text, text, text), heading=text)
    paper = picture.getpixel((1, 1))
    edge = MARGIN - 2  # a letter may have a soft edge
    left, right = picture.crop((0, 0, edge, picture.height)), picture.crop((WIDTH - edge, 0, WIDTH, picture.height))
    assert left.getcolors() == [(left.width * left.height, paper)]
    assert right.getcolors() == [(right.width * right.height, paper)]


def test_a_section_without_rows_is_left_out():
    assert table().height < table(Row("a", "b")).height - 40
