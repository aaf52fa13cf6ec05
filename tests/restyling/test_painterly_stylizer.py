"""A style pair becomes the settings of a look: the second sub-style turns the dials of the first."""

import pytest

from troupe.models.errors import TroupeError
from troupe.models.restyling.painterly import LOOKS
from troupe.models.restyling.painterly.settings import RANGES
from troupe.models.restyling.painterlystylizer import look_of
from troupe.models.restyling.palettes import named_palettes, parse_palette
from troupe.models.samples.sample import StylePair, SubStyle
from troupe.models.styles.library import load_library


def style(strength=1.0, **painterly):
    return SubStyle("s", "S", "式", "f", "p", strength=strength, painterly=tuple(painterly.items()))


def pair(first, second):
    return StylePair(style(look="oil", **first), style(**second))


TABLE = [
    # first, second, dial, expected
    ({}, {"line": 1.5}, "line", 1.5),
    ({"line": 0.5}, {"line": 1.5}, "line", 0.75),
    ({"line": 1.8}, {"line": 1.5}, "line", 2.0),  # kept within its range
    ({"warmth": 0.2}, {"warmth": 0.3}, "warmth", 0.5),
    ({"warmth": 0.2}, {"warmth": -0.5}, "warmth", -0.3),
    ({"lightness": 0.1}, {"lightness": 0.9}, "lightness", 0.3),
    ({"chroma": 0.8}, {}, "chroma", 0.8),
]


@pytest.mark.parametrize(("first", "second", "dial", "expected"), TABLE)
def test_dials_multiply_but_warmth_and_lightness_add(first, second, dial, expected):
    assert getattr(look_of(pair(first, second)), dial) == pytest.approx(expected)


def test_strengths_multiply():
    both = StylePair(style(look="oil", strength=0.8), style(strength=0.5))
    assert look_of(both, 0.5).strength == pytest.approx(0.2)


def test_a_style_for_models_alone_says_what_to_do():
    with pytest.raises(TroupeError, match="no painterly look.*wire another stylizer"):
        look_of(StylePair(style()))


def test_every_pair_of_the_library_can_be_drawn():
    library = load_library()
    for first in library.firsts:
        for second in library.seconds:
            settings = look_of(StylePair(first, second))
            assert settings.look in LOOKS
            assert all(low <= getattr(settings, dial) <= high for dial, (low, high) in RANGES.items())


def test_palettes_that_ship_have_names_and_colours():
    for name, palette in named_palettes().items():
        assert palette.name == name and 3 <= len(palette.colours) <= 12


def test_own_colours_are_read_as_people_write_them():
    assert parse_palette("#FF0000, white navy").colours == ("#ff0000", "#ffffff", "#000080")


WRONG = {"#12, red, blue": "Not a colour", "red, blue": "3 to 12 colours, not 2", " ".join(["red"] * 13): "not 13"}


@pytest.mark.parametrize("text", WRONG)
def test_wrong_palettes_say_what_is_wrong(text):
    with pytest.raises(TroupeError, match=WRONG[text]):
        parse_palette(text)
