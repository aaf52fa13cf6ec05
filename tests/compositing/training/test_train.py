"""Training: both losses fall, stopping and resuming change nothing, and every setting does something."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
import torch

from support.compositing import QUICK, STILL, TOY, Shelves, weights
from troupe.models.compositing.model import fresh_model
from troupe.models.compositing.training.convergence import SMOOTHED
from troupe.models.compositing.training.run import Files
from troupe.models.compositing.training.settings import PLAIN, Augment
from troupe.models.compositing.training.train import train
from troupe.models.errors import TroupeError


def test_a_model_learns_where_things_stand_and_how_their_colours_change():
    augment = Augment(tint=0, tone=0, soften=0, edge=0)
    settings = replace(QUICK, steps=50, evaluate_every=10, rate=1e-2, augment=augment)
    trained = train(fresh_model(STILL), Shelves(64), Shelves(16, first=1000), settings)
    untrained, first, *_, last = trained.progressed.heldout  # up to the first of them, the position was learnt alone
    assert trained.position_learned, f"{trained.nll} nats, the prior has {trained.prior_nll}"
    assert last.composition < 0.7 * untrained.composition
    assert last.total < first.total


def test_stopping_and_resuming_changes_nothing(tmp_path):
    whole = fresh_model(TOY)
    train(whole, Shelves(8), Shelves(4), QUICK)

    class Cancelled(BaseException):
        pass

    def cancel_at_three(done, total, name):
        if done == 3:
            raise Cancelled

    files = Files(tmp_path / "training.safetensors", "shelves")
    model = fresh_model(TOY)
    with pytest.raises(Cancelled):
        train(model, Shelves(8), Shelves(4), QUICK, files, progress=cancel_at_three)
    resumed = fresh_model(TOY, seed=99)
    train(resumed, Shelves(8), Shelves(4), QUICK, files)
    assert torch.equal(weights(whole), weights(resumed))


def test_another_trainings_file_is_refused(tmp_path):
    def cancel_at_one(done, total, name):
        if done == 1:
            raise KeyboardInterrupt

    state = tmp_path / "training.safetensors"
    with pytest.raises(KeyboardInterrupt):
        train(fresh_model(TOY), Shelves(8), Shelves(4), QUICK, Files(state, "shelves"), progress=cancel_at_one)
    with pytest.raises(TroupeError, match="other settings"):
        train(fresh_model(TOY), Shelves(8), Shelves(4), QUICK, Files(state, "tables"))


def test_a_group_that_is_gone_in_the_middle_loses_no_step(tmp_path):
    class Vanishing(Shelves):
        gone = False

        def __getitem__(self, index):
            if self.gone:
                raise TroupeError("The picture is gone")
            return super().__getitem__(index)

    def vanish(done, total, name):
        groups.gone = True

    groups, files = Vanishing(8), Files(tmp_path / "training.safetensors", "shelves")
    with pytest.raises(TroupeError, match="gone"):
        train(fresh_model(TOY), groups, Shelves(4), QUICK, files, progress=vanish)
    whole, resumed = fresh_model(TOY), fresh_model(TOY)
    train(whole, Shelves(8), Shelves(4), QUICK)
    steps = []
    train(resumed, Shelves(8), Shelves(4), QUICK, files, progress=lambda done, total, name: steps.append(done))
    assert steps[0] >= 1 and torch.equal(weights(whole), weights(resumed))


def test_a_training_ends_when_its_held_out_losses_are_flat():
    settings = replace(QUICK, steps=60, rate=1e-9, position_first=0, evaluate_every=1)
    trained = train(fresh_model(TOY), Shelves(8), Shelves(4), settings)
    assert trained.stopped == "converged" and trained.progressed.step == SMOOTHED + settings.patience


def test_one_batch_is_learnt_by_heart():
    settings = replace(
        QUICK, steps=80, batch=2, rate=6e-3, position_first=0, augment=PLAIN, drop_fused=0, drop_place=0,
        pure_noise=1.0, schedule="cosine", evaluate_every=80,
    )  # fmt: skip
    losses = train(fresh_model(STILL), Shelves(1), Shelves(1), settings).progressed.losses
    assert losses[-1].composition < 0.05 * losses[0].composition
    assert losses[-1].position < 0.6 * losses[0].position


def test_the_composition_loss_reaches_the_fused_feature():
    settings = replace(QUICK, steps=3, position_first=0, position_weight=0.0, drop_fused=0.0, decay=0.0)
    model = fresh_model(TOY)
    torch.nn.init.normal_(model.composition.unet.conv_out.weight, std=0.1, generator=torch.Generator().manual_seed(0))
    before = {name: p.detach().clone() for name, p in model.position.named_parameters()}
    train(model, Shelves(8), Shelves(4), settings)
    moved = {name for name, p in model.position.named_parameters() if not torch.equal(p, before[name])}
    assert "mixers.0.cross.to_k.weight" in moved
    assert "background.0.first.weight" in moved


@pytest.mark.parametrize(
    "change",
    [
        {"batch": 3}, {"rate": 2e-3}, {"decay": 0.5}, {"warmup": 5}, {"schedule": "cosine"}, {"seed": 1},
        {"position_first": 0.8}, {"position_weight": 0.1}, {"composition_weight": 0.1}, {"effect_weight": 1.0},
        {"pure_noise": 0.9}, {"drop_fused": 1.0}, {"drop_place": 1.0}, {"sigma": 4.0}, {"sigma_scale": 2.0},
        {"ema": 0.1}, {"precision": "bfloat16"},
        *({"augment": replace(Augment(), **{name: value})} for name, value in
          {"flip": 1.0, "crop": 1.0, "least_crop": 0.9, "tint": 0.0, "tone": 0.0, "soften": 1.0, "edge": 1.0,
           "room": (2.0, 2.0)}.items()),
    ],
    ids=str,
)  # fmt: skip
def test_every_setting_does_something(change, plainly_trained):
    assert not torch.equal(shortly_trained(**change), plainly_trained)


@pytest.fixture(scope="module")
def plainly_trained():
    return shortly_trained()


def shortly_trained(**change):
    """The position alone in the first step, both in the two that follow."""
    model = fresh_model(TOY)
    train(model, Shelves(4), Shelves(2), replace(QUICK, **{"steps": 3, "batch": 2} | change))
    return weights(model)


def test_the_same_training_gives_the_same_weights(plainly_trained):
    assert torch.equal(shortly_trained(), plainly_trained)


def test_a_rate_that_is_too_high_is_told(tmp_path):
    with pytest.raises(TroupeError, match="Lower the learning rate"):
        train(fresh_model(TOY), Shelves(8), Shelves(4), replace(QUICK, steps=40, rate=1e20))


class Stop(BaseException):
    """As the host's Cancel."""


