"""Data sets that somebody made to do harm, or that a broken disk left: every format reads them, tells what is wrong,
keeps what is whole, and opens nothing outside of the folder."""

import io
import json
import tarfile
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support import hostile
from support.pictures import figure
from troupe.models.errors import TroupeError
from troupe.models.formats import FORMATS
from troupe.models.formats.loadedreport import loaded_report
from troupe.models.formats.manifest import read_manifest
from troupe.models.formats.reading import read_dataset
from troupe.models.samples.serial import to_json
from troupe.models.samples.store import Store

SECONDS = 10  # of the processor, for one data set
PICTURE = hostile.encoded(figure(1, 64), "PNG")
IDS = [f.id for f in FORMATS]


@pytest.fixture
def outside(tmp_path):
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "x.png").write_bytes(PICTURE)
    (folder / "x.txt").write_text("secret")
    (folder / "list.jsonl").write_text('{"image_path": "x.png", "file_name": "x.png", "caption": "secret"}\n')
    return folder


@pytest.fixture
def read(tmp_path, outside):
    """Reads the folder `set` with every format and by itself. What comes is a set that can be written down, or an
    error with item and remedy."""

    def attempt(formats=("auto", *IDS)):
        loaded = {}
        for format in formats:
            spent = time.process_time()
            with hostile.nothing_opened_in(outside):
                try:
                    loaded[format] = read_dataset(tmp_path / "set", Store(tmp_path / "store"), format)
                except TroupeError as error:
                    assert error.item and error.remedy
            assert time.process_time() - spent < SECONDS, format
            if format in loaded:
                json.dumps(to_json(loaded[format].samples), ensure_ascii=False).encode()
                loaded_report(loaded[format]).encode()
        return loaded

    return attempt


@pytest.fixture
def put(tmp_path):
    def write(files):
        for name, data in files.items():
            path = tmp_path / "set" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8", "replace"))

    return write


def files_of(loaded):
    return {s.image.path for s in loaded.samples.samples} | {r.path for r in loaded.samples.rejected}


# Lists and configurations of anything

LISTS = (
    "metadata.jsonl", "metadata.csv", "metadata.json", "dataset.toml", "config.json", "job.yaml", "manifest.json",
    "captions.json", "multidatabackend.json", "concepts.json", "list.jsonl",
)  # fmt: skip


@pytest.mark.parametrize("file", LISTS)
def test_lists_of_anything(put, read, file):
    """Each of them beside pictures as kohya has them."""
    for data in hostile.json_texts().values():
        put({"3_mira/a.png": PICTURE, "3_mira/a.txt": "mira", file: data})
        read(("auto", "huggingface") if file.startswith("metadata") else ("auto",))


PATHS = (
    "../outside", "../outside/x.png", "/etc", "/etc/passwd", "C:\\Windows", "..\\outside", ".", "..", "",
    "\0", "\ud800",
)  # fmt: skip


def _configs(path):
    """Every way in which a trainer's configuration names a place."""
    q = json.dumps(path)
    kohya = f"image_dir = {q}\nconditioning_data_dir = {q}\ncaption_extension = {q}"
    return {
        "kohya": {"dataset.toml": f"[[datasets]]\n[[datasets.subsets]]\n{kohya}\n"},
        "kohya-metadata": {
            "dataset.toml": f"[[datasets]]\n[[datasets.subsets]]\nimage_dir = {q}\nmetadata_file = {q}\n"
        },
        "huggingface": {
            "metadata.jsonl": json.dumps({"file_name": path, "text": "x", "mask": path, "a_file_name": path})
        },
        "musubi": {
            "dataset.toml": f"[[datasets]]\nimage_directory = {q}\ncontrol_directory = {q}\n"
            f"[[datasets]]\nimage_jsonl_file = {q}\n"
        },
        "onetrainer": {"concepts.json": json.dumps([{"path": path, "image": {}, "text": {"prompt_path": path}}])},
        "ai-toolkit": {
            "job.yaml": json.dumps(
                {
                    "config": {
                        "process": [{"datasets": [dict.fromkeys(("folder_path", "mask_path", "control_path"), path)]}]
                    }
                }
            )
        },
        "simpletuner": {"backend.json": json.dumps([{"id": "a", "instance_data_dir": path, "conditioning_data": "a"}])},
        "diffusion-pipe": {"dataset.toml": f"[[directory]]\npath = {q}\nmask_path = {q}\ncontrol_path = {q}\n"},
    }


