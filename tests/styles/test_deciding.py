"""Who gets what is decided in one pass, by what adds up: the same for a set in memory, on disk, or in another order."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.alive import Alive
from troupe.models.errors import TroupeError
from troupe.models.samples.sample import Description, Feature, ImageFile, Sample, SampleSet
from troupe.models.sharding import ondisk
from troupe.models.sharding.manifest import write_manifest
from troupe.models.sharding.ondisk import set_on_disk
from troupe.models.sharding.roots import Roots
from troupe.models.styles.deciding import MapSettings, decide
from troupe.models.styles.library import load_library
from troupe.models.styles.mapping import map_styles
from troupe.models.styles.stylemap import StyleMap
from troupe.models.styles.words import Corpus, terms

LIBRARY = load_library()
RULES = "night, moon -> ink_wash\nknight + sword -> oil"
PREVIOUS = StyleMap("angle", (("ada", "comic_halftone"), ("bram", "gone")), (("front", "misty"), ("back", "crisp")))
WORDS = ["night", "moonlit", "superhero cape", "knight", "sword", "夜晚", "水墨", "hanfu", "toy figurine", "a red coat"]
ANGLES, ACTIONS = ("", "front", "side", "back"), ("", "run", "sit", "of its own")

facts = st.tuples(
    st.sampled_from(("ada", "bram", "mira")),
    st.sampled_from(ANGLES),
    st.sampled_from(ACTIONS),
    st.sampled_from((0.3, 0.5, 1.0)),
    st.lists(st.sampled_from(WORDS), max_size=4),
)
sets = st.lists(facts, min_size=1, max_size=12)
wishes = st.builds(
    MapSettings,
    first=st.sampled_from(("auto", "oil", RULES, f"{RULES}\n* -> gouache")),
    axis=st.sampled_from(("auto", "angle", "action")),
    previous=st.sampled_from((None, PREVIOUS)),
    second_enabled=st.booleans(),
    first_scope=st.sampled_from(("character", "sample")),
)


def a_set(rows) -> SampleSet:
    return SampleSet(tuple(sample(number, *row) for number, row in enumerate(rows)))


def sample(number, character, angle, action, confidence, words) -> Sample:
    features = (Feature("angle", angle, "path", 0.9), Feature("action", action, "captioner", confidence))
    return Sample(
        f"s{number}", character, ImageFile(f"/pictures/{number}.png", f"{number:064}", 8, 8),
        features=tuple(feature for feature in features if feature.value),
        description=Description(f"Seen at night, number {number}." if number % 3 == 0 else "", tuple(words), "person"),
    )  # fmt: skip


@given(sets, wishes, st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_in_any_order_the_same_is_decided(rows, wanted, random):
    ordered = a_set(rows).samples
    shuffled = random.sample(ordered, len(ordered))
    one, other = decide(SampleSet(ordered), LIBRARY, wanted), decide(SampleSet(tuple(shuffled)), LIBRARY, wanted)
    assert one == other
    assert [one.first(s) for s in ordered] == [other.first(s) for s in ordered]


@given(sets, wishes)
@settings(max_examples=15, deadline=None)
def test_of_a_set_on_disk_the_same_is_decided(rows, wanted):
    whole = a_set(rows)
    mapped = map_styles(whole, LIBRARY, wanted)
    with TemporaryDirectory() as folder:
        path, roots = Path(folder) / "set.jsonl", Roots((("input", "/pictures"),))
        write_manifest(path, whole, roots)
        found = set_on_disk(path, roots)
        decided = decide(found, LIBRARY, wanted)
        styled = tuple(decided.styled(s, decided.first(s)) for s in found.samples)
    assert (styled, decided.axis, decided.seconds) == (mapped.sample_set.samples, mapped.axis, mapped.seconds)
    if wanted.first_scope == "character":
        assert tuple(decided.by_character.values()) == mapped.firsts


@pytest.mark.parametrize("scope", ["character", "sample"])
@pytest.mark.parametrize("first", ["auto", "oil", RULES])
def test_deciding_holds_no_sample(first, scope, tmp_path, monkeypatch):
    path, roots = tmp_path / "set.jsonl", Roots((("input", "/pictures"),))
    rows = [(who, angle, "run", 1.0, ["night"]) for who in ("ada", "bram") for angle in ANGLES] * 10
    write_manifest(path, a_set(rows), roots)
    alive = Alive(ondisk.moved)
    monkeypatch.setattr(ondisk, "moved", alive)
    decided = decide(set_on_disk(path, roots), LIBRARY, MapSettings(first=first, first_scope=scope))
    assert alive.built == 80 and alive.most <= 2
    assert sum(choice.count for choice in decided.seconds) == 80


@pytest.mark.parametrize(
    "wanted", [MapSettings(first="anime cell"), MapSettings(first="night ->"), MapSettings(seconds=("crips",))]
)
def test_what_is_written_wrong_is_said_before_any_sample_is_read(wanted):
    class Unread:
        def __getattr__(self, name):
            raise AssertionError(name)

    with pytest.raises(TroupeError):
        decide(Unread(), LIBRARY, wanted)


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=5), min_size=1, max_size=8))
def test_likeness_of_what_was_counted_text_by_text_is_that_of_all_at_once(texts):
    """To the last bit: the same sums in the same order."""
    corpus = Corpus.of([style.keywords for style in LIBRARY.firsts])
    counts = terms(())
    for text in texts:
        corpus.count(counts, text)
    together = [phrase for text in texts for phrase in text]
    assert corpus.likeness_of(counts) == corpus.likeness(together)
    assert counts.keys() <= corpus.rarity.keys()
