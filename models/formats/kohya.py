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

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..geometry import Size
from .buckets import STEP, Fit, select_bucket, side_limits
from .captions import SEPARATOR, one_line
from .entry import Entry
from .planned import Files, PlannedPicture, Subset
from .protocol import TextFile
from .readme import readme
from .settings import WriteSettings

HEAD_NOTE = f'captions have a kept head: train with --shuffle_caption --keep_tokens_separator "{SEPARATOR}"'
PLAIN, MASKED = "dataset.toml", "dataset_masked.toml"
Value = str | int | bool


class Kohya:
    """Folders whose names begin with the repeats, one caption file a picture, and TOML files beside them."""

    id = "kohya"
    label = "kohya (sd-scripts)"
    summary = "folders with repeats and caption files, for kohya's sd-scripts, most others, and ComfyUI itself."
    counts_repeats = True
    knows_head = True

    def files(self, subset: Subset, stem: str, suffix: str) -> Files:
        folder = f"{subset.repeats}_{subset.label}"
        mask = f"masks/{folder}/{stem}.png" if subset.masked else ""
        return Files(f"train/{folder}/{stem}{suffix}", f"train/{folder}/{stem}.txt", mask)

    def lists(self, entries: Sequence[Entry], settings: WriteSettings) -> Iterator[TextFile]:
        folders = _folders(entries)
        masked = [f for f in folders if f.masked]
        yield TextFile(PLAIN, _toml([_general(entries, settings), *_dataset(folders, settings, masks=False)]))
        if masked:
            plain = [f for f in folders if not f.masked]
            # sd-scripts refuses masked and unmasked subsets in one [[datasets]].
            tables = [_general(entries, settings), *_dataset(plain, settings, masks=False)]
            yield TextFile(MASKED, _toml([*tables, *_dataset(masked, settings, masks=True)]))
        head = (HEAD_NOTE,) if has_head(entries) else ()
        yield readme((*self.notes(settings, bool(masked)), *head))

    def captions(self, folder: Path, entries: Sequence[Entry]) -> dict[str, str]:
        found = {}
        for entry in entries:
            text = (folder / entry.file).with_suffix(".txt")
            if (folder / entry.file).is_file() and text.is_file():
                found[entry.file] = one_line(text.read_text(encoding="utf-8", errors="replace"))
        return found

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


def has_head(entries: Sequence[Entry]) -> bool:
    return any(SEPARATOR in entry.caption for entry in entries)


class _Folder:
    """One folder below train/, as its written pictures show it."""

    def __init__(self, path: str, entries: Sequence[Entry]) -> None:
        self.path, self.repeats = path, entries[0].repeats
        self.class_tokens = one_line(path.partition("_")[2])
        # A mask too few and a mask too many both stop the trainer.
        self.masked = all(entry.mask for entry in entries)
        self.masks = entries[0].mask.rpartition("/")[0]


def _folders(entries: Sequence[Entry]) -> list[_Folder]:
    paths = dict.fromkeys(entry.file.rpartition("/")[0] for entry in entries)
    return [_Folder(path, [e for e in entries if e.file.rpartition("/")[0] == path]) for path in paths]


Table = tuple[str, dict[str, Value]]


def _general(entries: Sequence[Entry], settings: WriteSettings) -> Table:
    # Not shuffled: sentences would fall apart, and cached text-encoder outputs forbid it. With a kept head there is no
    # choice: sd-scripts takes the separator out only where it shuffles (process_caption in train_util.py). Captions
    # without a separator then keep their first `keep_tokens` parts.
    shuffled = has_head(entries)
    caption: dict[str, Value] = {"caption_extension": ".txt", "shuffle_caption": shuffled}
    head: dict[str, Value] = {"keep_tokens_separator": SEPARATOR} if shuffled else {}
    return "[general]", {**caption, "keep_tokens": settings.keep_tokens, **head}


def _dataset(folders: Sequence[_Folder], settings: WriteSettings, masks: bool) -> list[Table]:
    if not folders:
        return []
    least, most = side_limits(settings.resolution)
    dataset: dict[str, Value] = {
        "resolution": settings.resolution,
        "batch_size": settings.batch_size,
        "enable_bucket": True,
        "bucket_no_upscale": not settings.upscale,
        "bucket_reso_steps": STEP,
        "min_bucket_reso": least,
        "max_bucket_reso": most,
    }
    return [("[[datasets]]", dataset), *(("[[datasets.subsets]]", _subset(f, masks)) for f in folders)]


def _subset(folder: _Folder, masks: bool) -> dict[str, Value]:
    # class_tokens is an unknown key beside conditioning_data_dir.
    last = {"conditioning_data_dir": folder.masks} if masks else {"class_tokens": folder.class_tokens}
    return {"image_dir": folder.path, "num_repeats": folder.repeats, **last}


def _toml(tables: Sequence[Table]) -> str:
    """JSON's strings, integers and booleans are TOML's too."""
    blocks = (
        "\n".join((head, *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items())))
        for head, values in tables
    )
    return "\n\n".join(blocks) + "\n"
