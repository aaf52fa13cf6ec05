"""The whole chain over 200, 2,000 and 20,000 small pictures: seconds and memory of every step, and how they grow.

Not among those that run by default: on two cores it takes half an hour. Pictures are 128 pixels a side, discs on a
ground, of four characters; one in fifty comes twice. The chain is the farm's (scripts/farm), a thousand pictures a
shard, all in one process for each size. Memory is a step's own peak (VmHWM, reset before it) above what there was when
it began, so what grows with the set shows.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import NamedTuple

from PIL import Image, ImageDraw
from runner.rows import row, the_pack

the_pack()

from troupe.scripts.farm.recipe import read_recipe  # noqa: E402
from troupe.scripts.farm.running import Here, run_all  # noqa: E402

SIZES = (200, 2_000, 20_000)
A_SHARD = 1_000
SIDE = 128
CHARACTERS = ("ada", "bel", "cyn", "dot")
ANGLES = ("front", "side", "back", "three_quarter")
SHOTS = ("close_up", "full_body", "cowboy_shot")
TWICE = 50  # one picture in so many is there a second time
GOAL_EXPONENT = 1.1
GOAL_FLAT = 100  # MB from the second size to the last: adjust sees all pictures of a character, list all names


class Taken(NamedTuple):
    """What a step took: seconds of all processors together, seconds by the clock, and peak memory in MB above that
    when it began. What grows is told by the processors, because other work on the machine moves the clock."""

    step: str
    seconds: float
    clock: float
    megabytes: float


def rows() -> list[dict]:
    taken = {}
    for size in SIZES:
        with tempfile.TemporaryDirectory() as scratch:
            make_pictures(Path(scratch) / "pictures", size)
            taken[size] = measured(Path(scratch), size)
    return [
        line for steps in zip(*taken.values(), strict=True) for line in rows_of(dict(zip(taken, steps, strict=True)))
    ]


def rows_of(taken: dict[int, Taken]) -> Iterator[dict]:
    """One step at all sizes."""
    *_, (middle, second), (many, last) = taken.items()
    name = last.step
    for size, found in taken.items():
        note = f"{1000 * found.seconds / size:.3g} ms a picture; {found.clock:.3g} s by the clock; "
        note += f"peak {found.megabytes:.0f} MB"
        yield row(f"{name}, {size:,} pictures", found.seconds, "s of CPU", note=note)
    exponent = fitted([(math.log(size), math.log(max(found.seconds, 1e-3))) for size, found in taken.items()])
    above = math.log(last.seconds / second.seconds) / math.log(many / middle)
    note = f"least squares over {', '.join(f'{size:,}' for size in taken)}; {above:.2f} from {middle:,} to {many:,}"
    goal = f"<= {GOAL_EXPONENT}"
    yield row(f"{name}: exponent", exponent, "", goal=goal, met=exponent <= GOAL_EXPONENT, note=note)
    grown = last.megabytes - second.megabytes
    note = f"from {middle:,} to {many:,} pictures: {1000 * grown / (many - middle):.3g} kB a picture"
    yield row(f"{name}: memory that grows", grown, "MB", goal=f"< {GOAL_FLAT} MB", met=grown < GOAL_FLAT, note=note)


def fitted(points: list[tuple[float, float]]) -> float:
    """The slope."""
    middle_x, middle_y = (sum(values) / len(points) for values in zip(*points, strict=True))
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / sum((x - middle_x) ** 2 for x, _ in points)


def make_pictures(folder: Path, count: int) -> None:
    def make(number: int) -> None:
        character = CHARACTERS[number % len(CHARACTERS)]
        kind = number // len(CHARACTERS)
        words = f"{ANGLES[kind % len(ANGLES)]}_{SHOTS[kind % len(SHOTS)]}_{number:05}"
        shown = Random(number - len(CHARACTERS) if number % TWICE == TWICE - 1 else number)
        draw(shown).save(folder / character / f"{words}.jpg", quality=90)

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


def measured(scratch: Path, size: int) -> list[Taken]:
    """In a process of its own."""
    recipe = {
        "input": "pictures", "shards": math.ceil(size / A_SHARD), "read": {"layout": "one folder per character"},
        "map_styles": {"first": "anime_cel", "axis": "angle"}, "tag": {"trigger": "{character}_trp"},
        "adjust": {"preset": "my wishes only"},
        "write": {"name": "growth", "picture_format": "jpg", "resolution": SIDE},
    }  # fmt: skip
    (scratch / "recipe.json").write_text(json.dumps(recipe), encoding="utf-8")
    out = subprocess.run([sys.executable, __file__, str(scratch)], capture_output=True, text=True, errors="replace")
    if out.returncode:
        raise RuntimeError(out.stderr[-2000:])
    print(out.stderr, file=sys.stderr, flush=True)
    return [Taken(**taken) for taken in json.loads(out.stdout.splitlines()[-1])]


class Timed(Here):
    """`taken`: of every step, its shards and their merge."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.start, self.begun, self.step = 0.0, (0.0, 0.0), ""

    def run(self, step, recipe, shards, watch) -> None:
        self._begin(step)
        super().run(step, recipe, shards, watch)

    def finish(self, step, recipe, count, progress) -> None:
        self._begin(step)
        super().finish(step, recipe, count, progress)
        seconds, clock = (now - then for now, then in zip(_now(), self.begun, strict=True))
        self.taken.append(Taken(step.name, seconds, clock, resident("VmHWM") - self.start))
        print(self.taken[-1], file=sys.stderr, flush=True)

    def _begin(self, step) -> None:
        if self.step != step.name:
            self.step, self.begun, self.start = step.name, _now(), resident("VmRSS")
            Path("/proc/self/clear_refs").write_text("5")  # the peak counts anew


def _now() -> tuple[float, float]:
    return time.process_time(), time.perf_counter()


def resident(which: str) -> float:
    """MB. Only Linux tells a process its own peak."""
    return int(Path("/proc/self/status").read_text().partition(f"{which}:")[2].split()[0]) / 1e3


def chain(scratch: Path) -> list[Taken]:
    recipe, crew = read_recipe(scratch / "recipe.json"), Timed()
    run_all(recipe, recipe.shards, lambda step, part: lambda done, total, name: None, crew)
    return crew.taken


if __name__ == "__main__":
    print(json.dumps([taken._asdict() for taken in chain(Path(sys.argv[1]))]))
