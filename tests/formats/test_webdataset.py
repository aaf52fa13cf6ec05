"""Shards by webdataset's own rules and by the packages that read them."""

import io
import json
import re
import tarfile
from datetime import datetime, timezone

import pytest
from PIL import Image

from troupe.models.errors import TroupeError
from troupe.models.formats.manifest import read_manifest
from troupe.models.formats.plan import plan_dataset
from troupe.models.formats.reading import read_dataset
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.shards import Shards
from troupe.models.formats.write import write_dataset
from troupe.models.samples.sample import SampleSet
from troupe.models.samples.store import Store

NOW = datetime(2026, 5, 4, 3, 2, 1, tzinfo=timezone.utc)


def webdataset(*shards):
    """base_plus_ext and group_by_keys: samples as dicts of fields; members of one sample are neighbours."""
    samples, keys = [], set()
    for shard in shards:
        with tarfile.open(shard) as tar:
            for member in tar:
                key, field = re.match(r"^((?:.*/|)[^.]+)[.]([^/]*)$", member.name).groups()
                if not samples or samples[-1]["__key__"] != key:
                    assert key not in keys, "the members of a sample are not neighbours"
                    keys.add(key)
                    samples.append({"__key__": key})
                assert field not in samples[-1], "duplicate field"
                samples[-1][field.lower()] = tar.extractfile(member).read()
    return samples


@pytest.fixture
def samples(make_set, make_sample):
    masked = make_sample(9, masked=True, caption="mirax, 小鹿\nin the rain")
    return SampleSet((*make_set(3).samples, masked, *make_set(2, character="rob", trigger="robx").samples))


@pytest.fixture
def put(tmp_path, samples):
    def write(these=samples, **settings):
        settings = {"name": "mira", "format": "webdataset", "resolution": 96, "repeats": 4, **settings}
        plan = plan_dataset(these, WriteSettings(**settings))
        return plan, write_dataset(plan, tmp_path / "out", now=NOW)

    return write


def shards(result):
    return sorted(result.folder.glob("train/*.tar"))


def test_every_sample_has_its_picture_caption_record_and_mask(put):
    plan, result = put()
    found = webdataset(*shards(result))
    assert [s["txt"].decode() for s in found] == [p.caption.text for p in plan.pictures]
    assert {tuple(sorted(s)) for s in found} == {("__key__", "json", "mask.png", "png", "txt")}
    for sample, planned in zip(found, plan.pictures, strict=True):
        assert sample["__key__"] == planned.files.picture.partition(".")[0]
        picture, mask = (Image.open(io.BytesIO(sample[f])) for f in ("png", "mask.png"))
        assert picture.size == mask.size == planned.fit.size


def test_a_picture_without_a_mask_has_a_white_one_where_others_have_masks(put):
    _, result = put(mask_dilate=0)
    extrema = [Image.open(io.BytesIO(s["mask.png"])).getextrema() for s in webdataset(*shards(result))]
    assert extrema == 3 * [(255, 255)] + [(0, 255)] + 2 * [(255, 255)]


def test_without_masks_there_is_no_field_for_them(put):
    _, result = put(masks=False)
    assert {tuple(sorted(s)) for s in webdataset(*shards(result))} == {("__key__", "json", "png", "txt")}


def test_records_have_the_same_keys_and_types(put):
    records = [json.loads(s["json"]) for s in webdataset(*shards(put()[1]))]
    assert len({tuple((k, type(v)) for k, v in r.items()) for r in records}) == 1
    assert records[0]["repeats"] == 4 and records[-1]["trigger"] == "robx"


def test_nothing_is_left_beside_the_shards(put, tree):
    _, result = put()
    assert sorted(tree(result.folder)) == ["README.txt", "manifest.json", "train/000000.tar"]


def test_the_same_set_is_the_same_shard(put):
    first, second = (shards(put(name=name)[1])[0].read_bytes() for name in ("a", "b"))
    assert first == second
    with tarfile.open(fileobj=io.BytesIO(first)) as tar:
        assert {(m.mtime, m.uid, m.uname) for m in tar} == {(0, 0, "")}


def test_a_shard_has_its_limit_and_no_sample_is_torn_apart(put, monkeypatch):
    monkeypatch.setattr("troupe.models.formats.webdataset.WebDataset.packing", Shards(largest=25_000))
    plan, result = put()
    found = [webdataset(shard) for shard in shards(result)]
    assert len(found) > 1 and [s["__key__"] for part in found for s in part] == [
        p.files.picture.partition(".")[0] for p in plan.pictures
    ]
    assert all(shard.stat().st_size <= 25_000 + 10_240 or len(webdataset(shard)) == 1 for shard in shards(result))


