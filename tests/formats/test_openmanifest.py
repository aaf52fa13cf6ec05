"""A manifest that is read picture by picture says what the whole says, or that it cannot be read."""

import json
from dataclasses import replace

import pytest

from support.alive import Alive
from troupe.models.errors import TroupeError
from troupe.models.formats import openmanifest
from troupe.models.formats.manifest import read_manifest
from troupe.models.formats.openmanifest import open_manifest
from troupe.models.formats.plan import plan_dataset
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.write import write_dataset
from troupe.models.samples.sample import Labels


@pytest.fixture
def written(make_set, make_sample, tmp_path):
    """Five pictures, one with a caption that looks like the end of one in the manifest."""
    odd = make_sample(9, labels=Labels("mirax", caption='mirax, "  },\n ],\n' + "\n  }"))
    samples = replace(make_set(4, masked=True), samples=(*make_set(4, masked=True).samples, odd))
    plan = plan_dataset(samples, WriteSettings("mira", resolution=96, licence_note='\n "pictures": [\n'))
    return write_dataset(plan, tmp_path / "out").folder


def same(folder):
    one, other = open_manifest(folder), read_manifest(folder)
    assert (one.format, one.settings, len(one.entries)) == (other.format, other.settings, len(other.entries))
    assert tuple(one.entries) == tuple(one.entries) == other.entries
    assert other.entries[2] in one.entries and "nothing" not in one.entries
    return one


def test_it_says_the_same_and_holds_one_picture(written, monkeypatch):
    assert len(same(written).entries) == 5
    alive = Alive(openmanifest.entry_from_json)
    monkeypatch.setattr(openmanifest, "entry_from_json", alive)
    for entry in open_manifest(written).entries:
        del entry
    assert (alive.built, alive.most) == (5, 1)


@pytest.mark.parametrize("indent", [None, 2, "\t"])
def test_laid_out_anew_it_is_read_as_a_whole(written, indent):
    data = json.loads((written / "manifest.json").read_text("utf-8"))
    (written / "manifest.json").write_text(json.dumps(data, indent=indent), "utf-8")
    assert isinstance(same(written).entries, tuple)


def spoilt(written, old, new):
    text = (written / "manifest.json").read_text("utf-8")
    assert old in text
    (written / "manifest.json").write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"number": 3', '"number": "3"'),
        ('"number": 3', '"number": 3,'),
        ('"pictures": 5,', '"pictures": 4,'),
        ('   "file": "train', '   "fale": "train'),
        ('   "file": "train', '   "file": "../train'),
        ("\n ],", ""),
    ],
)
def test_what_is_no_manifest_is_said_when_it_is_come_to(written, old, new):
    spoilt(written, old, new)
    with pytest.raises(TroupeError, match="no data set that this version of Troupe can read.*: mira"):
        list(open_manifest(written).entries)


@pytest.mark.parametrize("old", ['"troupe_dataset": 1', '"format": "kohya"', '"settings": {'])
def test_what_is_none_from_the_start_is_said_at_once(written, old):
    spoilt(written, old, f'"{old}')
    with pytest.raises(TroupeError, match="no data set that this version of Troupe can read"):
        open_manifest(written)


def test_a_folder_without_one_is_said(tmp_path):
    with pytest.raises(TroupeError, match="manifest.json: it cannot be opened"):
        open_manifest(tmp_path)