@pytest.mark.parametrize("format", _configs(""))
def test_no_configuration_leads_out(put, read, format):
    for path in PATHS:
        put({"train/a.png": PICTURE, "train/a.txt": "mira", **_configs(path)[format]})
        read(("auto", format))


@pytest.mark.parametrize("format", _configs(""))
def test_values_of_any_kind_in_configurations(put, read, format):
    for value in hostile.values():
        files = _configs("PLACE")[format]
        put({"train/a.png": PICTURE, "train/a.txt": "mira"})
        put({name: text.replace('"PLACE"', json.dumps(value)) for name, text in files.items()})
        read(("auto", format))


def test_links_out_of_a_data_set_are_told(put, read, tmp_path, outside):
    put({"3_mira/a.png": PICTURE, "3_mira/a.txt": "mira"})
    (tmp_path / "set/3_mira/b.png").symlink_to(outside / "x.png")
    (tmp_path / "set/3_mira/b.txt").symlink_to(outside / "x.txt")
    (tmp_path / "set/4_out").symlink_to(outside)
    loaded = read()
    assert {r.id for r in loaded["auto"].samples.rejected} == {"3_mira/b", "4_out"}


# YAML and TOML that swell


def test_yaml_that_unfolds_without_end_is_no_configuration(put, read):
    lines = ["a0: &a0 {k: v}"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    laughs = "\n".join([*lines, "config: {process: *a11}"])
    lines = ["a0: &a0 {k: v}"]
    lines += [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 9)]
    merged = "\n".join(lines)
    many = "d: &d {folder_path: train}\nl: &l [" + "*d," * 1_000 + "]\np: &p {datasets: *l}\n"
    many += "config: {process: [" + "*p," * 1_000 + "]}"
    tagged = ["a: 2026-99-99", "a: !!timestamp x", "a: !!bool maybe", 'a: !!int ""', "? [a]\n: b", "- {? [] : 1}"]
    tagged += ["!!python/object/apply:os.system ['touch evil']", "a: &a [*a]\nconfig: {process: *a}"]
    for text in (laughs, merged, many, "[" * 5_000, "- " * 5_000, *tagged):
        put({"train/a.png": PICTURE, "train/a.txt": "mira", "job.yaml": text})
        read(("auto", "ai-toolkit"))


def test_toml_of_any_depth(put, read):
    swelling = ("a = " + "[" * 50_000, "a." * 20_000 + "b = 1", '"a" . ' * 20_000 + "b = 1", "a = " + "9" * 50_000)
    for text in (*swelling, "a = 2026-99-99", "\0", "[[a]]\n" * 9):
        put({"3_mira/a.png": PICTURE, "3_mira/a.txt": "mira", "dataset.toml": text})
        assert len(read(("auto",))["auto"].samples) == 1


# Our own manifest


@pytest.mark.parametrize("key", [None, "format", "pictures", "settings", "troupe_dataset"])
def test_a_manifest_that_was_tampered_with_is_not_ours(put, read, tmp_path, key):
    for value in hostile.values():
        data = {"troupe_dataset": 1, "format": "kohya", "pictures": [], "settings": {}}
        put({"3_mira/a.png": PICTURE, "manifest.json": json.dumps({**data, key: value} if key else value)})
        read(("auto", "kohya"))


