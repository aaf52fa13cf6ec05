"""Texts of widgets, captions and answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

from ...models.adjusting.preset import parse_preset
from ...models.captioning.visionlanguage.reading import read_sentence, read_tags
from ...models.compositing.groups.setfolder import set_name
from ...models.compositing.groups.writing import file_name
from ...models.formats.captions import kept_and_rest, one_line, parts, without_separator
from ...models.formats.discretion import without_places
from ...models.formats.naming import data_set_name, folder_words, picture_stem
from ...models.labelling.overrides import parse_patterns, parse_renamings
from ...models.labelling.settings import LabelSettings
from ...models.picturefiles import parse_colour
from ...models.restyling.palettes import parse_palette
from ...models.samples.said import said_by_record, said_by_text
from ...models.samples.sidecars import BadText, parse_json
from ...models.samples.tagtext import parse_text
from ...models.styles.library import load_library
from ...models.styles.rules import read_rules
from ...models.styles.stylemap import StyleMap
from ...models.styles.table import read_table, require_one_to_one
from ...tests.support import hostile
from .target import answered, text_of, writable


def caption(data: bytes, folder: Path) -> None:
    """A caption or tags, as files and other nodes have them, and what is made of it."""
    text = text_of(data)
    for tag in parse_text(text).tags:
        assert tag.text and 0 <= tag.score <= 1, tag
    said_by_text(text)
    line = one_line(text)
    assert "\n" not in line and one_line(line) == line
    kept_and_rest(without_separator(line), 1)
    assert all(part == part.strip() for part in parts(line))


def record(data: bytes, folder: Path) -> None:
    """A JSON object that says something about a picture."""
    try:
        value = parse_json(data.decode("utf-8", "replace"))
    except BadText:
        return
    if isinstance(value, dict):
        writable(said_by_record(value, own=True))


def wishes(data: bytes, folder: Path) -> None:
    if preset := answered(parse_preset, text_of(data)):
        answered(preset.quotas)


def styles(data: bytes, folder: Path) -> None:
    """Rules, tables, maps of earlier runs and libraries of one's own."""
    text, library = text_of(data), load_library()
    answered(read_rules, text, library.firsts)
    answered(require_one_to_one, text)
    answered(read_table, text, "angle", ("front", "side"), library.seconds)
    answered(StyleMap.from_json, text)
    if text.lstrip().startswith("{"):
        answered(load_library, text)


def tags(data: bytes, folder: Path) -> None:
    """Which tags to keep, to force, to rename; the trigger word."""
    text = text_of(data)
    for pattern in answered(parse_patterns, text) or ():
        pattern.fits(("hair.colour", "place"), "silver", "silver hair")
    answered(parse_renamings, text)
    answered(LabelSettings, text)


def colours(data: bytes, folder: Path) -> None:
    answered(parse_palette, text_of(data))
    answered(parse_colour, text_of(data))


def answers(data: bytes, folder: Path) -> None:
    """What a model that writes may say."""
    writable([read_sentence(text_of(data)), read_tags(text_of(data))])


def names(data: bytes, folder: Path) -> None:
    """Whatever becomes a file's or a folder's name is one, and alone, on every system."""
    text = text_of(data)
    made = [answered(read, text) for read in (data_set_name, set_name)]
    made += [file_name(text, set()), folder_words(text), picture_stem(7, text)]
    for name in filter(None, made):
        path = PureWindowsPath(name)
        assert path.parts == (name,) and not path.is_reserved() and name == name.strip().rstrip("."), repr(name)
        assert len(name.encode()) <= 255 and name not in (".", ".."), repr(name)


def places(data: bytes, folder: Path) -> None:
    """What is told about a data set names no folder of a disk, and is still text."""
    told = without_places(text_of(data))
    assert isinstance(told, str)


def words_seeds() -> Iterator[bytes]:
    yield from (
        b"mira, silver hair, from behind", b"A girl stands in the rain, full body.", b"(smile:0.98), (1girl:0.7)",
        b"1girl silver_hair from_behind", b"((a)), [b], {c}, <lora:x:1>", "银发, 背面、微笑".encode(), b"a ||| b, c",
    )  # fmt: skip
    yield from hostile.json_texts().values()


def wish_seeds() -> Iterator[bytes]:
    yield b'total = 25\nbalance = "exact"\nshots = { close-up = 8, full = "40%" }\ncrop_to_shot = ["close-up"]'
    yield b'{"total": 25, "angles": {"front": "50%"}, "sharpness_minimum": 0.7, "minimum_side": -1}'
    yield b"[shots]\nclose-up = 3\n[angles]\nback = '10%'"
    yield from hostile.json_texts().values()


def style_seeds() -> Iterator[bytes]:
    yield b"night, moon -> ink_wash\nrain + sea -> watercolour\n* -> anime_cel # all others"
    yield b"front = fine_line\nside = crisp\nunknown = soft"
    yield b'{"front": "fine_line"}'
    yield b'{"troupe_style_map": 1, "axis": "angle", "firsts": {"mira": "oil"}, "seconds": {"front": "crisp"}}'
    yield b'{"firsts": [{"id": "a", "name": "A", "prompt": "p", "painterly": {"look": "oil", "detail": 2}}]}'
    yield from hostile.json_texts().values()


def tag_seeds() -> Iterator[bytes]:
    yield b"*hat*, slot:background=plain, expression:*, hair.colour:silver, [a-, dark"
    yield "silver hair -> grey hair\na → b\nc => d, e".encode()
    yield b"{character}_trp"
    yield from hostile.json_texts().values()


def colour_seeds() -> Iterator[bytes]:
    return iter((b"#2d4a6b, #e8b04a, #f3e6d0", b"red green blue", b"rgb(1, 2, 3)", b"hsl(120,100%,50%)", b"#ffff", b""))


def answer_seeds() -> Iterator[bytes]:
    yield b'```json\n["silver hair", "from behind"]\n```'
    yield b"Tags: 1girl, silver hair, 1girl, silver hair, 1girl, silver hair"
    yield b"The image shows a girl.</s><pad>"
    yield from hostile.json_texts().values()


def name_seeds() -> Iterator[bytes]:
    yield from (name.encode("utf-8", "surrogatepass") for name in hostile.NAMES)
    windows = (
        "COM¹",
        "com0.txt",
        "CONIN$",
        "aux .png",
        "C:x",
        "\\\\server\\share\\x",
        "..\\x",
        "x:stream",
        "LPT³",
        "a. .",
    )
    yield from (name.encode() for name in windows)


def place_seeds() -> Iterator[bytes]:
    yield b'{"path": "/home/mira/a.png", "note": "C:\\\\Users\\\\mira\\\\a.png is gone"}'
    yield b"\\\\server\\share\\a.png, /mnt/a b/c.png; https://example.com/a/b"
    yield from hostile.json_texts().values()
