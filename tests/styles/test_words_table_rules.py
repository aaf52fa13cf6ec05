"""Texts compared by their words, and what an artist writes by hand: tables and rules."""

import json
from math import log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troupe.models.errors import TroupeError
from troupe.models.styles.library import load_library
from troupe.models.styles.naming import find_style, find_value
from troupe.models.styles.rules import read_rules
from troupe.models.styles.table import read_table
from troupe.models.styles.words import Corpus, known_words, spoken_runs, terms

LIBRARY = load_library()
ANGLES = ["front", "side", "back"]

# Words


def test_the_likeness_is_the_cosine_of_tf_idf():
    """Three texts of words too short for pieces: the numbers can be worked out by hand."""
    corpus = Corpus.of([["red"], ["red", "fox"], ["sea"]])
    red, fox = log(2) * log(4 / 3), log(2) * log(4 / 2)
    length = sqrt(red**2 + fox**2)
    assert corpus.likeness(["red"]) == pytest.approx([1, red / length, 0])
    assert corpus.likeness(["fox"]) == pytest.approx([0, fox / length, 0])


@given(st.lists(st.text(alphabet="abcdef ", min_size=1, max_size=20), min_size=2, max_size=6), st.data())
def test_a_likeness_lies_between_0_and_1_and_knows_no_order(texts, data):
    corpus = Corpus.of([[text] for text in texts])
    found = corpus.likeness(texts)
    assert all(-1e-9 <= x <= 1 + 1e-9 for x in found)
    assert corpus.likeness(data.draw(st.permutations(texts))) == pytest.approx(found)


def test_a_text_is_most_like_itself():
    texts = [style.keywords for style in LIBRARY.firsts]
    corpus = Corpus.of(texts)
    for i, text in enumerate(texts):
        likeness = corpus.likeness(text)
        assert likeness[i] == max(likeness) == pytest.approx(1)


def test_words_share_pieces():
    moonlit, site = terms(["moonlit"]), terms(["site"])
    assert set(moonlit) & set(terms(["moonlight"])) == {"~moon", "~oonl", "~onli"}
    assert not set(site) & set(terms(["sit"]))


def test_words_of_every_caption_are_no_words():
    assert not terms(["a picture of the"])
    assert "=in the rain" not in terms(["in the rain"]) and "rain" in terms(["in the rain"])


def test_chinese_is_cut_into_pairs_of_signs():
    assert {"水墨画", "~水墨", "~墨画"} == set(terms(["水墨画"]))


@pytest.mark.parametrize(
    ("sentence", "keywords"),
    [("", ("夜晚",)), ("", ("night_sky",)), ("She walks home at night.", ()), ("夜晚的街道", ())],
)
def test_one_thing_has_one_name_in_every_language(sentence, keywords):
    assert {"night", "夜晚", "night sky"} <= set(known_words(sentence, keywords))


def test_one_sign_inside_a_word_means_nothing():
    assert "pointing" not in known_words("她戴着戒指", ())


# Names


@pytest.mark.parametrize("name", ["ink_wash", "Ink wash", "INK-WASH", " ink wash ", "水墨"])
def test_a_style_is_found_by_any_of_its_names(name):
    assert find_style(name, LIBRARY.firsts).id == "ink_wash"


@pytest.mark.parametrize("name", ["back", "from behind", "BACK_VIEW", "背面", "rear"])
def test_a_value_is_found_by_any_of_its_names(name):
    assert find_value(name, "angle", []) == "back"


def test_a_value_that_the_set_has_wins_over_the_vocabulary():
    assert find_value("Station", "place", ["station"]) == "station"
    assert find_value("station", "place", []) is None


# Tables


def pairs(text, axis="angle"):
    return {row.feature: row.style.id for row in read_table(text, axis, ANGLES, LIBRARY.seconds)}


@pytest.mark.parametrize(
    "text",
    [
        "front = fine_line\nback = rim_light",
        "# my pairs\n\n  front=fine_line  # thin\nfrom behind = Rim light\n",
        "正面 = 细线\n背面 = 轮廓光",
        '{"front": "fine_line", "back": "rim_light"}',
        '[["front", "fine_line"], ["back", "rim_light"]]',
    ],
)
def test_a_table_is_read_however_it_is_written(text):
    assert pairs(text) == {"front": "fine_line", "back": "rim_light"}


