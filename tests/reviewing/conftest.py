"""A set of four pictures with machine words, and a table of it that a person can edit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PIL import Image

from troupe.models.reviewing.review import review
from troupe.models.samples.reading import ReadOptions, read_sample_set
from troupe.models.samples.sample import Description

NAMES = ("mira/front_run_01", "mira/side_walk_02", "mira/back_run_03", "米拉/front_full_04")


@pytest.fixture
def samples(tmp_path):
    """Four pictures, each with a sentence that a machine wrote."""
    for number, name in enumerate(NAMES):
        path = tmp_path / "album" / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (32, 24), (60 * number, 90, 160)).save(path)
    read = read_sample_set(tmp_path / "album", ReadOptions())
    return read.mapped(lambda s: replace(s, description=Description(f'A girl, "{s.character}", {s.id}.')))


class Desk:
    """Where the table lies, and how a person edits it."""

    def __init__(self, folder):
        self.folder = folder
        self.table = folder / "mine.csv"

    def review(self, samples):
        return review(samples, self.folder, "mine")

    @property
    def text(self):
        return self.table.read_bytes().decode("utf-8-sig")

    def write(self, text, encoding="utf-8-sig"):
        self.table.write_bytes(text.encode(encoding))

    def edit(self, old, new):
        assert old in self.text, f"{old!r} is not in\n{self.text}"
        self.write(self.text.replace(old, new, 1))

    def line(self, number):
        return self.text.split("\r\n")[number - 1]


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path / "reviews")
