"""No angle and no action dies out where one picture can take the place of another."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from troupe.models.adjusting.exchanging import keep_alive
from troupe.models.adjusting.selection import SLOTS, Candidate, Chosen, Wanted, select

VALUES = {
    "shot": ("close-up", "full", ""),
    "angle": ("front", "side", "back", ""),
    "action": ("stand", "run", "walk", ""),
    "expression": ("smile", "wink", ""),
}
CELLS = st.tuples(*(st.sampled_from(VALUES[slot]) for slot in SLOTS))
NAMED = {slot: [value for value in values if value] for slot, values in VALUES.items()}
QUOTAS = st.fixed_dictionaries(
    {}, optional={slot: st.dictionaries(st.sampled_from(NAMED[slot]), st.integers(0, 3), min_size=1) for slot in SLOTS}
)
WANTED = st.builds(Wanted, QUOTAS, st.none() | st.integers(1, 6), st.sampled_from(("at most", "exact")))


def pool(cells):
    return [Candidate(f"mira/{rank:02}", cell, rank) for rank, cell in enumerate(cells)]


def taken_from(candidates, chosen):
    return [c for c in candidates if c.id in chosen.ids]


def counted(candidates):
    return Counter(key for c in candidates for key in zip(SLOTS, c.cell, strict=True) if key[1])


def alive(candidates, *slots):
    return sum(slot in slots for slot, _ in counted(candidates))


def fits(candidates, wanted):
    return all(
        not wanted.obstacle(c.cell, Chosen(range(len(candidates) - 1), counted(candidates) - counted([c]), Counter()))
        for c in candidates
    )


def met(candidates, wanted):
    counts = counted(candidates)
    wishes = [(slot, value) for slot, quota in wanted.quotas.items() for value, n in quota.items() if n]
    return [counts[wish] for wish in wishes]


@settings(max_examples=150, deadline=None)
@given(st.lists(CELLS, max_size=20), WANTED)
def test_limits_hold_no_wish_is_met_less_and_nothing_dies_out_for_it(cells, wanted):
    candidates = pool(cells)
    before = select(candidates, wanted)
    after = keep_alive(candidates, wanted, before)
    old, new = taken_from(candidates, before), taken_from(candidates, after)
    assert len(new) == len(old) == len(after.ids)
    assert fits(new, wanted)
    assert all(b >= a for a, b in zip(met(old, wanted), met(new, wanted), strict=True))
    assert alive(new, "angle", "action") >= alive(old, "angle", "action")
    assert all(wanted.obstacle(c.cell, after) for c in candidates if c not in new)
    assert {key: n for key, n in after.counts.items() if key[1] and n} == counted(new)


@settings(max_examples=100, deadline=None)
@given(st.lists(CELLS, max_size=14), WANTED)
def test_no_single_swap_could_bring_back_another_angle_or_action(cells, wanted):
    candidates = pool(cells)
    new = taken_from(candidates, keep_alive(candidates, wanted, select(candidates, wanted)))
    for out in new:
        for come in (c for c in candidates if c not in new):
            swapped = [c for c in new if c != out] + [come]
            harmless = all(b >= a for a, b in zip(met(new, wanted), met(swapped, wanted), strict=True))
            if fits(swapped, wanted) and harmless:
                assert alive(swapped, "angle", "action") <= alive(new, "angle", "action")


def test_one_of_many_alike_makes_room_for_the_last_back_view():
    cells = [("full", "front", "stand", "")] * 3 + [("full", "side", "run", ""), ("full", "back", "stand", "")]
    candidates, wanted = pool(cells), Wanted({"shot": {"full": 4}}, 4, "at most")
    first = candidates[:4]
    chosen = Chosen(tuple(c.id for c in first), counted(first), Counter(c.cell for c in first))
    assert sorted(keep_alive(candidates, wanted, chosen).ids) == ["mira/00", "mira/01", "mira/03", "mira/04"]


def test_a_picture_that_serves_a_wish_is_not_given_up():
    candidates = pool([("close-up", "front", "", ""), ("full", "back", "", "")])
    wanted = Wanted({"shot": {"close-up": 1}}, 1, "at most")
    chosen = select(candidates, wanted)
    assert keep_alive(candidates, wanted, chosen).ids == ("mira/00",)


def test_what_is_not_a_candidate_stays():
    """A crop holds the only place."""
    candidates = pool([("full", "back", "", "")])
    crop = Chosen(("mira/x@close-up",), Counter({("angle", "front"): 1}), Counter())
    assert keep_alive(candidates, Wanted({}, 1, "at most"), crop) == crop
