"""Measures how well Check Consistency finds one character among another's pictures: python docs/measure_consistency.py

The two sample characters are redrawn by the painterly stylizer; then each picture of one is put into the other's set
under its name, alone and with two others. What is found, and what is called an outlier and is none, is counted.
"""

from __future__ import annotations

import argparse
import importlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))
from devkit.thepack import name_the_pack  # noqa: E402

name_the_pack()
CHARACTERS = ("mira", "bram")
SIDE = 384
# Look, palette, and whether the guest is redrawn in a set of his own or with the host's colours laid over him.
WAYS = (
    ("anime_cel", "", "own set"),
    ("anime_cel", "ember knight", "own set"),
    ("anime_cel", "ember knight", "host's set"),
    ("watercolour", "ember knight", "own set"),
    ("watercolour", "ember knight", "host's set"),
)


def part(name: str):
    return importlib.import_module(f"troupe.models.{name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clip", type=Path, help="folder of an open_clip model whose embeddings are compared")
    parser.add_argument("--no-masks", action="store_true", help="leave the masks aside")
    parser.add_argument("--store", type=Path, help="keep what is drawn here, for the next time")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = part("samples.store").Store(wanted.store or Path(folder) / "store")
        source = small_copies(Path(folder) / "small")
        captioner = load_clip(wanted.clip) if wanted.clip else None
        print(f"{'look, colours, guest drawn with':44} {'host':5} false alarms  one guest  three guests")
        for look, palette, company in WAYS:
            made = redrawn(source, look, palette, company, store)
            for host, guest in (CHARACTERS, CHARACTERS[::-1]):
                own, strangers = made[host, host], made[guest, host if company != "own set" else guest]
                if wanted.no_masks:
                    own, strangers = ([replace(s, mask=None) for s in part] for part in (own, strangers))
                print(f"{', '.join(filter(None, (look, palette, company))):44} {host:5}", end=" ")
                print(*counts(own, strangers, captioner, store), sep="   ")


def small_copies(folder: Path):
    """The sample characters at SIDE pixels, with their masks and all that is known of them."""
    for path in (p for name in CHARACTERS for p in (ROOT / "assets" / "samples" / name).rglob("*.*")):
        target = folder / path.relative_to(ROOT / "assets" / "samples")
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix in (".png", ".jpg"):
            with Image.open(path) as image:
                image.thumbnail((SIDE, SIDE))
                image.save(target, quality=95)
        else:
            shutil.copy(path, target)
    reading = part("samples.reading")
    return reading.read_sample_set(folder, reading.ReadOptions())


def redrawn(source, look: str, palette: str, company: str, store) -> dict:
    """(who, in whose company) -> samples."""
    painterly, palettes = part("restyling.painterlystylizer"), part("restyling.palettes")
    style = part("samples.sample").StylePair(next(s for s in library().firsts if s.id == look))
    stylizer = painterly.PainterlyStylizer(palette=palettes.named_palettes()[palette] if palette else None)
    made = {}
    for company_of in CHARACTERS:
        pictures = (small(s) for s in source.of(company_of))
        ladder = part("restyling.ladder").Ladder(stylizer.prepare(pictures), seed=0)
        for who in CHARACTERS if company != "own set" else (company_of,):
            styled = [replace(s, style=style) for s in source.of(who)]
            made[who, company_of] = [drawn(s, ladder.rung(s.id, 0), store) for s in styled]
    return made


def drawn(sample, rung, store):
    drawing = part("restyling.drawing")
    artist = drawing.Artist(store, lambda rung, request: rung.stylizer.restyle(request))
    key = artist.drawing(sample, part("samples.sample").read_picture(sample), rung).key
    return drawing.redrawn(sample, key, part("picturefiles").file_digest(store.path(key, ".png")), store)


def small(sample):
    """As a stylizer is shown it before it draws."""
    rgb, mask = part("samples.sample").read_picture(sample)
    shrunk = part("pixels").shrunk
    return part("pixels").Picture(shrunk(rgb, 256), mask if mask is None else shrunk(mask, 256))


def library():
    return part("styles.library").load_library()


def load_clip(folder: Path):
    clip = part("captioning.openclip.clip").load(part("captioning.openclip.sources").from_folder(folder))
    return part("captioning.openclip.captioner").OpenCLIPCaptioner(clip)


def counts(own, strangers, captioner, store) -> Iterator[str]:
    """Own pictures that are called outliers, and guests that are found, alone and three at a time."""
    host = own[0].character
    guests = [replace(s, id=f"{host}/guest_{n}", character=host) for n, s in enumerate(strangers)]
    yield f"{len(outliers(own, captioner, store)):4} of {len(own)}"
    for many in (1, 3):
        trios = [[guests[(n + k * len(guests) // 3) % len(guests)] for k in range(many)] for n in range(len(guests))]
        found = sum(len({s.id for s in trio} & outliers([*own, *trio], captioner, store)) for trio in trios)
        yield f"{found:3} of {many * len(guests)}"


def outliers(samples, captioner, store) -> set[str]:
    checking, sets = part("adjusting.consistency.checking"), part("samples.sample")
    checked = checking.check_consistency(sets.SampleSet(tuple(samples)), captioner, store, mode="reject outliers")
    return {r.id for r in checked.sample_set.rejected}


if __name__ == "__main__":
    main()
