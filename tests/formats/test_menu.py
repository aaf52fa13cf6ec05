"""A menu shows the formats without loading them; it must show the same ones."""

from troupe.models.formats import FORMATS
from troupe.models.formats.menu import MENU


def test_menu_is_the_catalogue():
    assert [(f.id, f.label, f.summary, f.takes_pairs) for f in FORMATS] == list(MENU)
