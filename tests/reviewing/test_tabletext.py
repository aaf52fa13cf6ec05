"""The table's text: whatever Notepad, Excel or a hasty hand makes of it, the cells are the same."""

import codecs
import csv
import io

import pytest

from troupe.models.reviewing.tabletext import Line, parsed, written

CELLS = ("keep", "mira/01", 'She says "hi", twice; 米拉 ведёт', "front", "", "-")


def cells_of(text):
    return [line.cells for line in parsed(text).lines]


@pytest.mark.parametrize(
    "caption", ["a, b", '"quoted"', 'in "the" middle', "semi;colon", "米拉跑步", "", "'", '"', "# no"]
)
def test_what_is_written_is_read_again(caption):
    lines = [Line(1, ("keep", "picture", "caption")), Line(2, ("drop", "a b/01", caption), ("# mine, and more",))]
    read = parsed(written(lines, ("# the end",), quoted=2).decode())
    assert read.lines == tuple(line._replace(number=n) for line, n in zip(lines, (1, 3), strict=True))
    assert read.below == ("# the end",)


def test_a_spreadsheet_reads_it_as_it_is_meant():
    data = written([Line(1, ("keep", "picture", "caption")), Line(2, CELLS[:3])], (), quoted=2)
    assert data.startswith(codecs.BOM_UTF8) and data.count(b"\r\n") == 2
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig")))) == [["keep", "picture", "caption"], list(CELLS[:3])]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_what_a_spreadsheet_saves_in_any_country_is_understood(separator, end):
    file = io.StringIO()
    writer = csv.writer(file, delimiter=separator, lineterminator=end)
    writer.writerow(["keep", "picture", "caption", "angle", "action", "shot"])
    writer.writerow(CELLS)
    assert cells_of(file.getvalue())[1] == CELLS


@pytest.mark.parametrize(
    ("raw", "cells"),
    [
        ("a,b", ("a", "b")),
        ("a,", ("a", "")),
        ("a,,", ("a", "", "")),
        (' "a, b" , c ', ("a, b", "c")),
        ('"Mira" runs,c', ('"Mira" runs', "c")),
        ('"a ""b"" c"', ('a "b" c',)),
        ('"never ends, c', ('"never ends', "c")),
    ],
)
def test_a_hand_written_line(raw, cells):
    heading, line = parsed(f"keep,picture,caption\n{raw}\n").lines
    assert line.cells == cells
    assert line.unclosed == (raw == '"never ends, c')


def test_blank_lines_are_none_and_numbers_are_those_of_the_editor():
    text = "keep,picture\n\n# a note\nkeep,a\n,,,\nkeep,b\n"
    assert [(line.number, line.above) for line in parsed(text).lines] == [(1, ()), (4, ("# a note",)), (6, ())]
