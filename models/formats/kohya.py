"""Data sets for kohya's sd-scripts and the many programs that read its layout, the host's own loader among them.

    mira/
      train/12_trgx girl/0001_front-walk.png     folder mode reads the repeats before the first "_"
      train/12_trgx girl/0001_front-walk.txt
      masks/12_trgx girl/0001_front-walk.png     outside train/, or it would be trained on
      dataset.toml  dataset_masked.toml  manifest.json  README.txt

The rules are those of sd-scripts 48d368f: its config validator stops at an unknown key, at a masked and an unmasked
subset in one dataset, at a mask too few and at one too many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ..geometry import Size
from ..samples.sample import Rejection
from .buckets import Fit, select_bucket, side_limits
from .captions import SEPARATOR, one_line
from .entries import Entries, Folder
from .entry import Entry
from .folders import captions_beside, files_in
from .foreign import folder_name, folder_repeats, stem_name, tables, text_of, whole_number
from .found import FoundPicture, Words
from .kohyametadata import METADATA, metadata_lists
from .kohyatables import HEAD_NOTE, dataset_table, general_table
from .menu import KOHYA
from .planned import Files, PlannedPicture, Subset
from .protocol import TextFile
from .readme import readme
from .settings import WriteSettings
from .tomltext import Table, Value, toml_text
from .tree import Tree

PLAIN, MASKED = "dataset.toml", "dataset_masked.toml"


class Kohya:
    """Folders whose names begin with the repeats, one caption file a picture, and TOML files beside them."""

    id, label, summary, takes_pairs = KOHYA
    counts_repeats = True
    knows_head = True
    cuts_tokens = True
    own_buckets = False
    packing = unpacking = None

    def files(self, subset: Subset, stem: str, suffix: str) -> Files:
        return files_in(f"{subset.repeats}_{subset.label}", subset, stem, suffix)

    def lists(self, entries: Entries, settings: WriteSettings) -> Iterator[TextFile]:
        folders = entries.summary.folders
        masked = [f for f in folders if f.masked]
        yield TextFile(PLAIN, (toml_text([_general(entries, settings), *_dataset(folders, settings, masks=False)]),))
        if masked:
            plain = [f for f in folders if not f.masked]
            # sd-scripts refuses masked and unmasked subsets in one [[datasets]].
            tables = [_general(entries, settings), *_dataset(plain, settings, masks=False)]
            yield TextFile(MASKED, (toml_text([*tables, *_dataset(masked, settings, masks=True)]),))
        head = (HEAD_NOTE,) if entries.summary.headed else ()
        yield readme((*self.notes(settings, bool(masked)), *head))

    def captions(self, folder: Path, entries: Sequence[Entry]) -> dict[str, str]:
        return captions_beside(folder, entries)

    def look(self, size: Size, settings: WriteSettings) -> Fit:
        return select_bucket(size, settings.resolution, no_upscale=not settings.upscale)

    def warnings(self, picture: PlannedPicture, seen: Fit) -> tuple[str, ...]:
        told = (HEAD_NOTE,) if SEPARATOR in picture.caption.text else ()
        # ControlNetDataset.__getitem__ scales the mask to the bucket without the crop that the picture gets.
        if picture.files.mask and seen.resized != seen.size:
            return (*told, "the trainer cuts this picture and squeezes its mask: write with resize = bucket")
        return told

    def notes(self, settings: WriteSettings, masked: bool) -> tuple[str, ...]:
        least, most = side_limits(settings.resolution)
        notes = [
            "Start the trainer in this folder; the paths in the .toml files count from here.",
            f"With a configuration file: --dataset_config {PLAIN}",
            f"Without: --train_data_dir train --caption_extension .txt --train_batch_size {settings.batch_size}"
            f" --resolution {settings.resolution} --enable_bucket --min_bucket_reso {least} --max_bucket_reso {most}"
            + ("" if settings.upscale else " --bucket_no_upscale"),
            "The trigger word is in every caption: do not let the trainer add it again.",
        ]
        if masked:
            notes.insert(2, f"Only the character is learnt with: --dataset_config {MASKED} --masked_loss")
        return tuple(notes)

    def detect(self, tree: Tree) -> bool:
        return bool(_configured(tree) or (repeat_folders(tree) and not metadata_lists(tree)))

    def read(self, tree: Tree) -> Iterator[FoundPicture | Rejection]:
        """By the configuration files where there are some, else by the folders' names."""
        for place in _configured(tree) or [_Place(f, folder_repeats(f), folder_name(f)) for f in repeat_folders(tree)]:
            masks = tree.stems(place.masks) if place.masks else tree.masks_of(place.folder)
            for file in tree.pictures(place.folder):
                words = _words(tree, file, place)
                mask = masks.get(stem_name(file), "")
                yield FoundPicture(file, words.text, mask, folder_name(place.folder), place.repeats, notes=words.notes)


