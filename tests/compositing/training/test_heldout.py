"""The same question gives the same number, and only weights change it."""

from dataclasses import replace

import torch

from support.compositing import QUICK, TOY, Shelves
from troupe.models.compositing.model import fresh_model
from troupe.models.compositing.training import heldout
from troupe.models.compositing.training.engine import Alone
from troupe.models.compositing.training.heldout import Bank
from troupe.models.compositing.training.run import Run


def asked(settings=QUICK, source=None, times=1, model=None):
    run = Run(model or fresh_model(TOY), settings, Alone())
    bank = Bank(source or Shelves(6, 1000), run.model, settings)
    answers = [bank.measure(run) for _ in range(times)]
    assert run.model.training, "a training goes on after it"
    return answers if times > 1 else answers[0]


def test_asked_twice_it_says_the_same():
    first, second = asked(times=2)
    assert first == second == asked()


def test_neither_seed_nor_augmentation_nor_what_is_withheld_changes_the_question():
    assert asked(replace(QUICK, seed=5, drop_fused=1.0, drop_place=1.0)) == asked()


def test_how_many_are_asked_at_once_hardly_matters_to_the_position():
    one, all_ = asked(replace(QUICK, batch=1)), asked(replace(QUICK, batch=6))
    assert abs(one.position - all_.position) < 1e-3 and abs(one.nll - all_.nll) < 1e-3


def test_other_weights_say_something_else():
    model = fresh_model(TOY)
    for layer in (model.position.heat, model.composition.unet.conv_out):
        torch.nn.init.normal_(layer.weight, std=0.3, generator=torch.Generator().manual_seed(0))
    changed, fresh = asked(model=model), asked()
    assert changed.nll != fresh.nll and changed.composition != fresh.composition


def test_groups_without_colours_count_for_the_position_alone():
    without = asked(source=Shelves(6, 1000, coloured=False))
    assert without.composition == 0.0 and without.nll == asked().nll


def test_of_very_many_groups_some_are_asked_from_all_over(monkeypatch):
    monkeypatch.setattr(heldout, "MOST", 3)
    looked_at = []

    class Watched(Shelves):
        def __getitem__(self, index):
            looked_at.append(index)
            return super().__getitem__(index)

    asked(source=Watched(8))
    assert looked_at == [0, 3, 6]
