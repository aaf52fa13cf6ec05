"""The library as data: what every entry must hold, and what an artist is told about a wrong one."""

import itertools
import json

import pytest

from troupe.models.errors import TroupeError
from troupe.models.restyling.painterly import LOOKS
from troupe.models.restyling.painterly.settings import RANGES
from troupe.models.samples.sample import StylePair
from troupe.models.styles import entries
from troupe.models.styles.library import load_library

LIBRARY = load_library()
EVERY = (*LIBRARY.firsts, *LIBRARY.seconds)


def own(**kinds):
    return json.dumps({"troupe_styles": 1, **kinds}, ensure_ascii=False)


ENTRY = {"id": "neon", "name": "Neon", "prompt": "neon light"}

# Ours


def test_ids_and_names_are_unique():
    for values in ([s.id for s in EVERY], [s.name for s in EVERY], [s.name_zh for s in EVERY]):
        assert len(values) == len(set(values))


def test_there_is_enough_to_choose_from():
    assert {s.family for s in LIBRARY.firsts} == {"anime", "guofeng", "toon", "illustration"}
    assert len(LIBRARY.firsts) >= 16 and len(LIBRARY.seconds) >= 14


@pytest.mark.parametrize("style", EVERY, ids=lambda s: s.id)
def test_every_style_has_both_languages_words_and_instructions(style):
    assert style.name.isascii() and not style.name_zh.isascii()
    assert style.prompt and len(style.keywords) >= 6
    assert any(not k.isascii() for k in style.keywords) and any(k.isascii() for k in style.keywords)
    assert style.instruction.endswith(".")


@pytest.mark.parametrize("style", LIBRARY.firsts, ids=lambda s: s.id)
def test_a_first_style_has_a_look_and_keeps_the_character(style):
    assert dict(style.painterly)["look"] in LOOKS
    assert style.negative
    kept = " Keep the same character, face, hairstyle, clothes, pose, camera angle and framing."
    assert style.instruction.startswith("Redraw this image as ") and style.instruction.endswith(kept)


def test_looks_and_dials_are_those_of_the_stylizer():
    assert set(entries.LOOKS) == set(LOOKS)
    assert dict(entries.DIALS) == RANGES


@pytest.mark.parametrize(("first", "second"), itertools.product(LIBRARY.firsts, LIBRARY.seconds), ids=lambda s: s.id)
def test_every_pair_stays_within_the_dials(first, second):
    """Nothing is cut off: a second style that hits the end of a dial would no longer be told from another."""
    dials = dict(first.painterly)
    for name, value in second.painterly:
        low, high = RANGES[name]
        own_value = dials.get(name, 0.0 if name in entries.ADDED else 1.0)
        assert low <= (own_value + value if name in entries.ADDED else own_value * value) <= high, name


def test_second_styles_differ_visibly_from_each_other_and_from_none():
    """A tenth of a dial's range is seen; measured in such tenths, any two differ by one at least."""

    def dials(style):
        settings = dict(style.painterly) if style else {}
        neutral = {name: 0.0 if name in entries.ADDED else 1.0 for name in RANGES}
        return [settings.get(n, neutral[n]) / (RANGES[n][1] - RANGES[n][0]) * 10 for n in RANGES]

    for a, b in itertools.combinations([None, *LIBRARY.seconds], 2):
        assert max(abs(x - y) for x, y in zip(dials(a), dials(b), strict=True)) >= 1, (a and a.id, b.id)


@pytest.mark.parametrize("second", LIBRARY.seconds, ids=lambda s: s.id)
def test_a_second_style_never_takes_the_character_away(second):
    dials = dict(second.painterly)
    assert "look" not in dials and "strength" not in dials
    assert 0.5 <= dials.get("chroma", 1) <= 1.5 and 0.75 <= dials.get("contrast", 1) <= 1.25
    assert abs(dials.get("warmth", 0)) <= 0.5 and abs(dials.get("lightness", 0)) <= 0.15


# Loading


def test_a_style_of_ones_own_comes_last_and_a_same_id_replaces_ours():
    library = load_library(own(first=[ENTRY, {**ENTRY, "id": "gongbi"}], second=[{**ENTRY, "id": "glitch"}]))
    assert library.firsts[-1].id == "neon" and library.seconds[-1].id == "glitch"
    assert [s.id for s in library.firsts[:-1]] == [s.id for s in LIBRARY.firsts]
    assert next(s for s in library.firsts if s.id == "gongbi").name == "Neon"


def test_a_file_does_as_well_as_text(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text("\ufeff" + own(first=[ENTRY]), encoding="utf-8")
    assert load_library(path) == load_library(str(path)) == load_library(own(first=[ENTRY]))


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_nothing_of_ones_own_is_ours(nothing):
    assert load_library(nothing) == LIBRARY


def test_what_an_entry_may_leave_out():
    style = load_library(own(first=[ENTRY])).firsts[-1]
    assert (style.name_zh, style.family, style.strength, style.keywords, style.painterly) == (
        "Neon",
        "own",
        1.0,
        (),
        (),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "The style file is no valid JSON: your own styles. Line 1, column 2"),
        ('{"troupe_styles": 2}', "Not a style file of this version: your own styles"),
        (own(first={}), "A style list is no list: your own styles: first"),
        (own(first=[3]), "A style entry is not an object: your own styles: first entry 1."),
        (own(first=[ENTRY, {"id": "x", "name": "X"}]), "has no 'prompt': your own styles: first entry 2 (x)"),
        (own(first=[{**ENTRY, "promt": ""}]), "has an unknown field: promt: your own styles: first entry 1 (neon)"),
        (own(first=[{**ENTRY, "name": 3}]), "field 'name' is no text"),
        (own(first=[{**ENTRY, "keywords": "a, b"}]), "field 'keywords' is no list of words"),
        (
            own(first=[{**ENTRY, "strength": 2}]),
            "field 'strength' is 2: your own styles: first entry 1 (neon). It must be",
        ),
        (own(first=[{**ENTRY, "painterly": {"look": "oils"}}]), "names an unknown look: 'oils'"),
        (own(first=[{**ENTRY, "painterly": {"lines": 1}}]), "names an unknown painterly setting: 'lines'"),
        (own(first=[{**ENTRY, "painterly": {"line": 3}}]), "field 'painterly.line' is 3"),
        (own(first=[{**ENTRY, "painterly": {"line": True}}]), "field 'painterly.line' is True"),
        (own(first=[{**ENTRY, "painterly": {"line": float("nan")}}]), "field 'painterly.line' is nan"),
        (own(second=[{**ENTRY, "painterly": {"look": "oil"}}]), "is a second sub-style with a 'look'"),
        (own(second=[ENTRY, ENTRY]), "Two styles have the same id: your own styles: second entries 1 and 2 (neon)"),
        (own(second=[{**ENTRY, "id": "gongbi"}]), "A style is both first and second: your own styles: gongbi"),
    ],
)
def test_a_mistake_is_named_with_file_entry_and_field(text, message):
    with pytest.raises(TroupeError) as error:
        load_library(text)
    assert message in str(error.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(TroupeError, match="cannot be read: .*nowhere.json. Reason: No such file"):
        load_library(tmp_path / "nowhere.json")


def test_styles_travel_in_pairs():
    pair = StylePair(LIBRARY.firsts[0], LIBRARY.seconds[0])
    assert hash(pair) == hash(StylePair(LIBRARY.firsts[0], LIBRARY.seconds[0]))
