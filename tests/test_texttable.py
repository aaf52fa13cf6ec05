"""Columns line up in a monospaced font, in Chinese as in English."""

import pytest

from troupe.models.texttable import display_width, elided, table


def test_columns_are_aligned_and_nothing_trails():
    assert table([("name", "what"), ("mira", ""), ("bram", "red panda")]) == "name  what\nmira\nbram  red panda"


def test_numbers_are_aligned_to_the_right():
    assert table([("", "all"), ("front", "7"), ("back", "12")], left=1) == "       all\nfront    7\nback    12"


def test_columns_are_aligned_for_chinese_names_too():
    rows = table([("name", "n"), ("米拉", "1"), ("mira", "10")], left=1).split("\n")
    assert [display_width(row) for row in rows] == [8, 8, 8]


@pytest.mark.parametrize(("text", "width"), [("", 0), ("mira", 4), ("米拉", 4), ("ｍ", 2), ("e\u0301", 1)])
def test_the_width_is_that_of_the_signs_as_displayed(text, width):
    assert display_width(text) == width


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("mira", 4, "mira"),
        ("mira_the_brave", 8, "mira_..."),
        ("米拉", 4, "米拉"),
        ("米拉与布兰", 8, "米拉..."),
        ("mira", 3, "..."),
    ],
)
def test_what_is_too_wide_gives_up_its_end(text, width, expected):
    assert elided(text, width) == expected
    assert display_width(elided(text, width)) <= width
