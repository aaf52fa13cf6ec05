"""Data sets as WebDataset shards: tar files that are read from front to back, for large sets and for object stores.

    mira/
      train/000000.tar     0001_front-walk.png, .txt, .json and .mask.png, then 0002_...
      manifest.json  README.txt

The rules are those of webdataset and of datasets 5.2.0: what is before the first dot of a member's name is its sample,
what is behind it the field; the members of a sample are neighbours; all samples have the same fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ..geometry import Size
from ..samples.sample import Rejection
from ..samples.sidecars import BadText
from .buckets import Fit, whole
from .captions import one_line
from .entries import Entries
from .entry import Entry
from .foreign import text_of, whole_number
from .found import FoundPicture, Words
from .menu import WEB_DATASET
from .planned import Files, PlannedPicture, Subset
from .protocol import TextFile
from .readme import readme
from .settings import WriteSettings
from .shards import FOLDER, MASK, RECORD, Shards
from .tree import Tree

# In the order in which they are looked for.
FIELDS = ("png", "jpg", "jpeg", "webp")


class WebDataset:
    """Shards of pictures, captions and records."""

    id, label, summary, takes_pairs = WEB_DATASET
    counts_repeats = False
    knows_head = False
    cuts_tokens = False
    own_buckets = False
    packing = unpacking = Shards()

    def files(self, subset: Subset, stem: str, suffix: str) -> Files:
        """The names of the members. Stems have no dots, so that all of a stem is the sample's key."""
        return Files(f"{stem}{suffix}", f"{stem}.txt", f"{stem}{MASK}" if subset.masked else "")

    def lists(self, entries: Entries, settings: WriteSettings) -> Iterator[TextFile]:
        yield readme(self.notes(settings, bool(entries.summary.masks)))

    def captions(self, folder: Path, entries: Sequence[Entry]) -> dict[str, str]:
        texts = self.packing.texts(folder)
        there = self.packing.contents(folder)
        pairs = ((e, texts.get(f"{e.file.partition('.')[0]}.txt")) for e in entries if e.file in there)
        return {entry.file: one_line(text) for entry, text in pairs if text is not None}

    def look(self, size: Size, settings: WriteSettings) -> Fit:
        """Whoever reads shards decides for himself what to cut."""
        return whole(size)

    def warnings(self, picture: PlannedPicture, seen: Fit) -> tuple[str, ...]:
        return ()

    def notes(self, settings: WriteSettings, masked: bool) -> tuple[str, ...]:
        notes = [
            f'webdataset: wds.WebDataset("{FOLDER}/000000.tar").decode("pil"), one name for each shard.',
            f'datasets: load_dataset("webdataset", data_files="{FOLDER}/*.tar")',
            "Fields of a sample: the picture, txt (the caption), json (character, trigger word, repeats, features).",
            "Readers show every sample once an epoch; json has the repeats for scripts of your own.",
            "The trigger word is in every caption: do not add it again.",
            "To change a picture or a caption, load the set with Load LoRA Dataset and write it again.",
        ]
        if masked:
            notes.append("mask.png is white where the character is; it is white all over for pictures without a mask.")
        return tuple(notes)

    def detect(self, tree: Tree) -> bool:
        return any(file.endswith(".tar") for file in tree.places)

    def read(self, tree: Tree) -> Iterator[FoundPicture | Rejection]:
        samples: dict[str, dict[str, str]] = {}
        for file in tree.places:
            folder, slash, name = file.rpartition("/")
            key, _, field = name.partition(".")
            samples.setdefault(folder + slash + key, {})[field.lower()] = file
        for key, fields in samples.items():
            picture = next((fields[f] for f in FIELDS if f in fields), "")
            if picture:
                yield _found(tree, picture, fields)
            else:
                yield tree.refused(key, f"the sample has no picture: only {', '.join(fields)}")


def _found(tree: Tree, picture: str, fields: dict[str, str]) -> FoundPicture:
    record = _record(tree, fields.get(RECORD[1:], ""))
    words = tree.caption(picture)
    if words is None:
        said = text_of(record.get("caption"), text_of(record.get("text")))
        words = Words(one_line(said), () if said else ("the sample has no caption",))
    mask = fields.get(MASK[1:], "")
    group, trigger = text_of(record.get("subset")), text_of(record.get("trigger"))
    return FoundPicture(picture, words.text, mask, group, whole_number(record.get("repeats")), trigger, words.notes)


def _record(tree: Tree, file: str) -> dict[str, object]:
    try:
        record = tree.json(file) if file else {}
    except BadText:
        return {}
    return record if isinstance(record, dict) else {}
