"""A redrawn picture is held to what its source surely shows, and to nothing else."""

import pytest

from troupe.models.registration.features import FeatureGate, Sight, compare_features, dynamic_slots
from troupe.models.samples.sample import Feature, ImageFile, Sample

GATE = FeatureGate(sure=0.7)


def source(*known):
    return Sample("mira/a", "mira", ImageFile("a", "d", 8, 8), features=known)


def seen(**values):
    """`angle=("back", 0.9)` or `angle="back"`, which is quite sure."""
    pairs = ((slot, (v, 0.9) if isinstance(v, str) else v) for slot, v in values.items())
    return Sight(tuple(Feature(slot.replace("_", "."), value, "captioner", sure) for slot, (value, sure) in pairs))


def test_what_is_compared_is_what_the_vocabulary_calls_dynamic():
    assert {"angle", "shot", "action", "expression"} <= set(dynamic_slots())
    assert not {"hair.colour", "place", "brightness"} & set(dynamic_slots())


def test_equal_readings_pass_and_are_named():
    found = compare_features(source(), seen(angle="back", shot="full"), seen(angle="back", shot="full"), GATE)
    assert found.passed and found.reason == "still full body, from behind"


def test_a_change_is_told_with_both_values_and_the_lower_confidence():
    found = compare_features(source(), seen(angle="back"), seen(angle=("front", 0.82)), GATE)
    assert not found.passed
    assert found.reason == "view angle was 'from behind', now 'from front' (0.82)"


def test_every_change_is_told():
    found = compare_features(
        source(), seen(shot="full", expression="smile"), seen(shot="close-up", expression="angry"), GATE
    )
    assert [change.before.slot for change in found.changes] == ["shot", "expression"]
    assert "; expression was" in found.reason


PASSES = {
    "not seen before": (seen(), seen(angle="front")),
    "not seen now": (seen(angle="back"), seen()),
    "unsure before": (seen(angle=("back", 0.6)), seen(angle="front")),
    "unsure now": (seen(angle="back"), seen(angle=("front", 0.69))),
    "other hair": (seen(hair_colour="red"), seen(hair_colour="blue")),
    "other place": (seen(place="forest"), seen(place="room")),
    "a slot that nobody knows": (seen(mood="good"), seen(mood="bad")),
    "a face that nobody can see": (seen(angle="back", expression="smile"), seen(angle="back", expression="angry")),
}


@pytest.mark.parametrize("what", PASSES)
def test_nothing_is_held_against_a_picture_but_what_both_surely_show(what):
    assert compare_features(source(), *PASSES[what], GATE).passed


def test_the_surest_of_several_readings_counts():
    both = Sight(seen(angle=("front", 0.75)).features + seen(angle=("back", 0.95)).features)
    assert compare_features(source(), both, seen(angle="back"), GATE).passed
    assert not compare_features(source(), both, seen(angle="front"), GATE).passed


def test_where_a_person_says_otherwise_the_onlooker_has_no_say():
    before, after = seen(angle="side", shot="full"), seen(angle="front", shot="full")
    assert compare_features(source(Feature("angle", "back", "path")), before, after, GATE).passed
    assert not compare_features(source(Feature("angle", "side", "person")), before, after, GATE).passed
    # Another captioner is no better than this one.
    assert not compare_features(source(Feature("angle", "back", "captioner")), before, after, GATE).passed


def test_with_nothing_to_compare_it_passes_and_says_so():
    found = compare_features(source(), Sight(), Sight(), GATE)
    assert found.passed and found.same == () and found.reason == "nothing to compare"


@pytest.mark.parametrize(("sure", "passed"), [(0.9, False), (0.91, True)])
def test_the_limit_itself_counts_as_sure(sure, passed):
    assert compare_features(source(), seen(angle="back"), seen(angle="front"), FeatureGate(sure)).passed == passed
