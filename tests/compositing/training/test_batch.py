"""Of a group both networks see what they will see in use, and the truth that they are told makes its composite."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from support.compositing import QUICK, TOY, Shelves
from troupe.models.compositing.field import from_field, relit
from troupe.models.compositing.grid import Cell, Frame, position_in, position_of
from troupe.models.compositing.groups.group import GroupPixels
from troupe.models.compositing.seeing import position_input, size_of, view_of
from troupe.models.compositing.training.batch import Batch, example, joined
from troupe.models.compositing.training.chance import chance_for
from troupe.models.compositing.training.settings import PLAIN
from troupe.models.compositing.view import window_around
from troupe.models.geometry import Box

PLAINLY = replace(QUICK, augment=PLAIN)
CONFIG = replace(TOY, view_side=32)


def seen(group, settings=PLAINLY, seed=0):
    return example(group, CONFIG, settings, chance_for(seed))


def shadowed():
    """A square of light grey that darkens all of what is below it, in a view of whole pixels."""
    background = torch.full((64, 64, 3), 0.6)
    foreground = torch.cat([torch.full((16, 16, 3), 0.7), torch.ones(16, 16, 1)], -1)
    composite = background.clone()
    composite[24:40, 24:40] = 0.5
    composite[40:44, 24:40] = 0.3
    return GroupPixels(foreground, background, composite, Box(24, 24, 40, 40))


def test_the_field_makes_the_composite_of_the_paste():
    batch = seen(shadowed())
    ratio, alpha_change = from_field(batch.field)
    assert torch.allclose(relit(batch.view.paste(), ratio), batch.composite, atol=1e-5)
    assert not alpha_change.any()


def test_the_effect_is_the_object_its_rim_and_its_shadow():
    effect = seen(shadowed()).effect[0, 0]
    wanted = torch.zeros(32, 32)
    wanted[6:30, 6:26] = 1  # object and shadow, 8 to 24 and 8 to 28, and two pixels more
    assert torch.equal(effect, wanted)


@pytest.mark.parametrize("number", range(4))
def test_it_sees_what_it_will_see_in_use(number):
    group, batch = Shelves(4)[number], seen(Shelves(4)[number])
    box = Frame(*map(float, group.box))
    window = window_around(box, size_of(group.background))
    view = view_of(group.background, group.foreground, box, window, torch.zeros(1, 32, 32), 32)
    for ours, theirs in zip(batch.view, view, strict=True):
        assert torch.allclose(ours, theirs, atol=1e-5)
    for ours, theirs in zip(batch.seen, position_input(group.background, group.foreground, CONFIG), strict=True):
        assert torch.equal(ours, theirs)


def test_blots_are_seen_by_the_position_network_alone():
    plain, blotted = seen(shadowed()), seen(shadowed(), replace(PLAINLY, augment=replace(PLAIN, erase=1.0)))
    assert not torch.equal(plain.seen.background, blotted.seen.background)
    assert torch.equal(plain.seen.foreground, blotted.seen.foreground)
    assert all(torch.equal(a, b) for a, b in zip(plain.view, blotted.view, strict=True))


def test_the_true_cell_is_where_the_box_stands():
    group, batch = Shelves(4)[0], seen(Shelves(4)[0])
    scale, y, x = batch.cell[0].tolist()
    told = position_in(Cell(scale, y, x, tuple(batch.offset[0].tolist())))
    assert told == pytest.approx(position_of(group.box, size_of(group.background)), abs=1e-5)
    assert float(batch.target.sum()) == pytest.approx(1, abs=1e-4)
    assert batch.target[0, scale, y, x] == batch.target.max()


def test_what_an_edge_lost_is_told_as_a_change_of_alpha():
    spoilt = replace(QUICK, augment=replace(PLAIN, edge=1.0))
    true, given = seen(shadowed()), seen(shadowed(), spoilt)
    _, change = from_field(given.field)
    assert change.any()
    assert torch.allclose(given.view.alpha + change, true.view.alpha, atol=1e-5)


def test_examples_joined_are_a_batch_and_stay_as_they_were():
    examples = [example(Shelves(3)[i], TOY, QUICK, chance_for(i), colours=i != 1) for i in range(3)]
    batch = joined(examples)
    assert batch.colours.tolist() == [1.0, 0.0, 1.0]
    assert torch.equal(batch.view.background[2], examples[2].view.background[0])
    assert torch.equal(batch.seen.shape[1], examples[1].seen.shape[0])
    moved = batch.to(torch.device("cpu"))
    assert isinstance(moved, Batch) and torch.equal(moved.view.alpha, batch.view.alpha)
