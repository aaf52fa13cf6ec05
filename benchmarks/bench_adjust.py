"""Adjust from measures that are in the store: everything that it decides, for large and varied sets, beside a filter.

The pictures' shots, angles, actions and expressions are drawn at random from the vocabulary, so that nearly every one
is of a kind of its own: the hardest case for quotas. Their fingerprints are random, a hundredth nearly equal. Half of
the pictures are wanted, shared out over shots and angles. The peer does what a script does: one pass that takes a
picture as long as its shot and angle have room; it knows no ranks, near-duplicates, variety, outliers or reasons.
"""

from __future__ import annotations

import math
import random
import time
from collections import Counter

import numpy as np
from runner.rows import row, the_pack

the_pack()

from troupe.models.adjusting.casting import cast  # noqa: E402
from troupe.models.adjusting.measuring import Measures  # noqa: E402
from troupe.models.adjusting.wishes import Preset, Wish  # noqa: E402
from troupe.models.samples.sample import Feature, ImageFile, Sample  # noqa: E402
from troupe.models.vocabulary import vocabulary  # noqa: E402

COUNTS = (2_000, 20_000)
SLOTS = ("shot", "angle", "action", "expression")
GOAL_SECONDS, GOAL_EXPONENT = 20.0, 1.2


def rows() -> list[dict]:
    times = [measured(count) for count in COUNTS]
    note = "all decisions, measures known; peer: a pass that fills shot and angle"
    found = [
        row(f"adjust, {count:,} varied pictures with quotas", ours, "s", peer=peer, note=note)
        for count, (ours, peer) in zip(COUNTS, times, strict=True)
    ]
    found[-1].update(goal=f"< {GOAL_SECONDS:g} s", met=times[-1][0] < GOAL_SECONDS)
    slope = math.log(times[-1][0] / times[0][0]) / math.log(COUNTS[-1] / COUNTS[0])
    note = f"from {COUNTS[0]:,} to {COUNTS[-1]:,} pictures; 1 is linear"
    growth = row("adjust: exponent", slope, "", goal=f"<= {GOAL_EXPONENT}", met=slope <= GOAL_EXPONENT, note=note)
    return [*found, growth]


def measured(count: int) -> tuple[float, float]:
    """CPU seconds, ours and the peer's; both keep half of the pictures or what the quotas let."""
    samples, known, preset = varied(count)
    start = time.process_time()
    result = cast("mira", samples, known, preset, None, "", lambda name: None)
    ours = time.process_time() - start
    assert len(result.kept) + len(result.faults) == count
    start = time.process_time()
    one_pass(samples, preset)
    return ours, time.process_time() - start


def one_pass(samples: tuple[Sample, ...], preset: Preset) -> list[Sample]:
    quotas, taken, kept = preset.quotas(), Counter(), []
    for sample in samples:
        keys = [(slot, sample.value(slot)) for slot in quotas]
        room = all(taken[key] < quotas[key[0]].get(key[1], preset.total) for key in keys)
        if room and len(kept) < preset.total:
            taken.update(keys)
            kept.append(sample)
    return kept


def varied(count: int) -> tuple[tuple[Sample, ...], dict[str, Measures], Preset]:
    rng, bits = random.Random(count), np.random.default_rng(count)
    words = [[w.value for w in vocabulary().values(slot)] for slot in SLOTS]
    prints = bits.integers(0, 2**64, count, dtype=np.uint64)
    prints[-count // 100 :] = prints[: count // 100] ^ np.uint64(0b100_0001)
    samples, known = [], {}
    for n in range(count):
        image = ImageFile(f"{n}.png", f"{n:064x}", 1024, 1024)
        facts = tuple(Feature(s, rng.choice(some), "path") for s, some in zip(SLOTS, words, strict=True))
        samples.append(Sample(f"mira/{n:06}", "mira", image, features=facts))
        look, appearance = bits.bytes(32 * 32 * 3), bytes(bits.integers(90, 110, 512, dtype=np.uint8))
        known[samples[-1].id] = Measures(int(prints[n]), look, 1 + rng.random(), 0.0, 0.0, appearance, None)
    shots, angles = words[:2]
    wish = lambda values: tuple(Wish(value, share=1 / len(values)) for value in values)  # noqa: E731
    preset = Preset(total=count // 2, shots=wish(shots[:4]), angles=wish(angles[:5]), near_duplicate_distance=6)
    return tuple(samples), known, preset


if __name__ == "__main__":
    for line in rows():
        print(line)
