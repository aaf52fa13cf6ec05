"""The whole way of a set without the host: pictures to a LoRA data set, cold and from a store that has everything.

Load, Describe (measured), Map Styles, Restyle (painterly), Adjust, Tag Features, Write, on the sample characters that
ship with Troupe. Cold: nothing in the store. Warm: the same again, which is what a change of the last step costs. The
limit is decoding every source picture and encoding as many results, on all cores: no way through them is shorter.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from runner.rows import ROOT, row, the_pack, turn_about

SAMPLES = ROOT / "assets" / "samples" / "mira"
GOAL_WARM = 0.5  # of the cold run


def rows() -> list[dict]:
    the_pack()
    with tempfile.TemporaryDirectory() as scratch:
        cold, warm = (dict(chain(Path(scratch), n)) for n in range(2))
        (limit,) = turn_about(partial(bare, Path(scratch) / "datasets"), rounds=2)
    whole, again = sum(cold.values()), sum(warm.values())
    pictures = len(list(SAMPLES.rglob("*.jpg")) + list(SAMPLES.rglob("*.png")))
    note = f"{pictures} files of one character; limit: decoding and encoding them"
    met = again <= GOAL_WARM * whole
    stages = [
        row(f"flagship, {stage}", seconds, "s", note=f"cold; warm {warm[stage]:.2f} s")
        for stage, seconds in cold.items()
    ]
    return [
        row("flagship, cold", whole, "s", limit=limit, note=note),
        row("flagship, warm", again, "s", peer=whole, goal=f"<= {GOAL_WARM:g}x", met=met, note="peer: the cold run"),
        *stages,
    ]


def chain(scratch: Path, number: int) -> Iterator[tuple[str, float]]:
    """(stage, seconds); what a stage imports is counted before it begins."""
    from troupe.models.adjusting.adjust import adjust
    from troupe.models.adjusting.ready import PRESETS
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
    from troupe.models.styles.mapping import map_styles

    store, settings = Store(scratch / "store"), WriteSettings(f"mira{number}")
    stages = {
        "load": lambda _: read_sample_set(SAMPLES, ReadOptions()),
        "describe": lambda s: describe(s, MeasuredCaptioner(), store),
        "map styles": lambda s: map_styles(s, load_library()).sample_set,
        "restyle": lambda s: restyle(s, PainterlyStylizer(), RestyleSettings(), store).sample_set,
        "adjust": lambda s: adjust(s, PRESETS["everything usable"], store).sample_set,
        "tag": lambda s: label(s, LabelSettings("mirax")).sample_set,
        "write": lambda s: write_dataset(plan_dataset(s, settings), scratch / "datasets"),
    }
    samples = None
    for stage, work in stages.items():
        start = time.perf_counter()
        samples = work(samples)
        yield stage, time.perf_counter() - start


def bare(written: Path) -> None:
    """Decode what was read, and encode what was written."""
    from troupe.models.parallel import ordered_map
    from troupe.models.picturefiles import decode, encode

    def one(files: tuple[Path, Path]) -> None:
        decode(files[0])
        with tempfile.TemporaryFile() as file:
            encode(decode(files[1]).image, file, ".png")

    sources = sorted(p for p in SAMPLES.rglob("*") if p.suffix in (".jpg", ".png"))
    results = sorted((written / "mira0").rglob("*.png"))
    for _ in ordered_map(one, zip(sources, results, strict=False)):
        pass


if __name__ == "__main__":
    for line in rows():
        print(line)
