"""A character of few pixels, backgrounds of one colour, and a model that never learnt anything."""

from dataclasses import dataclass, field

import pytest
import torch

from troupe.models.compositing.config import preset
from troupe.models.compositing.model import CompositingModel, fresh_model
from troupe.models.compositing.staging.backdrops import backdrops
from troupe.models.picturefiles import file_digest
from troupe.models.pixels import to_pillow
from troupe.models.samples.sample import Description, Feature, ImageFile, MaskFile, Sample
from troupe.models.samples.store import Store

NOTHING_SAID = Description()


@dataclass
class Untrained:
    """`asked`: how often somebody wanted the model itself."""

    model: CompositingModel
    identity: str = "untrained"
    asked: list = field(default_factory=list)

    def loaded(self):
        self.asked.append(1)
        return self.model


@pytest.fixture(scope="session")
def untrained_model():
    return fresh_model(preset("tiny")).eval()


@pytest.fixture
def compositor(untrained_model):
    return Untrained(untrained_model)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture
def figure(tmp_path):
    """`figure("mira/a")`: a red block on white; `box`: its edges, left, top, right, bottom, in 40 x 60 pixels."""

    def make(id_, box=(12, 10, 28, 50), shot="full", masked="grey", said=NOTHING_SAID, features=()):
        left, top, right, bottom = box
        mask = torch.zeros(60, 40)
        mask[top:bottom, left:right] = 1
        rgb = torch.ones(60, 40, 3)
        rgb[mask > 0] = torch.tensor([0.8, 0.1, 0.1])
        stem = id_.replace("/", "_")
        image, path = to_pillow(rgb), tmp_path / f"{stem}.png"
        if masked == "alpha":
            image.putalpha(to_pillow(mask))
        image.save(path)
        kept = None
        if masked == "grey":
            to_pillow(mask).save(tmp_path / f"{stem}_mask.png")
            kept = MaskFile(str(tmp_path / f"{stem}_mask.png"), file_digest(tmp_path / f"{stem}_mask.png"), "grey")
        elif masked:
            kept = MaskFile(str(path), file_digest(path), "alpha")
        shown = (Feature("shot", shot, "path"),) if shot else ()
        facts = (*shown, Feature("background", "plain", "captioner"), *features)
        return Sample(id_, id_.split("/")[0], ImageFile(str(path), file_digest(path), 40, 60), kept, facts, said)

    return make


@pytest.fixture
def drops():
    """`drops("by day", "")`: one background of 96 x 64 pixels for each caption."""

    def make(*captions, **more):
        pictures = [torch.full((1, 64, 96, 3), 0.2 + 0.1 * n) for n in range(len(captions))]
        return backdrops(pictures, captions, **more)

    return make
