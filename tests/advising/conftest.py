"""A set that a trainer could wish for: 24 pictures, every view in every shot, nothing twice; and ways to spoil it."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from troupe.models.adjusting.advice import picture_advice
from troupe.models.advice import in_order
from troupe.models.advising.spread import spread_advice
from troupe.models.formats.advice import TrainingWish, training_advice
from troupe.models.formats.families import find_family
from troupe.models.labelling.advice import label_advice
from troupe.models.labelling.label import label
from troupe.models.labelling.settings import LabelSettings
from troupe.models.samples.sample import Feature, ImageFile, Sample, SampleSet
from troupe.models.samples.store import Store

CELLS = [(a, s) for a in ("front", "three-quarter", "side", "back") for s in ("close-up", "medium", "full")]
ACTIONS, EXPRESSIONS = ("stand", "run", "sit"), ("smile", "sad", "angry")
PLACES = ("park", "street", "beach", "room", "forest")


@pytest.fixture(scope="session")
def picture_file(tmp_path_factory):
    """`picture_file(7)`: squares of colours that are another for every number, 512 x 512."""
    folder = tmp_path_factory.mktemp("pictures")

    def made(number, size=(512, 512)):
        path = folder / f"{number}_{size[0]}x{size[1]}.png"
        if not path.exists():
            squares = np.random.default_rng(number).integers(0, 256, (8, 8, 3), np.uint8)
            Image.fromarray(squares).resize(size, Image.Resampling.NEAREST).save(path)
        return ImageFile(str(path), hashlib.sha256(path.read_bytes()).hexdigest(), *size)

    return made


@pytest.fixture(scope="session")
def balanced(picture_file):
    """`balanced("mira")`: not yet tagged."""

    def made(character="mira", first=0):
        samples = []
        for n in range(2 * len(CELLS)):
            angle, shot = CELLS[n % len(CELLS)]
            facts = {"angle": angle, "shot": shot, "action": ACTIONS[(n + n // 3) % 3], "place": PLACES[n % 5]}
            facts |= {"hair.colour": "silver", "count": "girl"}
            if angle != "back":
                facts["expression"] = EXPRESSIONS[(n + n // 4) % 3]
            features = tuple(Feature(slot, value, "captioner") for slot, value in facts.items())
            samples.append(Sample(f"{character}/{n:02}", character, picture_file(first + n), features=features))
        return SampleSet(tuple(samples))

    return made


@pytest.fixture(scope="session")
def tagged():
    def made(sample_set, trigger="mira_trp", **settings):
        return label(sample_set, LabelSettings(trigger, class_word="1girl", **settings)).sample_set

    return made


@pytest.fixture(scope="session")
def advised(tmp_path_factory):
    """All advice on a set, in order; the schedule with `advised.schedule`."""
    store = Store(tmp_path_factory.mktemp("store"))

    def made(sample_set, family="SD 1.5", **wish):
        of_trainer, made.schedule = training_advice(sample_set, TrainingWish(find_family(family), **wish))
        found = (*spread_advice(sample_set), *picture_advice(sample_set, store), *label_advice(sample_set))
        return in_order((*found, *of_trainer))

    return made


@pytest.fixture(scope="session")
def with_value():
    """`with_value(set, "action", "run", 20)`: so many of its pictures say so from now on, or all of them."""

    def changed(sample_set, slot, value, count=None):
        samples = []
        for n, sample in enumerate(sample_set.samples):
            if count is None or n < count:
                kept = tuple(f for f in sample.features if f.slot != slot)
                sample = replace(sample, features=(*kept, Feature(slot, value, "captioner")))
            samples.append(sample)
        return SampleSet(tuple(samples))

    return changed


@pytest.fixture(scope="session")
def captioned():
    """`captioned(set, lambda n, caption: ...)`: every caption as a person changed it."""

    def changed(sample_set, change):
        pairs = enumerate(sample_set.samples)
        return SampleSet(
            tuple(replace(s, labels=replace(s.labels, caption=change(n, s.labels.caption))) for n, s in pairs)
        )

    return changed
