"""Names: unique, lower-case ASCII, and nothing in them that a trainer or a file system reads as something else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troupe.models.devicenames import is_device
from troupe.models.errors import TroupeError
from troupe.models.formats.naming import SPLIT_WORDS, ascii_slug, data_set_name, picture_stem, unique


@given(st.lists(st.text(), max_size=30))
def test_stems_are_unique_whatever_the_ids_are(ids):
    stems = [picture_stem(n, id) for n, id in enumerate(ids, 1)]
    assert len({stem.casefold() for stem in stems}) == len(stems)


@given(st.text())
def test_a_stem_is_lower_case_ascii_with_one_underscore_at_most(id):
    stem = picture_stem(7, id)
    assert re.fullmatch(r"0007(_[a-z0-9]+(-[a-z0-9]+)*)?", stem), stem


@given(st.text(), st.sampled_from(sorted(SPLIT_WORDS)))
def test_no_stem_has_a_word_that_loaders_take_for_a_split(id, word):
    words = re.findall("[a-z]+", picture_stem(1, f"{id} {word}") + " " + picture_stem(1, f"{word}-{id}"))
    assert SPLIT_WORDS.isdisjoint(words)


@pytest.mark.parametrize(
    "text, slug",
    [
        ("mira/front_walk.png", "mira-front-walk-png"),
        ("Zoë Müller", "zoe-muller"),
        ("Straße Łódź", "strasse-lodz"),
        ("a__b---c  d", "a-b-c-d"),
        ("小鹿/正面", ""),
        ("小鹿 7", "7"),
        ("con", "con"),
        ("mira test 3", "mira-tests-3"),
        ("...", ""),
        ("x" * 200, "x" * 60),
    ],
)
def test_slugs(text, slug):
    assert ascii_slug(text) == slug


@pytest.mark.parametrize(
    "text, name",
    [
        ("mira", "mira"),
        ("  Mira  Set ", "Mira Set"),
        ("my.png set", "my png set"),
        ("小鹿", "小鹿"),
        ("mira [v2] *", "mira v2"),
        ("trailing. ", "trailing"),
        ("con", "con-set"),
        ("LPT1", "LPT1-set"),
        ("-x-", "x"),
    ],
)
def test_data_set_names_are_tidied(text, name):
    assert data_set_name(text) == name


@pytest.mark.parametrize("text", ["", "  ", "..", ".", "a/b", "../a", "/tmp", "a\\b", "C:", "c:\\x", "***"])
def test_a_name_that_is_a_path_or_nothing_is_refused(text):
    with pytest.raises(TroupeError):
        data_set_name(text)


@given(st.text())
def test_a_data_set_name_is_never_a_path_nor_reserved(text):
    try:
        name = data_set_name(text)
    except TroupeError:
        return
    assert not re.search(r'[\\/:*?"<>|.\[\]\x00-\x1f]', name)
    assert name == name.strip() and not is_device(name)


def test_unique_names_differ_in_more_than_case():
    taken = set()
    assert [unique(n, taken) for n in ("Mira", "mira", "mira", "rob")] == ["Mira", "mira-2", "mira-3", "rob"]