def _general(entries: Entries, settings: WriteSettings) -> Table:
    return general_table(entries, settings, {"caption_extension": ".txt"})


def _dataset(folders: Sequence[Folder], settings: WriteSettings, masks: bool) -> list[Table]:
    if not folders:
        return []
    return [dataset_table(settings), *(("[[datasets.subsets]]", _subset(f, masks)) for f in folders)]


def _subset(folder: Folder, masks: bool) -> dict[str, Value]:
    # class_tokens is an unknown key beside conditioning_data_dir.
    last = {"conditioning_data_dir": folder.masks} if masks else {"class_tokens": one_line(folder.label)}
    return {"image_dir": folder.path, "num_repeats": folder.repeats, **last}


class _Place(NamedTuple):
    """A folder of pictures as a subset describes it."""

    folder: str
    repeats: int
    class_tokens: str = ""
    masks: str = ""
    suffixes: tuple[str, ...] = (".txt", ".caption")
    prefix: str = ""


def repeat_folders(tree: Tree) -> list[str]:
    """Folders of pictures whose names begin with the repeats, in the usual places."""
    inside = (folder for above in ("", "train", "img", "image") for folder in tree.folders(above))
    return [f for f in inside if folder_repeats(f) and tree.pictures(f)]


def _configured(tree: Tree) -> list[_Place]:
    """The folders that configuration files name, each once; with masks where any of the files gives it some."""
    places: dict[str, _Place] = {}
    for config in tree.configs(".toml", ".json"):
        general = config.get("general") if isinstance(config, dict) else None
        for dataset in tables(config, "datasets"):
            for subset in tables(dataset, "subsets"):
                place = _place(tree, {**(general if isinstance(general, dict) else {}), **dataset, **subset})
                if place and (place.folder not in places or place.masks):
                    places[place.folder] = place
    return list(places.values())


def _place(tree: Tree, subset: dict[str, Any]) -> _Place | None:
    """Regularisation pictures show other characters; a subset with a list of captions is of another kind."""
    folder = tree.folder(subset.get("image_dir"))
    if folder is None or subset.get("is_reg") or subset.get(METADATA):
        return None
    suffix = text_of(subset.get("caption_extension"), ".caption")
    return _Place(
        folder,
        whole_number(subset.get("num_repeats")),
        text_of(subset.get("class_tokens")),
        tree.folder(subset.get("conditioning_data_dir")) or "",
        (suffix,),
        text_of(subset.get("caption_prefix")),
    )


def _words(tree: Tree, file: str, place: _Place) -> Words:
    """load_dreambooth_dir: the first line, else the class tokens."""
    words = tree.first_line(file, place.suffixes)
    if words is None:
        words = Words(place.class_tokens, ("no caption file: the trainer takes the class tokens",))
    elif not words.text and not words.notes:
        words = Words(notes=("the caption file is empty, on which the trainer stops",))
    return words._replace(text=one_line(f"{place.prefix} {words.text}"))
