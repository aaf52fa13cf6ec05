"""Presets as people write them, and what they are told when they slip."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troupe.models import tomlreading
from troupe.models.adjusting.preset import PRESETS, Preset, Wish, as_json, parse_preset
from troupe.models.errors import TroupeError
from troupe.models.vocabulary import vocabulary

TOML = """
total = 25                     # pictures of each character
balance = "exact"
crop_to_shot = ["close-up"]
minimum_side = 768
aspect_minimum = "2:3"
near_duplicate_distance = -1

[shots]
close-up = "40%"
full = 8
"""


def test_toml_and_json_say_the_same():
    as_toml = parse_preset(TOML)
    assert as_toml == Preset(
        total=25,
        shots=(Wish("close-up", share=0.4), Wish("full", 8)),
        balance="exact",
        crop_to_shot=("close-up",),
        minimum_side=768,
        aspect_minimum=2 / 3,
        near_duplicate_distance=None,
    )
    assert parse_preset(as_json(as_toml)) == as_toml


@pytest.mark.parametrize("text", ["", "  \n", "# nothing wanted", "{}"])
def test_empty_text_is_gentle(text):
    assert parse_preset(text) == Preset(near_duplicate_distance=6)


@pytest.mark.parametrize(
    "text, side",
    [
        ("", 384),
        ("minimum_side = 64", 64),
        ("minimum_side = 768", 768),
        ("crop_minimum_side = 200", 256),
        ("minimum_side = 64\ncrop_minimum_side = 200", 200),
    ],
)
def test_crops_may_be_small_only_where_a_person_says_so(text, side):
    base = PRESETS["character LoRA, 25 pictures (40/30/30)"]
    assert base.minimum_side == 256
    assert parse_preset(text, base).crop_limit.pixels == side


def test_what_the_text_does_not_name_is_as_in_the_base():
    base = Preset(total=25, minimum_side=512)
    assert parse_preset("total = 10", base) == Preset(total=10, minimum_side=512)
    assert parse_preset("", base) == base


@pytest.mark.parametrize(
    "said, meant",
    [
        ("frontal", "front"),
        ("From Front", "front"),
        ("正面", "front"),
        ("3/4", "three-quarter"),
        ("from_behind", "back"),
    ],
)
def test_values_have_the_names_that_people_use(said, meant):
    assert parse_preset(json.dumps({"angles": {said: 2}})).angles == (Wish(meant, 2),)


def counts(words, total=False):
    number = st.integers(0, 40) | (st.integers(1, 25).map(lambda n: n / 100) if total else st.nothing())
    return st.dictionaries(st.sampled_from(words), number, max_size=4).map(
        lambda d: tuple(Wish(v, share=n) if isinstance(n, float) else Wish(v, n) for v, n in d.items())
    )


def values(slot):
    return [w.value for w in vocabulary().values(slot)]


@settings(max_examples=60, deadline=None)
@given(
    st.builds(
        Preset,
        total=st.integers(1, 500),
        shots=counts(values("shot"), total=True),
        angles=counts(values("angle")),
        actions=counts(values("action")),
        expressions=counts(values("expression")),
        balance=st.sampled_from(["exact", "at most"]),
        crop_to_shot=st.lists(st.sampled_from(["close-up", "medium"]), unique=True).map(tuple),
        minimum_side=st.none() | st.integers(1, 4096),
        crop_minimum_side=st.just(384) | st.integers(1, 4096),
        sharpness_minimum=st.none() | st.floats(0, 2),
        clipped_bright_maximum=st.none() | st.floats(0, 1),
        near_duplicate_distance=st.none() | st.integers(0, 16),
        identity_minimum=st.none() | st.floats(0, 1),
    )
)
def test_a_preset_written_and_read_is_the_same(preset):
    assert parse_preset(as_json(preset)) == preset


@pytest.mark.parametrize(
    "text, told",
    [
        ("totl = 25", ['"totl" in line 1', 'Did you mean "total"?']),
        ("total = 25\n[shot]\nfull = 3", ['"shot" in line 2', 'Did you mean "shots"?']),
        ('{\n "xyzzy": 1}', ['"xyzzy" in line 2', "Known here: total, shots"]),
        ("total = 0", ["0", '"total" in line 1', "a whole number from 1"]),
        ("total = true", ["True", "a whole number"]),
        ('total = "many"', ["'many'", "a whole number"]),
        ("total = 2.5", ["2.5", "a whole number"]),
        ("minimum_side = 0", ["minimum_side", "from 1 to 16384"]),
        ("identity_minimum = 2", ["2", "a number from 0 to 1"]),
        ('sharpness_minimum = "very"', ["'very'", "a number from 0 to 2"]),
        ("near_duplicate_distance = 40", ["40", "from -1 to 16"]),
        ('balance = "even"', ["'even'", '"exact" or "at most"']),
        ('aspect_minimum = "tall"', ["'tall'", '"3:4"']),
        ("aspect_minimum = 2.0\naspect_maximum = 0.5", ["at least 2, at most 0.5", "Swap"]),
        ('crop_to_shot = ["full"]', ["'full'", "Known here: close-up, medium"]),
        ("crop_to_shot = 3", ["3", '["close-up"]']),
        ("shots = 12", ["12", "values with counts"]),
        ("[shots]\n\nclose-upp = 3", ["'close-upp'", '"close-upp" in line 3 of shots', 'Did you mean "close-up"?']),
        ("[angles]\nfront = 1\n[shots]\nfront = 2", ["'front'", '"front" in line 4 of shots', "Known here"]),
        ("[shots]\nfull = -2", ["-2", '"full" in line 2 of shots', "a number of pictures"]),
        ('[shots]\nfull = "130%"', ["'130%'", '"full" in line 2 of shots', "share of the total"]),
        ('total = 9\nshots = {full = "60%", medium = "60%"}', ["line 2", "The shares add up to 120%"]),
        ("shots = {full = 1, fullbody = 2}", ["line 1 of shots", "twice"]),
        ("total = 25 = 3", ["not valid TOML", "line 1"]),
        ('{"total": 25,,}', ["not valid JSON", "line 1, column 14"]),
    ],
)
def test_a_slip_is_told_with_its_line_and_the_nearest_word(text, told):
    with pytest.raises(TroupeError) as caught:
        parse_preset(text)
    for part in told:
        assert part in str(caught.value)


def test_shares_become_counts_that_add_up_to_the_total():
    shares = (Wish("close-up", share=0.4), Wish("medium", share=0.3), Wish("full", share=0.3))
    for total in range(1, 60):
        counts = Preset(total=total, shots=shares).quotas()["shot"]
        assert sum(counts.values()) == total
        assert all(abs(counts[w.value] - w.share * total) < 1 for w in shares)
    assert Preset(total=25, shots=shares).quotas() == {"shot": {"close-up": 10, "medium": 8, "full": 7}}


def test_shares_of_nothing_are_told_when_they_are_counted():
    preset = parse_preset('shots = { full = "40%" }')  # may be meant for laying over one with a total
    with pytest.raises(TroupeError, match="shares of an unknown total: shots. Add the number of pictures"):
        preset.quotas()


@pytest.mark.parametrize("name", PRESETS)
def test_a_ready_preset_is_one_that_a_person_could_have_written(name):
    assert parse_preset(as_json(PRESETS[name])) == PRESETS[name]
    quotas = PRESETS[name].quotas()
    assert all(sum(values.values()) == PRESETS[name].total for values in quotas.values())


def test_an_old_python_is_told_to_write_json(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(tomlreading, "import_module", missing)
    with pytest.raises(TroupeError, match="Write the preset as JSON instead"):
        parse_preset("total = 25")
    assert parse_preset('{"total": 25}').total == 25
