"""Data sets for kohya's musubi-tuner (HunyuanVideo, Wan, FramePack, Flux Kontext, Qwen-Image), stills only.

    mira/
      train/trgx girl/0001_front-walk.png
      train/trgx girl/0001_front-walk.txt
      masks/trgx girl/0001_front-walk.png     for other programs: musubi-tuner learns the whole picture
      musubi.toml  manifest.json  README.txt

The rules are those of musubi-tuner 30c658c: its config validator stops at an unknown key, sd-scripts' among them;
without `enable_bucket` and `resolution` every picture is cut to 960x544; two datasets may not share a cache folder.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..geometry import Size
from ..samples.sample import Rejection
from .buckets import Fit, centred
from .captions import one_line
from .entries import Entries, Folder
from .entry import Entry
from .folders import captions_beside, files_in
from .foreign import folder_name, stem_name, tables, text_of, whole_number
from .found import FoundPicture
from .menu import MUSUBI
from .originals import Originals
from .planned import Files, PlannedPicture, Subset
from .protocol import TextFile
from .readme import readme
from .settings import WriteSettings
from .tomltext import toml_text
from .tree import Tree

CONFIG = "musubi.toml"
# RESOLUTION_STEPS of BucketSelector for every architecture but HiDream-O1, which has 32.
STEP = 16
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".avif")


class Musubi:
    """A folder a subset, one caption file a picture, and a TOML file that switches the buckets on."""

    id, label, summary, takes_pairs = MUSUBI
    counts_repeats = True
    knows_head = False
    cuts_tokens = False
    own_buckets = True
    packing = unpacking = None

    def files(self, subset: Subset, stem: str, suffix: str) -> Files:
        return files_in(subset.label, subset, stem, suffix)

    def lists(self, entries: Entries, settings: WriteSettings) -> Iterator[TextFile]:
        general = {
            "resolution": [settings.resolution, settings.resolution],
            "caption_extension": ".txt",
            "batch_size": settings.batch_size,
            "enable_bucket": True,
            "bucket_no_upscale": not settings.upscale,
        }
        datasets = (
            {"image_directory": f.path, **_control(f), "cache_directory": f"cache/{f.label}", "num_repeats": f.repeats}
            for f in entries.summary.folders
        )
        yield TextFile(CONFIG, (toml_text([("[general]", general), *(("[[datasets]]", d) for d in datasets)]),))
        yield readme(self.notes(settings, bool(entries.summary.masks)))

    def captions(self, folder: Path, entries: Sequence[Entry]) -> dict[str, str]:
        return captions_beside(folder, entries)

    def look(self, size: Size, settings: WriteSettings) -> Fit:
        """BucketSelector.get_bucket_resolution, then resize_image_to_bucket."""
        area = settings.resolution**2
        if not settings.upscale and size.area <= area:
            bucket = Size(*(side - side % STEP for side in size))
        else:
            bucket = min(_buckets(area), key=lambda b: abs(b.width / b.height - size.width / size.height))
        scale = max(bucket.width / size.width, bucket.height / size.height)
        return centred(Size(*(int(side * scale + 0.5) for side in size)), bucket)

    def warnings(self, picture: PlannedPicture, seen: Fit) -> tuple[str, ...]:
        return ()

    def notes(self, settings: WriteSettings, masked: bool) -> tuple[str, ...]:
        notes = [
            "Start musubi-tuner in this folder; the paths in musubi.toml count from here.",
            f"Cache first, with the scripts of your model: --dataset_config {CONFIG}",
            f"Then train: --dataset_config {CONFIG}",
            "After a change of pictures or captions delete cache/ and cache again.",
            "A picture without a caption file is left out without a word.",
            "The trigger word is in every caption; musubi-tuner adds none.",
        ]
        if settings.pairs:
            notes[-1] = "Each original is brought to its picture's size, which it has already."
            notes.append("Qwen-Image-Edit: add control_resolution = [1024, 1024] to each dataset, as its makers do.")
        if masked:
            notes.append("musubi-tuner knows no masks for stills; masks/ has them for other programs.")
        return tuple(notes)

    def detect(self, tree: Tree) -> bool:
        return any(
            "image_directory" in t or "image_jsonl_file" in t for c in tree.configs(".toml") for t in _datasets(c)
        )

    def read(self, tree: Tree) -> Iterator[FoundPicture | Rejection]:
        for config in tree.configs(".toml"):
            for dataset in _datasets(config):
                repeats = whole_number(dataset.get("num_repeats"))
                if "image_jsonl_file" in dataset:
                    yield from _listed(tree, dataset, repeats)
                else:
                    yield from _beside(tree, dataset, repeats)


def _control(folder: Folder) -> dict[str, str]:
    """Files of the same name; every picture needs one."""
    return {"control_directory": folder.controls} if folder.controls else {}


def _datasets(config: object) -> list[dict[str, Any]]:
    """Each dataset with what [general] says where it says nothing itself."""
    general = config.get("general") if isinstance(config, dict) else None
    return [{**(general if isinstance(general, dict) else {}), **table} for table in tables(config, "datasets")]


def _beside(tree: Tree, dataset: dict[str, Any], repeats: int) -> Iterator[FoundPicture | Rejection]:
    folder = tree.folder(dataset.get("image_directory"))
    suffix = text_of(dataset.get("caption_extension"))
    masks = tree.masks_of(folder) if folder is not None else {}
    controls = Originals(tree, dataset.get("control_directory"))
    for file in tree.pictures(folder, SUFFIXES) if folder is not None else ():
        words = tree.caption(file, (suffix,)) if suffix else None
        if words is None:
            yield tree.refused(file, "no caption file, so musubi-tuner leaves it out")
        else:
            mask, control = masks.get(stem_name(file), ""), controls.of(file)
            notes = (*words.notes, *controls.note(control))
            yield FoundPicture(file, words.text, mask, folder_name(folder), repeats, notes=notes, control=control)


def _listed(tree: Tree, dataset: dict[str, Any], repeats: int) -> Iterator[FoundPicture | Rejection]:
    file = tree.file(dataset["image_jsonl_file"])
    for row in tree.rows(file) if file else ():
        picture = tree.file(row.get("image_path"))
        if picture:
            control = tree.file(row.get("control_path", row.get("control_path_0"))) or ""
            yield FoundPicture(picture, one_line(text_of(row.get("caption"))), repeats=repeats, control=control)
        else:
            yield tree.refused(text_of(row.get("image_path")), "the list names it, and it is not here")


@lru_cache(maxsize=16)
def _buckets(area: int) -> tuple[Size, ...]:
    """Widths from half the square's side to all of it in steps, each with its height, both ways round."""
    side = int(math.sqrt(area))
    widths = range(side // 2 // STEP * STEP, side + STEP, STEP)
    sizes = {Size(width, area // width // STEP * STEP) for width in widths}
    return tuple(sorted(sizes | {Size(s.height, s.width) for s in sizes}))