def test_entries_of_any_kind_in_a_manifest(put, read, tmp_path, outside):
    from troupe.models.formats.plan import plan_dataset
    from troupe.models.formats.settings import WriteSettings
    from troupe.models.formats.write import write_dataset
    from troupe.models.samples.reading import ReadOptions, read_sample_set

    put({"mira.png": PICTURE, "mira.txt": "mira, standing"})
    found = read_sample_set(tmp_path / "set", ReadOptions())
    plan = plan_dataset(found, WriteSettings("mira", class_word="girl", resolution=64))
    written = write_dataset(plan, tmp_path / "written").folder
    data = json.loads((written / "manifest.json").read_text(encoding="utf-8"))
    (tmp_path / "set" / "mira.png").unlink()
    for path in written.rglob("*.*"):
        put({path.relative_to(written).as_posix(): path.read_bytes()})
    for key in data["pictures"][0]:
        for value in (None, 7, float("nan"), "", "..", "\0", "../outside/x.png", "C:\\x", [], [{}], {"": None}):
            changed = {**data, "pictures": [{**data["pictures"][0], key: value}]}
            put({"manifest.json": json.dumps(changed)})
            assert len(read(("auto",))["auto"].samples) == 1, (key, value)


def test_a_manifest_too_deep_is_told(put, tmp_path):
    put({"manifest.json": hostile.deep()})
    with pytest.raises(TroupeError):
        read_manifest(tmp_path / "set")


# Shards


