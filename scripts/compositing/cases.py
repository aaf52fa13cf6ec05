"""What a model is judged on: the groups of any folder, or the held-out photographs with a thing taken out of each."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Protocol

from PIL import Image

from ...models.compositing.grid import Frame, Position, position_of
from ...models.compositing.groups.group import CompositeGroup, GroupPixels, GroupSet
from ...models.compositing.groups.manifest import read_manifest
from ...models.compositing.groups.reading import read_group
from ...models.compositing.groups.shrinking import shrunk_group
from ...models.compositing.training.split import split
from ...models.errors import TroupeError
from ...models.geometry import Size
from ...models.picturefiles import displayed_size
from .coco import is_holdout
from .photographs import NOTES, Instance, instances, taken_out

# Larger groups are shrunk: the measures are ratios and means, which more pixels do not change.
LONG_SIDE = 1024
HOLDOUT = 0.2  # as TrainSettings has it


class Case(NamedTuple):
    """One group to be judged on.

    scene: cases of one scene are averaged first. others: boxes to be ignored. colours: whether its colours can be
    measured. camera: whether a camera saw the place without the thing, so that the shadow around it is a truth and
    any box in the scene is a good place.
    """

    id: str
    scene: str
    category: str
    pixels: GroupPixels
    others: tuple[Frame, ...] = ()
    colours: bool = True
    camera: bool = False


class Cases(Protocol):
    """Cases by number, made when asked for; `[i]` raises `TroupeError` for one that cannot be used.

    known: positions from elsewhere that the floors may learn from; None: they leave one scene out. what: in words.
    """

    known: list[Position] | None
    what: str

    def __len__(self) -> int: ...

    def __getitem__(self, number: int) -> Case: ...


class FolderCases:
    """The groups of a set."""

    def __init__(self, found: GroupSet, what: str, known: list[Position] | None = None) -> None:
        self.groups, self.what, self.known = found.groups, what, known
        names = [group.scene for group in found.groups]
        self._several = {name for name in names if name and names.count(name) > 1}

    def __len__(self) -> int:
        return len(self.groups)

    def __getitem__(self, number: int) -> Case:
        group = self.groups[number]
        whole = read_group(group)
        pixels = shrunk_group(whole, LONG_SIDE)
        factor = pixels.background.shape[1] / whole.background.shape[1]
        others = tuple(Frame(*(edge * factor for edge in box)) for box in group.other_boxes)
        camera = group.scene in self._several
        return Case(group.id, scene_of(group), group.category, pixels, others, not group.position_only, camera)


class PhotographCases:
    """Things in photographs; the floors know where the things in the training photographs stand."""

    def __init__(self, found: list[Instance], known: list[Position], what: str) -> None:
        self.instances, self.known, self.what = found, known, what

    def __len__(self) -> int:
        return len(self.instances)

    def __getitem__(self, number: int) -> Case:
        one = self.instances[number]
        return Case(one.id, str(one.image_id), one.category, taken_out(one))


def scene_of(group: CompositeGroup) -> str:
    """Groups without a scene are a scene each."""
    return group.scene or f"only {group.id}"


def cases_in(folder: Path, holdout_only: bool = False, everything: bool = False, prior: Path | None = None) -> Cases:
    """The cases of a folder of groups, or of a folder with `annotations.json`.

    holdout_only: of groups only those that Train Compositing Model would hold out. everything: of photographs also
    those that the shipped model was trained on. prior: the folder that the floors learn from, in place of the other
    scenes. Raises `TroupeError` where nothing can be used.
    """
    _require(folder)
    known = known_in(prior) if prior else None
    if (folder / NOTES).is_file():
        return _photographs(folder, everything, known)
    found = read_manifest(folder)
    if not holdout_only:
        return FolderCases(found, "all groups of the folder", known)
    kept = split(found, HOLDOUT).heldout
    part = GroupSet(tuple(found.groups[i] for i in kept), found.faults, found.root)
    return FolderCases(part, "the groups that training holds out", known)


def known_in(folder: Path) -> list[Position]:
    """Where things stand in the photographs of a folder that are not held out, or in all its groups."""
    _require(folder)
    if (folder / NOTES).is_file():
        return [one.position for one in instances(folder, lambda image: not is_holdout(image))]
    return [position_of(group.box, _size(group)) for group in read_manifest(folder).groups]


def _size(group: CompositeGroup) -> Size:
    with Image.open(group.background) as image:
        return displayed_size(image)


def _require(folder: Path) -> None:
    if not folder.exists():
        raise TroupeError("There is no such folder", item=str(folder), remedy="Give one with a groups.json in it.")


def _photographs(folder: Path, everything: bool, known: list[Position] | None) -> PhotographCases:
    found = instances(folder, (lambda image: True) if everything else is_holdout)
    if not found:
        raise TroupeError("No photograph can be used", item=str(folder), remedy="Try --all.")
    known = known_in(folder) if known is None else known
    return PhotographCases(found, known, "all photographs" if everything else "photographs that are held out")
