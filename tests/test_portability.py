"""Any Python from 3.10 on, Windows' rules for names and paths, and nothing written that tells where it was made."""

import ast
import json
import re
import subprocess
import sys
import warnings
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from support import hostile
from support.compositing import QUICK, STILL, Shelves
from support.pictures import character_folder
from troupe.models.compositing.checkpoint import save_model
from troupe.models.compositing.groups.group import GroupPixels
from troupe.models.compositing.groups.manifest import read_manifest
from troupe.models.compositing.groups.setfolder import publish, set_name
from troupe.models.compositing.groups.writing import NamedGroup, file_name, write_groups
from troupe.models.compositing.model import fresh_model
from troupe.models.compositing.naming import check_name as check_model_name
from troupe.models.compositing.training.session import Places, train_on
from troupe.models.devicenames import is_device
from troupe.models.errors import TroupeError
from troupe.models.formats import FORMATS
from troupe.models.formats.discretion import without_places
from troupe.models.formats.naming import data_set_name, folder_words
from troupe.models.formats.plan import plan_dataset
from troupe.models.formats.settings import WriteSettings
from troupe.models.formats.tree import list_tree
from troupe.models.formats.write import write_dataset
from troupe.models.reviewing.review import review
from troupe.models.reviewing.reviewfile import check_name as check_review_name
from troupe.scripts.torture.repeating.chain import made

ROOT = Path(__file__).resolve().parents[1]
OLDEST = (3, 10)
# What came after 3.10, by module; `None`: the module itself.
NEWER = {
    "tomllib": None,
    "typing": {"Self", "LiteralString", "Never", "assert_never", "override", "TypeAliasType", "Unpack", "reveal_type"},
    "enum": {"StrEnum", "verify", "member", "nonmember", "ReprEnum"},
    "datetime": {"UTC"},
    "itertools": {"batched"},
    "contextlib": {"chdir"},
    "hashlib": {"file_digest"},
    "asyncio": {"TaskGroup", "timeout", "Runner"},
    "os": {"process_cpu_count"},
    "builtins": {"ExceptionGroup", "BaseExceptionGroup"},
}
# Devices to Windows, by its own rule in Python's library and by Microsoft's page.
DEVICES = (
    "con", "PRN", "aux", "NUL", "com1", "LPT9", "com¹", "LPT³", "conin$", "CONOUT$", "con.txt", "nul.tar.gz",
    "aux .png",
)  # fmt: skip
NAMES = (
    *DEVICES, *hostile.NAMES, "a. .", "x.", "x ", " x", "a:b", "C:x", "C:\\x", "\\\\server\\share\\x", "//server/x",
    "..\\x", "../x", "\\x", "/x", "a/b", "a\\b", ".", "..", "...", "", " ", "\0", "\ud800", "mira", "米拉", "e\u0301",
)  # fmt: skip


def sources():
    return [
        p for top in ("nodes", "models", "scripts", "tests", "benchmarks", "docs") for p in (ROOT / top).rglob("*.py")
    ]


# Python


def test_every_file_is_python_3_10():
    assert len(sources()) > 500
    for path in sources():
        ast.parse(path.read_text(encoding="utf-8"), str(path), feature_version=OLDEST)


def test_nothing_is_used_that_came_later():
    used = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            used += [f"{path.relative_to(ROOT)}: {name}" for name in _newer(node)]
    assert used == []


def _newer(node):
    if isinstance(node, ast.ImportFrom) and node.module in NEWER and not node.level:
        wanted = NEWER[node.module]
        return [f"{node.module}.{a.name}" for a in node.names if wanted is None or a.name in wanted]
    if isinstance(node, ast.Import):
        return [a.name for a in node.names if NEWER.get(a.name, ()) is None]
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return [f"{node.value.id}.{node.attr}"] if node.attr in (NEWER.get(node.value.id) or ()) else []
    return [node.id] if isinstance(node, ast.Name) and node.id in NEWER["builtins"] else []


def test_what_came_later_is_seen():
    found = [n for code in ("import tomllib", "from typing import Self", "datetime.UTC", "ExceptionGroup")
             for node in ast.walk(ast.parse(code)) for n in _newer(node)]  # fmt: skip
    assert found == ["tomllib", "typing.Self", "datetime.UTC", "ExceptionGroup"]


