"""Backgrounds are named by their content and used equally often."""

from collections import Counter

import pytest
import torch

from troupe.models.compositing.staging.backdrops import backdrops
from troupe.models.compositing.staging.choosing import pairs
from troupe.models.errors import TroupeError


def test_a_name_does_not_depend_on_the_order():
    one, two = torch.zeros(1, 8, 8, 3), torch.ones(1, 8, 8, 3)
    forth, back = backdrops([one, two]), backdrops([torch.cat([two, one])])
    assert [drop.name for drop in forth] == [drop.name for drop in reversed(back)]


def test_the_same_picture_twice_has_two_names():
    names = [drop.name for drop in backdrops([torch.zeros(3, 8, 8, 3)])]
    assert len(set(names)) == 3


def test_captions_belong_to_one_picture_each():
    picture = torch.zeros(2, 8, 8, 3)
    assert [d.caption for d in backdrops([picture], ["a  lake ", ""])] == ["a lake", ""]
    assert backdrops([picture], ["a", "b"], mine=False)[0].origin == "captioner"
    with pytest.raises(TroupeError, match="1 captions for 2"):
        backdrops([picture], ["a lake"])


def test_large_backgrounds_are_brought_down():
    assert backdrops([torch.zeros(1, 40, 80, 3)], longest_side=20)[0].picture.shape == (10, 20, 3)


@pytest.mark.parametrize("pictures", [[], [torch.zeros(1, 8, 8, 2)], [torch.full((1, 8, 8, 3), torch.nan)]])
def test_what_cannot_be_used_is_refused(pictures):
    with pytest.raises(TroupeError, match="background"):
        backdrops(pictures)


def test_every_background_is_used_equally_often_by_every_character(figure, drops):
    samples = [figure(f"{who}/{n}") for who in ("mira", "bram") for n in range(6)]
    used = Counter((p.sample.character, p.backdrop.name) for p in pairs(samples, drops("", "", ""), 2, seed=0))
    assert set(used.values()) == {4} and len(used) == 6


def test_no_sample_has_a_background_twice(figure, drops):
    chosen = list(pairs([figure("mira/a")], drops("", ""), 5, seed=0))
    assert len({p.backdrop.name for p in chosen}) == len(chosen) == 2


def test_more_samples_leave_earlier_choices_alone(figure, drops):
    samples, found = [figure(f"mira/{n}") for n in range(5)], drops("", "", "")
    few, all_ = (list(pairs(samples[:n], found, 1, seed=0)) for n in (3, 5))
    assert all_[:3] == few


def test_the_seed_decides_among_equals(figure, drops):
    samples, found = [figure(f"mira/{n}") for n in range(4)], drops("", "", "", "")
    assert len({tuple(p.backdrop.name for p in pairs(samples, found, 1, seed)) for seed in range(5)}) > 1
