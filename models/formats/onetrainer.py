"""Data sets for OneTrainer: concepts, each a folder of pictures, captions and masks.

    mira/
      train/trgx girl/0001_front-walk.png
      train/trgx girl/0001_front-walk.txt
      train/trgx girl/0001_front-walk-masklabel.png     beside its picture; OneTrainer tells them apart by the name
      concepts.json  manifest.json  README.txt

The rules are those of OneTrainer 23df383 and its loader mgds: a key that is missing takes its default without a word;
by default pictures are flipped and cut at random; every line of a caption file is a caption of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..geometry import Size
from ..samples.sample import Rejection
from .buckets import STEP, Fit, centred
from .entries import Entries, Folder
from .entry import Entry
from .folders import captions_beside, files_in
from .foreign import folder_name, stem_name, tables, text_of, whole_number
from .found import FoundPicture, Words
from .jsontext import json_text
from .menu import ONE_TRAINER
from .planned import Files, PlannedPicture, Subset
from .protocol import TextFile
from .readme import readme
from .settings import WriteSettings
from .tree import Tree

CONFIG = "concepts.json"
MASK = "-masklabel"
# CollectPaths takes no picture whose name ends so.
NOT_PICTURES = (MASK, "-condlabel")
SUFFIXES = (".bmp", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".avif")
# AspectBucketing.all_possible_input_aspects: the longer side, the shorter one being 1.
ASPECTS = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0)


class OneTrainer:
    """A concept a subset."""

    id, label, summary, takes_pairs = ONE_TRAINER
    counts_repeats = True
    knows_head = False
    cuts_tokens = False
    own_buckets = True
    packing = unpacking = None

    def files(self, subset: Subset, stem: str, suffix: str) -> Files:
        stem = f"{stem}-picture" if stem.endswith(NOT_PICTURES) else stem
        files = files_in(subset.label, subset, stem, suffix)
        return files._replace(mask=f"train/{subset.label}/{stem}{MASK}.png" if subset.masked else "")

    def lists(self, entries: Entries, settings: WriteSettings) -> Iterator[TextFile]:
        concepts = [_concept(folder, settings) for folder in entries.summary.folders]
        yield TextFile(CONFIG, (json_text(concepts), "\n"))
        yield readme(self.notes(settings, bool(entries.summary.masks)))

    def captions(self, folder: Path, entries: Sequence[Entry]) -> dict[str, str]:
        return captions_beside(folder, entries)

    def look(self, size: Size, settings: WriteSettings) -> Fit:
        """AspectBucketing, then ScaleCropImage without jitter."""
        ratio = size.height / size.width
        bucket = min(_buckets(settings.resolution), key=lambda b: abs(b.height / b.width - ratio))
        if ratio > bucket.height / bucket.width:
            resized = Size(bucket.width, round(size.height * (bucket.width / size.width)))
        else:
            resized = Size(round(size.width * (bucket.height / size.height)), bucket.height)
        return centred(resized, bucket)

    def warnings(self, picture: PlannedPicture, seen: Fit) -> tuple[str, ...]:
        return ()

    def notes(self, settings: WriteSettings, masked: bool) -> tuple[str, ...]:
        notes = [
            f"Load {CONFIG} in the tab concepts, and there set each concept's path to its folder in full: OneTrainer"
            " looks for paths from the folder that it was started in.",
            f"Set the resolution to {settings.resolution} and the batch size to {settings.batch_size}, and switch"
            " aspect ratio bucketing on.",
            "Small pictures are enlarged to the resolution; OneTrainer has no switch for that.",
            "Keep every caption on one line: each line is a caption of its own.",
            "The trigger word is in every caption; OneTrainer adds none.",
        ]
        if masked:
            notes.insert(2, "Only the character is learnt when masked training is on; else the masks are not read.")
        return tuple(notes)

    def detect(self, tree: Tree) -> bool:
        return bool(_concepts(tree)) or any(
            stem_name(f).endswith(MASK) for f in tree.pictures("", (".png",), deep=True)
        )

    def read(self, tree: Tree) -> Iterator[FoundPicture | Rejection]:
        """By the concepts where there are some that are in use, else every folder with pictures."""
        concepts = _concepts(tree) or [{"path": folder} for folder in ("", *tree.folders(), *tree.folders("train"))]
        for concept in concepts:
            folder = tree.folder(concept["path"]) if concept["path"] else ""
            deep = concept.get("include_subdirectories") is True
            for file in tree.pictures(folder, SUFFIXES, deep) if folder is not None else ():
                if stem_name(file).endswith(NOT_PICTURES):
                    continue
                words = _words(tree, file, concept)
                mask = f"{file.rpartition('.')[0]}{MASK}.png"
                repeats = whole_number(concept.get("balancing", concept.get("repeats")))
                mask = mask if mask in tree.places else ""
                yield FoundPicture(file, words.text, mask, folder_name(folder), repeats, notes=words.notes)


def _concept(folder: Folder, settings: WriteSettings) -> dict[str, Any]:
    """Every key whose default changes pictures or captions is written out."""
    image = {"__version": 0, "enable_crop_jitter": False, "enable_random_flip": False, "enable_fixed_flip": False}
    text = {"__version": 0, "prompt_source": "sample", "enable_tag_shuffling": False, "tag_delimiter": ","}
    return {
        "__version": 2,
        "name": folder.label,
        "path": folder.path,
        "seed": 0,
        "enabled": True,
        "type": "STANDARD",
        "include_subdirectories": False,
        "image_variations": 1,
        "text_variations": 1,
        "balancing": float(folder.repeats),
        "balancing_strategy": "REPEATS",
        "loss_weight": 1.0,
        "image": image,
        "text": {**text, "keep_tags_count": settings.keep_tokens},
    }


def _concepts(tree: Tree) -> list[dict[str, Any]]:
    """Those in use: neither switched off nor for validation or prior preservation."""
    lists = [c for c in tree.configs(".json") if isinstance(c, list)]
    concepts = [
        c for found in lists for c in tables({"all": found}, "all") if text_of(c.get("path")) and _is_concept(c)
    ]
    return [c for c in concepts if c.get("enabled", True) and c.get("type", "STANDARD") == "STANDARD"]


def _is_concept(table: dict[str, Any]) -> bool:
    return isinstance(table.get("image"), dict) or isinstance(table.get("text"), dict) or "balancing" in table


def _words(tree: Tree, file: str, concept: dict[str, Any]) -> Words:
    source = tables({"text": [concept.get("text")]}, "text")
    if source and source[0].get("prompt_source") == "filename":
        return Words(stem_name(file))
    return tree.first_line(file) or Words(notes=("no caption file: the trainer takes an empty caption",))


@lru_cache(maxsize=16)
def _buckets(resolution: int) -> tuple[Size, ...]:
    """Each aspect at resolution^2 pixels, both sides to the nearest step, both ways round."""
    wide = (Size(*(_to_step(s * resolution / math.sqrt(aspect)) for s in (aspect, 1.0))) for aspect in ASPECTS)
    return tuple(sorted({size for s in wide for size in (s, Size(s.height, s.width))}))


def _to_step(side: float) -> int:
    return max(1, round(side / STEP)) * STEP
