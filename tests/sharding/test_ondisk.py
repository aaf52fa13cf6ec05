"""A set that stays on disk answers as the one that was written there."""

import json

import pytest

from support.alive import Alive
from troupe.models.errors import TroupeError
from troupe.models.samples.sample import ImageFile, Rejection, Sample, SampleSet
from troupe.models.sharding import ondisk
from troupe.models.sharding.manifest import json_line, write_lines, write_manifest
from troupe.models.sharding.ondisk import all_of, set_on_disk
from troupe.models.sharding.roots import Roots


@pytest.fixture
def roots(tmp_path):
    return Roots((("input", str(tmp_path / "pictures")),))


@pytest.fixture
def kept(roots, tmp_path):
    """Characters one after the other and mixed, and a picture that dropped out."""

    def sample(number, character):
        path = str(tmp_path / "pictures" / f"{number}.png")
        return Sample(str(number), character, ImageFile(path, f"{number:064}", 8, 8))

    who = ("ada", "ada", "bram", "ada", "mira", "bram")
    samples = tuple(sample(number, character) for number, character in enumerate(who))
    sample_set = SampleSet(samples, (Rejection("gone", "load", "the file is empty"),))
    path = tmp_path / "mixed.jsonl"
    write_manifest(path, sample_set, roots)
    return path, sample_set


def test_it_is_the_set_that_was_written(kept, roots):
    path, written = kept
    found = set_on_disk(path, roots)
    assert (tuple(found.samples), found.rejected, len(found)) == (written.samples, written.rejected, 6)
    assert tuple(found.samples) == written.samples, "once more"
    assert found.characters == written.characters == ("ada", "bram", "mira")
    for character in (*written.characters, "nobody"):
        assert tuple(found.of(character)) == written.of(character)
    assert written.samples[3] in found.samples and "nothing" not in found.samples


def test_one_sample_is_held_at_a_time(kept, roots, monkeypatch):
    alive = Alive(ondisk.moved)
    monkeypatch.setattr(ondisk, "moved", alive)
    for sample in set_on_disk(kept[0], roots).samples:
        del sample
    assert (alive.built, alive.most) == (6, 1)


def test_an_empty_set_says_what_became_of_its_pictures(roots, tmp_path):
    path = tmp_path / "empty.jsonl"
    write_manifest(path, SampleSet((), (Rejection("a", "load", "the file is empty"),)), roots)
    with pytest.raises(TroupeError, match="a: the file is empty"):
        set_on_disk(path, roots).require_any("tag")


def test_another_manifest_in_its_place_is_noticed(kept, roots):
    path, written = kept
    found = set_on_disk(path, roots)
    first, *_ = found.samples
    write_manifest(path, SampleSet(written.samples[1:]), roots)
    for again in (found.samples, found.of("ada")):
        with pytest.raises(TroupeError, match="made anew while it was read: mixed.jsonl"):
            list(again)
    path.unlink()
    with pytest.raises(TroupeError, match="made anew while it was read"):
        list(found.samples)
    assert first == written.samples[0]


@pytest.mark.parametrize("change", [{"image": {"path": 5}}, {"image": []}, {"features": [None]}, {"image": None}])
def test_a_line_of_another_shape_is_damaged(kept, roots, change):
    path, _ = kept
    data = json.loads(path.read_bytes().splitlines()[1])
    data |= {key: {**data[key], **value} if isinstance(value, dict) else value for key, value in change.items()}
    write_lines(path, [json_line(data)], [], "", (("ada", 1),))
    with pytest.raises(TroupeError, match="mixed.jsonl, line 2"):
        list(set_on_disk(path, roots).samples)


def test_what_is_not_finished_or_damaged_is_said(kept, roots, tmp_path):
    with pytest.raises(TroupeError, match="no such manifest"):
        all_of(tmp_path / "none.jsonl", dict)
    path, _ = kept
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:3], b"{" + lines[3][1:-2] + b"!\n", *lines[4:]]))
    with pytest.raises(TroupeError, match="mixed.jsonl, line 4"):
        list(set_on_disk(path, roots).samples)
