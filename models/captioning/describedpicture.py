"""What Describe found, to look at: what the character is, what is around it, and what changes between its pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from PIL import Image

from ..samples.holes import pictures
from ..samples.sample import Feature, Sample, SampleSet
from ..samples.tablepicture import Row, Section, table_picture
from ..vocabulary import vocabulary
from .kinds import dynamic_features, scene_features, static_features

MOST_VALUES = 6
MOST_CHARACTERS = 4  # a longer picture is too small to read on a node; the report has all
KINDS: tuple[tuple[str, Callable[[Sample], tuple[Feature, ...]]], ...] = (
    ("static: what the character is", lambda sample: static_features(sample, scene=False)),
    ("scene", scene_features),
    ("dynamic: what changes", dynamic_features),
)


def described_picture(sample_set: SampleSet) -> Image.Image:
    """For each of the first four characters three tables: slot, its values with counts, pictures that have one."""
    characters = sample_set.characters
    sections = [section for c in characters[:MOST_CHARACTERS] for section in _sections(sample_set, c)]
    told = sum(bool(s.description.sentence) for s in sample_set.samples)
    more = len(characters) - MOST_CHARACTERS
    return table_picture(
        "Described",
        f"{pictures(len(sample_set))}, {told} with a sentence",
        sections,
        f"... and {more} more characters; the report has them all." if more > 0 else "",
    )


def _sections(sample_set: SampleSet, character: str) -> Iterator[Section]:
    samples = sample_set.of(character)
    name = f"{character}, " if len(sample_set.characters) > 1 else ""
    for title, features_of in KINDS:
        yield Section(f"{name}{title}", tuple(_rows(samples, features_of)))


def _rows(samples: Sequence[Sample], features_of: Callable[[Sample], tuple[Feature, ...]]) -> Iterator[Row]:
    values: dict[str, Counter] = {slot.id: Counter() for slot in vocabulary().slots}
    seen: Counter = Counter()
    for sample in samples:
        features = features_of(sample)
        seen.update({f.slot for f in features})
        for feature in features:
            values.setdefault(feature.slot, Counter())[feature.value] += 1
    for slot, counts in values.items():
        if counts:
            known = vocabulary().slot(slot)
            yield Row(known.label if known else slot, _counted(counts), f"{seen[slot]} of {len(samples)}")


def _counted(counts: Counter) -> str:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = [f"{value} {count}" for value, count in ranked[:MOST_VALUES]]
    return ", ".join([*shown, *([f"{len(ranked) - MOST_VALUES} more"] if len(ranked) > MOST_VALUES else [])])
