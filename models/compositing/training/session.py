"""From groups on disk to a trained checkpoint: what the node and the command line both do."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from ...parallel import attended
from ...progress import Progress, silent
from ..checkpoint import Story, save_model, weights_digest
from ..config import ModelConfig
from ..groups.group import GroupSet
from ..groups.reading import GroupFolder
from ..model import CompositingModel
from ..view import LEAST
from .engine import Alone, Engine
from .preview import preview_sheet
from .run import Files
from .settings import TrainSettings
from .source import Part
from .split import Split, split
from .state import Progressed
from .train import Trained, train

# Working copies of pictures are this many times the background side long: room for crops.
WORKING = 2.5


class Places(NamedTuple):
    """Where the finished model goes, and where the unfinished training is kept."""

    model: Path
    state: Path


class Seen(NamedTuple):
    """An evaluation, for whoever watches: the losses so far, and a picture of what the model does."""

    progressed: Progressed
    preview: Image.Image


class Session(NamedTuple):
    """What came of a training on a set of groups. preview: the trained model on held-out ones."""

    trained: Trained
    split: Split
    story: Story
    preview: Image.Image


def train_on(
    groups: GroupSet,
    model: CompositingModel,
    settings: TrainSettings,
    places: Places,
    engine: Engine | None = None,
    progress: Progress = silent,
    watch: Callable[[Seen], None] | None = None,
) -> Session:
    """Train `model` in place on `groups`; write it to `places.model` when it is done. Goes on from `places.state`."""
    engine = engine or Alone()
    parts = split(groups, settings.holdout)
    folder = GroupFolder(groups, working_side(model.config))
    files = Files(places.state, fits(groups, model, settings))
    source, heldout = Part(folder, parts.trained), Part(folder, parts.heldout)

    def preview(step: int) -> Image.Image:
        """Nothing is lost when somebody cancels while it is drawn."""
        beat = partial(progress, step, settings.steps, "looking at what came of it")
        return attended(partial(preview_sheet, model, heldout), beat)

    def look(progressed: Progressed) -> None:
        if watch and engine.rank == 0:
            watch(Seen(progressed, preview(progressed.step)))

    trained = train(model, source, heldout, settings, files, engine, progress, look, looking=progress)
    story = story_of(trained)
    if engine.rank == 0:
        save_model(model, places.model, story)
    return Session(trained, parts, story, preview(trained.progressed.step))


def working_side(config: ModelConfig) -> int:
    """Pixels of the long side: room for crops, and the smallest window is as sharp as a view."""
    return round(max(WORKING * config.background_side, config.view_side / LEAST))


def story_of(trained: Trained) -> Story:
    """What a checkpoint tells of its training."""
    figures = {"held-out -log p of the true cell": trained.nll, "the same, of the marginals": trained.prior_nll}
    best = [h for h in trained.progressed.heldout if h.total == trained.progressed.best]
    if best:
        figures["held-out composition loss"] = best[0].composition
    return Story(trained.progressed.step, trained.stopped, tuple(figures.items()))


def fits(groups: GroupSet, model: CompositingModel, settings: TrainSettings) -> str:
    """A text that only an equal training has: settings, model with its first weights, and groups."""
    digest = hashlib.sha256()
    digest.update(f"{settings.as_json()} {weights_digest(model)} {model.composition.digest}".encode())
    for group in groups.groups:
        files = (group.foreground, group.mask, group.background, group.composite)
        sizes = [path.stat().st_size for path in files if path]
        digest.update(f"{group.id} {group.box} {sizes} {group.scene} {group.gain} {group.position_only}".encode())
    return digest.hexdigest()
