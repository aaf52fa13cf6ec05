"""Small pieces of real work, each of `place/given` into `place/made`, for processes that will be disturbed at them.

A job gives back, as text, what its caller would have got, without the place in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timezone
from functools import partial
from pathlib import Path

import torch

from ...models.compositing.config import ModelConfig
from ...models.compositing.groups.makeset import make_set
from ...models.compositing.groups.making import MakeSettings
from ...models.compositing.groups.manifest import read_manifest as read_groups
from ...models.compositing.groups.sources import sources_in
from ...models.compositing.model import CompositingModel, fresh_model
from ...models.compositing.training.session import Places, Session, train_on
from ...models.compositing.training.settings import TrainSettings
from ...models.formats.plan import plan_dataset
from ...models.formats.settings import WriteSettings
from ...models.formats.write import write_dataset
from ...models.labelling.label import label
from ...models.labelling.settings import LabelSettings
from ...models.restyling.drawing import RestyleSettings
from ...models.restyling.painterlystylizer import PainterlyStylizer
from ...models.restyling.restyle import restyle
from ...models.reviewing.review import review
from ...models.samples.reading import ReadOptions, read_sample_set
from ...models.samples.sample import SampleSet
from ...models.samples.serial import to_json
from ...models.samples.store import Store
from ...models.sharding.manifest import read_manifest, write_manifest
from ...models.sharding.roots import Roots
from ...models.sharding.shard import Shard, all_shards
from ...models.sharding.work import merge, run_shard
from ...models.styles.library import load_library
from ...models.styles.mapping import MapSettings, map_styles

# A manifest names its time, and equal runs shall be equal files.
NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
TOY = ModelConfig(
    preset="toy", background_side=32, foreground_side=16, width=8, tokens=16, layers=1, heads=2, view_side=16,
    channels=(8, 16), attention=(False, True),
)  # fmt: skip
TRAINING = TrainSettings(steps=12, batch=4, evaluate_every=3, position_first=0.2, warmup=1, rate=1e-3)
NAME = "mira"
SHARDS = 3


def import_everything() -> None:
    """What the jobs import where they use it, and one thread for all of them."""
    import encodings.ascii
    import encodings.utf_8_sig  # noqa: F401

    import safetensors.torch  # noqa: F401
    import scipy.ndimage
    import scipy.optimize  # noqa: F401
    from diffusers import DDIMScheduler, UNet2DConditionModel  # noqa: F401
    from PIL import Image

    Image.init()
    torch.set_num_threads(1)


def given_set(place: Path) -> SampleSet:
    return read_sample_set(place / "given", ReadOptions())


def labelled_set(place: Path) -> SampleSet:
    return label(given_set(place), LabelSettings("mirax", "1girl")).sample_set


def restyled(place: Path) -> str:
    mapped = map_styles(given_set(place), load_library(), MapSettings(first="ink_wash")).sample_set
    made = restyle(mapped, PainterlyStylizer(), RestyleSettings(), Store(place / "made"))
    return _told(to_json(made.sample_set), place)


def in_shards(place: Path) -> str:
    """A set restyled in three parts, joined."""
    folder, roots = place / "made" / "shards", Roots((("made", str(place / "made")), ("given", str(place / "given"))))
    mapped = map_styles(given_set(place), load_library(), MapSettings(first="ink_wash")).sample_set
    whole = place / "made" / "whole.jsonl"
    key = write_manifest(whole, mapped, roots).digest

    def make(shard: Shard) -> SampleSet:
        part = read_manifest(whole, roots, shard.places(len(mapped)))
        return restyle(part, PainterlyStylizer(), RestyleSettings(), Store(place / "made" / "store")).sample_set

    for shard in all_shards(SHARDS):
        run_shard(folder, shard, key, partial(make, shard), roots)
    return merge(folder, SHARDS, key, place / "made" / "merged.jsonl").digest


def written(place: Path, mode: str = "new") -> str:
    plan = plan_dataset(labelled_set(place), WriteSettings(NAME, mode=mode, resolution=256))
    made = write_dataset(plan, place / "made", now=NOW)
    return _told([made.folder.name, made.pictures, made.captions, made.masks], place)


def trained(place: Path) -> str:
    return _told(asdict(train(place).story), place)


def train(place: Path, model: CompositingModel | None = None, **watching: object) -> Session:
    places = Places(place / "made" / "model.safetensors", place / "made" / "unfinished.safetensors")
    return train_on(read_groups(place / "given"), model or fresh_model(TOY), TRAINING, places, **watching)


def composites(place: Path) -> str:
    """Make Composite Samples, which also makes what a training is given."""
    sources, left_out = sources_in(place / "given")
    target, store = place / "made" / "sets" / NAME, Store(place / "made" / "store")
    made = make_set(sources, MakeSettings(decoys=0), target, store, left_out=left_out, longest_side=128)
    return _told([made.groups.root.name, [g.id for g in made.groups.groups]], place)


def reviewed(place: Path) -> str:
    done = review(given_set(place), place / "made", NAME)
    return _told(to_json(done.sample_set), place)


def _told(value: object, place: Path) -> str:
    return json.dumps(value, default=str).replace(str(place), "")


JOBS: dict[str, Callable[[Path], str]] = {
    "restyle": restyled,
    "shards": in_shards,
    "write": written,
    "write over": partial(written, mode="replace"),
    "write more": partial(written, mode="add"),
    "train": trained,
    "make composites": composites,
    "review": reviewed,
}
