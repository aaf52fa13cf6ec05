"""Data sets for SimpleTuner: data backends of pictures, of masks, and of the caches.

    mira/
      train/trgx girl/0001_front-walk.png
      train/trgx girl/0001_front-walk.txt
      masks/trgx girl/0001_front-walk.png
      multidatabackend.json  manifest.json  README.txt

The rules are those of SimpleTuner bc8e6ab: `repeats` counts the passes after the first, a picture without a caption
file stops the training, and so does a set without a default for text embeds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..devicenames import is_device
from ..geometry import Size
from ..samples.sample import Rejection
from .buckets import STEP, Fit, centred
from .captions import one_line
from .entries import Entries, Folder
from .entry import Entry
from .folders import captions_beside, files_in
from .foreign import folder_name, stem_name, tables, text_of, whole_number
from .found import FoundPicture, Words
from .jsontext import json_text
from .menu import SIMPLE_TUNER
from .naming import ascii_slug, unique
from .planned import Files, PlannedPicture, Subset
from .protocol import TextFile
from .readme import readme
from .settings import WriteSettings
from .tree import Tree

CONFIG = "multidatabackend.json"
# TrainingSample._set_resolution: a square near one of these megapixels is trained at this side.
USUAL_SIDES = {0.25: 512, 0.5: 768, 1.0: 1024, 2.0: 1536, 4.0: 2048}
NEAR = 0.05


class SimpleTuner:
    """A data backend a subset, and one for its masks."""

    id, label, summary, takes_pairs = SIMPLE_TUNER
    counts_repeats = True
    knows_head = False
    cuts_tokens = False
    own_buckets = True
    packing = unpacking = None

    def files(self, subset: Subset, stem: str, suffix: str) -> Files:
        return files_in(subset.label, subset, stem, suffix)

    def lists(self, entries: Entries, settings: WriteSettings) -> Iterator[TextFile]:
        text = {"id": f"{_id(settings.name)}-text", "type": "local", "dataset_type": "text_embeds", "default": True}
        backends = [*_backends(entries.summary.folders, settings), {**text, "cache_dir": "cache/text"}]
        yield TextFile(CONFIG, (json_text(backends), "\n"))
        yield readme(self.notes(settings, bool(entries.summary.masks)))

    def captions(self, folder: Path, entries: Sequence[Entry]) -> dict[str, str]:
        return captions_beside(folder, entries)

    def look(self, size: Size, settings: WriteSettings) -> Fit:
        """TrainingSample.calculate_target_size with crop_aspect "preserve": the ratio is rounded to two digits, the
        sides to the nearest step, and the picture is cut to them from what covers them."""
        edge, ratio = _to_step(settings.resolution), max(0.01, round(size.width / size.height, 2))
        bucket = Size(_to_step(edge * math.sqrt(ratio)), _to_step(edge / math.sqrt(ratio)))
        resized = _covering(bucket, size.width / size.height)
        if size.width == size.height or round(bucket.width / bucket.height, 2) == 1.0:
            square = Size(*2 * (_square(settings.resolution),))
            bucket, resized = square, resized if resized.width >= square.width else square
        return centred(Size(*map(max, resized, bucket)), bucket)

    def warnings(self, picture: PlannedPicture, seen: Fit) -> tuple[str, ...]:
        return ()

    def notes(self, settings: WriteSettings, masked: bool) -> tuple[str, ...]:
        notes = [
            "Start SimpleTuner in this folder, or write the paths in full: they count from where it is started.",
            f"--data_backend_config={CONFIG} --train_batch_size={settings.batch_size}",
            "repeats counts the passes after the first, so it is one less than above.",
            "Small pictures are enlarged to the resolution; minimum_image_size would leave them out instead.",
            "A shape with fewer pictures than a batch on all graphics cards stops the training or is left out.",
            "Keep the ids when you change the set: the caches are found by them.",
            "Leave prepend_instance_prompt off: the trigger word is in every caption.",
            "Never switch delete_unwanted_images or delete_problematic_images on: they delete these files.",
        ]
        if settings.pairs:
            notes[-2] = "Originals are read as reference_strict; for Kontext its guide advises reference_loose instead."
        if masked:
            notes.insert(2, "Masks are used as they are: every picture of a masked folder has one.")
        return tuple(notes)

    def detect(self, tree: Tree) -> bool:
        return any(_is_backend(b) for b in _all_backends(tree))

    def read(self, tree: Tree) -> Iterator[FoundPicture | Rejection]:
        backends = _all_backends(tree)
        for backend in backends:
            folder = tree.folder(backend.get("instance_data_dir"))
            if not _is_backend(backend) or folder is None:
                continue
            masks, repeats = _beside(tree, backend, backends, "mask"), _passes(backend)
            controls = _beside(tree, backend, backends, "reference_strict", "reference_loose")
            for file in tree.pictures(folder, deep=True):
                words, stem = _words(tree, file, backend), stem_name(file)
                mask, control = masks.get(stem, ""), controls.get(stem, "")
                notes = words.notes
                yield FoundPicture(file, words.text, mask, folder_name(folder), repeats, notes=notes, control=control)


def _backends(folders: Sequence[Folder], settings: WriteSettings) -> Iterator[dict[str, Any]]:
    taken: set[str] = set()
    for folder in folders:
        id = unique(_id(folder.label), taken)
        shared = {
            "type": "local",
            "crop": True,
            "crop_style": "center",
            "crop_aspect": "preserve",
            # "pixel_area" is divided by --resolution on its way to megapixels; megapixels are taken as they are.
            "resolution": settings.resolution**2 / 1e6,
            "resolution_type": "area",
        }
        image = {"id": id, "dataset_type": "image", "instance_data_dir": folder.path, "caption_strategy": "textfile"}
        image |= {"repeats": folder.repeats - 1, "cache_dir_vae": f"cache/vae/{id}"}
        beside = [f"{id}-{kind}" for kind, there in (("mask", folder.masks), ("control", folder.controls)) if there]
        pair = {"conditioning_data": beside if len(beside) > 1 else beside[0]} if beside else {}
        yield {**image, **shared, **pair}
        if folder.masked:
            mask = {"id": f"{id}-mask", "dataset_type": "conditioning", "conditioning_type": "mask"}
            yield {**mask, "instance_data_dir": folder.masks, "cache_dir_vae": f"cache/vae/{id}-mask", **shared}
        if folder.controls:
            control = {"id": f"{id}-control", "dataset_type": "conditioning", "conditioning_type": "reference_strict"}
            control |= {"source_dataset_id": id, "instance_data_dir": folder.controls}
            yield {**control, "cache_dir_vae": f"cache/vae/{id}-control", **shared}


def _id(label: str) -> str:
    """Also the name of a folder, in the trainer's cache."""
    slug = ascii_slug(label) or "set"
    return f"{slug}-set" if is_device(slug) else slug


