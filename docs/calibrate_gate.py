"""Measures how well the structure gate tells redrawn pictures from lost ones: python docs/calibrate_gate.py FOLDER ...

Every look of the painterly stylizer is a true pair; another picture, the mirrored, turned and cropped one are lost.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
from devkit.thepack import name_the_pack

name_the_pack()
SIDE = 640


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take every n-th picture")
    wanted = parser.parse_args()
    register = importlib.import_module("troupe.models.registration.register").register
    gate = importlib.import_module("troupe.models.registration.gate").GateSettings()
    painterly = importlib.import_module("troupe.models.restyling.painterly")
    pictures = load(wanted.folders)[:: wanted.every]
    statistics = painterly.pool_statistics((p, None) for p in pictures)
    scores: dict[str, list[float]] = {}
    for index, picture in enumerate(pictures):
        for name in painterly.LOOKS:
            settings = painterly.LookSettings(name)
            drawn = painterly.stylize(picture, settings, statistics=statistics, seed=index)
            scores.setdefault(name, []).append(register(picture, drawn).inliers)
        for name, other in lost(picture, pictures[index - 1]):
            scores.setdefault(name, []).append(register(picture, other).inliers)
    for name, found in scores.items():
        values = torch.tensor(sorted(found))
        low, middle, high = values[0], values.median(), values[-1]
        passed = int((values >= gate.minimum).sum())
        print(f"{name:20} {len(found):4}  lowest {low:.2f}  median {middle:.2f}  highest {high:.2f}  passed {passed}")


def load(folders: list[Path]) -> list[torch.Tensor]:
    reading = importlib.import_module("troupe.models.samples.reading")
    pixels = importlib.import_module("troupe.models.pixels")
    decode = importlib.import_module("troupe.models.picturefiles").decode
    images = [decode(path).image for folder in folders for path in reading.find_pictures(folder)]
    for image in images:
        image.thumbnail((SIDE, SIDE))
    return [pixels.from_pillow(image) for image in images]


def lost(picture: torch.Tensor, other: torch.Tensor):
    height, width = picture.shape[:2]
    middle = picture[height // 7 : -height // 7, width // 7 : -width // 7]
    yield "another picture", other
    yield "mirrored", picture.flip(1)
    yield "turned over", picture.flip(0, 1)
    yield "cropped to 5/7", middle


if __name__ == "__main__":
    main()
