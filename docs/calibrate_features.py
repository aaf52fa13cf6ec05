"""Measures how surely a model tells changed pictures from restyled ones: python docs/calibrate_features.py MODEL FOLDER

MODEL is a folder of open_clip's. FOLDER holds pictures whose names say angle and shot (`front_run_full_01.png`). Every
look of the painterly stylizer is a true pair; a picture whose name says another angle or shot is a changed one.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
from devkit.thepack import name_the_pack

name_the_pack()
SURE = (0.5, 0.6, 0.7, 0.8, 0.9)
SIDE = 384


def part(name: str):
    return importlib.import_module(f"troupe.models.{name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take every n-th picture")
    wanted = parser.parse_args()
    clip = part("captioning.openclip.clip").load(part("captioning.openclip.sources").from_folder(wanted.model))
    captioner = part("captioning.openclip.captioner").OpenCLIPCaptioner(clip)
    samples = part("samples.reading").read_sample_set(wanted.folder, part("samples.reading").ReadOptions()).samples
    samples = samples[:: wanted.every]
    pictures = [part("pixels").shrunk(part("samples.sample").read_picture(s).rgb, SIDE) for s in samples]
    before = seen(captioner, pictures)
    print(f"{len(samples)} pictures; refused at a certainty of {', '.join(map(str, SURE))}:")
    for name, drawn in redrawn(pictures):
        say(name, samples, before, seen(captioner, drawn))
    for slot in ("angle", "shot"):
        if pairs := list(others(samples, slot)):
            sources, changed = zip(*pairs, strict=True)
            shown = [before[i] for i in sources], [before[j] for j in changed]
            say(f"another {slot}", [samples[i] for i in sources], *shown)


def seen(captioner, pictures: list[torch.Tensor]) -> list[tuple]:
    picture = part("pixels").Picture
    return [o.features for o in captioner.observe([picture(p) for p in pictures], ())]


def redrawn(pictures: list[torch.Tensor]) -> Iterator[tuple[str, list[torch.Tensor]]]:
    painterly = part("restyling.painterly")
    statistics = painterly.pool_statistics((p, None) for p in pictures)
    for look in painterly.LOOKS:
        settings = painterly.LookSettings(look)
        yield look, [painterly.stylize(p, settings, statistics=statistics, seed=i) for i, p in enumerate(pictures)]


def others(samples, slot: str) -> Iterator[tuple[int, int]]:
    """Each picture with the next one whose name has another value in `slot`."""
    for i, sample in enumerate(samples):
        behind = [(i + n) % len(samples) for n in range(1, len(samples))]
        other = next((j for j in behind if samples[j].value(slot) not in ("", sample.value(slot))), None)
        if other is not None and sample.value(slot):
            yield i, other


def say(name: str, samples, before: list, after: list) -> None:
    features = part("registration.features")
    print(f"{name:20}", end="")
    for sure in SURE:
        gate = features.FeatureGate(sure)
        pairs = zip(samples, before, after, strict=True)
        refused = [
            not features.compare_features(s, features.Sight(b), features.Sight(a), gate).passed for s, b, a in pairs
        ]
        print(f"  {sum(refused) / len(refused):4.0%}", end="")
    print()


if __name__ == "__main__":
    main()
