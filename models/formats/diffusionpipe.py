"""Data sets for tdrussell's diffusion-pipe.

    mira/
      train/trgx girl/0001_front-walk.png
      train/trgx girl/0001_front-walk.txt
      masks/trgx girl/0001_front-walk.png
      dataset.toml  manifest.json  README.txt     outside train/: any file beside the pictures is opened as one

The rules are those of diffusion-pipe 8f83dbf: a picture without a caption is left out, shapes are told apart by the
logarithm of their ratio, and captions are opened in whatever encoding the system has.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
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
from .found import FoundPicture, Words
from .menu import DIFFUSION_PIPE
from .originals import Originals
from .planned import Files, PlannedPicture, Subset
from .protocol import TextFile
from .readme import readme
from .settings import WriteSettings
from .tomltext import Value, toml_text
from .tree import Tree

CONFIG = "dataset.toml"
# The spacing of its example (7 buckets from 0.5 to 2), as far as 4:1.
LEAST_RATIO, MOST_RATIO, BUCKETS = 0.25, 4.0, 13
RATIOS = tuple(round(LEAST_RATIO * (MOST_RATIO / LEAST_RATIO) ** (n / (BUCKETS - 1)), 3) for n in range(BUCKETS))
# pixels_round_to_multiple of all pipelines but a few.
STEP = 16
NOT_PICTURES = (".txt", ".npz", ".json", ".parquet", ".bak", ".db")


class DiffusionPipe:
    """A directory a subset in one TOML file, with masks beside them."""

    id, label, summary, takes_pairs = DIFFUSION_PIPE
    counts_repeats = True
    knows_head = False
    cuts_tokens = False
    own_buckets = True
    packing = unpacking = None

    def files(self, subset: Subset, stem: str, suffix: str) -> Files:
        return files_in(subset.label, subset, stem, suffix)

    def lists(self, entries: Entries, settings: WriteSettings) -> Iterator[TextFile]:
        general: dict[str, Value] = {
            "resolutions": [settings.resolution],
            "enable_ar_bucket": True,
            "min_ar": LEAST_RATIO,
            "max_ar": MOST_RATIO,
            "num_ar_buckets": BUCKETS,
        }
        directories = (("[[directory]]", _directory(folder)) for folder in entries.summary.folders)
        yield TextFile(CONFIG, (toml_text([("", general), *directories]),))
        yield readme(self.notes(settings, bool(entries.summary.masks)))

    def captions(self, folder: Path, entries: Sequence[Entry]) -> dict[str, str]:
        return captions_beside(folder, entries)

    def look(self, size: Size, settings: WriteSettings) -> Fit:
        """_find_closest_ar_bucket, then ImageOps.fit."""
        ratio = min(RATIOS, key=lambda r: abs(math.log(r) - math.log(size.width / size.height)))
        width = math.sqrt(settings.resolution**2 * ratio)
        bucket = Size(*(round(side / STEP) * STEP for side in (width, settings.resolution**2 / width)))
        scale = max(bucket.width / size.width, bucket.height / size.height)
        return centred(Size(*(round(side * scale) for side in size)), bucket)

    def warnings(self, picture: PlannedPicture, seen: Fit) -> tuple[str, ...]:
        plain = picture.caption.text.isascii()
        return () if plain else ("the caption is not plain ASCII: start the trainer with PYTHONUTF8=1",)

    def notes(self, settings: WriteSettings, masked: bool) -> tuple[str, ...]:
        notes = [
            "Start diffusion-pipe in this folder, or write the paths in full: they count from where it is started.",
            f'In your training configuration: dataset = "{CONFIG}", micro_batch_size_per_gpu = {settings.batch_size}',
            "PYTHONUTF8=1 in front of the command keeps captions in any language whole.",
            "Small pictures are enlarged to the resolution; diffusion-pipe has no switch for that.",
            "A shape with fewer pictures than a batch on all graphics cards is left out with a warning.",
            "A picture without a caption is left out. Its cache is in the picture folders; delete it after changes.",
            "The trigger word is in every caption: leave caption_prefix out.",
        ]
        if settings.pairs:
            notes[-1] = "Every picture needs its original in control_path, or the training fails."
        if masked:
            notes.append("Masks must have their pictures' sizes, as these have; a picture without one is learnt whole.")
        return tuple(notes)

    def detect(self, tree: Tree) -> bool:
        return any("path" in table for config in tree.configs(".toml") for table in tables(config, "directory"))

    def read(self, tree: Tree) -> Iterator[FoundPicture | Rejection]:
        for config in tree.configs(".toml"):
            for directory in tables(config, "directory"):
                general = {key: value for key, value in config.items() if key != "directory"}
                yield from _read(tree, {**general, **directory})


def _directory(folder: Folder) -> dict[str, Value]:
    masks = {"mask_path": folder.masks} if folder.masked else {}
    control = {"control_path": folder.controls} if folder.controls else {}
    return {"path": folder.path, **control, "num_repeats": folder.repeats, **masks}


def _read(tree: Tree, directory: dict[str, Any]) -> Iterator[FoundPicture | Rejection]:
    folder = tree.folder(directory.get("path"))
    if folder is None:
        return
    masks = tree.stems(tree.folder(directory.get("mask_path")) or "") if directory.get("mask_path") else {}
    controls = Originals(tree, directory.get("control_path") or directory.get("control_paths"))
    listed = _listed(tree, f"{folder}/captions.json" if folder else "captions.json")
    for file in tree.pictures(folder):
        words = listed.get(file.rpartition("/")[2]) if listed is not None else tree.caption(file)
        if words is None and directory.get("skip_empty_caption", True):
            yield tree.refused(file, "no caption, so diffusion-pipe leaves it out")
            continue
        text = one_line(text_of(directory.get("caption_prefix")) + (words.text if words else ""))
        mask, repeats = masks.get(stem_name(file), ""), whole_number(directory.get("num_repeats"))
        control = controls.of(file)
        notes = (*(words.notes if words else ()), *controls.note(control))
        yield FoundPicture(file, text, mask, folder_name(folder), repeats, notes=notes, control=control)


def _listed(tree: Tree, file: str) -> dict[str, Words] | None:
    """captions.json has several captions a picture, and where it is, caption files are not read."""
    if file not in tree.places:
        return None
    said = tree.json(file)
    several = ("the list has several captions: only the first is taken",)
    rows = said.items() if isinstance(said, dict) else ()
    return {n: Words(one_line(str(c[0])), several if len(c) > 1 else ()) for n, c in rows if isinstance(c, list) and c}
