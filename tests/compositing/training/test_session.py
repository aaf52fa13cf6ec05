"""From a folder of groups to a checkpoint: begun, stopped, gone on with, finished once and not again."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from support.compositing import QUICK, TOY, Shelves, weights
from troupe.models.compositing.checkpoint import load_model
from troupe.models.compositing.groups.manifest import read_manifest
from troupe.models.compositing.groups.writing import NamedGroup, write_groups
from troupe.models.compositing.model import fresh_model
from troupe.models.compositing.training.session import Places, fits, train_on
from troupe.models.compositing.training.settings import Augment
from troupe.models.errors import TroupeError

SETTINGS = replace(QUICK, steps=4, evaluate_every=2)


class Cancel(BaseException):
    """As the host's Cancel."""


def at_each_step(call):
    """`call` for steps alone, once for each, not for the groups that are looked at before the first one."""
    known = set()

    def told(done, total, name):
        if not name.startswith("looking") and done not in known:
            known.add(done)
            call(done, total, name)

    return told


@pytest.fixture(scope="module")
def groups(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shelves")
    write_groups(folder, [NamedGroup(f"shelf {i}", Shelves(8)[i], position_only=i == 3) for i in range(8)])
    return read_manifest(folder)


@pytest.fixture
def places(tmp_path):
    return Places(tmp_path / "models" / "shelves.safetensors", tmp_path / "unfinished" / "shelves.safetensors")


@pytest.fixture(scope="module")
def uninterrupted(groups, tmp_path_factory):
    folder, model = tmp_path_factory.mktemp("whole"), fresh_model(TOY)
    train_on(groups, model, SETTINGS, Places(folder / "model.safetensors", folder / "state.safetensors"))
    return weights(model)


def test_the_checkpoint_is_the_trained_model_and_tells_how_it_became_one(groups, places):
    model, steps, seen = fresh_model(TOY), [], []
    session = train_on(
        groups,
        model,
        SETTINGS,
        places,
        progress=at_each_step(lambda done, total, name: steps.append((done, total))),
        watch=seen.append,
    )
    loaded, story = load_model(places.model)
    assert torch.equal(weights(loaded), weights(model)) and not model.training
    assert story == session.story and story.steps == 4 and story.stopped == "step limit"
    assert dict(story.figures)["held-out -log p of the true cell"] == pytest.approx(session.trained.nll)
    assert sorted([*session.split.trained, *session.split.heldout]) == list(range(8))
    assert steps == [(0, 4), (1, 4), (2, 4), (3, 4)]
    assert len(seen) == len(session.trained.progressed.heldout) == 2


@pytest.mark.parametrize("stop", [0, 1, 3])
def test_a_training_that_was_stopped_goes_on_as_if_it_had_not(groups, places, uninterrupted, stop):
    def cancel(done, total, name):
        if done == stop:
            raise Cancel

    with pytest.raises(Cancel):
        train_on(groups, fresh_model(TOY), SETTINGS, places, progress=at_each_step(cancel))
    assert places.state.exists() and not places.model.exists()
    model, steps = fresh_model(TOY), []
    train_on(groups, model, SETTINGS, places, progress=at_each_step(lambda done, total, name: steps.append(done)))
    assert steps == list(range(stop, 4))
    assert torch.equal(weights(model), uninterrupted)


def test_a_training_that_is_finished_is_not_done_again(groups, places, uninterrupted):
    def never(done, total, name):
        raise AssertionError("nothing is left to do")

    first = train_on(groups, fresh_model(TOY), SETTINGS, places)
    model = fresh_model(TOY)
    again = train_on(groups, model, SETTINGS, places, progress=at_each_step(never))
    assert torch.equal(weights(model), uninterrupted)
    assert again.story == first.story and again.trained == first.trained


@pytest.mark.parametrize("change", [{"rate": 2e-3}, {"steps": 6}, {"augment": replace(Augment(), flip=0.1)}], ids=str)
def test_with_other_settings_it_does_not_go_on(groups, places, change):
    def cancel(done, total, name):
        raise Cancel

    short = replace(SETTINGS, steps=1)
    with pytest.raises(Cancel):
        train_on(groups, fresh_model(TOY), short, places, progress=at_each_step(cancel))
    with pytest.raises(TroupeError, match="other settings, groups or another model"):
        train_on(groups, fresh_model(TOY), replace(short, **change), places)


def test_a_finished_training_is_not_in_the_way_of_the_next_one(groups, places, uninterrupted):
    train_on(groups, fresh_model(TOY), replace(SETTINGS, steps=1), places)
    model = fresh_model(TOY)
    train_on(groups, model, SETTINGS, places)
    assert torch.equal(weights(model), uninterrupted)


def test_looking_at_the_groups_can_be_cancelled(groups, places):
    def cancel(done, total, name):
        if name.startswith("looking at the groups that"):
            raise Cancel

    with pytest.raises(Cancel):
        train_on(groups, fresh_model(TOY), SETTINGS, places, progress=cancel)
    assert not places.state.exists() and not places.model.exists()


def test_whoever_cancels_while_losses_are_shown_loses_nothing(groups, places, uninterrupted):
    def cancel(seen):
        raise Cancel

    with pytest.raises(Cancel):
        train_on(groups, fresh_model(TOY), SETTINGS, places, watch=cancel)
    model, steps = fresh_model(TOY), []
    train_on(groups, model, SETTINGS, places, progress=at_each_step(lambda done, total, name: steps.append(done)))
    assert steps == [2, 3] and torch.equal(weights(model), uninterrupted)


def test_what_fits_depends_on_settings_groups_and_model_alone(groups):
    known = fits(groups, fresh_model(TOY), SETTINGS)
    assert fits(groups, fresh_model(TOY), SETTINGS) == known
    moved = replace(groups.groups[0], box=groups.groups[0].box.grown(1))
    others = [
        (replace(groups, groups=groups.groups[1:]), fresh_model(TOY), SETTINGS),
        (replace(groups, groups=groups.groups[::-1]), fresh_model(TOY), SETTINGS),
        (replace(groups, groups=(moved, *groups.groups[1:])), fresh_model(TOY), SETTINGS),
        (groups, fresh_model(TOY, seed=1), SETTINGS),
        (groups, fresh_model(replace(TOY, dropout=0.2)), SETTINGS),
        (groups, fresh_model(TOY), replace(SETTINGS, seed=1)),
    ]
    assert len({known, *(fits(*other) for other in others)}) == 1 + len(others)


def test_too_few_groups_are_told_before_anything_is_written(groups, places):
    with pytest.raises(TroupeError, match="too few groups"):
        train_on(replace(groups, groups=groups.groups[:3]), fresh_model(TOY), SETTINGS, places)
    assert not places.state.exists() and not places.model.exists()
