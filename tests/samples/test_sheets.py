"""Contact sheets: a page on which nothing overlaps, whatever the pictures and names are."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from troupe.models.geometry import Size
from troupe.models.picturefiles import parse_colour
from troupe.models.samples import lettering
from troupe.models.samples.drawing import CHECKS
from troupe.models.samples.lettering import elided, readable, width_of, wrapped
from troupe.models.samples.pages import Card, Group, Page, plan, share_out
from troupe.models.samples.reading import ReadOptions, read_sample_set
from troupe.models.samples.sample import Feature, ImageFile, Rejection, Sample, StylePair, SubStyle
from troupe.models.samples.sheets import contact_sheet, known, pair_sheet, rejected_sheet, short_id, styles
from troupe.models.samples.tiles import empty_tile, tile

LONG = "a_very_long_name_of_a_file_" * 20


def page(counts, columns=6, tile_size=(100, 100), lines=1):
    groups = tuple(Group(f"group {n}", "", (Card("label"),) * count) for n, count in enumerate(counts))
    return Page("title", "subtitle", groups, columns, Size(*tile_size), lines)


def disjoint(one, other):
    return one.right <= other.left or other.right <= one.left or one.bottom <= other.top or other.bottom <= one.top


@pytest.fixture
def samples(album):
    return read_sample_set(album(*(f"mira/front_run_{i}.png" for i in range(5)), "bolt/a.png"), ReadOptions()).samples


# The page


@pytest.mark.parametrize("counts", [(1,), (7,), (3, 9), (1, 1, 1), (0, 4), ()])
@pytest.mark.parametrize("columns", [1, 2, 6])
def test_nothing_overlaps_and_all_lies_on_the_page(counts, columns):
    places = plan(page(counts, columns, (208, 100), 3))
    boxes = [*places.heads, *places.tiles, *places.labels]
    assert len(places.tiles) == len(places.labels) == sum(counts)
    assert all(disjoint(*pair) for pair in itertools.combinations(boxes, 2))
    assert all(box.clipped(places.size) == box for box in boxes)


def test_a_small_set_makes_a_narrow_page():
    assert plan(page((2,), columns=6)).size.width < plan(page((6,), columns=6)).size.width


@pytest.mark.parametrize(
    ("counts", "maximum", "wanted"),
    [
        ([5, 5], 100, [5, 5]),
        ([100, 2], 10, [8, 2]),
        ([100, 100, 100], 10, [4, 3, 3]),
        ([5, 5, 5], 2, [1, 1, 0]),
        ([5], 0, [0]),
        ([], 9, []),
    ],
)
def test_the_largest_groups_give_way_first(counts, maximum, wanted):
    assert share_out(counts, maximum) == wanted


# Letters


def test_elided_text_fits_and_keeps_what_it_can():
    for middle, width in itertools.product((False, True), (10, 40, 90, 200)):
        short = elided(LONG, 13, width, middle)
        assert width_of(short, 13) <= width and short.startswith("a"[: width > 20])
    assert elided("mira_front_01", 13, 500) == "mira_front_01"
    assert elided("mira_front_run_full_body_01", 13, 90, middle=True).endswith("01")


def test_wrapped_lines_fit_and_lose_nothing_while_there_is_room():
    text = "damaged or incomplete file (image file is truncated)"
    lines = wrapped(text, 12, 120, 9)
    assert " ".join(lines) == text and all(width_of(line, 12) <= 120 for line in lines)
    short = wrapped(text + " " + LONG, 12, 120, 2)
    assert len(short) == 2 and short[1].endswith("…") and all(width_of(line, 12) <= 120 for line in short)
    assert "".join(wrapped(LONG[:60], 12, 50, 99)) == LONG[:60]


def test_signs_without_a_font_become_words_and_no_boxes(monkeypatch):
    monkeypatch.setattr(lettering, "SYSTEM_FONTS", ())
    assert readable("mira/正面_01") == "mira/front_01"
    assert readable("米拉_跑步") == "run"
    assert readable("米拉", "character 1") == "character 1"
    assert readable("Amélie") == "Amelie"
    assert readable("plain text") == "plain text"


# Tiles


def test_a_tile_shows_the_whole_picture_in_the_middle(tmp_path):
    Image.new("RGB", (400, 100), "red").save(tmp_path / "a.png")
    pixels = np.asarray(tile(str(tmp_path / "a.png"), 64))
    reddish = (pixels == (255, 0, 0)).all(-1)
    assert reddish.sum() == 64 * 16 and reddish[24:40].all()


def test_transparent_parts_show_the_checkerboard(tmp_path):
    Image.new("RGBA", (64, 64), (255, 0, 0, 0)).save(tmp_path / "a.png")
    found = {colour for _, colour in tile(str(tmp_path / "a.png"), 64, "#00ff00").getcolors()}
    assert found == set(map(parse_colour, CHECKS))


def test_half_transparent_parts_are_laid_over_the_checkerboard_exactly(tmp_path):
    Image.new("RGBA", (64, 64), (200, 0, 0, 128)).save(tmp_path / "a.png")
    one, other = (tile(str(tmp_path / "a.png"), 64, colour) for colour in ("#000000", "#ffffff"))
    assert np.abs(np.asarray(one, int) - np.asarray(other, int)).max() <= 1


def test_what_is_no_picture_has_no_tile(tmp_path):
    (tmp_path / "a.png").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n")
    assert tile(str(tmp_path / "a.png"), 64) is None and tile(str(tmp_path / "nowhere.png"), 64) is None


# Sheets


def test_a_contact_sheet_shows_every_picture(samples):
    sheet = contact_sheet(samples, cell=64)
    colours = {colour for _, colour in sheet.getcolors(1 << 24)}
    assert {(n, 90, 160) for n in range(6)} <= colours


def test_a_contact_sheet_is_the_same_whatever_the_number_of_threads(samples, monkeypatch):
    wanted = contact_sheet(samples, cell=64).tobytes()
    monkeypatch.setattr("troupe.models.samples.sheets.ordered_map", map)
    assert contact_sheet(samples, cell=64).tobytes() == wanted


def test_no_more_than_the_maximum_is_drawn_and_the_rest_is_told(samples):
    few = contact_sheet(samples, cell=64, maximum=2)
    shown = {colour[0] for _, colour in few.getcolors(1 << 24) if colour[1:] == (90, 160)}
    assert len(shown) == 2 and few.height < contact_sheet(samples, cell=64, columns=2).height


def test_labels_do_not_repeat_the_heading():
    names = {"mira/mira_front_01": "front_01", "mira/a": "a", "mira": "mira", "other/mira": "other/mira"}
    plain = Sample("", "mira", ImageFile("", "", 1, 1))
    assert {id: short_id(replace(plain, id=id)) for id in names} == names


def test_labels_take_the_place_of_what_is_known(samples):
    assert known(samples[1]) == "front, run" and known(samples[0]) == "nothing known"
    assert contact_sheet(samples, labels=["x"] * 6).tobytes() != contact_sheet(samples).tobytes()
    with pytest.raises(ValueError):
        contact_sheet(samples, labels=["one"])


def test_pairs_show_the_source_on_the_left(samples):
    first, second = samples[1], samples[2]
    sheet = np.asarray(pair_sheet([replace(second, source=first)], cell=64))
    at = {n: np.argwhere((sheet == (n, 90, 160)).all(-1))[:, 1].mean() for n in (0, 1)}
    assert at[0] < at[1]


def test_the_names_of_styles():
    ink, warm = (SubStyle(n, n.title(), "", "", "") for n in ("ink", "warm"))
    plain = Sample("a", "mira", ImageFile("", "", 1, 1))
    found = [styles(replace(plain, style=s)) for s in (None, StylePair(ink), StylePair(ink, warm))]
    assert found == ["no style", "Ink", "Ink + Warm"]


@pytest.mark.parametrize("sheet", [contact_sheet, pair_sheet, rejected_sheet])
def test_an_empty_sheet_is_a_page_with_a_title(sheet):
    assert sheet(()).size[0] >= 400


def test_sheets_survive_pictures_that_cannot_be_read_and_names_that_cannot_be_drawn(tmp_path):
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"nonsense")
    paths = [str(bad), str(tmp_path / "nowhere.png"), str(tmp_path), ""]
    names = [LONG, "米拉\n跑步", "", "🙂" * 50]
    samples = [
        Sample(n, n, ImageFile(p, "", 9, 9), features=(Feature("angle", LONG, "path"),))
        for n, p in itertools.product(names, paths)
    ]
    assert contact_sheet(samples).height > 192
    assert pair_sheet([replace(s, source=s) for s in samples]).height > 192
    rejected = [Rejection(s.id, "load", LONG, s.image.path, s if n % 2 else None) for n, s in enumerate(samples)]
    assert rejected_sheet(rejected).height > 192


def test_a_dropped_picture_is_shown_pale(samples):
    plain = contact_sheet(samples[:1], cell=64)
    pale = rejected_sheet([Rejection("a", "adjust", "too dark", sample=samples[0])], cell=64)
    strongest = [max(max(c) - min(c) for _, c in image.getcolors(1 << 24)) for image in (plain, pale)]
    assert strongest[1] < strongest[0] / 3
    assert empty_tile(64).size == (64, 64)