@pytest.mark.parametrize("text", ["", "\n  \n# nothing\n", "{}"])
def test_an_empty_table_is_no_mistake(text):
    assert pairs(text) == {}


def test_a_row_may_be_for_samples_without_a_value():
    assert pairs("unknown = misty") == {"unknown": "misty"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "front = crisp\n\nside = fine_line\nFRONT = misty",
            "The table has the feature 'front' twice: line 1 (front = crisp) and line 4 (FRONT = misty)",
        ),
        (
            "front = crisp\nside = 锐利",
            "The table has the style 'crisp' twice: line 1 (front = crisp) and line 2 (side = 锐利)",
        ),
        (
            '{"front": "crisp", "front": "misty"}',
            "The table has the feature 'front' twice: entry 1 (front = crisp) and entry 2 (front = misty)",
        ),
        ("frnt = crisp", "Not a value of 'angle' in line 1 of the table: 'frnt'. Did you mean 'front'?"),
        ("front = crips", "Unknown style in line 1 of the table: 'crips'. Did you mean 'crisp'?"),
        ("front = ink_wash", "Unknown style in line 1 of the table: 'ink_wash'."),
        ("qqq = crisp", "Choose among: front, side, back, unknown"),
        ("front", "Line 1 of the table is no pair: 'front'. Write it as: front = fine_line"),
        ("front = ", "Line 1 of the table is no pair"),
        ('{"front": 3}', "The table is no object of texts"),
        ('{"front"', "The table is no valid JSON"),
    ],
)
def test_a_mistake_in_a_table_names_the_lines(text, message):
    with pytest.raises(TroupeError) as error:
        pairs(text)
    assert message in str(error.value)


# Rules


def chosen(rules, sentence="", *keywords):
    read, said = read_rules(rules, LIBRARY.firsts), {*known_words(sentence, keywords), *spoken_runs(sentence)}
    return next((rule.style.id for rule in read if rule.fits(said)), None)


@pytest.mark.parametrize(
    ("rules", "sentence", "keywords", "style"),
    [
        ("night, moon -> ink_wash", "A girl at night.", (), "ink_wash"),
        ("night, moon -> ink_wash", "", ("moon",), "ink_wash"),
        ("night, moon -> ink_wash", "", ("夜晚",), "ink_wash"),
        ("night, moon -> ink_wash", "A sunny day.", (), None),
        ("night + rain -> ink_wash", "At night, in the rain.", (), "ink_wash"),
        ("night + rain -> ink_wash", "At night.", (), None),
        ("夜 -> 水墨", "夜晚的街道", (), "ink_wash"),
        ("*hair -> gongbi", "", ("silver_hair",), "gongbi"),
        ("* -> oil", "", (), "oil"),
        ("night -> ink_wash\n* -> gouache", "A day.", (), "gouache"),
        ("night -> ink_wash\nnight -> oil", "night", (), "ink_wash"),
        ("looking at viewer -> oil", "She is looking at viewer.", (), "oil"),
        ("art -> oil", "A party.", (), None),
        ("# all\n\n* -> watercolour # soft", "", (), "watercolour"),
    ],
)
def test_the_first_rule_that_fits_is_taken(rules, sentence, keywords, style):
    assert chosen(rules, sentence, *keywords) == style


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ("night ink_wash", "Line 1 of the rules is no rule: 'night ink_wash'. Write it as: night, moon -> ink_wash"),
        ("a -> oil\n-> oil", "Line 2 of the rules is no rule"),
        ("night ->", "Line 1 of the rules is no rule"),
        ("night + -> oil\n , -> oil", "Line 2 of the rules is no rule"),
        ("* -> inkwash", "Unknown style in line 1 of the rules: 'inkwash'. Did you mean 'ink_wash'?"),
    ],
)
def test_a_mistake_in_a_rule_names_the_line(rules, message):
    with pytest.raises(TroupeError) as error:
        chosen(rules)
    assert message in str(error.value)


def test_json_of_the_library_files_is_tidy():
    """One field a line, Chinese readable: people edit these files."""
    from troupe.models.styles.library import FOLDER

    for path in FOLDER.glob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert "\\u" not in text and json.loads(text)["troupe_styles"] == 1
