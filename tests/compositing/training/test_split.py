"""Groups are held out by their own names, scenes only as a whole, and something is left on either side."""

from pathlib import Path

import pytest

from troupe.models.compositing.groups.group import CompositeGroup, GroupSet
from troupe.models.compositing.training.split import split
from troupe.models.errors import TroupeError
from troupe.models.geometry import Box


def groups(count, scene=lambda i: ""):
    return GroupSet(
        tuple(
            CompositeGroup(f"group {i}", Path("b.png"), Path("c.png"), Box(0, 0, 1, 1), scene=scene(i))
            for i in range(count)
        )
    )


def ids(found, numbers):
    return {found.groups[i].id for i in numbers}


@pytest.mark.parametrize("count", [4, 5, 8, 30, 1000])
@pytest.mark.parametrize("share", [0.01, 0.2, 0.5, 0.99])
def test_every_group_is_on_one_side_and_neither_is_empty(count, share):
    parts = split(groups(count), share)
    assert sorted([*parts.trained, *parts.heldout]) == list(range(count))
    assert parts.trained and parts.heldout
    assert split(groups(count), share) == parts


@pytest.mark.parametrize("share", [0.1, 0.2, 0.5])
def test_about_the_share_is_held_out(share):
    assert len(split(groups(2000), share).heldout) == pytest.approx(2000 * share, rel=0.2)


def test_more_groups_do_not_move_those_that_are_there():
    few, many = groups(100), groups(200)
    held = ids(many, split(many, 0.2).heldout)
    assert ids(few, split(few, 0.2).heldout) == held & {group.id for group in few.groups}


def test_the_order_does_not_matter():
    found = groups(50)
    turned = GroupSet(found.groups[::-1])
    assert ids(found, split(found, 0.2).heldout) == ids(turned, split(turned, 0.2).heldout)


@pytest.mark.parametrize("scenes", [4, 7, 40])
@pytest.mark.parametrize("share", [0.01, 0.2, 0.9])
def test_scenes_are_held_out_as_a_whole(scenes, share):
    found = groups(200, lambda i: f"scene {i % scenes}")
    parts = split(found, share)
    trained, held = ({found.groups[i].scene for i in part} for part in parts)
    assert trained and held and not trained & held


def test_a_few_scenes_cannot_be_held_out_and_their_groups_are():
    parts = split(groups(200, lambda i: f"scene {i % 2}"), 0.2)
    assert len(parts.heldout) == pytest.approx(40, abs=15)


def test_fewer_than_four_groups_are_too_few():
    with pytest.raises(TroupeError, match="too few groups to train on: 3. At least 4"):
        split(groups(3), 0.2)
