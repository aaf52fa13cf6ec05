"""Every step that takes long, on a set that makes it long: what each gives back, as something that can be compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import cached_property
from pathlib import Path

import torch

from ...models.adjusting.adjust import adjust
from ...models.adjusting.consistency.checking import check_consistency
from ...models.adjusting.preset import parse_preset
from ...models.captioning.describe import describe
from ...models.captioning.measured import MeasuredCaptioner
from ...models.captioning.onlooker import LookingCaptioner
from ...models.compositing.checkpoint import load_model
from ...models.compositing.composing.settings import ComposeSettings
from ...models.compositing.composite import Wanted, composited
from ...models.compositing.config import preset
from ...models.compositing.groups.group import GroupSet
from ...models.compositing.groups.makeset import make_set
from ...models.compositing.groups.making import MakeSettings
from ...models.compositing.groups.sources import sources_in
from ...models.compositing.model import CompositingModel, fresh_model
from ...models.compositing.pairing import Pair, paired
from ...models.compositing.placing.pairs import positions
from ...models.compositing.placing.predict import PositionSettings
from ...models.compositing.placing.priors import ANYWHERE
from ...models.compositing.staging.backdrops import backdrops
from ...models.compositing.staging.settings import StageSettings
from ...models.compositing.staging.stage import stage_samples
from ...models.compositing.training.session import Places, train_on
from ...models.compositing.training.settings import TrainSettings
from ...models.formats.plan import plan_dataset
from ...models.formats.settings import WriteSettings
from ...models.formats.write import write_dataset
from ...models.labelling.label import label
from ...models.labelling.settings import LabelSettings
from ...models.progress import Progress
from ...models.registration.features import FeatureGate
from ...models.restyling.drawing import RestyleSettings
from ...models.restyling.featurecheck import check_features
from ...models.restyling.painterlystylizer import PainterlyStylizer
from ...models.restyling.restyle import restyle
from ...models.samples.reading import ReadOptions, read_sample_set
from ...models.samples.sample import SampleSet, read_picture
from ...models.samples.store import Store
from ...models.styles.library import load_library
from ...models.styles.mapping import MapSettings, map_styles
from . import given
from .eyes import captioner
from .jobs import NOW

# Pictures and their sides: few and small in the short form; as LoRA trainers take them in the long one.
SHORT, LONG = (4, 320), (8, 1024)
SHIPPED = Path(__file__).resolve().parents[2] / "assets" / "compositing" / "tiny.safetensors"
# Half of the pictures, and close-ups, which are not there and are cut from full ones.
PRESET = 'total = 6\ncrop_to_shot = ["close-up"]\n\n[shots]\n"close-up" = 4\n'


class Given:
    """What the steps begin with, made once; their own files go elsewhere."""

    def __init__(self, folder: Path, long: bool) -> None:
        self.folder, (self.count, self.side) = folder, LONG if long else SHORT
        self.layers = 24 if long else 4  # of the model that looks

    @cached_property
    def pictures(self) -> Path:
        return given.pictures(self.folder / "pictures", self.count, self.side)

    @cached_property
    def samples(self) -> SampleSet:
        return read_sample_set(self.pictures, ReadOptions())

    @cached_property
    def styled(self) -> SampleSet:
        return map_styles(self.samples, load_library(), MapSettings(first="ink_wash")).sample_set

    @cached_property
    def redrawn(self) -> SampleSet:
        small = read_sample_set(given.pictures(self.folder / "small", self.count, 192), ReadOptions())
        styled = map_styles(small, load_library(), MapSettings(first="ink_wash")).sample_set
        return restyle(styled, PainterlyStylizer(), RestyleSettings(), Store(self.folder / "redrawn")).sample_set

    @cached_property
    def labelled(self) -> SampleSet:
        return label(self.samples, LabelSettings("mirax", "1girl")).sample_set

    @cached_property
    def groups(self) -> GroupSet:
        sources, _ = sources_in(given.pictures(self.folder / "scenes", 8, 192))
        store = Store(self.folder / "cut")
        return make_set(sources, MakeSettings(decoys=0), self.folder / "groups", store, longest_side=256).groups

    @cached_property
    def model(self) -> CompositingModel:
        return load_model(SHIPPED)[0]

    @cached_property
    def pairs(self) -> list[Pair]:
        """Four backgrounds and cut-outs of one size."""
        pictures = [read_picture(sample) for sample in self.samples.samples]
        size = pictures[0].rgb.shape
        alike = [p for p in pictures if p.rgb.shape == size]
        rgb, masks = torch.stack([p.rgb for p in alike]), torch.stack([p.mask for p in alike])
        return paired(rgb.flip(1), rgb, masks) * max(1, 4 // len(alike))


class Compositor:
    """Satisfies `staging.stagehand.Compositor`."""

    identity = "shipped"

    def __init__(self, model: CompositingModel) -> None:
        self._model = model

    def loaded(self) -> CompositingModel:
        return self._model


def load(given: Given, place: Path, watch: Progress) -> object:
    return asdict(read_sample_set(given.pictures, ReadOptions(), watch))


def describe_measured(given: Given, place: Path, watch: Progress) -> object:
    return asdict(describe(given.samples, MeasuredCaptioner(), Store(place), progress=watch))


def describe_with_a_model(given: Given, place: Path, watch: Progress) -> object:
    return asdict(describe(given.samples, captioner(given.layers, 4), Store(place), progress=watch))


def restyle_painterly(given: Given, place: Path, watch: Progress) -> object:
    return asdict(restyle(given.styled, PainterlyStylizer(), RestyleSettings(), Store(place), watch).sample_set)


def check_features_measured(given: Given, place: Path, watch: Progress) -> object:
    onlooker = LookingCaptioner(MeasuredCaptioner(), Store(place))
    return asdict(check_features(given.redrawn, onlooker, FeatureGate(), watch).sample_set)


def adjust_and_crop(given: Given, place: Path, watch: Progress) -> object:
    return asdict(adjust(given.samples, parse_preset(PRESET), Store(place), progress=watch).sample_set)


def check_by_colours(given: Given, place: Path, watch: Progress) -> object:
    return asdict(check_consistency(given.samples, None, Store(place), progress=watch).sample_set)


def check_with_a_model(given: Given, place: Path, watch: Progress) -> object:
    return asdict(check_consistency(given.samples, captioner(given.layers, 4), Store(place), progress=watch).sample_set)


def write(given: Given, place: Path, watch: Progress) -> object:
    plan = plan_dataset(given.labelled, WriteSettings("mira"))
    made = write_dataset(plan, place, progress=watch, now=NOW)
    return made.folder.name, made.pictures


def make_composites(given: Given, place: Path, watch: Progress) -> object:
    sources, _ = sources_in(given.pictures)
    made = make_set(sources, MakeSettings(), place / "made", Store(place / "store"), longest_side=256, progress=watch)
    return [asdict(group) for group in made.groups.groups]


def train(given: Given, place: Path, watch: Progress) -> object:
    places = Places(place / "model.safetensors", place / "unfinished.safetensors")
    settings = TrainSettings(steps=4, evaluate_every=2, batch=given.count)
    session = train_on(given.groups, fresh_model(preset("tiny")), settings, places, None, watch, lambda seen: None)
    return asdict(session.story)


def composite_several(given: Given, place: Path, watch: Progress) -> object:
    pairs = given.pairs
    made = composited(given.model, pairs, Wanted(ComposeSettings(), [ANYWHERE] * len(pairs), candidates=3), watch)
    return made.boxes, made.plausibilities


def stage(given: Given, place: Path, watch: Progress) -> object:
    drops = backdrops([pair.background[None] for pair in given.pairs[:2]])
    staged = stage_samples(given.samples, drops, Compositor(given.model), StageSettings(), Store(place), watch)
    return asdict(staged.sample_set)


def predict(given: Given, place: Path, watch: Progress) -> object:
    pairs = given.pairs * 2
    found = positions(given.model, pairs, [ANYWHERE] * len(pairs), PositionSettings(k=4), watch)
    return [[tuple(box) for box in each.boxes] for each in found]


STEPS: dict[str, Callable[[Given, Path, Progress], object]] = {
    "load": load,
    "describe, measured": describe_measured,
    "describe, open_clip": describe_with_a_model,
    "restyle": restyle_painterly,
    "check features": check_features_measured,
    "adjust": adjust_and_crop,
    "check consistency, colours": check_by_colours,
    "check consistency, open_clip": check_with_a_model,
    "write": write,
    "make composite samples": make_composites,
    "train": train,
    "predict position": predict,
    "composite, three each": composite_several,
    "stage": stage,
}
