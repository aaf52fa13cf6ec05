"""Map Styles on whole sets: who gets what, that it stays, and that it is told."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troupe.models.errors import EmptySet, TroupeError
from troupe.models.samples.sample import Description, Feature, ImageFile, Sample, SampleSet
from troupe.models.styles.library import StyleLibrary, load_library
from troupe.models.styles.mapping import MapSettings, map_styles, mapping_rows
from troupe.models.styles.stylemap import StyleMap
from troupe.models.vocabulary import vocabulary

LIBRARY = load_library()
ANGLES = [w.value for w in vocabulary().values("angle")]


def sample(id, angle="", character="mira", words="", **facts):
    features = {"angle": angle, **facts}
    return Sample(
        id, character, ImageFile(f"{id}.png", id, 8, 8),
        features=tuple(Feature(slot, value, "path") for slot, value in features.items() if value),
        description=Description("", tuple(filter(None, words.split(", "))), "person"),
    )  # fmt: skip


def of(*angles, **more):
    return SampleSet(tuple(sample(f"s{i}", angle, **more) for i, angle in enumerate(angles)))


def mapped(sample_set, **changes):
    return map_styles(sample_set, LIBRARY, MapSettings(**changes))


def seconds(result):
    return dict(result.style_map.seconds)


# The laws, on sets


@given(st.lists(st.sampled_from([*ANGLES, ""]), min_size=1, max_size=20))
@settings(max_examples=40, deadline=None)
def test_equal_features_get_equal_styles_and_different_ones_different(angles):
    found = {}
    for angle, s in zip(angles, mapped(of(*angles)).sample_set.samples, strict=True):
        assert found.setdefault(angle, s.style.second) == s.style.second
    assert len({style.id for style in found.values()}) == len(set(angles))


@given(st.lists(st.sampled_from([*ANGLES, ""]), min_size=1, max_size=12), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_the_order_of_the_samples_changes_nothing(angles, random):
    before = of(*angles)
    shuffled = list(before.samples)
    random.shuffle(shuffled)
    one, other = mapped(before), mapped(SampleSet(tuple(shuffled)))
    assert {s.id: s.style for s in one.sample_set.samples} == {s.id: s.style for s in other.sample_set.samples}
    assert one.style_map.digest == other.style_map.digest


@given(st.lists(st.sampled_from(ANGLES), min_size=1, max_size=6), st.lists(st.sampled_from([*ANGLES, ""]), max_size=6))
@settings(max_examples=40, deadline=None)
def test_a_kept_map_is_never_reshuffled(old, added):
    first = mapped(of(*old))
    again = mapped(of(*old, *added), previous=first.style_map)
    assert seconds(first).items() <= seconds(again).items()
    assert again.style_map.firsts == first.style_map.firsts
    assert len(set(seconds(again).values())) == len(seconds(again))


def test_without_keeping_a_new_value_may_reshuffle():
    """What keeping is for: seven styles are wanted now, and one suits the newcomer better."""
    tight = StyleLibrary(LIBRARY.firsts, tuple(s for s in LIBRARY.seconds if s.id in ("rim_light", "bold_line")))
    alone = map_styles(of("front"), tight, MapSettings())
    both = map_styles(of("front", "side"), tight, MapSettings())
    kept = map_styles(of("front", "side"), tight, MapSettings(previous=alone.style_map))
    assert seconds(alone)["front"] == seconds(kept)["front"] == "bold_line"
    assert seconds(both) == {"front": "rim_light", "side": "bold_line"}


# The second sub-style


def test_a_sample_without_a_value_forms_the_feature_unknown():
    result = mapped(of("front", ""))
    assert set(seconds(result)) == {"front", "unknown"}
    assert result.sample_set.samples[1].style.feature == "angle=unknown"


def test_rows_of_a_table_come_first_and_keep_their_style():
    result = mapped(of("front", "side", "back"), table="back = moonlit\nabove = rim_light")
    assert seconds(result)["back"] == "moonlit" and seconds(result)["above"] == "rim_light"
    assert "rim_light" not in {s.style.second.id for s in result.sample_set.samples}
    (row,) = (r for r in mapping_rows(result) if r.feature == "back")
    assert (row.style, row.count, row.reason) == ("Moonlit", 1, "line 1 of the table")


def test_a_table_wins_over_a_kept_map():
    previous = StyleMap("angle", (), (("front", "misty"), ("side", "pastel")))
    result = mapped(of("front", "side"), table="front = pastel", previous=previous)
    assert seconds(result)["front"] == "pastel" and seconds(result)["side"] not in ("pastel", "misty", "")
    reasons = {row.feature: row.reason for row in mapping_rows(result)}
    assert reasons["side"].endswith("pastel of the previous map is gone or taken")


def test_kept_pairs_of_absent_features_are_remembered():
    result = mapped(of("front"), previous=StyleMap("angle", (), (("back", "misty"),)))
    assert seconds(result)["back"] == "misty" and [r.feature for r in mapping_rows(result)] == ["front"]


def test_a_map_of_another_axis_is_not_used():
    result = mapped(of("front"), previous=StyleMap("shot", (), (("front", "misty"),)))
    assert seconds(result)["front"] != "misty"


def test_only_allowed_styles_are_used():
    assert set(seconds(mapped(of("front", "back"), seconds=("misty", "pastel"))).values()) == {"misty", "pastel"}


def test_too_few_allowed_styles_is_an_error_with_the_number():
    with pytest.raises(TroupeError, match="3 image features need a second sub-style each, and 2 are free: 1 missing"):
        mapped(of("front", "back", "side"), seconds=("misty", "pastel"))


def test_second_styles_can_be_switched_off():
    result = mapped(of("front", "back"), second_enabled=False)
    assert {s.style.second for s in result.sample_set.samples} == {None}
    assert result.axis == "" and [r.feature for r in mapping_rows(result)] == ["mira"]


# The axis


def test_auto_takes_the_slot_with_most_values_that_most_samples_have():
    actions = ("run", "sit", "jump", "walk")
    rows = [sample(f"s{i}", "front", action=actions[i], gaze="up" if i == 0 else "") for i in range(4)]
    assert mapped(SampleSet(tuple(rows)), axis="auto").axis == "action"
    rarely = [replace(s, features=s.features[: 1 if i else 2]) for i, s in enumerate(rows)]
    assert mapped(SampleSet(tuple(rarely)), axis="auto").axis == "angle"


def test_auto_does_not_count_doubtful_values():
    doubtful = [
        replace(s, features=(Feature("action", a, "captioner", 0.3), *s.features))
        for s, a in zip(of("front", "back").samples, ("run", "sit"), strict=True)
    ]
    assert mapped(SampleSet(tuple(doubtful)), axis="auto").axis == "angle"


def test_auto_stays_with_the_axis_of_a_kept_map():
    rows = SampleSet(
        tuple(
            sample(f"s{i}", a, action=b)
            for i, (a, b) in enumerate([("front", "run"), ("side", "sit"), ("back", "sit")])
        )
    )
    assert mapped(rows, axis="auto").axis == "angle"
    assert mapped(rows, axis="auto", previous=StyleMap("action", (), ())).axis == "action"


def test_auto_takes_no_axis_with_more_values_than_styles():
    rows = SampleSet(
        tuple(
            sample(f"s{i}", a, shot=b)
            for i, (a, b) in enumerate([("front", "full"), ("side", "long"), ("back", "long")])
        )
    )
    assert mapped(rows, axis="auto", seconds=("misty", "pastel")).axis == "shot"


# The first sub-style


@pytest.mark.parametrize(
    ("words", "style"),
    [
        ("hanfu, hair bun, 1girl", "gongbi"),
        ("night, moon, sword", "ink_wash"),
        ("superhero, cape, muscular", "comic_halftone"),
        ("toy, figurine, glossy", "vinyl_toy"),
        ("forest, fox, scarf", "storybook"),
        ("knight, armor, dragon", "oil"),
        ("school uniform, twintails, 1girl", "anime_cel"),
        ("水墨, 山", "ink_wash"),
    ],
)
def test_auto_finds_the_style_that_a_description_speaks_of(words, style):
    assert mapped(of("front", words=words)).sample_set.samples[0].style.first.id == style


def test_one_character_has_one_medium_unless_told_otherwise():
    both = SampleSet(
        (
            sample("a", "front", words="night, moon, ink"),
            sample("b", "side", words="superhero, cape"),
            sample("c", "back", words="night, sword, ink"),
        )
    )
    assert len({s.style.first.id for s in mapped(both).sample_set.samples}) == 1
    assert len({s.style.first.id for s in mapped(both, first_scope="sample").sample_set.samples}) == 2


def test_every_character_has_its_own():
    two = SampleSet((sample("a", "front", "mira", "night, moon, ink"), sample("b", "front", "bram", "superhero, cape")))
    assert dict(mapped(two).style_map.firsts) == {"mira": "ink_wash", "bram": "comic_halftone"}


def test_a_style_can_be_named():
    for name in ("watercolour", "Watercolour", "水彩"):
        assert mapped(of("front"), first=name).sample_set.samples[0].style.first.id == "watercolour"


def test_a_rule_decides_for_a_character_when_most_of_its_pictures_fit():
    night, day = (
        [sample(f"n{i}", "front", words="night") for i in range(3)],
        [sample(f"d{i}", "front", words="day") for i in range(4)],
    )
    rules = "night -> ink_wash\n* -> gouache"
    assert dict(mapped(SampleSet((*night, *day)), first=rules).style_map.firsts) == {"mira": "gouache"}
    assert dict(mapped(SampleSet((*night, *day[:3])), first=rules).style_map.firsts) == {"mira": "ink_wash"}
    by_sample = mapped(SampleSet((*night, *day)), first=rules, first_scope="sample")
    assert {s.style.first.id for s in by_sample.sample_set.samples if s.id[0] == "n"} == {"ink_wash"}


def test_where_no_rule_fits_likeness_decides():
    result = mapped(of("front", words="superhero, cape"), first="night -> ink_wash")
    assert result.firsts[0].style.id == "comic_halftone" and "most alike" in result.firsts[0].reason


def test_without_words_the_library_s_first_style_is_taken_and_told():
    (choice,) = mapped(of("front")).firsts
    assert choice.style is LIBRARY.firsts[0] and "is much alike" in choice.reason


def test_a_kept_first_style_stays_though_the_words_change():
    before = mapped(of("front", words="superhero, cape"))
    after = mapped(of("front", words="night, moon, ink"), previous=before.style_map)
    assert after.firsts[0].style.id == "comic_halftone" and after.firsts[0].reason == "kept from the previous map"
    assert mapped(of("front"), first="oil", previous=before.style_map).firsts[0].style.id == "oil"


# Telling and keeping


def test_each_pair_says_why():
    style = mapped(of("front"), first="oil", table="front = misty").sample_set.samples[0].style
    assert style.feature == "angle=front"
    assert style.reason == "Oil painting: chosen by name; Misty for angle = front: line 1 of the table"


def test_the_report_is_a_table():
    result = mapped(of("front", "front", ""), first="oil", table="front = misty")
    rows = [" ".join(line.split()) for line in result.report.splitlines()]
    assert "mira Oil painting (oil) 3 chosen by name" in rows
    assert "front Misty (misty) 2 line 1 of the table" in rows
    assert rows[-1] == f"map {result.style_map.digest[:12]}"


def test_a_map_comes_back_from_json_as_it_was():
    made = mapped(of("front", "side", "")).style_map
    assert StyleMap.from_json(made.to_json()) == made


def test_a_map_edited_by_hand_needs_its_digest_taken_out():
    data = json.loads(mapped(of("front")).style_map.to_json())
    data["seconds"]["front"] = "misty"
    with pytest.raises(TroupeError, match="its digest does not fit"):
        StyleMap.from_json(json.dumps(data))
    del data["digest"]
    assert StyleMap.from_json(json.dumps(data)).seconds == (("front", "misty"),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "The previous style map cannot be used"),
        ("[]", "it must begin with"),
        ('{"troupe_style_map": 1, "axis": 3}', '"axis" is no text'),
        ('{"troupe_style_map": 1, "seconds": {"front": 3}}', '"seconds" is no object of texts'),
        ('{"troupe_style_map": 1, "seconds": {"a": "misty", "b": "misty"}}', '"misty" stands twice'),
    ],
)
def test_a_bad_map_says_what_is_wrong(text, message):
    with pytest.raises(TroupeError) as error:
        StyleMap.from_json(text)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"axis": "angel"}, "Not a slot that images can be told apart by: 'angel'. Did you mean 'angle'?"),
        ({"first": "anime cell"}, "Unknown style: 'anime cell'. Did you mean 'anime_cel'"),
        ({"first": "moonlit"}, "This is a second sub-style: 'moonlit'"),
        ({"seconds": ("crips",)}, "Unknown style among the second sub-styles: 'crips'. Did you mean 'crisp'?"),
    ],
)
def test_unknown_names_come_with_the_nearest_ones(changes, message):
    with pytest.raises(TroupeError) as error:
        mapped(of("front"), **changes)
    assert message in str(error.value)


def test_an_empty_set_is_an_error():
    with pytest.raises(EmptySet, match="Map Styles"):
        mapped(SampleSet())


def test_the_set_that_came_in_is_left_alone_and_the_step_is_noted():
    before = of("front")
    after = mapped(before).sample_set.samples[0]
    assert before == of("front") and after.history[-1].stage == "map styles"
    assert json.loads(after.history[-1].settings) == {"first": "auto", "axis": "angle", "seconds": []}
