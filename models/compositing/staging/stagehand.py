"""One sample on one background: looked up if it is finished, else cut out, placed, composited and kept."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Protocol

from ...errors import TroupeError
from ...samples.sample import Sample
from ...samples.seeds import sample_seed
from ...samples.store import Store, store_key
from ..composing.compose import compose
from ..model import CompositingModel
from .choosing import Pair
from .cutouts import CutOut, cut_out_of
from .finished import NoScene, Scene, recall, remember
from .settings import StageSettings
from .standing import stand
from .telling import STAGE, staged_sample

# Raise it when a staged picture would come out differently from the same two.
VERSION = 1
# These decide which pairs are staged and what is done with them, not how a pair looks.
AROUND = ("per_sample", "seed", "keep_originals", "least_confidence")


class Compositor(Protocol):
    """Who places and composes. `identity`: changes with the weights."""

    identity: str

    def loaded(self) -> CompositingModel:
        """The model, ready to infer; asked for only when something is left to be made."""


@dataclass(frozen=True)
class Stagehand:
    compositor: Compositor
    settings: StageSettings
    store: Store

    def find(self, pair: Pair) -> Scene | NoScene | None:
        """The staged picture of an earlier run, if it is still there, to the byte."""
        found = recall(self.store, self._key(pair))
        return found and self._judged(found)

    def cut(self, sample: Sample) -> CutOut | NoScene:
        try:
            return cut_out_of(sample)
        except TroupeError as error:
            return NoScene(str(error))

    def make(self, pair: Pair, thing: CutOut | NoScene) -> Scene | NoScene:
        """Place, compose and keep; or the reason why not."""
        if isinstance(thing, NoScene):
            return thing
        picture, seed = pair.backdrop.picture, self._seed(pair)
        try:
            model = self.compositor.loaded()
            box, place = stand(model, picture, thing, self.settings, seed)
            doubt = self._doubt(place.confidence, free=not thing.cut)
            if doubt:
                return NoScene(doubt)
            settings = self.settings.composing(seed)
            made = compose(model, picture, thing.foreground, box, place.located, settings, judge=False)
        except TroupeError as error:
            return NoScene(str(error))
        return remember(self.store, self._key(pair), made, place.confidence, free=not thing.cut)

    def result(self, pair: Pair, scene: Scene) -> Sample:
        """The new sample; the one it was made from becomes its source."""
        facts = {
            "background": pair.backdrop.name,
            "caption": pair.backdrop.caption,
            "compositor": self.compositor.identity,
            "box": list(scene.box),
            "confidence": scene.confidence,
        }
        sample = staged_sample(pair.sample, pair.backdrop, scene.image, scene.mask, scene.box)
        return sample.after(STAGE, json.dumps(facts, ensure_ascii=False), self._seed(pair))

    def _seed(self, pair: Pair) -> int:
        return sample_seed(self.settings.seed, f"{pair.sample.id}@{pair.backdrop.name}")

    def _key(self, pair: Pair) -> str:
        sample = pair.sample
        source = [sample.image.digest, sample.image.background, sample.mask.digest, sample.mask.channel]
        source.append(sample.value("shot"))  # it has a say in where the character is cut off
        settings = {name: value for name, value in asdict(self.settings).items() if name not in AROUND}
        identity = self.compositor.identity
        return store_key(STAGE, VERSION, identity, source, pair.backdrop.digest, settings, self._seed(pair))

    def _judged(self, found: Scene | NoScene) -> Scene | NoScene:
        doubt = self._doubt(found.confidence, found.free) if isinstance(found, Scene) else ""
        return NoScene(doubt) if doubt else found

    def _doubt(self, confidence: float, free: bool) -> str:
        least = self.settings.least_confidence
        if free and confidence < least:
            return f"no good place: the model is sure to {confidence:.0%}, and {least:.0%} is asked for"
        return ""
