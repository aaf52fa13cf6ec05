"""A training as its configuration says it: stage after stage on one model; it can be stopped anywhere and resumed."""

from __future__ import annotations

import glob
import hashlib
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import torch

from ...models.compositing.checkpoint import Story, checkpoint_notes, load_model, save_model
from ...models.compositing.groups.manifest import read_manifest
from ...models.compositing.groups.reading import GroupFolder
from ...models.compositing.model import CompositingModel, fresh_model
from ...models.compositing.training.batch import Batch
from ...models.compositing.training.calibration import trust_colours
from ...models.compositing.training.engine import Engine
from ...models.compositing.training.heldout import Bank
from ...models.compositing.training.run import Files
from ...models.compositing.training.session import fits, story_of, working_side
from ...models.compositing.training.settings import TrainSettings
from ...models.compositing.training.source import Part, Source
from ...models.compositing.training.split import split
from ...models.compositing.training.state import Progressed
from ...models.compositing.training.train import Trained, train
from ...models.errors import TroupeError
from ...models.progress import Progress
from . import sources
from .composites import CHANGES
from .photographs import is_trained_on, is_validation
from .recipe import DrawnScenes, Photographs, Recipe, Sources, Stage


class Kept(NamedTuple):
    """Where an unfinished training lies: the models `NAME.after-1.safetensors`, ... of finished stages, the state
    `NAME.stage-2.safetensors` of the one under way, and the groups `NAME.made-....safetensors` that it learns from."""

    name: Path

    def model(self, number: int) -> Path:
        return self.name.with_name(f"{self.name.name}.after-{number}.safetensors")

    def state(self, number: int) -> Path:
        return self.name.with_name(f"{self.name.name}.stage-{number}.safetensors")

    def made(self, what: DrawnScenes | Photographs, name: str) -> Path:
        """The file of these groups; it has another name when they are others."""
        digest = hashlib.sha256(f"{what} {name}".encode()).hexdigest()[:12]
        return self.name.with_name(f"{self.name.name}.made-{digest}.safetensors")

    def files(self, stages: int) -> list[Path]:
        """Those that are there."""
        every = [file for n in range(1, stages + 1) for file in (self.model(n), self.state(n))]
        every += sorted(self.name.parent.glob(f"{glob.escape(self.name.name)}.made-*.safetensors"))
        return [file for file in every if file.is_file()]


@dataclass(frozen=True)
class Watching:
    """Who follows a training. making, stepping: called before each thing made and before each step; what they raise
    stops the training, and what was done is kept. evaluated: sees the losses. said: hears what happens, in words."""

    making: Progress
    stepping: Progress
    evaluated: Callable[[Progressed], None]
    said: Callable[[str], None]


def train_recipe(recipe: Recipe, output: Path, kept: Kept, engine: Engine, watching: Watching) -> Story:
    """Write the trained model to `output`; goes on from what is `kept`, which is deleted at the end."""
    first = _finished(recipe, kept)
    model = _beginning(recipe, kept, first)
    made = lru_cache(maxsize=None)(lambda what, wanted: _made(what, wanted, kept, engine, watching.making))
    steps, trained = _steps_before(kept, first), None
    for number, stage in enumerate(recipe.stages[first:], first + 1):
        watching.said(f"stage {number} of {len(recipe.stages)}: getting {_words(stage.sources)}")
        trained = _trained(recipe, stage, number, model, kept, engine, watching, made)
        watching.said(f"stage {number} of {len(recipe.stages)}: {trained.stopped} after {_told(trained)}")
        steps += trained.progressed.step
        if engine.rank == 0 and number < len(recipe.stages):
            save_model(model, kept.model(number), Story(steps=steps))
            kept.state(number).unlink(missing_ok=True)
        engine.wait()
    story = replace(story_of(trained), steps=steps)
    if recipe.colours:
        held = sources.EndToEnd(_held(recipe.colours, model, recipe.stages[-1], made))
        trust = trust_colours(model, _cutouts(held, model, recipe.stages[-1].settings, watching.making))
        watching.said(f"colours are trusted by {trust:.2f}")
    if engine.rank == 0:
        save_model(model, output, story, getattr(torch, recipe.dtype))
        made.cache_clear()
        for file in kept.files(len(recipe.stages)):
            with suppress(PermissionError):  # Windows keeps what somebody still reads
                file.unlink()
    engine.wait()
    return story


def _finished(recipe: Recipe, kept: Kept) -> int:
    """How many stages are done; the last one never is, or there would be nothing kept."""
    return max((n for n in range(1, len(recipe.stages)) if kept.model(n).is_file()), default=0)


def _beginning(recipe: Recipe, kept: Kept, first: int) -> CompositingModel:
    if not first:
        return fresh_model(recipe.config, recipe.seed, recipe.base)
    model, _ = load_model(kept.model(first), recipe.base)
    if model.config != recipe.config:
        raise TroupeError(
            "What is kept of this training has a model of other sizes",
            item=kept.model(first).name,
            remedy="Set everything as it was, or choose another name to begin anew.",
        )
    return model


