"""Tag Features: the statistics over 10 to 100,000 pictures, beside a plain count of the same tags."""

from __future__ import annotations

import math
import random
import time
from collections import Counter

import numpy as np
from runner.rows import row, the_pack

the_pack()

from troupe.models.labelling.agreement import agreement, count  # noqa: E402
from troupe.models.labelling.contrast import contrast  # noqa: E402
from troupe.models.labelling.facts import gather  # noqa: E402
from troupe.models.labelling.label import label  # noqa: E402
from troupe.models.labelling.settings import LabelSettings  # noqa: E402
from troupe.models.labelling.traits import TraitBook  # noqa: E402
from troupe.models.samples.sample import Feature, ImageFile, Sample, SampleSet  # noqa: E402
from troupe.models.vocabulary import vocabulary  # noqa: E402

SIZES = (10, 1_000, 100_000)
FEATURES = 20
CHARACTERS = 4
GOAL_SECONDS = 2.0
GOAL_EXPONENT = 1.1
IMAGE = ImageFile("picture.png", "0" * 64, 1024, 1024)


def pictures(number: int, seed: int = 1) -> tuple[Sample, ...]:
    """Samples of `FEATURES` features each, drawn from the vocabulary; feature objects are shared to save memory."""
    generator = random.Random(seed)
    slots = [s for s in vocabulary().slots if vocabulary().values(s.id)][:FEATURES]
    words = [vocabulary().values(s.id) for s in slots]
    pool = [[Feature(w.slot, w.value, "captioner", c / 10) for w in some for c in (6, 8, 10)] for some in words]
    return tuple(
        Sample(f"c{i % CHARACTERS}/{i}", f"c{i % CHARACTERS}", IMAGE, features=tuple(map(generator.choice, pool)))
        for i in range(number)
    )


def statistics(samples: tuple[Sample, ...]) -> None:
    """Facts, visibility, agreement with its bounds, contrast of the characters."""
    book = TraitBook()
    facts = gather(samples, book)
    _, character = np.unique(np.array([s.character for s in samples], object), return_inverse=True)
    contrast(agreement(count(facts, book.traits, character), book.traits), book.traits, 0.8)


def counted_tags(samples: tuple[Sample, ...]) -> dict[str, Counter]:
    """What every peer does: how often a tag occurs with a character, whatever the pictures can show."""
    found: dict[str, Counter] = {}
    for sample in samples:
        found.setdefault(sample.character, Counter()).update([f"{f.slot} {f.value}" for f in sample.features])
    return found


def seconds(work, samples, repeats: int) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work(samples)
        times.append(time.perf_counter() - start)
    return min(times)


def rows() -> list[dict]:
    found, taken, whole = [], [], []
    label(SampleSet(pictures(10)), LabelSettings(""))  # data files are read once
    for size in SIZES:
        samples = pictures(size)
        repeats = 3 if size > 10_000 else 20
        ours, peer = seconds(statistics, samples, repeats), seconds(counted_tags, samples, repeats)
        taken.append(ours)
        whole.append(seconds(lambda s: label(SampleSet(s), LabelSettings("")), samples, repeats // 3))
        goal, met = (f"< {GOAL_SECONDS:g} s", ours < GOAL_SECONDS) if size == SIZES[-1] else ("", None)
        note = "peer: a Counter of the same tags, which knows no visibility, bounds or contrast"
        name = f"tag statistics, {size:,} pictures x {FEATURES} features"
        found.append(row(name, ours, "s", peer=peer, goal=goal, met=met, note=note))
        found.append(row(f"labels, captions and report, {size:,} pictures", whole[-1], "s", peer=peer, note=note))
    for name, times in (("statistics", taken), ("whole label step", whole)):
        exponent = math.log(times[-1] / times[-2]) / math.log(SIZES[-1] / SIZES[-2])
        note = f"from {SIZES[-2]:,} to {SIZES[-1]:,} pictures; 1 is linear"
        met = exponent <= GOAL_EXPONENT
        found.append(row(f"tag {name}: exponent", exponent, "", goal=f"<= {GOAL_EXPONENT}", met=met, note=note))
    return found


if __name__ == "__main__":
    for line in rows():
        print(line)
