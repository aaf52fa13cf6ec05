"""A balanced set gets no advice; each fault gets its own, and goes with the fault."""

import random
from dataclasses import replace

import pytest

from troupe.models.advising.sheet import advice_sheet
from troupe.models.advising.text import advice_text, summary
from troupe.models.samples.sample import Feature, SampleSet, StylePair, SubStyle

GRAVE = ("fix", "improve")
PART_EMPTY = "with batches that stay part empty: 1990 steps"


def found(advice, text, topic=None):
    return [a for a in advice if text in a.what and a.severity in GRAVE and topic in (None, a.topic)]


@pytest.fixture(scope="module")
def good(balanced, tagged):
    return tagged(balanced())


# Laws


def test_a_balanced_set_gets_no_advice(good, advised):
    assert advised(good) == ()
    assert summary(()) == "Nothing to fix or improve."


def test_nor_do_two_balanced_characters(balanced, tagged, advised):
    both = SampleSet((*balanced().samples, *balanced("rook", 40).samples))
    assert [a for a in advised(tagged(both, trigger="{character}_trp")) if a.severity in GRAVE] == []


def test_the_order_of_the_pictures_changes_nothing(good, balanced, tagged, advised, with_value):
    poor = tagged(SampleSet((*with_value(balanced(), "shot", "full", 20).samples, *balanced("rook").samples[:9])))
    mixed = list(poor.samples)
    random.Random(1).shuffle(mixed)
    one, other = advised(poor), advised(SampleSet(tuple(mixed)))
    assert one == other and one
    pages = [advice_sheet(s, "", one, advised.schedule).tobytes() for s in (poor, SampleSet(tuple(mixed)))]
    assert pages[0] == pages[1]


def test_the_set_itself_is_not_changed(good, advised):
    before = repr(good)
    advised(good)
    assert repr(good) == before


def test_an_empty_set_and_a_single_picture(good, advised):
    (only,) = advised(SampleSet())
    assert (only.severity, only.topic, advised.schedule) == ("fix", "count", None)
    single = advised(SampleSet(good.samples[:1]))
    assert single[0].what.startswith("1 picture; at least 20 are wanted")
    assert advised.schedule.sums == ("1 picture x 200 repeats x 10 epochs / batch 1 = 2000 steps",)
    for advice in ((only,), single):
        assert advice_sheet(SampleSet(), "", advice, None).width == 1280


# What is missing, what there is too much of


@pytest.mark.parametrize(("kept", "severity"), [(20, None), (19, "improve"), (15, "improve"), (14, "fix")])
def test_too_few_pictures(good, advised, kept, severity):
    few = [a for a in advised(SampleSet(good.samples[:kept])) if a.topic == "count"]
    assert [a.severity for a in few] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("slot", "value", "instead", "what"),
    [
        ("angle", "back", "side", "No picture from behind"),
        ("shot", "close-up", "medium", "No close-up"),
        ("action", "sit", "run", "Only 2 actions (run, stand)"),
        ("expression", "sad", "smile", "Only 2 expressions (smile, angry)"),
    ],
)
def test_what_is_missing(balanced, tagged, advised, slot, value, instead, what):
    """As long as one picture shows it, it is not missing."""

    def without(samples):
        told = (tuple(replace(f, value=instead) if (f.slot, f.value) == (slot, value) else f for f in s.features)
                for s in samples)  # fmt: skip
        return tuple(replace(s, features=features) for s, features in zip(samples, told, strict=True))

    samples = balanced().samples
    last = [s for s in samples if s.value(slot) == value][:1]
    rest = [s for s in samples if s not in last]
    assert found(advised(tagged(SampleSet(without(samples)))), what, "missing")
    assert not found(advised(tagged(SampleSet((*without(rest), *last)))), what, "missing")