def _steps_before(kept: Kept, first: int) -> int:
    return Story.from_json(checkpoint_notes(kept.model(first))["story"]).steps if first else 0


def _trained(
    recipe: Recipe, stage: Stage, number: int, model: CompositingModel, kept: Kept, engine: Engine,
    watching: Watching, made: Callable[..., Source],
) -> Trained:  # fmt: skip
    folders = [_Folder(path, model, stage) for path in stage.sources.groups]
    text = "".join([f"{recipe.seed} {recipe.config} {number} {stage}", *(folder.fits for folder in folders)])
    digest = hashlib.sha256(text.encode()).hexdigest()
    heldout = [*_held(recipe.heldout, model, stage, made), *(folder.heldout for folder in folders)]
    if not sum(map(len, heldout)):
        raise TroupeError(
            "Nothing is held out to measure this training on",
            item=f"stage {number}",
            remedy='Add "heldout" to the configuration, for example {"scenes": {"count": 64, "seed": 9}}.',
        )
    source = _blended(stage, made, [folder.trained for folder in folders])
    files = Files(kept.state(number), digest)
    return train(
        model,
        source,
        sources.EndToEnd(heldout),
        stage.settings,
        files,
        engine,
        watching.stepping,
        watching.evaluated,
        watching.making,
    )


def _held(asked: Sources, model: CompositingModel, stage: Stage, made: Callable[..., Source]) -> list[Source]:
    """Sources that no stage trains on: of photographs those that choose between weights."""
    drawn = [made(part, is_validation) for part in (asked.scenes, asked.photographs) if part]
    return drawn + [_Folder(path, model, stage).whole for path in asked.groups]


def _cutouts(held: Source, model: CompositingModel, settings: TrainSettings, progress: Progress) -> list[Batch]:
    """Three of four in another light and one as it is, as `evaluate-compositing` has them (`composites.CHANGES`)."""
    as_they_are = Part(held, range(0, len(held), CHANGES))
    banks = (Bank(held, model, settings, progress), Bank(as_they_are, model, settings, progress, tint=0.0))
    return [batch for bank in banks for batch in bank.batches]


class _Folder:
    """Groups of one folder, with those that the stage holds out."""

    def __init__(self, path: Path, model: CompositingModel, stage: Stage) -> None:
        found = read_manifest(path)
        parts = split(found, stage.settings.holdout)
        self.fits = fits(found, model, stage.settings)
        self.whole = GroupFolder(found, working_side(model.config))
        self.trained, self.heldout = Part(self.whole, parts.trained), Part(self.whole, parts.heldout)


def _blended(stage: Stage, made: Callable[..., Source], groups: list[Part]) -> Source:
    asked = stage.sources
    found = {
        "scenes": made(asked.scenes, is_trained_on) if asked.scenes else None,
        "photographs": made(asked.photographs, is_trained_on) if asked.photographs else None,
        "exchanged": sources.Exchanged(made(asked.photographs, is_trained_on)) if _exchanges(stage) else None,
        "groups": sources.EndToEnd(groups) if groups else None,
    }
    there = {name: source for name, source in found.items() if source is not None and len(source)}
    shares = {name: getattr(stage.shares, name) if stage.shares else len(source) for name, source in there.items()}
    if not any(share > 0 for share in shares.values()):
        raise TroupeError(
            "Nothing is left to train on", item=_words(asked), remedy="Give shares to sources that are there."
        )
    length = stage.length or sum(len(source) for name, source in there.items() if shares[name] > 0)
    return sources.Blend([(shares[name], source) for name, source in there.items()], length)


def _exchanges(stage: Stage) -> bool:
    return bool(stage.sources.photographs and stage.shares and stage.shares.exchanged)


def _made(
    what: DrawnScenes | Photographs, wanted: Callable[[int], bool], kept: Kept, engine: Engine, progress: Progress
) -> sources.Kept:
    """Made once, by the first of several processes; drawing takes longer than many steps."""
    file = kept.made(what, wanted.__name__)
    while engine.rank > 0 and not file.is_file():
        time.sleep(1)  # and not in `wait`, which has a limit
    if not file.is_file():
        if isinstance(what, DrawnScenes):
            sources.keep_scenes(file, what.count, what.seed, progress)
        else:
            sources.keep_photographs(file, what.folder, wanted, what.variants, what.side, what.seed, progress)
    engine.wait()
    return sources.Kept(file)


def _words(asked: Sources) -> str:
    parts = [f"{asked.scenes.count} drawn scenes"] if asked.scenes else []
    parts += [f"the photographs of {asked.photographs.folder.name}"] if asked.photographs else []
    return ", ".join([*parts, *(f"the groups of {path.name}" for path in asked.groups)])


def _told(trained: Trained) -> str:
    learned = "" if trained.position_learned else " (position not learned)"
    known = f"held-out -log p {trained.nll:.3f} nats, of the prior {trained.prior_nll:.3f}{learned}"
    return f"{trained.progressed.step} steps, {known}"
