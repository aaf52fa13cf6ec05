"""The semantic gate with a real model: a small CLIP refuses figures that turned round, and passes restyled ones."""

from dataclasses import dataclass, replace
from random import Random

import pytest
from PIL import ImageOps

from support import tinyclip
from troupe.models.captioning.onlooker import LookingCaptioner
from troupe.models.captioning.openclip.captioner import OpenCLIPCaptioner
from troupe.models.picturefiles import file_digest
from troupe.models.pixels import from_pillow, to_pillow
from troupe.models.restyling.drawing import RestyleSettings
from troupe.models.restyling.protocol import Closer
from troupe.models.restyling.restyle import restyle
from troupe.models.samples.sample import ImageFile, Sample, SampleSet, StylePair, SubStyle
from troupe.models.samples.store import Store

STYLE = StylePair(SubStyle("flat", "Flat", "平", "flat", "flat"))
SIDE, COUNT = 64, 24
TURNED = {"front": "back", "back": "front", "side": "back"}


@dataclass(frozen=True)
class Draughtsman:
    """Draws the figure again in fewer colours. Unless it keeps close to its source, it lets every figure turn."""

    facts: dict
    amount: float = 0.0

    repaints = ()

    @property
    def identity(self):
        return f"draughtsman {self.amount}"

    def prepare(self, pictures):
        return self

    def cue(self, sample):
        return ""

    def closer(self, amount):
        return Closer(f"{amount:.0%} closer", replace(self, amount=amount))

    def restyle(self, request):
        image = to_pillow(request.picture.rgb)
        if not self.amount:
            facts = self.facts[request.sample.id]
            turned = {**facts, "angle": TURNED[facts["angle"]]}
            image = tinyclip.draw(turned, Random(request.seed), SIDE)
        return from_pillow(ImageOps.posterize(image, 4))


@pytest.fixture
def figures(tmp_path):
    """(facts, sample) of pictures that the model never saw."""
    pairs = []
    for number, (facts, image) in enumerate(tinyclip.pictures(COUNT, seed=7, side=SIDE)):
        path = tmp_path / f"{number}.png"
        image.save(path)
        picture = ImageFile(str(path), file_digest(path), SIDE, SIDE)
        pairs.append((facts, Sample(f"mira/{number}", "mira", picture, style=STYLE)))
    return pairs


def test_what_turned_round_is_drawn_again_and_what_did_not_passes(figures, trained_clip, tmp_path):
    store = Store(tmp_path / "store")
    onlooker = LookingCaptioner(OpenCLIPCaptioner(trained_clip), store)
    stylizer = Draughtsman({sample.id: facts for facts, sample in figures})
    samples = SampleSet(tuple(sample for _, sample in figures))
    result = restyle(samples, stylizer, RestyleSettings(gate=None, retries=2), store, onlooker=onlooker)
    turned = [t for tries in result.trials.values() for t in tries if t.manner in ("", "another seed")]
    close = [t for tries in result.trials.values() for t in tries if t.manner == "20% closer"]
    assert sum(t.failed == "features" and "view angle was" in t.reason for t in turned) >= 0.8 * len(turned)
    assert sum(not t.failed for t in close) >= 0.9 * len(close) > 0
    assert len(result.sample_set) >= 0.9 * COUNT
