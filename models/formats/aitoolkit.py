"""Data sets for ostris' ai-toolkit.

    mira/
      train/trgx girl/0001_front-walk.png
      train/trgx girl/0001_front-walk.txt
      masks/trgx girl/0001_front-walk.png     outside train/: folders are read with all that is below them
      ai-toolkit.yaml  manifest.json  README.txt

The rules are those of ai-toolkit 27a03a9: a trigger word in the job is put before captions that lack it, and
`shuffle_tokens` shuffles all comma parts, the trigger word too.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..geometry import Size
from ..samples.sample import Rejection
from .buckets import STEP, Fit, centred
from .captions import one_line, parts
from .entries import Entries, Folder
from .entry import Entry
from .folders import captions_beside, files_in
from .foreign import folder_name, stem_name, tables, text_of, whole_number
from .found import FoundPicture, Words
from .menu import AI_TOOLKIT
from .originals import Originals
from .planned import Files, PlannedPicture, Subset
from .protocol import TextFile
from .readme import readme
from .settings import WriteSettings
from .tree import Tree

CONFIG = "ai-toolkit.yaml"
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
# What is not the character is learnt a little all the same, or the picture around it falls apart.
MASK_FLOOR = 0.1


class AiToolkit:
    """A folder a subset, one caption file a picture, and the part of a job that names them."""

    id, label, summary, takes_pairs = AI_TOOLKIT
    counts_repeats = True
    knows_head = False
    cuts_tokens = False
    own_buckets = False
    packing = unpacking = None

    def files(self, subset: Subset, stem: str, suffix: str) -> Files:
        return files_in(subset.label, subset, stem, suffix)

    def lists(self, entries: Entries, settings: WriteSettings) -> Iterator[TextFile]:
        import yaml

        datasets = [_dataset(folder, settings) for folder in entries.summary.folders]
        steps = {"batch_size": settings.batch_size, "steps": settings.target_steps}
        process = {"type": "sd_trainer", "datasets": datasets, "train": steps}
        job = {"job": "extension", "config": {"name": settings.name, "process": [process]}}
        yield TextFile(CONFIG, (yaml.safe_dump(job, allow_unicode=True, sort_keys=False),))
        yield readme(self.notes(settings, bool(entries.summary.masks)))

    def captions(self, folder: Path, entries: Sequence[Entry]) -> dict[str, str]:
        return captions_beside(folder, entries)

    def look(self, size: Size, settings: WriteSettings) -> Fit:
        """get_bucket_for_image_size, then setup_buckets: whichever of four roundings is nearest to the picture's own
        pixels, of which there are never more than resolution^2."""
        most = settings.resolution**2
        target = min(size.area, most)
        sides = [side * math.sqrt(target / size.area) / STEP for side in size]
        rounded = itertools.product(*((math.floor(s) * STEP, math.ceil(s) * STEP) for s in sides))
        buckets = [Size(*b) for b in rounded if 0 < b[0] * b[1] <= most]
        least = Size(*(max(STEP, math.floor(s) * STEP) for s in sides))
        bucket = min(buckets, key=lambda b: abs(b.area - target), default=least)
        scale = max(bucket.width / size.width, bucket.height / size.height)
        return centred(Size(*(math.ceil(side * scale) for side in size)), bucket)

    def warnings(self, picture: PlannedPicture, seen: Fit) -> tuple[str, ...]:
        return ()

    def notes(self, settings: WriteSettings, masked: bool) -> tuple[str, ...]:
        notes = [
            f"Put the datasets of {CONFIG} into your job, or the model and network of your job into {CONFIG}.",
            "Start ai-toolkit in this folder, or write the paths in full: they count from where it is started.",
            "Leave trigger_word out of the job: it is in every caption.",
            "Leave shuffle_tokens off: it shuffles the trigger word too, whatever keep_tokens says.",
            "Put nothing below train/: every picture at any depth is trained on.",
        ]
        if settings.pairs:
            notes[2] = "Write the instruction alone into the prompts of your samples, with --ctrl_img and a picture."
            notes[3] = "Leave shuffle_tokens off: an instruction is a sentence."
            notes[4] = "Put nothing below images/ and control/; an original has the name of its picture."
        if masked:
            notes.append("Leave buckets on: with masks ai-toolkit stops without them.")
        return tuple(notes)

    def detect(self, tree: Tree) -> bool:
        return bool(_datasets(tree))

    def read(self, tree: Tree) -> Iterator[FoundPicture | Rejection]:
        for dataset in _datasets(tree):
            folder = tree.folder(dataset.get("folder_path") or dataset.get("dataset_path"))
            if folder is None or dataset.get("is_reg"):
                continue
            masks = tree.stems(tree.folder(dataset.get("mask_path")) or "") if dataset.get("mask_path") else {}
            repeats, controls = whole_number(dataset.get("num_repeats")), Originals(tree, dataset.get("control_path"))
            for file in tree.pictures(folder, SUFFIXES, deep=True):
                words = _words(tree, file, dataset)
                mask = masks.get(stem_name(file), "")
                trigger = one_line(text_of(dataset.get("trigger_word")))
                control = controls.of(file)
                notes = (*words.notes, *controls.note(control))
                yield FoundPicture(file, words.text, mask, folder_name(folder), repeats, trigger, notes, control)


def _dataset(folder: Folder, settings: WriteSettings) -> dict[str, Any]:
    masks = {"mask_path": folder.masks, "mask_min_value": MASK_FLOOR} if folder.masked else {}
    control = {"control_path": folder.controls} if folder.controls else {}
    return {
        "folder_path": folder.path,
        **control,
        "caption_ext": "txt",
        "caption_dropout_rate": 0.0,
        "shuffle_tokens": False,
        "keep_tokens": settings.keep_tokens,
        "num_repeats": folder.repeats,
        "resolution": [settings.resolution],
        "buckets": True,
        "is_reg": False,
        **masks,
    }


def _datasets(tree: Tree) -> list[dict[str, Any]]:
    """Each with the trigger word of its process where it has none itself."""
    found = []
    for job in tree.configs(".yaml", ".yml"):
        config = job.get("config") if isinstance(job, dict) else None
        for process in tables(config, "process"):
            trigger = {"trigger_word": process.get("trigger_word")}
            found += [
                {**trigger, **d} for d in tables(process, "datasets") if "folder_path" in d or "dataset_path" in d
            ]
    return found


def _words(tree: Tree, file: str, dataset: dict[str, Any]) -> Words:
    """clean_caption: line breaks are commas. Then inject_trigger_into_prompt."""
    words = tree.text_beside(file, ("." + text_of(dataset.get("caption_ext"), "txt").lstrip("."),))
    if words is None or not words.text.strip():
        empty = () if words else ("no caption file: the trainer takes its default caption or none",)
        words = Words(text_of(dataset.get("default_caption")), empty)
    text = ", ".join(parts(", ".join(map(one_line, words.text.splitlines()))))
    trigger = one_line(text_of(dataset.get("trigger_word")))
    if trigger:
        text = text.replace("[trigger]", trigger)
        text = text if trigger in text else one_line(f"{trigger} {text}")
    return words._replace(text=text)
