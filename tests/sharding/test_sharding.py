"""A set that is cut into shards and joined again is what it was; what is missing or does not fit is named."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troupe.models.errors import TroupeError
from troupe.models.samples.deciding import MOST, spread
from troupe.models.samples.sample import ImageFile, MaskFile, Rejection, Sample, SampleSet
from troupe.models.sharding.manifest import read_manifest, write_manifest
from troupe.models.sharding.roots import Roots
from troupe.models.sharding.seal import BLOCK, found_seal, seal_path
from troupe.models.sharding.shard import Shard, all_shards, read_name
from troupe.models.sharding.work import merge, run_shard, shard_path, unfinished


@pytest.fixture
def roots(tmp_path):
    return Roots((("input", str(tmp_path / "pictures")), ("store", str(tmp_path / "store"))))


def a_set(roots, count, characters=("mira", "bram")):
    """`count` samples, first those of one character, then those of the next; and two that dropped out."""
    folders = dict(roots.folders)

    def sample(number):
        character = characters[number * len(characters) // count]
        path = f"{folders['input']}/{character}/{number}.png"
        source = Sample(f"{number} before", character, ImageFile(path, f"{number:064}", 8, 8))
        drawn = f"{folders['store']}/ab/{number}.png"
        image = ImageFile(drawn, f"{number + 1:064}", 8, 8)
        return replace(source, id=str(number), image=image, mask=MaskFile(drawn, "", "alpha"), source=source)

    lost = tuple(Rejection(f"lost {n}", "load", "the file is empty", f"{folders['input']}/lost{n}.png") for n in (1, 2))
    return SampleSet(tuple(map(sample, range(count))), lost)


@given(st.integers(0, 5000), st.integers(1, 300))
def test_shards_are_a_partition(total, count):
    parts = [shard.places(total) for shard in all_shards(count)]
    assert [place for part in parts for place in part] == list(range(total))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


@given(st.integers(1, 300))
def test_the_first_shard_alone_begins_at_nought(count):
    """It brings along what dropped out before, and nobody else does."""
    for total in (1, 2, 7, 100):
        assert [shard.index for shard in all_shards(count) if shard.places(total).start == 0] == [0]


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(1, 9)), min_size=1), st.integers(1, 12))
def test_characters_stay_whole(runs, count):
    total = sum(length for _, length in runs)
    who = [name for name, length in runs for _ in range(length)]
    parts = [shard.places_by_character(runs) for shard in all_shards(count)]
    assert [place for part in parts for place in part] == list(range(total))
    assert [number for number, part in enumerate(parts) if part.start == 0] == [0]
    seen = [set(who[part.start : part.stop]) for part in parts]
    assert sum(map(len, seen)) == len(set(who))


def test_characters_are_shared_out():
    runs = [(str(number), 25) for number in range(100)]
    assert [len(shard.places_by_character(runs)) for shard in all_shards(4)] == [625] * 4


@pytest.mark.parametrize("index, count", [(-1, 4), (4, 4), (0, 0), (0, 100_000)])
def test_a_shard_that_cannot_be(index, count):
    with pytest.raises(TroupeError, match="no such shard"):
        Shard(index, count)


def test_names_are_read_back():
    assert read_name(Shard(3, 16).name) == Shard(3, 16)
    assert read_name("00016-of-00016") is None and read_name("3-of-16") is None


def test_a_manifest_gives_back_what_was_written(roots, tmp_path):
    known = a_set(roots, 2 * BLOCK + 7)
    write_manifest(tmp_path / "set.jsonl", known, roots)
    assert read_manifest(tmp_path / "set.jsonl", roots) == known


def test_no_folder_of_this_machine_stands_in_a_manifest(roots, tmp_path):
    write_manifest(tmp_path / "set.jsonl", a_set(roots, 5), roots)
    assert str(tmp_path) not in (tmp_path / "set.jsonl").read_text()
    elsewhere = Roots((("input", "/mnt/pictures"), ("store", "/mnt/store")))
    assert read_manifest(tmp_path / "set.jsonl", elsewhere) == a_set(elsewhere, 5)


def test_a_picture_outside_of_the_folders_is_refused(roots, tmp_path):
    known = SampleSet((Sample("a", "mira", ImageFile("/elsewhere/a.png", "", 1, 1)),))
    with pytest.raises(TroupeError, match=r"outside.*/elsewhere/a\.png"):
        write_manifest(tmp_path / "set.jsonl", known, roots)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "text", ["", "input:", "/etc/passwd", "input:/etc/passwd", "input:../a", "input:a/../../b", "other:a.png",
             "input:c:/a.png", "input:a\\..\\b", "input:.", "input:./a.png", "input:a//b.png", "input:a/"]
)  # fmt: skip
def test_a_path_that_leads_out_is_refused(roots, text):
    with pytest.raises(TroupeError, match="where none can be"):
        roots.found(text)


@pytest.mark.parametrize("count", [1, 2, 3, 7, 40])
def test_shards_joined_are_the_whole(roots, tmp_path, count):
    known = a_set(roots, 2 * BLOCK + 7)
    whole = write_manifest(tmp_path / "set.jsonl", known, roots, "key")
    for shard in all_shards(count):
        part = read_manifest(tmp_path / "set.jsonl", roots, shard.places(whole.samples))
        run_shard(tmp_path / "work", shard, "key", lambda part=part: part, roots)
    assert merge(tmp_path / "work", count, "key", tmp_path / "joined.jsonl") == whole
    assert (tmp_path / "joined.jsonl").read_bytes() == (tmp_path / "set.jsonl").read_bytes()


def test_a_finished_shard_is_not_made_twice(roots, tmp_path):
    made = []

    def make():
        made.append(1)
        return a_set(roots, 4)

    for key in ("a", "a", "b", "b"):
        run_shard(tmp_path, Shard(0, 1), key, make, roots)
    assert len(made) == 2


def test_joining_names_what_is_missing_or_does_not_fit(roots, tmp_path):
    for shard in all_shards(5):
        run_shard(tmp_path, shard, "old" if shard.index == 2 else "new", lambda: a_set(roots, 4), roots)
    with pytest.raises(TroupeError, match=r"1 of 5 shards were made with other settings.*shard-00002-of-00005"):
        merge(tmp_path, 5, "new", tmp_path / "joined.jsonl")
    shard_path(tmp_path, Shard(3, 5)).unlink()
    seal_path(shard_path(tmp_path, Shard(4, 5))).unlink()
    with pytest.raises(TroupeError, match=r"2 of 5 shards are missing: shard-00003-of-00005, shard-00004-of-00005"):
        merge(tmp_path, 5, "new", tmp_path / "joined.jsonl")
    assert unfinished(tmp_path, 5, "new") == (Shard(2, 5), Shard(3, 5), Shard(4, 5))
    assert not (tmp_path / "joined.jsonl").exists()


def test_joining_names_what_was_changed_on_the_disk(roots, tmp_path):
    for shard in all_shards(2):
        run_shard(tmp_path, shard, "key", lambda: a_set(roots, 4), roots)
    path = shard_path(tmp_path, Shard(1, 2))
    path.write_bytes(path.read_bytes().replace(b"mira", b"lisa"))
    with pytest.raises(TroupeError, match=r"1 of 2 shards are damaged: shard-00001-of-00002"):
        merge(tmp_path, 2, "key", tmp_path / "joined.jsonl")
    run_shard(tmp_path, Shard(1, 2), "key", lambda: a_set(roots, 4), roots)
    assert merge(tmp_path, 2, "key", tmp_path / "joined.jsonl").samples == 8


@pytest.mark.parametrize("seal", [b"", b"{}", b"[]", b"null", b"\xff", b'{"key": "key", "blocks": 3}'])
def test_a_broken_seal_counts_for_none(roots, tmp_path, seal):
    run_shard(tmp_path, Shard(0, 1), "key", lambda: a_set(roots, 4), roots)
    path = shard_path(tmp_path, Shard(0, 1))
    seal_path(path).write_bytes(seal)
    assert found_seal(path) is None
    with pytest.raises(TroupeError, match="not finished"):
        read_manifest(path, roots)


@pytest.mark.parametrize("line", [b"{}", b"[", b"[1]", b'{"id": "a"}', b"[" * 3000])
def test_a_damaged_line_is_told_by_its_number(roots, tmp_path, line):
    path = tmp_path / "set.jsonl"
    write_manifest(path, a_set(roots, 4), roots)
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([*lines[:2], line, *lines[3:]]))
    plain = json.loads(seal_path(path).read_bytes())
    seal_path(path).write_text(json.dumps({**plain, "size": path.stat().st_size}))
    with pytest.raises(TroupeError, match=r"damaged: set\.jsonl, line 3"):
        read_manifest(path, roots)


def test_every_part_is_drawn_by_the_same_samples_of_the_whole(roots, tmp_path):
    """However the set is cut, and as the whole set would be."""
    known = a_set(roots, 3 * MOST)
    write_manifest(tmp_path / "set.jsonl", known, roots)
    for count in (2, 5):
        for shard in all_shards(count):
            part = read_manifest(tmp_path / "set.jsonl", roots, shard.places(len(known)))
            for character in part.characters:
                deciding = [s for s in part.deciding if s.character == character]
                assert deciding == spread(known.of(character))


def test_a_seal_never_speaks_for_the_manifest_of_another_run(roots, tmp_path, monkeypatch):
    """Made by one key, made anew by another that is killed before it seals: as long, but not the same."""
    folder, shard = tmp_path / "shards", Shard(0, 1)
    run_shard(folder, shard, "one", lambda: a_set(roots, 4), roots)

    def die(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), monkeypatch.context() as killed:
        killed.setattr("troupe.models.sharding.manifest.write_seal", die)
        run_shard(folder, shard, "two", lambda: a_set(roots, 4, ("bram", "mira")), roots)
    assert unfinished(folder, 1, "one") == unfinished(folder, 1, "two") == (shard,)


def test_a_disk_that_refuses_is_told_of_with_what_to_do(roots, tmp_path):
    (tmp_path / "shards").write_text("a file where the folder should be")
    with pytest.raises(TroupeError, match="The manifest cannot be written.*choose another folder"):
        run_shard(tmp_path / "shards", Shard(0, 1), "key", lambda: a_set(roots, 4), roots)