def test_without_a_reader_of_toml_other_words_are_asked_for(tmp_path, monkeypatch):
    """As on Python 3.10 without tomli."""
    from troupe.models.adjusting.preset import parse_preset
    from troupe.models.samples.sidecars import BadText

    for name in ("tomllib", "tomli"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(TroupeError, match="JSON"):
        parse_preset("total = 25")
    assert parse_preset('{"total": 25}').total == 25
    (tmp_path / "dataset.toml").write_text("a = 1")
    with pytest.raises(BadText, match="tomli"):
        list_tree(tmp_path).toml("dataset.toml")


# Windows


def windows_takes(name):
    """One part of a path, as it stands, on Windows and elsewhere."""
    path = PureWindowsPath(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        reserved = path.is_reserved()
    alone = path.parts == (name,) == PurePosixPath(name).parts
    fits = not any(ord(sign) < 32 or sign in '<>:"/\\|?*' for sign in name)
    return alone and fits and not reserved and not is_device(name) and name == name.strip(" ").rstrip(". ")


@pytest.mark.parametrize("name", DEVICES)
def test_devices_are_known(name):
    assert is_device(name) and is_device(name.upper())
    assert not is_device(f"x{name}") and not is_device(name.partition(".")[0] + "x")


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_what_becomes_a_name_is_one_everywhere(name):
    assert windows_takes(file_name(name, set()))
    words = folder_words(name)
    assert not words or windows_takes(words)
    for makes in (data_set_name, set_name):
        try:
            assert windows_takes(makes(name))
        except TroupeError as error:
            assert error.remedy
    for checks, suffix in ((check_review_name, ".csv"), (check_model_name, ".safetensors")):
        try:
            checks(name)
        except TroupeError as error:
            assert error.remedy
        else:
            assert windows_takes(name) and windows_takes(name + suffix)


@pytest.mark.parametrize("path", ["C:\\a.png", "C:a.png", "\\\\server\\share\\a.png", "\\a.png", "..\\a.png", "/a.png"])
def test_a_manifest_is_not_followed_to_another_drive_or_server(tmp_path, path):
    character_folder(tmp_path, 2, 32)
    first = next(tmp_path.glob("*.jpg")).name
    row = {"background": first, "composite": first, "box": [1, 1, 9, 9], "mask": path}
    (tmp_path / "groups.json").write_text(json.dumps({"groups": [row]}))
    with pytest.raises(TroupeError, match="must be a path relative|leads out"):
        read_manifest(tmp_path)


def test_paths_written_on_windows_are_read_anywhere(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.png").touch()
    tree = list_tree(tmp_path)
    assert (
        tree.file("sub\\a.png") == tree.file("C:\\elsewhere\\sub\\a.png") == tree.file(".\\sub\\a.png") == "sub/a.png"
    )
    assert tree.folder("D:\\data\\sub") == tree.folder("\\\\server\\data\\sub") == "sub"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("C:\\Users\\Mira Doe\\a b.png is gone", "a b.png is gone"),
        ("see \\\\server\\her share\\a.png, /home/mira/x/a.png", "see a.png, a.png"),
        ("C:/Users/Mira Doe/a.png", "a.png"),
        ("file:///home/mira/a.png", "a.png"),
        ("/Users/mira/My Pictures/a.png is gone", "a.png is gone"),
        ('{"path": "D:\\\\x\\\\y.png"}', '{"path": "y.png"}'),
        ("from https://example.com/a/b.png, 3/4 view", "from https://example.com/a/b.png, 3/4 view"),
    ],
)
def test_places_are_cut_to_names(text, told):
    assert without_places(text) == told


def test_brackets_without_end_are_plain_text():
    assert without_places(hostile.deep()) == hostile.deep()


def test_half_characters_can_be_sent():
    str(TroupeError("Not a rule", item="\ud800", remedy="x")).encode()


# Nothing tells where it was made

SECRET = "Mira Doe secret-place"


def traces(folder, *more):
    """Files below `folder` that name a place of this machine, packed ones unpacked where it is easy."""
    words = [SECRET, "secret-place", str(Path.home()), str(ROOT), sys.prefix, *more]
    needles = [form for word in words for form in (word.encode(), json.dumps(word)[1:-1].encode()) if len(word) > 4]
    files = [p for p in folder.rglob("*") if p.is_file()]
    assert files
    return [p.relative_to(folder).as_posix() for p in files if any(needle in p.read_bytes() for needle in needles)]


@pytest.fixture(scope="module")
def hidden(tmp_path_factory):
    """A folder in a place that nobody has to know."""
    folder = tmp_path_factory.mktemp("x") / SECRET
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def labelled(hidden):
    """Redrawn samples with captions and originals, two damaged ones among them, as `write_dataset` gets them."""
    from troupe.models.adjusting.adjust import adjust
    from troupe.models.adjusting.preset import parse_preset
    from troupe.models.captioning.describe import describe
    from troupe.models.captioning.measured import MeasuredCaptioner
    from troupe.models.labelling.label import label
    from troupe.models.labelling.settings import LabelSettings
    from troupe.models.restyling.drawing import RestyleSettings
    from troupe.models.restyling.painterlystylizer import PainterlyStylizer
    from troupe.models.restyling.restyle import restyle
    from troupe.models.samples.reading import ReadOptions, read_sample_set
    from troupe.models.samples.store import Store
    from troupe.models.styles.library import load_library
    from troupe.models.styles.mapping import MapSettings, map_styles

    album, store = character_folder(hidden / "album" / "mira", 4, 96), Store(hidden / "store")
    (album / "broken.png").write_bytes(b"\x89PNG" + bytes(9))
    found = describe(read_sample_set(album.parent, ReadOptions()), MeasuredCaptioner(), store)
    mapped = map_styles(found, load_library(), MapSettings(axis="angle")).sample_set
    (album / mapped.samples[0].image.path).unlink()
    drawn = restyle(mapped, PainterlyStylizer(), RestyleSettings(seed=1), store).sample_set
    assert len(drawn) == 3 and len(drawn.rejected) == 2
    return label(
        adjust(drawn, parse_preset('{"minimum_side": 16}'), store).sample_set, LabelSettings("mira")
    ).sample_set


@pytest.mark.parametrize("format", FORMATS, ids=lambda f: f.id)
def test_no_data_set_tells_where_it_was_made(labelled, hidden, tmp_path, format):
    settings = WriteSettings("mira", format=format.id, resolution=64, include_originals=True)
    note = f"made in {hidden}/album"
    folder = write_dataset(plan_dataset(labelled, settings), tmp_path, settings_note=note).folder
    assert traces(folder, str(tmp_path)) == []


def test_neither_does_the_store_nor_a_review(labelled, hidden, tmp_path):
    assert traces(hidden / "store") == []
    review(labelled, tmp_path, "mira")
    assert traces(tmp_path) == []


def test_neither_do_groups_nor_a_trained_model(tmp_path):
    folder = tmp_path / SECRET
    shelves = [NamedGroup(f"g{n}", pixels) for n, pixels in enumerate(Shelves(12)[n] for n in range(12))]
    broken = NamedGroup(
        "none", GroupPixels(*shelves[0].pixels[:3], shelves[0].pixels.box._replace(left=900, right=920))
    )
    made_set = publish(folder, "set", "digest", lambda at: write_groups(at, [*shelves, broken]), ())
    assert made_set.faults and traces(folder, str(tmp_path)) == []
    model = fresh_model(STILL)
    train_on(made_set, model, QUICK, Places(folder / "model.safetensors", folder / "state.safetensors"))
    save_model(model, folder / "plain.safetensors")
    assert sorted(p.name for p in folder.glob("*.safetensors")) == [
        "model.safetensors", "plain.safetensors", "state.safetensors",
    ]  # fmt: skip
    assert traces(folder, str(tmp_path)) == []


def test_neither_does_anything_that_is_published():
    """Absolute paths of any machine: workflows, help pages, texts of the nodes, the weights' header."""
    place = re.compile(rb"""(?<![\w.~/-])(?:/(?:home|root|Users|tmp|work|mnt)/\w|[A-Z]:\\\\?(?!n)\w|file://)""")
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    tops = ("workflows/", "web/", "locales/", "assets/", "nodes/", "models/", "tests/workflows/", "node_list.json")
    files = [ROOT / name for name in names.split("\0") if name.startswith(tops)]
    assert len(files) > 300
    texts = [f for f in files if f.suffix in (".json", ".md", ".py", ".txt", ".jsonl", ".js", ".csv", ".safetensors")]
    found = {f.relative_to(ROOT).as_posix(): place.findall(f.read_bytes()[: 1 << 20]) for f in texts}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_the_same_data_set_comes_of_another_place(tmp_path):
    albums = [character_folder(tmp_path / name / "mira", 4, 96).parent for name in ("a", f"{SECRET} b")]
    one, two = (made(album, tmp_path / f"work of {album.name}") for album in albums)
    assert one == two


# What is typed into widgets, by the host's rules


@pytest.fixture
def typed(host_inprocess, monkeypatch):
    """`input_path`, with a folder `set/mira` in the input folder. `reachable`: whether others reach the host."""
    import folder_paths
    from comfy.cli_args import args

    from troupe.nodes.bridge import input_path

    inputs = Path(folder_paths.get_input_directory()).resolve()
    (inputs / "set" / "mira").mkdir(parents=True, exist_ok=True)

    def read(text, reachable=False):
        monkeypatch.setattr(args, "listen", "0.0.0.0" if reachable else "127.0.0.1")
        return input_path(text).relative_to(inputs).as_posix()

    return read


@pytest.mark.parametrize("text", ["set/mira", "set\\mira", "set\\\\mira", '"set\\mira"', " .\\set\\mira\\ "])
def test_a_folder_typed_on_windows_is_found(typed, text):
    assert typed(text) == typed(text, reachable=True) == "set/mira"


def test_the_shipped_samples_are_found_with_backslashes(host_inprocess):
    from troupe.nodes.bridge import input_path

    assert input_path("troupe-samples\\mira") == ROOT / "assets" / "samples" / "mira"


@pytest.mark.parametrize(
    "text", ["\\\\server\\share", "//server/share", "\\\\?\\UNC\\server\\x", "..\\..\\x", "set\\..\\..\\x"]
)
def test_no_server_and_nothing_outside_is_asked_for_while_others_reach_the_host(typed, text):
    with pytest.raises(TroupeError, match="outside ComfyUI's input folder"):
        typed(text, reachable=True)