@pytest.mark.parametrize(
    ("slot", "value", "other", "most"),
    [("shot", "medium", "full", 14), ("angle", "front", "side", 14), ("action", "run", "sit", 14),
     ("expression", "smile", "sad", 10)],
)  # fmt: skip
def test_too_much_of_one_kind(balanced, tagged, advised, slot, value, other, most):
    """Three in five are not too much, one more is. Eighteen pictures show a face."""

    def told(count):
        samples = list(balanced().samples)
        showing = [n for n, s in enumerate(samples) if s.value(slot)]
        for i, n in enumerate(showing):
            kept = tuple(f for f in samples[n].features if f.slot != slot)
            samples[n] = replace(
                samples[n], features=(*kept, Feature(slot, value if i < count else other, "captioner"))
            )
        return [a for a in advised(tagged(SampleSet(tuple(samples)))) if a.topic == "too many"]

    assert told(most) == []
    (advice,) = told(most + 1)
    assert (advice.severity, len(advice.samples)) == ("improve", most + 1)


def test_nearly_all_of_one_kind_is_to_be_fixed(balanced, tagged, advised, with_value):
    def severities(count):
        advice = advised(tagged(with_value(balanced(), "shot", "full", count)))
        return [a.severity for a in advice if a.topic == "too many"]

    assert severities(22) == ["fix"] and severities(14) == ["improve"]


def test_a_back_view_has_no_expression_to_count(balanced, tagged, advised, with_value):
    """Two in three of those that show a face, half of all."""
    angry = with_value(balanced(), "expression", "angry")
    samples = [replace(s, features=tuple(f for f in s.features if f.slot != "expression" or s.value("angle") != "back"))
               for s in angry.samples]  # fmt: skip
    faces = [n for n, s in enumerate(samples) if s.value("angle") != "back"]
    for n in faces[:6]:
        samples[n] = replace(samples[n], features=tuple(replace(f, value="smile") if f.slot == "expression" else f
                                                        for f in samples[n].features))  # fmt: skip
    (advice,) = [a for a in advised(tagged(SampleSet(tuple(samples)))) if a.topic == "too many"]
    assert advice.what.startswith("12 of 18 pictures are looking angry: 67%")


# Pixels


def test_pictures_that_are_there_twice(good, advised):
    first, second, *rest = good.samples
    twice = SampleSet((first, replace(second, image=first.image), *rest))
    (advice,) = found(advised(twice), "look the same", "doubles")
    assert advice.samples == (first.id, second.id)


