"""Training: both losses fall, stopping and resuming change nothing, and every setting does something."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from troupe.models.compositing.config import ModelConfig
from troupe.models.compositing.groups.group import GroupPixels
from troupe.models.compositing.model import fresh_model
from troupe.models.compositing.training.run import Files
from troupe.models.compositing.training.settings import Augment, TrainSettings
from troupe.models.compositing.training.train import train
from troupe.models.errors import TroupeError
from troupe.models.geometry import Box

TOY = ModelConfig(
    preset="toy", background_side=32, foreground_side=16, width=8, tokens=16, layers=1, heads=2, view_side=16,
    channels=(8, 16), attention=(False, True),
)  # fmt: skip
QUICK = TrainSettings(steps=5, batch=4, evaluate_every=100, position_first=0.2, warmup=1, rate=1e-3)


class Shelves:
    """A bar lies across the picture, a box stands on it, and the composite is a third darker there."""

    def __init__(self, count: int, first: int = 0) -> None:
        self.count, self.first = count, first

    def __len__(self) -> int:
        return self.count

    def colours(self, index: int) -> bool:
        return True

    def __getitem__(self, index: int) -> GroupPixels:
        chance = torch.Generator().manual_seed(self.first + index)
        level = int(torch.randint(24, 44, (), generator=chance))
        left = int(torch.randint(4, 36, (), generator=chance))
        background = torch.full((48, 64, 3), 0.5)
        background[level:] = torch.tensor([0.3, 0.2, 0.1])
        foreground = torch.cat([torch.full((16, 12, 3), 0.8), torch.ones(16, 12, 1)], -1)
        composite = background.clone()
        composite[level - 16 : level, left : left + 12] = 0.8 * 2 / 3
        return GroupPixels(foreground, background, composite, Box(left, level - 16, left + 12, level))


def weights(model) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def test_a_model_learns_where_things_stand_and_how_their_colours_change():
    settings = replace(QUICK, steps=150, evaluate_every=50, rate=3e-3, batch=8, augment=Augment(tint=0, tone=0))
    trained = train(fresh_model(TOY), Shelves(64), Shelves(16, first=1000), settings)
    first, last = trained.progressed.heldout[0], trained.progressed.heldout[-1]
    assert trained.position_learned, f"{trained.best_nll} nats, the prior has {trained.prior_nll}"
    assert last.composition < 0.6 * trained.progressed.losses[31].composition
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
    state = tmp_path / "training.safetensors"
    train(fresh_model(TOY), Shelves(8), Shelves(4), replace(QUICK, steps=1), Files(state, "shelves"))
    with pytest.raises(TroupeError, match="other settings"):
        train(fresh_model(TOY), Shelves(8), Shelves(4), QUICK, Files(state, "tables"))


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
        {"drop_fused": 1.0}, {"drop_place": 1.0}, {"sigma": 4.0}, {"sigma_scale": 2.0}, {"ema": 0.1},
        {"precision": "bfloat16"},
        *({"augment": replace(Augment(), **{name: value})} for name, value in
          {"flip": 1.0, "crop": 1.0, "least_crop": 0.9, "tint": 0.0, "tone": 0.0, "soften": 1.0, "edge": 1.0,
           "room": (2.0, 2.0)}.items()),
    ],
    ids=str,
)  # fmt: skip
def test_every_setting_does_something(change, plainly_trained):
    model = fresh_model(TOY)
    train(model, Shelves(8), Shelves(4), replace(QUICK, **change))
    assert not torch.equal(weights(model), plainly_trained)


@pytest.fixture(scope="module")
def plainly_trained():
    model = fresh_model(TOY)
    train(model, Shelves(8), Shelves(4), QUICK)
    return weights(model)


def test_the_same_training_gives_the_same_weights(plainly_trained):
    model = fresh_model(TOY)
    train(model, Shelves(8), Shelves(4), QUICK)
    assert torch.equal(weights(model), plainly_trained)


def test_a_rate_that_is_too_high_is_told(tmp_path):
    with pytest.raises(TroupeError, match="Lower the learning rate"):
        train(fresh_model(TOY), Shelves(8), Shelves(4), replace(QUICK, steps=40, rate=1e20))
