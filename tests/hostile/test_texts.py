"""Texts beside pictures, tables, lists and captions from other nodes: whatever they hold, the picture stays and the
rest is told."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support import hostile
from support.pictures import figure
from troupe.models.compositing.groups.manifest import read_manifest
from troupe.models.devicenames import is_device
from troupe.models.errors import TroupeError
from troupe.models.formats import FORMATS
from troupe.models.formats.plan import plan_dataset
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.write import write_dataset
from troupe.models.reviewing.review import review
from troupe.models.reviewing.tabletext import parsed
from troupe.models.samples.captiontext import with_captions
from troupe.models.samples.listing import list_folder
from troupe.models.samples.reading import ReadOptions, load_notes, read_sample_set
from troupe.models.samples.sample import Labels
from troupe.models.samples.serial import to_json
from troupe.models.samples.tagtext import parse_text
from troupe.models.styles.stylemap import StyleMap
from troupe.models.styles.table import require_one_to_one

ANY_TEXT = st.text(st.characters(codec=None), max_size=60)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["caption", "tags", "character", "angle", "hair.colour", "file_name", "text", "keywords"])
SAFE = settings(max_examples=40, deadline=None)


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "album"
    folder.mkdir()
    figure(1, 64).save(folder / "a.png")
    figure(2, 64).save(folder / "b.png")
    return folder


def read(root):
    """Both pictures are samples, whatever is said about them, and all of it can be written down."""
    found = read_sample_set(root, ReadOptions())
    assert [s.id for s in found.samples] == ["a", "b"]
    json.dumps(to_json(found), ensure_ascii=False).encode()
    return found


@pytest.mark.parametrize("name", hostile.json_texts())
def test_a_bad_sidecar_costs_no_picture(root, name):
    (root / "a.json").write_bytes(hostile.json_texts()[name])
    first = read(root).samples[0]
    if not name.startswith(("value", "utf-16", "twice")):
        assert load_notes(first) and "a.json ignored" in load_notes(first)[0]


@pytest.mark.parametrize("table", ["metadata.jsonl", "metadata.json"])
@pytest.mark.parametrize("name", hostile.json_texts())
def test_a_bad_table_costs_no_picture(root, table, name):
    good = b'\n{"file_name": "b.png", "caption": "waving"}\n' if table.endswith("l") else b""
    (root / table).write_bytes(hostile.json_texts()[name] + good)
    read(root)


@pytest.mark.parametrize("suffix", [".txt", ".caption"])
def test_captions_of_any_bytes(root, suffix):
    long = (b"(" * 50_000, b"a," * 50_000, b"(" * 9_000 + b")" * 9_000, b"a" * (1 << 21))
    for data in (bytes(range(256)), b"\xff\xfe\x00", b"\x00" * 9, "米拉".encode("gb18030"), *long):
        (root / f"a{suffix}").write_bytes(data)
        read(root)


@given(st.dictionaries(KEYS | ANY_TEXT, JSON, max_size=5))
@SAFE
def test_any_json_is_a_sidecar_or_a_note(tmp_path_factory, record):
    folder = tmp_path_factory.mktemp("any")
    figure(1, 32).save(folder / "a.png")
    (folder / "a.json").write_text(json.dumps(record), encoding="ascii")
    found = read_sample_set(folder, ReadOptions())
    json.dumps(to_json(found), ensure_ascii=False).encode()


@given(st.binary(max_size=200))
@SAFE
def test_any_bytes_are_a_caption_or_a_note(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("bytes")
    figure(1, 32).save(folder / "a.png")
    for name in ("a.json", "a.txt", "metadata.jsonl", "metadata.json"):
        (folder / name).write_bytes(data)
    assert len(read_sample_set(folder, ReadOptions())) == 1


@given(ANY_TEXT | st.text(st.sampled_from("()[]{}<>:,._ \\1a。"), max_size=80))
@SAFE
def test_any_text_is_read_as_a_caption_once_and_for_all(text):
    said = parse_text(text)
    assert not (said.sentence and said.tags)
    assert all(tag.text and 0 <= tag.score <= 1 for tag in said.tags)


def test_set_captions_takes_what_any_node_sends_and_it_can_be_written(root, tmp_path):
    found = read(root)
    for value in (v for v in hostile.values() if isinstance(v, str)):
        told = with_captions(found, [value, "(" * 3_000], mine=True)
        json.dumps(to_json(told), ensure_ascii=False).encode()


# What is written from it stays inside


@pytest.mark.parametrize("format", FORMATS, ids=lambda f: f.id)
def test_names_and_captions_with_paths_in_them_write_nothing_outside(root, tmp_path, format):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.txt").write_text("mine")
    nasty = ["../../outside/evil", "/etc/passwd", "..", "C:\\x\\y", "con", "a\0b", "\x1b[31m\ud800", "|||", "x" * 5_000]
    for number, text in enumerate(nasty):
        record = {"character": text, "caption": f"{text}, {text}", "tags": [text]}
        figure(number, 64).save(root / f"n{number}.png")
        (root / f"n{number}.json").write_text(json.dumps(record), encoding="ascii")
    found = read_sample_set(root, ReadOptions()).mapped(_labelled)
    assert len(found) == len(nasty) + 2
    target = tmp_path / "target"
    with hostile.nothing_opened_in(outside):
        written = write_dataset(plan_dataset(found, WriteSettings("mira", format=format.id, resolution=64)), target)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["album", "outside", "target"]
    assert written.folder.parent == target.resolve() and not written.rejected
    names = [p.name for p in written.folder.rglob("*")]
    assert not [name for name in names if is_device(name)]
    assert not any(ord(sign) < 32 or sign in '<>:"\\|?*' for name in names for sign in name)
    assert max(len(name.encode()) for name in names) < 256


def _labelled(sample):
    text = sample.description.sentence or ", ".join(sample.description.keywords) or sample.character
    return replace(sample, labels=Labels(sample.character, caption=text, origin="person"))


# Tables and lists of their own


@pytest.mark.parametrize("name", hostile.json_texts())
def test_a_bad_list_of_groups_is_told(root, tmp_path, name):
    for file in ("groups.json", "groups.jsonl"):
        (root / file).write_bytes(hostile.json_texts()[name])
        with hostile.nothing_opened_in(_outside(tmp_path)), pytest.raises(TroupeError) as raised:
            read_manifest(root)
        assert raised.value.item and raised.value.remedy
        (root / file).unlink()


GROUP = {"background": "a.png", "composite": "b.png", "box": [1, 1, 20, 20], "foreground": "a.png"}


def _outside(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir(exist_ok=True)
    figure(9, 64).save(outside / "x.png")
    return outside


@pytest.mark.parametrize("key", [*GROUP, "id", "mask", "scene", "category", "gain", "other_boxes", "position_only"])
def test_a_bad_value_in_a_group_costs_the_group_with_a_reason(root, tmp_path, key):
    outside = _outside(tmp_path)
    (root / "link.png").symlink_to(outside / "x.png")
    paths = ["../outside/x.png", str(outside / "x.png"), "link.png", "a/../../outside/x.png", "..\\outside\\x.png"]
    for value in (*hostile.values(), *paths):
        (root / "groups.json").write_text(json.dumps({"groups": [{**GROUP, key: value}]}), encoding="ascii")
        with hostile.nothing_opened_in(outside):
            try:
                found = read_manifest(root)
            except TroupeError as error:
                assert "- " in error.item and error.remedy
            else:
                assert len(found.groups) == 1 and key not in ("box",)


@given(JSON | st.fixed_dictionaries({"groups": st.lists(st.dictionaries(st.sampled_from([*GROUP, "gain"]), JSON))}))
@SAFE
def test_any_json_is_a_list_of_groups_or_an_error(tmp_path_factory, value):
    folder = tmp_path_factory.mktemp("groups")
    (folder / "groups.json").write_text(json.dumps(value), encoding="ascii")
    with pytest.raises(TroupeError):
        read_manifest(folder)


@pytest.mark.parametrize("name", hostile.json_texts())
def test_a_review_that_was_tampered_with_is_read_or_told(root, tmp_path, name):
    """The table is a person's; what is remembered beside it may be lost, and never stops anybody."""
    found, folder = read(root), tmp_path / "reviews"
    review(found, folder, "mira")
    (folder / "mira.json").write_bytes(hostile.json_texts()[name])
    assert len(review(found, folder, "mira").sample_set) == 2
    (folder / "mira.csv").write_bytes(hostile.json_texts()[name])
    try:
        review(found, folder, "mira")
    except TroupeError as error:
        assert error.item and error.remedy