def test_a_picture_that_cannot_be_read(good, advised, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    first, *rest = good.samples
    bad = replace(first, image=replace(first.image, path=str(broken), digest="0" * 64))
    (advice,) = found(advised(SampleSet((bad, *rest))), "cannot be read", "quality")
    assert advice.severity == "fix" and advice.samples == (first.id,)


# What the trigger would learn


@pytest.mark.parametrize(("pictures", "told"), [(24, True), (12, False)])
def test_one_background_for_all(balanced, tagged, advised, with_value, pictures, told):
    changed = tagged(with_value(with_value(balanced(), "background", "scene"), "background", "plain", pictures))
    leaks = found(advised(changed), '"simple background"', "leaks")
    assert bool(leaks) == told
    if told:
        assert "every caption says so" in leaks[0].what and "Stage the set" in leaks[0].remedy
        unsaid = tagged(with_value(balanced(), "background", "plain"), never_write="*background*")
        assert not found(advised(unsaid), '"simple background"', "leaks")  # the person's own decision


def test_a_background_that_no_caption_names(balanced, tagged, advised, with_value, captioned):
    plain = tagged(with_value(balanced(), "background", "plain"))
    unnamed = captioned(plain, lambda n, text: text.replace(", simple background", ""))
    (advice,) = found(advised(unnamed), '"simple background" in 24 of 24', "leaks")
    assert "no caption names it" in advice.what and len(advice.samples) == 24


def test_the_characters_own_in_a_caption(good, advised, captioned):
    named = captioned(good, lambda n, text: f"{text}, silver hair" if n < 3 else text)
    (advice,) = found(advised(named), '"silver hair" (3)', "leaks")
    assert len(advice.samples) == 3


def test_unless_captions_are_to_describe_all(balanced, tagged, advised):
    assert not found(advised(tagged(balanced(), policy="describe all")), "silver hair", "leaks")


@pytest.mark.parametrize(("pictures", "told"), [(24, True), (23, False)])
def test_a_word_in_every_caption(good, advised, captioned, pictures, told):
    same = captioned(good, lambda n, text: f"{text}, masterpiece" if n < pictures else text)
    assert bool(found(advised(same), "In every caption: masterpiece", "leaks")) == told


def test_one_style_that_no_caption_names(balanced, tagged, advised):
    ink, oil = (StylePair(SubStyle(n.lower(), n, "", "", n.lower())) for n in ("Ink", "Oil"))
    one = SampleSet(tuple(replace(s, style=ink) for s in balanced().samples))
    two = SampleSet(tuple(replace(s, style=(ink, oil)[n % 2]) for n, s in enumerate(balanced().samples)))
    assert found(advised(tagged(one, style_tags="leave out")), 'one style, "Ink"', "leaks")
    assert not found(advised(tagged(one)), "one style")  # a note: captions name it
    assert not found(advised(tagged(two, style_tags="leave out")), "one style")


@pytest.mark.parametrize(("outfits", "told"), [(1, False), (2, True), (3, False)])
def test_outfits(balanced, tagged, advised, outfits, told):
    worn = (("hanfu", "sandals"), ("armour", "boots"), ("dress", "high heels"))[:outfits]

    def dressed(n, sample):
        top, shoes = worn[n % outfits]
        more = (Feature("clothes.top", top, "captioner"), Feature("clothes.shoes", shoes, "captioner"))
        seen = more if sample.value("shot") != "close-up" else ()
        return replace(sample, features=(*sample.features, *seen))

    samples = SampleSet(tuple(dressed(n // 3, s) for n, s in enumerate(balanced().samples)))
    assert bool(found(advised(tagged(samples)), "outfits among others", "leaks")) == told


# Captions


@pytest.mark.parametrize(
    ("change", "what", "severity"),
    [
        (lambda text: text.removeprefix("mira_trp, "), "the trigger word is missing", "fix"),
        (lambda text: f"art, {text}", "the trigger word is not first", "improve"),
        (lambda text: f"{text}, mira_trp", "the trigger word occurs twice", "improve"),
        (lambda text: text + ", very long words" * 40, "longer than 75 tokens", "improve"),
    ],
)
def test_captions(good, advised, captioned, change, what, severity):
    (advice,) = found(advised(captioned(good, lambda n, text: change(text) if n == 5 else text)), what, "captions")
    assert (advice.severity, advice.samples) == (severity, ("mira/05",))
    assert not found(advised(good), what)


def test_a_flow_model_reads_longer_captions(good, advised, captioned):
    long = captioned(good, lambda n, text: text + ", very long words" * 40)
    wish = {"family": "Flux and other flow models", "resolution": 512}
    assert not found(advised(long, **wish), "longer than")
    assert found(advised(captioned(long, lambda n, text: text * 5), **wish), "longer than 512 tokens")


def test_an_ordinary_word_as_trigger(balanced, tagged, advised):
    assert found(advised(tagged(balanced(), trigger="background")), "is an ordinary word", "captions")


def test_without_captions_nothing_is_said_about_them(balanced, advised):
    (advice,) = [a for a in advised(balanced()) if a.topic == "captions"]
    assert advice.severity == "note" and "Tag Features" in advice.remedy


# Sizes and steps


@pytest.mark.parametrize(("side", "told"), [(360, True), (364, False)])
def test_small_pictures(good, advised, picture_file, side, told):
    """Half of the pixels of 512 x 512 are those of 362 x 362."""
    first, *rest = good.samples
    small = SampleSet((replace(first, image=picture_file(90, (side, side))), *rest))
    advice = found(advised(small), "less than half of the pixels of 512 x 512", "size")
    assert [a.samples for a in advice] == ([(first.id,)] if told else [])


@pytest.mark.parametrize(("size", "told"), [((512, 110), True), ((512, 512), False)])
def test_pictures_below_a_bucket_or_cut_by_it(good, advised, picture_file, size, told):
    first, *rest = good.samples
    wide = SampleSet((replace(first, image=picture_file(91, size)), *rest))
    assert bool(found(advised(wide), "cuts more than a tenth away", "size")) == told


def test_pictures_that_no_trainer_takes(good, advised, picture_file):
    first, *rest = good.samples
    narrow = SampleSet((replace(first, image=picture_file(92, (512, 40))), *rest))
    (advice,) = found(advised(narrow), "cannot be trained")
    assert advice.severity == "fix"


@pytest.mark.parametrize(
    ("wish", "sums"),
    [
        ({}, ("24 pictures x 8 repeats x 10 epochs / batch 1 = 1920 steps",)),
        (
            {"steps": 1200, "epochs": 5, "batch_size": 2},
            ("24 pictures x 20 repeats x 5 epochs / batch 2 = 1200 steps",),
        ),
        ({"trainer": "huggingface", "epochs": 80}, ("24 pictures x 80 epochs / batch 1 = 1920 steps",)),
        ({"batch_size": 7}, ("24 pictures x 58 repeats x 10 epochs / batch 7 = 1989 steps", PART_EMPTY)),
    ],
)
def test_the_sums(good, advised, wish, sums):
    assert advised(good, **wish) == ()
    assert advised.schedule.sums == sums


@pytest.mark.parametrize(
    ("wish", "what", "remedy"),
    [
        ({"steps": 500}, "480 steps are fewer than the 1000 to 4000", "Set target_steps between 1000 and 4000"),
        ({"steps": 9000}, "9120 steps are more than", "Set target_steps"),
        ({"steps": 2000, "epochs": 400}, "9600 steps are more", "Lower the epochs"),
        ({"trainer": "huggingface"}, "240 steps are fewer", "2000 steps are 83 epochs"),
    ],
)
def test_too_few_and_too_many_steps(good, advised, wish, what, remedy):
    (advice,) = [a for a in advised(good, **wish) if a.topic == "steps"]
    assert what in advice.what and remedy in advice.remedy


# Text and sheet


def test_the_report_names_everything(good, advised):
    advice = advised(SampleSet(good.samples[:14]), steps=100)
    text = advice_text("14 pictures", advice, advised.schedule)
    assert text.startswith("14 pictures\n1 to fix, ")
    assert all(a.what in text and a.remedy in text for a in advice)
    assert "How long to train\n  14 pictures x 1 repeat x 10 epochs / batch 1 = 140 steps\n  100 wanted (as" in text


def test_names_of_any_script_are_drawn(balanced, tagged, advised):
    names = ("布拉姆", "Amélie", "Мира", "🙂" * 30, "x" * 200)
    several = SampleSet(tuple(s for i, n in enumerate(names) for s in balanced(n, 24 * i).samples[:6]))
    advice = advised(tagged(several, trigger=""))
    sheet = advice_sheet(several, "題", advice, advised.schedule)
    assert sheet.width == 1280 and sheet.height < 4000
    assert "布拉姆" in advice_text("", advice, advised.schedule)


def red(image):
    return sum(n for n, (r, g, b) in image.getcolors(1 << 24) if r > 150 and r - g > 60 and r - b > 60)


def test_the_sheet_is_red_where_there_is_too_much_of_something(good, balanced, tagged, advised, with_value):
    much = tagged(with_value(balanced(), "action", "run", 20))
    plain, marked = (advice_sheet(s, "", advised(s), advised.schedule) for s in (good, much))
    assert red(marked) > red(plain) + 200