@pytest.mark.parametrize("at", [2, 4, 5])
def test_cancel_while_what_is_held_out_is_looked_at_loses_no_look(tmp_path, at):
    def cancel(done, total, name):
        if name == "looking at what is held out" and done == at:
            raise Stop

    settings = replace(QUICK, evaluate_every=2, rate=1e-2)
    files = Files(tmp_path / "training.safetensors", "shelves")
    with pytest.raises(Stop):
        train(fresh_model(TOY), Shelves(8), Shelves(4), settings, files, looking=cancel)
    whole, resumed = fresh_model(TOY), fresh_model(TOY)
    told = train(whole, Shelves(8), Shelves(4), settings)
    assert train(resumed, Shelves(8), Shelves(4), settings, files) == told
    assert torch.equal(weights(whole), weights(resumed))


def test_cancel_is_heard_in_the_middle_of_a_step_which_then_never_was(tmp_path):
    held, entered = threading.Event(), threading.Event()
    model, calls = fresh_model(TOY), []

    def hold(*_):
        if len(calls) >= 3 and not held.is_set():
            entered.set()
            held.wait(20)

    def cancel(done, total, name):
        calls.append(done)
        if entered.is_set():
            raise Stop

    hook = model.position.register_forward_pre_hook(hold)
    files = Files(tmp_path / "training.safetensors", "shelves")
    with pytest.raises(Stop):
        train(model, Shelves(8), Shelves(4), QUICK, files, progress=cancel)
    assert not held.is_set()  # the step was still at it
    held.set()
    hook.remove()
    whole, resumed = fresh_model(TOY), fresh_model(TOY)
    train(whole, Shelves(8), Shelves(4), QUICK)
    train(resumed, Shelves(8), Shelves(4), QUICK, files)
    assert torch.equal(weights(whole), weights(resumed))


def test_a_batch_that_does_not_fit_says_what_to_set_and_loses_no_step(tmp_path):
    model, steps = fresh_model(TOY), []

    def tight(*_):
        if len(set(steps)) > 3:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 9.00 GiB.")

    model.position.register_forward_pre_hook(tight)
    files = Files(tmp_path / "training.safetensors", "shelves")
    with pytest.raises(TroupeError, match="does not fit into the memory: 4 groups.*half the batch size"):
        train(model, Shelves(8), Shelves(4), QUICK, files, progress=lambda done, total, name: steps.append(done))
    whole, resumed, again = fresh_model(TOY), fresh_model(TOY), []
    train(whole, Shelves(8), Shelves(4), QUICK)
    train(resumed, Shelves(8), Shelves(4), QUICK, files, progress=lambda done, total, name: again.append(done))
    assert again[0] == 3 and torch.equal(weights(whole), weights(resumed))