def test_adding_writes_new_shards_and_leaves_the_old_ones_alone(put, make_set):
    _, first = put(make_set(3))
    old = shards(first)[0].read_bytes()
    _, second = put(make_set(5), mode="add")
    assert [p.name for p in shards(second)] == ["000000.tar", "000001.tar"]
    assert shards(second)[0].read_bytes() == old
    assert [s["txt"].decode() for s in webdataset(*shards(second))] == [f"mirax, picture {n}" for n in range(1, 6)]
    assert (second.pictures, len(read_manifest(second.folder).entries)) == (2, 5)


def test_added_samples_have_the_fields_of_those_that_are_there(put, make_set):
    _, first = put(make_set(2, masked=True))
    _, second = put(make_set(2, character="rob"), mode="add")
    assert {tuple(sorted(s)) for s in webdataset(*shards(second))} == {("__key__", "json", "mask.png", "png", "txt")}
    put(make_set(2), name="plain")
    with pytest.raises(TroupeError, match="have no masks"):
        put(make_set(2, character="rob", masked=True), name="plain", mode="add")


def test_the_same_again_is_left_as_it_is_and_a_lost_shard_is_written_again(put, make_set):
    _, first = put(make_set(2))
    assert "nothing was written" in put(make_set(2))[1].report
    shards(first)[0].unlink()
    assert put(make_set(2))[1].folder.name == "mira_2"


def test_a_caption_that_a_person_changed_in_a_shard_is_kept(put, make_set, tmp_path):
    _, first = put(make_set(2))
    (shard,) = shards(first)
    with tarfile.open(shard) as tar:
        members = [(m, tar.extractfile(m).read()) for m in tar]
    with tarfile.open(shard, "w") as tar:
        for member, data in members:
            data = b"mirax, on a horse" if member.name.startswith("0002") and member.name.endswith(".txt") else data
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    _, second = put(make_set(2), mode="replace")
    assert [s["txt"].decode() for s in webdataset(*shards(second))] == ["mirax, picture 1", "mirax, on a horse"]


def test_datasets_reads_the_folder_and_the_shards(put, tmp_path):
    datasets = pytest.importorskip("datasets")
    plan, result = put()
    cache = str(tmp_path / "cache")
    whole = datasets.load_dataset(str(result.folder), cache_dir=cache)
    named = datasets.load_dataset("webdataset", data_files=str(result.folder / "train/*.tar"), cache_dir=cache)
    for found in (whole, named):
        assert {split: len(rows) for split, rows in found.items()} == {"train": len(plan.pictures)}
        assert list(found["train"]["txt"]) == [p.caption.text for p in plan.pictures]
        assert [i.size for i in found["train"]["png"]] == [tuple(p.fit.size) for p in plan.pictures]


def test_webdataset_reads_the_shards(put):
    wds = pytest.importorskip("webdataset", reason="webdataset is not among requirements-dev.in")
    plan, result = put()
    found = list(wds.WebDataset([str(s) for s in shards(result)], shardshuffle=False).decode("pil"))
    assert [s["txt"] for s in found] == [p.caption.text for p in plan.pictures]
    assert [s["png"].size for s in found] == [tuple(p.fit.size) for p in plan.pictures]


def make_tar(path, members):
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w") as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))


def png(colour):
    data = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(data, "PNG")
    return data.getvalue()


def test_somebody_elses_shards_are_read_by_key(tmp_path):
    """img2dataset's layout: captions in json or txt, members in no order, upper case fields."""
    folder = tmp_path / "theirs"
    make_tar(
        folder / "00000.tar",
        {"b.JPG": png("red"), "a.png": png("blue"), "a.txt": b"trgx, a", "b.json": b'{"caption": "trgx, b"}'},
    )
    make_tar(
        folder / "00001.tar",
        {"a.png": png("green"), "a.txt": b"trgx, other", "c.txt": b"alone", "d.v2.png": png("white")},
    )
    loaded = read_dataset(folder, Store(tmp_path / "store"))
    assert sorted(s.labels.caption for s in loaded.samples.samples) == ["trgx, a", "trgx, b", "trgx, other"]
    assert {s.labels.trigger for s in loaded.samples.samples} == {"trgx"}
    assert sorted(r.id for r in loaded.samples.rejected) == ["c", "d"]


def test_a_member_that_wants_out_is_only_a_name(tmp_path):
    folder = tmp_path / "theirs"
    make_tar(folder / "0.tar", {"../../evil.png": png("red"), "../../evil.txt": b"x"})
    (sample,) = read_dataset(folder, Store(tmp_path / "store")).samples.samples
    assert tmp_path / "store" in type(tmp_path)(sample.image.path).parents
    assert sorted(p.name for p in tmp_path.iterdir()) == ["store", "theirs"]


def test_a_damaged_shard_is_named(tmp_path):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "0.tar").write_bytes(b"no tar at all")
    with pytest.raises(TroupeError, match="0.tar"):
        read_dataset(tmp_path / "theirs", Store(tmp_path / "store"))
