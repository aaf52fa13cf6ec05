"""A feature counts as the character's own when the pictures that can show it agree, and are enough."""

import numpy as np
import pytest

from troupe.models.labelling.agreement import Z, pictures_needed, wilson
from troupe.models.vocabulary import vocabulary


@pytest.mark.parametrize(("agree", "n"), [(0, 1), (3, 3), (8, 8), (17, 20), (30, 30), (1, 1000)])
def test_the_bounds_are_wilsons_score_interval(agree, n):
    from scipy.stats import binomtest, norm

    # Two bounds of 90 % each leave 80 % between them.
    level = 2 * norm.cdf(Z) - 1
    expected = binomtest(agree, n).proportion_ci(confidence_level=level, method="wilson")
    lower, upper = wilson(agree / n, n)
    assert (float(lower), float(upper)) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_nothing_seen_proves_nothing():
    assert [float(x) for x in wilson(0.0, 0)] == [0, 1]


def test_the_bounds_hold_the_share_and_close_in_with_more_pictures():
    n = np.arange(1, 200)
    lower, upper = wilson(np.full(n.shape, 0.8), n)
    assert (lower <= 0.8).all() and (upper >= 0.8).all()
    assert (np.diff(lower) > 0).all() and (np.diff(upper) < 0).all()


@pytest.mark.parametrize(("threshold", "needed"), [(0.5, 2), (0.8, 7), (0.9, 15), (1.0, 0)])
def test_how_many_pictures_prove_a_threshold(threshold, needed):
    assert pictures_needed(threshold) == needed
    if needed:
        assert float(wilson(1.0, needed)[0]) >= threshold > float(wilson(1.0, needed - 1)[0])


@pytest.mark.parametrize(("pictures", "expected"), [(3, "ask"), (6, "ask"), (7, "target"), (30, "target")])
def test_three_of_three_is_less_sure_than_thirty_of_thirty(picture, tagged, decision, pictures, expected):
    labelled = tagged([picture(f"{i:02}", "hair.colour=silver") for i in range(pictures)])
    found = decision(labelled, "silver hair")
    assert (found.decision, found.agree, found.observable) == (expected, pictures, pictures)
    kept = ["silver hair" in s.labels.caption for s in labelled.sample_set.samples]
    assert kept == [expected == "ask"] * pictures


def test_back_views_have_no_vote_on_eyes(picture, tagged, decision):
    """8 of 25 pictures show the eyes: a share of 0.32, which is under the threshold of every tool that counts text."""
    front = [picture(f"f{i}", "angle=front hair.colour=silver eyes.colour=blue") for i in range(8)]
    back = [picture(f"b{i}", "angle=back hair.colour=silver") for i in range(17)]
    found = decision(tagged(front + back), "blue eyes")
    assert (found.decision, found.agree, found.observable) == ("target", 8, 8)
    assert 8 / 25 < 0.35  # cyberharem's threshold for a character's core tags


def test_what_a_captioner_claims_to_see_in_a_back_view_is_no_vote(picture, tagged, decision):
    front = [picture(f"f{i}", "angle=front eyes.colour=blue") for i in range(8)]
    back = [picture(f"b{i}", "angle=back eyes.colour=brown") for i in range(9)]
    found = decision(tagged(front + back), "blue eyes")
    assert (found.decision, found.observable) == ("target", 8)


def test_things_count_as_absent_only_where_they_could_be_seen(picture, tagged, decision):
    full = [picture(f"f{i}", "shot=full clothes.shoes=boots clothes.bottom=skirt") for i in range(8)]
    close = [picture(f"c{i}", "shot=close-up hair.colour=silver") for i in range(12)]
    labelled = tagged(full + close)
    for tag in ("skirt", "boots"):
        assert (decision(labelled, tag).decision, decision(labelled, tag).observable) == ("target", 8)
    # Glasses can be seen in a close-up: there their absence counts.
    close = [picture(f"c{i}", "shot=close-up hair.colour=silver") for i in range(12)]
    full = [picture(f"f{i}", "shot=full accessory=glasses") for i in range(8)]
    found = decision(tagged(full + close), "glasses")
    assert (found.decision, found.agree, found.observable) == ("kept", 8, 20)


HIDEABLE = [w for w in vocabulary().words if w.hidden_when and vocabulary().slot(w.slot).kind == "static"]


@pytest.mark.parametrize("word", HIDEABLE, ids=lambda w: f"{w.slot}={w.value}")
def test_visibility_is_the_vocabularys(picture, tagged, decision, word):
    hiding, value = word.hidden_when[0]
    assert not vocabulary().visible(word.slot, {hiding: value}, word.value)
    shown = [picture(f"s{i}", f"{word.slot}={word.value.replace(' ', '_')}") for i in range(7)]
    hidden = [picture(f"h{i}", f"{hiding}={value.replace(' ', '_')}", tags="1girl") for i in range(9)]
    assert decision(tagged(shown + hidden), word.tag).observable == 7


