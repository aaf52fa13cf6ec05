"""The whole chain over 200, 2,000 and 20,000 small pictures: seconds and memory of every step, and how they grow.

Not among those that run by default: on two cores it takes half an hour. Pictures are 128 pixels a side, discs on a
ground, of four characters; one in fifty comes twice. Each size runs in a process of its own, step after step, with the
functions that the nodes call. Memory is the step's own peak (VmHWM, reset before it), so what grows with the set shows.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import NamedTuple

from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))
import alias  # noqa: E402

alias.alias("troupe", ROOT)

SIZES = (200, 2_000, 20_000)
SIDE = 128
CHARACTERS = ("ada", "bel", "cyn", "dot")
ANGLES = ("front", "side", "back", "three_quarter")
SHOTS = ("close_up", "full_body", "cowboy_shot")
TWICE = 50  # one picture in so many is there a second time
GOAL_EXPONENT = 1.1
# A sample in memory: features, words, history, and the sample that it was drawn from; see docs/scaling.md.
GOAL_KILOBYTES = 20


class Taken(NamedTuple):
    """What a step took: seconds, peak memory above what there was before the chain in MB, samples that it gave out."""

    step: str
    seconds: float
    megabytes: float
    samples: int


def rows() -> list[dict]:
    taken = {}
    for size in SIZES:
        with tempfile.TemporaryDirectory() as scratch:
            make_pictures(Path(scratch) / "pictures", size)
            taken[size] = measured(Path(scratch))
    return [row for steps in zip(*taken.values(), strict=True) for row in rows_of(dict(zip(taken, steps, strict=True)))]


def rows_of(taken: dict[int, Taken]) -> Iterator[dict]:
    """One step at all sizes."""
    (few, first), *_, (many, last) = taken.items()
    name = first.step
    for size, found in taken.items():
        yield _row(f"{name}, {size:,} pictures", found.seconds, "s", f"{found.samples:,} samples out")
    # Of all sizes, in logarithms: a straight line by least squares.
    exponent = fitted([(math.log(size), math.log(found.seconds)) for size, found in taken.items()])
    note = f"fitted over {', '.join(f'{size:,}' for size in taken)} pictures; 1 is linear"
    yield _row(f"{name}: exponent", exponent, "", note, f"<= {GOAL_EXPONENT}", exponent <= GOAL_EXPONENT)
    kilobytes = (last.megabytes - first.megabytes) * 1000 / (many - few)
    note = f"peak {first.megabytes:.0f} MB at {few:,}, {last.megabytes:.0f} MB at {many:,} pictures"
    yield _row(
        f"{name}: memory a picture more", kilobytes, "kB", note, f"<= {GOAL_KILOBYTES} kB", kilobytes <= GOAL_KILOBYTES
    )


def fitted(points: list[tuple[float, float]]) -> float:
    """The slope."""
    middle_x, middle_y = (sum(values) / len(points) for values in zip(*points, strict=True))
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / sum((x - middle_x) ** 2 for x, _ in points)


def make_pictures(folder: Path, count: int) -> None:
    def make(number: int) -> None:
        character = CHARACTERS[number % len(CHARACTERS)]
        kind = number // len(CHARACTERS)
        words = f"{ANGLES[kind % len(ANGLES)]}_{SHOTS[kind % len(SHOTS)]}_{number:05}"
        draw(Random(number - 1 if number % TWICE == TWICE - 1 else number)).save(
            folder / character / f"{words}.jpg", quality=90
        )

    for character in CHARACTERS:
        (folder / character).mkdir(parents=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(make, range(count)))


def draw(random: Random) -> Image.Image:
    """No two alike, and edges in every direction for the structure gate."""
    image = Image.new("RGB", (SIDE, SIDE), tuple(random.randrange(140, 256) for _ in range(3)))
    for _ in range(14):
        x, y, r = random.uniform(0, SIDE), random.uniform(0, SIDE), random.uniform(6, 34)
        colour = tuple(random.randrange(256) for _ in range(3))
        ImageDraw.Draw(image).ellipse((x - r, y - r, x + r, y + r), colour, (20, 20, 20), 2)
    return image


def measured(scratch: Path) -> list[Taken]:
    out = subprocess.run([sys.executable, __file__, str(scratch)], capture_output=True, text=True, errors="replace")
    if out.returncode:
        raise RuntimeError(out.stderr[-2000:])
    return [Taken(**taken) for taken in json.loads(out.stdout.splitlines()[-1])]


def chain(scratch: Path) -> list[Taken]:
    """Every step, each on what the one before gave out."""
    from troupe.models.adjusting.adjust import adjust
    from troupe.models.adjusting.wishes import Preset
    from troupe.models.captioning.describe import describe
    from troupe.models.captioning.measured import MeasuredCaptioner
    from troupe.models.formats.plan import plan_dataset
    from troupe.models.formats.settings import WriteSettings
    from troupe.models.formats.write import write_dataset
    from troupe.models.labelling.label import label
    from troupe.models.labelling.settings import LabelSettings
    from troupe.models.restyling.drawing import RestyleSettings
    from troupe.models.restyling.painterlystylizer import PainterlyStylizer
    from troupe.models.restyling.restyle import restyle
    from troupe.models.samples.reading import ReadOptions, read_sample_set
    from troupe.models.samples.store import Store
    from troupe.models.styles.library import load_library
    from troupe.models.styles.mapping import MapSettings, map_styles

    store = Store(scratch / "store")
    stylizer = PainterlyStylizer()
    write = WriteSettings("growth", picture_format="jpg", resolution=SIDE)

    def written(samples):
        write_dataset(plan_dataset(samples, write), scratch / "out")
        return samples

    steps: list[tuple[str, Callable]] = [
        ("load", lambda _: read_sample_set(scratch / "pictures", ReadOptions())),
        ("describe", lambda samples: describe(samples, MeasuredCaptioner(), store)),
        ("map styles", lambda samples: map_styles(samples, load_library(), MapSettings(first="anime_cel")).sample_set),
        ("restyle, painterly", lambda samples: restyle(samples, stylizer, RestyleSettings(), store).sample_set),
        ("adjust", lambda samples: adjust(samples, Preset(), store).sample_set),
        ("tag", lambda samples: label(samples, LabelSettings("")).sample_set),
        ("write", written),
    ]
    found, samples, before = [], None, _resident("VmRSS")
    for name, step in steps:
        Path("/proc/self/clear_refs").write_text("5")  # the peak counts anew
        start = time.perf_counter()
        samples = step(samples)
        seconds = time.perf_counter() - start
        found.append(Taken(name, seconds, _resident("VmHWM") - before, len(samples)))
        print(found[-1], file=sys.stderr, flush=True)
    return found


def _resident(which: str) -> float:
    """MB. Only Linux tells a process its own peak."""
    return int(Path("/proc/self/status").read_text().partition(f"{which}:")[2].split()[0]) / 1e3


def _row(name: str, ours: float, unit: str, note: str, goal: str | None = None, met: bool | None = None) -> dict:
    return {
        "name": name,
        "ours": ours,
        "peer": None,
        "ratio": None,
        "goal": goal,
        "met": met,
        "unit": unit,
        "note": note,
    }


if __name__ == "__main__":
    print(json.dumps([taken._asdict() for taken in chain(Path(sys.argv[1]))]))
