"""From groups on disk to a trained checkpoint: what the node and the command line both do."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from ...progress import Progress, silent
from ..checkpoint import Story, save_model
from ..groups.group import GroupSet
from ..groups.reading import GroupFolder
from ..model import CompositingModel
from .engine import Alone, Engine
from .run import Files
from .settings import TrainSettings
from .source import Part
from .split import Split, split
from .state import Progressed
from .train import Trained, train

# Working copies of pictures are this many times the background side long: room for crops and for the views.
WORKING = 2.5


class Places(NamedTuple):
    """Where the finished model goes, and where the unfinished training is kept."""

    model: Path
    state: Path


class Session(NamedTuple):
    """What came of a training on a set of groups."""

    trained: Trained
    split: Split
    story: Story


def train_on(
    groups: GroupSet,
    model: CompositingModel,
    settings: TrainSettings,
    places: Places,
    engine: Engine | None = None,
    progress: Progress = silent,
    watch: Callable[[Progressed], None] = lambda progressed: None,
) -> Session:
    """Train `model` in place on `groups`; write it to `places.model` when it is done. Goes on from `places.state`."""
    engine = engine or Alone()
    parts = split(groups, settings.holdout)
    folder = GroupFolder(groups, round(WORKING * model.config.background_side))
    files = Files(places.state, fits(groups, model, settings))
    trained = train(
        model, Part(folder, parts.trained), Part(folder, parts.heldout), settings, files, engine, progress, watch
    )
    story = story_of(trained)
    if engine.rank == 0:
        save_model(model, places.model, story)
    return Session(trained, parts, story)


def story_of(trained: Trained) -> Story:
    """What a checkpoint tells of its training."""
    figures = {"held-out -log p of the true cell": trained.best_nll, "the same, of the marginals": trained.prior_nll}
    best = [h for h in trained.progressed.heldout if h.total == trained.progressed.best]
    if best:
        figures["held-out composition loss"] = best[0].composition
    return Story(trained.progressed.step, trained.stopped, tuple(figures.items()))


def fits(groups: GroupSet, model: CompositingModel, settings: TrainSettings) -> str:
    """A text that only an equal training has: settings, model with its first weights, and groups."""
    digest = hashlib.sha256()
    for text in (settings.as_json(), model.config.as_json()):
        digest.update(text.encode())
    for name, tensor in model.trainable():
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    for group in groups.groups:
        files = (group.foreground, group.mask, group.background, group.composite)
        sizes = [path.stat().st_size for path in files if path]
        digest.update(f"{group.id} {group.box} {sizes}".encode())
    return digest.hexdigest()