def tar(*members, format=tarfile.PAX_FORMAT):
    """`(name, bytes)`, or a TarInfo with its bytes."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as made:
        for name, data in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(data)
            made.addfile(info, io.BytesIO(data))
    return out.getvalue()


def special(name, kind, target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


WHOLE = (("a.png", PICTURE), ("a.txt", b"mira"))


def test_members_with_paths_are_names_and_nothing_more(put, read, tmp_path):
    names = [
        "../../outside/evil.png", "/etc/evil.png", "..", "C:\\evil.png", "a\0b.png",
        "x" * 400 + ".png", "y." + "z" * 300, "b.p\0ng", "\udcff.png", "😀.png", "sub/../../c.png",
        "", "./d.png", "con.png", "new\nline.png",
    ]  # fmt: skip
    before = sorted(p.name for p in tmp_path.iterdir())
    put({"a.tar": tar(*WHOLE, *((name, PICTURE) for name in names))})
    loaded = read(("auto", "webdataset"))["webdataset"]
    pictures = {r.id for r in loaded.samples.rejected} | {s.id for s in loaded.samples.samples}
    assert len(loaded.samples) >= 8 and len(pictures) >= 12
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted({*before, "set", "store"})
    assert all(s.image.path.startswith(str(tmp_path / "store")) for s in loaded.samples.samples)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_links_and_devices_in_shards_are_told_and_never_followed(put, read, outside, kind):
    member = special("evil.png", kind, str(outside / "x.png"))
    put({"a.tar": tar(*WHOLE, (member, b""))})
    loaded = read(("webdataset",))["webdataset"]
    assert len(loaded.samples) == 1
    told = {r.id: r.reason for r in loaded.samples.rejected}
    assert told == ({} if kind == tarfile.DIRTYPE else {"evil.png": "it is a link or a device and no file"})


def test_members_of_one_name_are_all_kept(put, read):
    others = [hostile.encoded(figure(n, 64), "PNG") for n in range(2, 5)]
    put({"a.tar": tar(*WHOLE, *(("a.png", data) for data in others))})
    put({"b/a.tar": tar(("a.png", others[0]), ("a.txt", b"x"))})
    loaded = read(("webdataset",))["webdataset"]
    assert len({s.image.digest for s in loaded.samples.samples}) == 4
    assert len(loaded.samples) + len(loaded.samples.rejected) == 5


def test_a_member_that_swells_is_not_unfolded(put, read, tmp_path):
    """A sparse member of a gigabyte takes 1 kB; a packed archive of zeros hardly more."""
    import gzip

    sparse = tarfile.TarInfo("b.png")
    head = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": str(1 << 30)}
    sparse.pax_headers = {**head, "GNU.sparse.name": "b.png"}
    put({"a.tar": tar(*WHOLE, (sparse, b"1\n0\n0\n".ljust(512, b"\0")))})
    loaded = read(("webdataset",))["webdataset"]
    assert {r.id: r.reason for r in loaded.samples.rejected} == {"b.png": "it is sparse: larger than the shard holds"}
    put({"a.tar": gzip.compress(tar(("b.png", bytes(32 << 20))))})
    read(("webdataset",))
    assert sum(p.stat().st_size for p in (tmp_path / "store").rglob("*") if p.is_file()) < 1 << 20


@pytest.mark.parametrize("damage", ["cut", "zeros", "flipped", "page", "gz", "empty"])
def test_damaged_shards_are_told(put, read, damage):
    whole = tar(*WHOLE, ("b.png", PICTURE * 40), ("b.txt", b"b"))
    made = {
        "cut": [whole[: len(whole) * n // 12] for n in range(1, 12)] + [whole[:700], whole[:1500]],
        "zeros": [bytes(n) for n in (1, 512, 10_240)],
        "flipped": [whole[:n] + bytes([whole[n] ^ 255]) + whole[n + 1 :] for n in range(0, 1024, 37)],
        "page": [b"<html></html>" * 99],
        "gz": [b"\x1f\x8b\x08\0" + bytes(600), b"BZh9" + bytes(600), b"\xfd7zXZ\0" + bytes(600)],
        "empty": [b""],
    }[damage]
    for data in made:
        put({"a.tar": data})
        read(("auto", "webdataset"))


# Parquet


def table(**columns):
    import pyarrow
    import pyarrow.parquet

    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), out)
    return out.getvalue()


def test_damaged_tables_are_told(put, read):
    pytest.importorskip("pyarrow", reason="parquet needs pyarrow")
    whole = table(image=[{"bytes": PICTURE, "path": "a.png"}] * 3, text=["a", "b", "c"])
    made = [whole[: len(whole) * n // 10] for n in range(10)] + [b"PAR1", b"PAR1PAR1", b"PAR1" + bytes(99) + b"PAR1"]
    made += [whole[:n] + bytes([whole[n] ^ 255]) + whole[n + 1 :] for n in range(4, len(whole), len(whole) // 60)]
    for data in made:
        put({"train.parquet": data})
        read(("auto", "huggingface"))


def test_columns_of_any_kind(put, read):
    """Captions of bytes, dates, numbers, pictures where a text belongs; paths that lead out; pictures that are none."""
    import datetime
    import decimal

    pytest.importorskip("pyarrow", reason="parquet needs pyarrow")
    places = ("../../outside/x.png", "/etc/a.png", "a\0.png", "a.exe", "000001.png")
    image = [{"bytes": PICTURE, "path": place} for place in places]
    odd = [b"\xff", datetime.datetime(2026, 1, 1), decimal.Decimal("1.5"), 7, float("nan"), None]
    for value in (*odd, {"bytes": b"x", "path": "y"}, ["a", "b"], [b"\xff"]):
        told = dict.fromkeys(("text", "mask", "repeats", "character"), [value] * 5)
        put({"train.parquet": table(image=image, **told)})
        loaded = read(("auto",))["auto"]
        assert len(loaded.samples) == 5, value
    for value in (b"", b"x", "text", 5, None, {"bytes": None, "path": "/etc/passwd"}, {"path": "../outside/x.png"}):
        put({"train.parquet": table(image=[value] * 2, text=["a"] * 2)})
        read(("auto", "huggingface"))


# Tables of texts


def test_tables_with_too_many_cells_and_too_few(put, read):
    bodies = ("a.png,one,two,three\n", "\n\n\n", "a.png\n", "\0", "a.png," + "x" * 200_000, 'a.png,"open', "a.png,\0")
    for text in (*(f"file_name,text\n{body}" for body in bodies), "file_name,\0\na.png", "text\nfile", "\0"):
        put({"a.png": PICTURE, "metadata.csv": text})
        read(("auto", "huggingface"))


# Properties


@given(st.binary(max_size=300), st.sampled_from((*LISTS, "a.txt", "a.tar", "a.parquet")))
@settings(max_examples=60, deadline=None)
def test_any_bytes_in_any_list(tmp_path_factory, data, name):
    folder = tmp_path_factory.mktemp("any")
    (folder / "a.png").write_bytes(PICTURE)
    (folder / name).write_bytes(data)
    for format in ("auto", "huggingface"):
        try:
            assert read_dataset(folder, Store(folder / ".store"), format).samples
        except TroupeError as error:
            assert error.item and error.remedy
