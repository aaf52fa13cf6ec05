"""What is there and what is missing, counted, said in words, and drawn."""

import re
from dataclasses import replace

import pytest

from troupe.models.samples.coverage import coverage_text
from troupe.models.samples.coveragepanel import WIDTH, face_of
from troupe.models.samples.coveragepicture import coverage_picture
from troupe.models.samples.holes import ENOUGH, coverage
from troupe.models.samples.sample import Feature, ImageFile, Rejection, Sample, SampleSet, Step


def sample(id, character="mira", **values):
    features = tuple(Feature(slot, value, "path") for slot, value in values.items())
    return Sample(id, character, ImageFile("nowhere.png", "0", 32, 24), features=features)


def full_set(character="mira", each=2):
    """Every angle in every shot, three actions, three expressions."""
    cells = [(a, s) for a in ("front", "three-quarter", "side", "back") for s in ("close-up", "medium", "full")]
    return tuple(
        sample(f"{a} {s} {i}", character, angle=a, shot=s, action=action, expression=expression)
        for i in range(each)
        for n, (a, s) in enumerate(cells)
        for action, expression in [[("stand", "smile"), ("run", "sad"), ("sit", "angry")][(n + n // 3) % 3]]
    )


def holes(samples):
    (found,) = coverage(SampleSet(tuple(samples)))
    return found.holes


# Counting


def test_every_picture_is_in_one_cell():
    found = coverage(SampleSet((*full_set(), sample("x"), sample("y", angle="front"), *full_set("bolt", 1))))
    assert [(c.character, c.count) for c in found] == [("mira", 26), ("bolt", 12)]
    assert [sum(n for _, _, n in c.cells) for c in found] == [26, 12]
    assert (found[0].at("front", "full"), found[0].at("front", "unknown"), found[0].at("unknown", "unknown")) == (
        2,
        1,
        1,
    )


def test_the_order_of_the_set_does_not_change_the_counts():
    (one,), (other,) = coverage(SampleSet(full_set())), coverage(SampleSet(full_set()[::-1]))
    assert (one.holes, one.actions, one.expressions) == (other.holes, other.actions, other.expressions)


# Holes


def test_a_full_set_has_none():
    assert holes(full_set()) == ()


@pytest.mark.parametrize(
    ("missing", "wanted"),
    [
        ({"angle": "back"}, ["no picture from behind"]),
        ({"angle": "front"}, ["no picture from the front"]),
        ({"angle": "three-quarter"}, ["no picture in three-quarter view"]),
        ({"shot": "close-up"}, ["no close-up"]),
        ({"shot": "full"}, ["no full-body shot"]),
        ({"angle": "side", "shot": "close-up"}, ["no close-up from the side"]),
        ({"angle": "back", "shot": "close-up"}, []),  # nobody misses the back of a head
    ],
)
def test_what_is_missing_is_named(missing, wanted):
    rest = [s for s in full_set() if any(s.value(slot) != value for slot, value in missing.items())]
    assert list(holes(rest)) == wanted


def test_a_long_shot_shows_the_whole_body_and_an_extreme_close_up_the_face():
    stand_in = {"full": "long", "close-up": "extreme close-up"}

    def swapped(s):
        return replace(s, features=tuple(replace(f, value=stand_in.get(f.value, f.value)) for f in s.features))

    assert holes(map(swapped, full_set())) == ()


@pytest.mark.parametrize(
    ("slot", "values", "wanted"),
    [
        ("action", ["run"], "only 1 action (run)"),
        ("action", ["run", "sit"], "only 2 actions (run, sit)"),
        ("action", [], "no action is known"),
        ("expression", ["smile"], "only 1 expression (smile)"),
    ],
)
def test_too_few_actions_and_expressions(slot, values, wanted):
    def changed(s, n):
        kept = tuple(f for f in s.features if f.slot != slot)
        return replace(
            s, features=kept + tuple(Feature(slot, v, "path") for v in values[n % 2 : n % 2 + 1] or values[:1])
        )

    assert holes(changed(s, n) for n, s in enumerate(full_set())) == (wanted,)


def test_what_nobody_knows_is_not_called_missing():
    assert holes([sample("a"), sample("b")])[:2] == ("no view angle is known", "no shot size is known")
    some = [*full_set(each=1), *(sample(f"x{i}", action="run") for i in range(30))]
    assert holes(some)[0] == "the view angle of only 12 in 42 pictures is known"


def test_the_warning_names_the_holes_below_twenty_pictures():
    (found,) = coverage(SampleSet(full_set()[:3]))
    assert found.warning.startswith("3 pictures, at least 20 are wanted: no picture in three-quarter view, no picture")
    assert coverage(SampleSet(full_set()))[0].warning == ""
    nineteen, twenty = (coverage(SampleSet(full_set()[:n]))[0] for n in (ENOUGH - 1, ENOUGH))
    assert nineteen.warning and not twenty.warning


# Text


def test_the_table():
    samples = [sample("a", angle="front", shot="full", action="run"), sample("b", angle="side"), sample("c")]
    text = coverage_text(SampleSet(tuple(samples)))
    lines = {line.split("  ")[0]: re.split(r"\s{2,}", line)[1:] for line in text.splitlines()}
    assert text.startswith("3 pictures of 1 character, 0 rejected\n\nmira - 3 pictures")
    assert lines["front"] == ["-", "-", "-", "1", "-", "-", "1"]
    assert lines["side"] == ["-", "-", "-", "-", "-", "1", "1"]
    assert lines["all"] == ["-", "-", "-", "1", "-", "2", "3"]
    assert "actions      run 1" in text and "expressions  none known" in text
    assert "WARNING      3 pictures, at least 20 are wanted: " in text


def test_rejected_pictures_are_counted_by_reason():
    small = [Rejection(f"s{i}", "load", f"{i}x9 pixels are too small; 16") for i in range(5)]
    text = coverage_text(SampleSet(full_set(), (*small, Rejection("e", "load", "the file is empty (0 bytes)"))))
    assert "holes" not in text
    assert "Rejected: 6 pictures" in text
    assert "    5  load: pixels are too small; 16 (s0, s1, s2, ...)" in text
    assert "    1  load: the file is empty (0 bytes) (e)" in text


def test_many_characters_and_many_reasons_stay_readable():
    samples = tuple(sample(f"{n}", f"character {n}") for n in range(200))
    rejected = tuple(Rejection(str(n), "load", f"reason {n}") for n in range(50))
    text = coverage_text(SampleSet(samples, rejected))
    assert len(text.splitlines()) < 500
    assert all(f"character {n} " in text for n in range(200))
    assert "and 42 more reasons" in text


def test_remarks_from_loading_are_counted():
    noted = replace(sample("a"), history=(Step("load", '{"notes": ["x.txt ignored: why"]}'),))
    assert "1 picture with remarks" in coverage_text(SampleSet((noted, sample("b"))))


def test_an_empty_set_has_a_text_and_a_picture():
    empty = SampleSet((), (Rejection("a", "load", "why"),))
    assert coverage_text(empty).startswith("0 pictures of 0 characters, 1 rejected")
    assert coverage_picture(empty).width == WIDTH


# Picture


def red(image):
    """Pixels of the hatching and of warnings."""
    return sum(n for n, (r, g, b) in image.getcolors(1 << 24) if r > 150 and r - g > 40 and r - b > 40)


def test_the_picture_fits_a_node_and_red_only_where_something_is_missing():
    whole = coverage_picture(SampleSet(full_set()))
    holed = coverage_picture(SampleSet(tuple(s for s in full_set(each=3) if s.value("angle") != "back")))
    assert whole.width == holed.width == WIDTH and whole.mode == "RGB"
    legend = red(whole)
    assert red(holed) > 2 * legend > 0


def test_every_character_gets_a_panel_up_to_twelve():
    heights = [
        coverage_picture(SampleSet(tuple(sample(str(n), str(n)) for n in range(k)))).height for k in (1, 2, 12, 40)
    ]
    assert heights[1] - heights[0] == (heights[2] - heights[0]) / 11
    assert heights[3] - heights[2] == 24  # a line that says how many are left


def test_the_face_of_a_character_is_a_picture_from_the_front():
    back, unknown, front = sample("a", angle="back"), sample("b"), sample("c", angle="front", shot="full")
    assert face_of([back, unknown, front, sample("d", angle="front", shot="long")]) == front
    assert face_of([back, unknown]) == unknown


def test_names_of_any_script_and_length_are_drawn():
    names = ["米拉", "Amélie", "🙂", "x" * 500, "a\nb", ""]
    assert coverage_picture(SampleSet(tuple(sample(n, n, action="unheard of " * 9) for n in names))).width == WIDTH