def test_each_thing_is_looked_for_where_it_can_be_seen(picture, tagged, decision):
    """Freckles, tail and hair clip of one character: small things are lost in long shots, low ones in close-ups."""
    small, low, clip = "body=freckles", "body=tail accessory=bag", "clothes.head=hair_clip"
    samples = [picture(f"c{i}", f"shot=close-up angle=front {clip} {small}") for i in range(8)]
    samples += [picture(f"f{i}", f"shot=full angle=front {clip} {low}") for i in range(9)]
    samples += [picture(f"b{i}", f"shot=full angle=back {clip} {low}") for i in range(5)]
    labelled = tagged(samples)
    found = {tag: decision(labelled, tag) for tag in ("freckles", "tail", "bag", "hairclip")}
    assert {tag: (d.agree, d.observable) for tag, d in found.items()} == {
        "freckles": (8, 8), "tail": (14, 14), "bag": (14, 14), "hairclip": (22, 22),
    }  # fmt: skip
    assert {d.decision for d in found.values()} == {"target"}


def test_a_tag_with_an_adjective_is_seen_where_its_noun_is(picture, tagged, decision):
    front = [picture(f"f{i}", "angle=front", tags="black-framed glasses") for i in range(8)]
    back = [picture(f"b{i}", "angle=back", tags="1girl") for i in range(9)]
    assert decision(tagged(front + back), "black-framed glasses").observable == 8


def test_looking_back_is_seen_in_back_views(picture, tagged, decision):
    back = [picture(f"b{i}", "angle=back gaze=back") for i in range(4)]
    front = [picture(f"f{i}", "angle=front gaze=viewer") for i in range(6)]
    claimed = [picture(f"c{i}", "angle=back gaze=viewer") for i in range(3)]
    labelled = tagged(back + front + claimed)
    assert decision(labelled, "looking back")[5:7] == (4, 10)
    assert decision(labelled, "looking at viewer")[5:7] == (6, 10)


def test_a_captioner_that_says_nothing_about_hair_colour_does_not_vote_against_it(picture, tagged, decision):
    named = [picture(f"n{i}", "hair.colour=silver") for i in range(10)]
    unsure = [picture(f"u{i}", "expression=smile") for i in range(15)]
    found = decision(tagged(named + unsure), "silver hair")
    assert (found.decision, found.agree, found.observable) == ("target", 10, 10)


def test_pictures_that_nobody_described_do_not_vote_on_what_is_absent(picture, tagged, decision):
    seen = [picture(f"s{i}", "accessory=scarf") for i in range(8)]
    measured = [picture(f"m{i}", "brightness=dark", origin="measured") for i in range(8)]
    from_names = [picture(f"p{i}", "angle=side", origin="path") for i in range(8)]
    # Describe writes keywords from whatever is known, and they say no more than that.
    repeated = [picture(f"r{i}", "background=plain", origin="measured", tags="simple background") for i in range(8)]
    assert decision(tagged(seen + measured + from_names + repeated), "scarf").observable == 8
    told = [picture(f"t{i}", "background=plain", origin="measured", tags="simple background, 1girl") for i in range(8)]
    assert decision(tagged(seen + told), "scarf").observable == 16


def test_colours_are_counted_over_the_pictures_that_were_measured(picture, tagged, decision):
    samples = [picture(f"m{i}", f"palette={'navy' if i < 2 else 'cream'}", origin="measured") for i in range(9)]
    samples += [picture(f"d{i}", "accessory=scarf") for i in range(5)]
    assert decision(tagged(samples), "navy theme")[5:7] == (2, 9)


def test_an_unsure_captioner_needs_more_pictures(picture, tagged, decision):
    def decided(n, confidence):
        samples = [picture(f"{i:02}", f"hair.colour=silver@{confidence}") for i in range(n)]
        return decision(tagged(samples), "silver hair").decision

    assert (decided(8, 1.0), decided(8, 0.5), decided(16, 0.5)) == ("target", "ask", "target")


def test_an_unsure_answer_weighs_less_than_a_sure_one(picture, tagged, decision):
    sure = [picture(f"s{i:02}", "hair.colour=silver@0.95") for i in range(20)]
    doubtful = [picture(f"d{i}", "hair.colour=white@0.2") for i in range(6)]
    found = decision(tagged(sure + doubtful), "silver hair")
    assert found.agree / found.observable < 0.8  # by heads it would fall through
    assert found.decision == "target"


def test_a_tagger_that_is_never_sure_is_compared_with_itself(picture, tagged, decision):
    """Its silence weighs what its word weighs: glasses in every picture at 0.5 are glasses in every picture."""
    every = [picture(f"{i:02}", "accessory=glasses@0.5") for i in range(20)]
    found = decision(tagged(every), "glasses")
    assert (found.decision, found.upper) == ("target", 1)


def test_what_a_person_says_counts_whole(picture, tagged, decision):
    samples = [picture(f"{i}", "hair.colour=silver@0.3", origin="person") for i in range(7)]
    assert decision(tagged(samples), "silver hair").decision == "target"


def test_the_threshold_is_the_persons(picture, tagged, decision):
    samples = [picture(f"{i:02}", f"hair.colour={'silver' if i < 32 else 'white'}") for i in range(40)]
    assert decision(tagged(samples, threshold=0.6), "silver hair").decision == "target"
    assert decision(tagged(samples, threshold=0.8), "silver hair").decision == "ask"
    assert decision(tagged(samples, threshold=0.9), "silver hair").decision == "kept"