@pytest.mark.parametrize("value", [v for v in hostile.values() if not isinstance(v, str)], ids=repr)
def test_what_is_remembered_of_a_review_may_be_anything(root, tmp_path, value):
    found, folder = read(root), tmp_path / "reviews"
    review(found, folder, "mira")
    for written in (value, {"a": value}, {"a": {"caption": value}}):
        (folder / "mira.json").write_text(json.dumps({"troupe_review": 1, "written": written}))
        assert len(review(found, folder, "mira").sample_set) == 2


@given(st.binary(max_size=120) | ANY_TEXT.map(lambda t: f"keep,picture,caption\n{t}".encode("utf-8", "replace")))
@SAFE
def test_any_table_is_a_review_or_an_error(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("review")
    figure(1, 32).save(folder / "a.png")
    found = read_sample_set(folder, ReadOptions())
    (folder / "mira.csv").write_bytes(data)
    try:
        assert len(review(found, folder, "mira").shown) == 1
    except TroupeError as error:
        assert error.remedy


@given(ANY_TEXT | st.text(st.sampled_from('",;\t\r\n#ab '), max_size=60))
@SAFE
def test_cells_are_never_lost(text):
    """Each line that says something is a line or a comment of the table."""
    table = parsed(text)
    assert all(any(line.cells) for line in table.lines)


@pytest.mark.parametrize("name", hostile.json_texts())
def test_texts_in_widgets_are_read_or_told(name):
    text = hostile.json_texts()[name].decode("utf-8", "replace")
    for reads in (StyleMap.from_json, require_one_to_one):
        try:
            reads(text)
        except TroupeError as error:
            assert error.item and error.remedy


# Links and rights


def test_links_that_lead_in_circles_or_out_are_told(root, tmp_path):
    outside = _outside(tmp_path)
    (root / "loop").symlink_to(root)
    (root / "self.png").symlink_to("self.png")
    (root / "ping.png").symlink_to("pong.png")
    (root / "pong.png").symlink_to("ping.png")
    (root / "out.png").symlink_to(outside / "x.png")
    (root / "folder out").symlink_to(outside)
    (root / "a.txt").symlink_to(outside / "x.png")
    with hostile.nothing_opened_in(outside):
        found = read(root)
    assert {r.id for r in found.rejected} == {"self", "ping", "pong", "out", "folder out", "a"}
    assert list_folder(root).seen == 2
