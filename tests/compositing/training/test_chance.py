"""Chance depends on what it is for, and on nothing else in the world."""

import torch

from troupe.models.compositing.training.chance import chance_for, dropout_from

CPU = torch.device("cpu")


def test_the_same_question_has_the_same_chance_and_another_one_another():
    questions = [
        (0, "step", 1),
        (0, "step", 2),
        (1, "step", 1),
        (0, "groups", 1),
        (0, "step", 1, 0),
        (0, "st", "ep", 1),
    ]
    drawn = [torch.rand(4, generator=chance_for(*q)).tolist() for q in questions]
    assert drawn == [torch.rand(4, generator=chance_for(*q)).tolist() for q in questions]
    assert len({tuple(values) for values in drawn}) == len(questions)


def test_dropout_is_repeated_and_the_worlds_generator_stays_where_it_was():
    before = torch.random.get_rng_state()
    masks = []
    for rank in (0, 0, 1):
        with dropout_from(chance_for(0, "step", 3), CPU, rank):
            masks.append(torch.nn.functional.dropout(torch.ones(64)))
    assert torch.equal(masks[0], masks[1])
    assert not torch.equal(masks[0], masks[2])
    assert torch.equal(torch.random.get_rng_state(), before)
