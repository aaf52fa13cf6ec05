"""Makes assets/samples/scenes and assets/samples/cutouts anew: python scripts/draw_compositing_samples.py

Empty scenes and cut-out characters of our own (CC0), so that compositing can be tried before a picture was copied.
"""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

from devkit.thepack import name_the_pack

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "assets" / "samples"
# What a scene shows, and the number of the drawn one; picked by eye.
SCENES = {"street": 9002, "hills": 9032, "park": 9036, "room": 9035}
SIDES = (1152, 864)
CUTOUTS = {"mira": "mira_front_stand_full_01.png", "bram": "bram_front_wave_full_laugh_05.png"}
LICENSE = """The pictures in this folder are dedicated to the public domain under CC0 1.0 Universal (CC0-1.0), as those
of the characters beside it. The full text is at https://creativecommons.org/publicdomain/zero/1.0/legalcode

They are made by scripts/draw_compositing_samples.py, which is part of Troupe and stays under Troupe's own licence.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=SAMPLES, help="the folder to write scenes/ and cutouts/ into")
    output = parser.parse_args().output
    name_the_pack()
    draw_scenes(output / "scenes")
    cut_out_characters(output / "cutouts")


def draw_scenes(folder: Path) -> None:
    scene_group = importlib.import_module("troupe.scripts.compositing.scenes").scene_group
    size = importlib.import_module("troupe.models.geometry").Size(*SIDES)
    to_pillow = importlib.import_module("troupe.models.pixels").to_pillow
    _begin(folder)
    for name, seed in SCENES.items():
        to_pillow(scene_group(seed, size).background).save(folder / f"{name}.jpg", quality=88, subsampling=0)


def cut_out_characters(folder: Path) -> None:
    from PIL import Image

    for name, picture in CUTOUTS.items():
        _begin(folder / name)
        image = Image.open(SAMPLES / name / picture).convert("RGB")
        alpha = Image.open(SAMPLES / name / "masks" / picture).convert("L").resize(image.size)
        image.putalpha(alpha)
        image.crop(alpha.getbbox()).save(folder / name / picture, optimize=True)


def _begin(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "LICENSE").write_text(LICENSE, encoding="utf-8")


if __name__ == "__main__":
    main()
