"""What will be written, before anything is: pictures with their sizes, captions and places."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from ..samples.sample import Rejection, Sample
from .buckets import Fit
from .captions import Caption
from .pairing import Control
from .settings import WriteSettings


class Subset(NamedTuple):
    """The pictures of one character, or the originals of one character. `label`: trigger and class word, unique
    in its data set; `masked`: every picture of it gets a mask, because at least one sample has one; `paired`: every
    picture has its original beside it."""

    label: str
    character: str
    trigger: str
    originals: bool
    repeats: int
    masked: bool
    paired: bool = False


class Files(NamedTuple):
    """Where a picture and what belongs to it go, below the data set's folder, `/` between the parts.

    `caption` is empty where the format keeps captions in one list, `mask` where no mask is written, `control` where no
    original is.
    """

    picture: str
    caption: str = ""
    mask: str = ""
    control: str = ""


@dataclass(frozen=True)
class PlannedPicture:
    """One picture: whose file, which part at which size (`fit`), under which names, with which caption.
    `control`: of a pair, what it was drawn from."""

    number: int
    sample: Sample
    subset: Subset
    files: Files
    fit: Fit
    caption: Caption
    edited_in_folder: bool = False
    control: Control | None = None

    @property
    def unmasked(self) -> bool:
        """A picture without a mask among pictures with one: all of it is learnt."""
        return self.subset.masked and self.sample.mask is None


@dataclass(frozen=True)
class Plan:
    """`rejected`: what this step leaves out; `earlier`: what earlier steps had left out."""

    name: str
    settings: WriteSettings
    pictures: Collection[PlannedPicture]
    rejected: tuple[Rejection, ...] = ()
    earlier: tuple[Rejection, ...] = ()

    @property
    def subsets(self) -> tuple[Subset, ...]:
        return tuple(dict.fromkeys(p.subset for p in self.pictures))
