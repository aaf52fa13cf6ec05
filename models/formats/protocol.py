"""What a data-set format is: where files go, which lists go beside them, and what its trainers make of a picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from ..geometry import Size
from ..samples.sample import Rejection
from ..samples.store import Store
from .buckets import Fit
from .entries import Entries
from .entry import Entry
from .found import FoundPicture
from .planned import Files, PlannedPicture, Subset
from .settings import WriteSettings
from .tree import Tree


class TextFile(NamedTuple):
    """`path` below the data set's folder; `parts`: one behind the other they are its text, which is written as UTF-8
    with `\\n` endings and no byte order mark."""

    path: str
    parts: Iterable[str]


class Unpacking(Protocol):
    """How a format gets at pictures that lie in larger files."""

    def unpacked(self, tree: Tree, store: Store) -> Tree:
        """The data set as if it had never been packed; the files are in `store`."""


class Packing(Protocol):
    """How a format puts the staged files of its pictures into larger ones, and finds them there."""

    def pack(self, folder: Path, entries: Entries) -> tuple[str, ...]:
        """Put the files of `entries`, which lie in `folder`, into new packs, and remove them; the packs' paths."""

    def contents(self, folder: Path) -> frozenset[str]:
        """The files in all packs below `folder`, under the paths that `Format.files` gave them."""


class Format(Protocol):
    """One entry of `FORMATS` (`catalogue.py`). `label`: its name; `summary`: who reads it, in half a sentence.
    `counts_repeats`: its trainers show a picture `repeats` times an epoch. `knows_head`: they keep what is before the
    separator (`captions.SEPARATOR`) in front when they shuffle. `cuts_tokens`: they read captions with CLIP alone and
    cut them at 75 tokens unless told otherwise. `own_buckets`: kohya's buckets are cut once more by
    them, so "bucket" writes what `look` says. `packing`: None where pictures stay files of their own;
    `unpacking`: None where nobody packs them either. `takes_pairs`: they read an original beside each picture, to learn
    the edit from the one to the other."""

    id: str
    label: str
    summary: str
    counts_repeats: bool
    knows_head: bool
    cuts_tokens: bool
    own_buckets: bool
    packing: Packing | None
    unpacking: Unpacking | None
    takes_pairs: bool

    def files(self, subset: Subset, stem: str, suffix: str) -> Files:
        """Where a picture goes. Nothing but pictures and their captions may lie in a folder that trainers read."""

    def lists(self, entries: Entries, settings: WriteSettings) -> Iterable[TextFile]:
        """What describes the whole set, instructions for its owner included."""

    def captions(self, folder: Path, entries: Sequence[Entry]) -> dict[str, str]:
        """What the captions in `folder` say now, by picture file; a picture that is gone has none."""

    def look(self, size: Size, settings: WriteSettings) -> Fit:
        """What its trainers make of a written picture of `size`."""

    def warnings(self, picture: PlannedPicture, seen: Fit) -> tuple[str, ...]:
        """What its trainers do to this picture without a word."""

    def notes(self, settings: WriteSettings, masked: bool) -> tuple[str, ...]:
        """How to start the training so that it sees what the preview shows."""

    def detect(self, tree: Tree) -> bool:
        """Whether a folder, written by anybody, is a data set of this format."""

    def read(self, tree: Tree) -> Iterable[FoundPicture | Rejection]:
        """Its pictures with what the trainer would read beside them, and those that the trainer never sees."""
