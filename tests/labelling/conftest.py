"""Pictures in one line: `picture("01", "angle=back hair.colour=silver@0.9", tags="ahoge")`."""

import pytest

from troupe.models.labelling.label import label
from troupe.models.labelling.settings import LabelSettings
from troupe.models.samples.sample import Description, Feature, ImageFile, Sample, SampleSet


def _feature(text: str, origin: str) -> Feature:
    slot, _, value = text.partition("=")
    value, _, confidence = value.partition("@")
    return Feature(slot, value.replace("_", " "), origin, float(confidence or 1))


@pytest.fixture(scope="session")
def picture():
    """A sample without pixels. `features`: `slot=value@confidence`, blanks inside a value as `_`."""

    def make(id, features="", *, tags="", sentence="", by="captioner", origin="captioner", source=None, **more):
        character = more.pop("character", "mira")
        keywords = tuple(t.strip() for t in tags.split(",") if t.strip())
        return Sample(
            id=f"{character}/{id}",
            character=character,
            image=ImageFile(f"{id}.png", "0" * 64, 64, 64),
            features=tuple(_feature(f, origin) for f in features.split()),
            description=Description(sentence, keywords, by),
            source=source,
            **more,
        )

    return make


@pytest.fixture(scope="session")
def tagged():
    """Label samples; keyword arguments are settings."""

    def run(samples, trigger="mira_x", **settings):
        return label(SampleSet(tuple(samples)), LabelSettings(trigger, **settings))

    return run


@pytest.fixture(scope="session")
def decision():
    """The decision about a tag (or a value), by default of Mira."""

    def find(labelled, tag, character="mira"):
        rows = [d for d in labelled.decisions if d.character == character and tag in (d.tag, f"{d.slot}={d.value}")]
        assert len(rows) == 1, f"{len(rows)} decisions about {tag}: {[d.tag for d in labelled.decisions]}"
        return rows[0]

    return find