def _all_backends(tree: Tree) -> list[dict[str, Any]]:
    lists = (config for config in tree.configs(".json") if isinstance(config, list))
    return [b for found in lists for b in tables({"all": found}, "all") if not (b.get("disabled") or b.get("disable"))]


def _is_backend(backend: dict[str, Any]) -> bool:
    return "instance_data_dir" in backend and backend.get("dataset_type", "image") == "image"


def _beside(tree: Tree, backend: dict[str, Any], backends: Sequence[dict[str, Any]], *kinds: str) -> dict[str, str]:
    """By picture name, the files of the first conditioning backend of one of these kinds that belongs to `backend`."""
    wanted = backend.get("conditioning_data")
    ids = wanted if isinstance(wanted, list) else [wanted]
    for other in backends:
        if other.get("id") in ids and other.get("conditioning_type") in kinds:
            folder = tree.folder(other.get("instance_data_dir"))
            return {stem_name(f): f for f in tree.pictures(folder, deep=True)} if folder is not None else {}
    return {}


def _passes(backend: dict[str, Any]) -> int:
    return 1 + whole_number(backend.get("repeats"), otherwise=0)


def _words(tree: Tree, file: str, backend: dict[str, Any]) -> Words:
    strategy, prompt = backend.get("caption_strategy"), text_of(backend.get("instance_prompt"))
    if strategy == "instanceprompt" or backend.get("only_instance_prompt") is True:
        return Words(one_line(prompt))
    if strategy == "filename":
        return Words(one_line(stem_name(file).replace("_", " ")))
    words = tree.first_line(file) or Words(notes=("no caption file: SimpleTuner stops",))
    before = prompt if backend.get("prepend_instance_prompt") is True else ""
    return words._replace(text=one_line(f"{before} {words.text}"))


def _to_step(side: float) -> int:
    """MultiaspectImage._round_to_nearest_multiple with the usual aspect_bucket_alignment."""
    return max(1, round(side / STEP)) * STEP


def _covering(bucket: Size, ratio: float) -> Size:
    """MultiaspectImage.calculate_new_size_by_pixel_area: the short side first; larger where a gap is left."""
    if bucket.width < bucket.height:
        width, height = bucket.width, int(bucket.width / ratio)
    else:
        width, height = int(bucket.height * ratio), bucket.height
    if bucket.width > width:
        return Size(bucket.width, height + int((bucket.width - width) / ratio))
    gap = max(0, bucket.height - height)
    return Size(width + int(gap * ratio), height + gap)


def _square(resolution: int) -> int:
    area = resolution**2 / 1e6
    return next((side for usual, side in USUAL_SIDES.items() if abs(area - usual) < NEAR), _to_step(resolution))
