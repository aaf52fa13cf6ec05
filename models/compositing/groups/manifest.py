"""A folder of pictures and a list of what is what in them, read as composite groups, with all that is wrong at once.

The list is `groups.json`:

    {
      "scene": "kitchen",
      "groups": [
        {
          "id": "cup_01",
          "background": "backgrounds/table.png",
          "composite": "composites/cup_01.jpg",
          "box": [310, 142, 64, 88],
          "foreground": "cutouts/cup_01.png"
        },
        {
          "background": "backgrounds/table.png",
          "composite": "composites/cup_02.jpg",
          "box": [120, 150, 60, 81],
          "mask": "masks/cup_02.png",
          "category": "cup",
          "other_boxes": [[400, 130, 55, 90]],
          "gain": [1.02, 1.01, 1.03]
        }
      ]
    }

or `groups.jsonl`: one such group a line and nothing around them. Other members are ignored.

    background     the scene without the thing
    composite      the same scene, of the same size, with the thing in it
    box            [x, y, width, height]: where the thing is, in pixels of the background; at least 25 % inside
    foreground     the thing alone, with alpha; its picture is what the box holds, at any resolution
    mask           in place of the foreground: grey, 255 = the thing, as large as the composite
    id             names the group in messages and results; its number in the list, from 1, when left out
    category       what it is
    scene          groups of one scene are measured together; the list's own "scene" when left out
    other_boxes    other things in the composite that the background lacks; they are left out of account
    gain           factor (or one each for red, green, blue) that brings the composite to the background's exposure;
                   "exposure_gain" and "exposure_gain_rgb" are read, too
    position_only  true: the colours are not good enough to learn from

Paths are relative to the list's folder and stay inside it, also through links. Pictures count as they are displayed
(EXIF orientation). Several scenes are one folder each, with a list of its own, below the folder that is read.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ...parallel import ordered_map
from ...progress import Progress, silent
from .group import CompositeGroup, GroupFault, GroupSet
from .manifestfiles import Scene, list_files, read_scenes, unusable
from .manifestpictures import reasons_against
from .manifestrows import Entry, group_of


def read_manifest(path: str | os.PathLike, progress: Progress = silent) -> GroupSet:
    """Read a list, a folder that holds one, or a folder whose sub-folders hold one each; see above for the format.

    Groups that cannot be used are in `faults`, each with all its reasons. Several scenes are joined; where their
    ids are not unique, all get their folder's name before them. Raises `TroupeError` with the faults when a list
    cannot be read or when no group can be used.
    """
    path = Path(path)
    files, passed_over = list_files(path)
    root = path.parent if path.is_file() else path
    several = files[0].parent != root
    scenes = read_scenes(files, several=several)
    outcomes = ordered_map(_checked, _announced([e for scene in scenes for e in scene.entries], progress))
    sets = [_scene_set(scene, outcomes) for scene in scenes]
    found = _joined(scenes, sets, passed_over) if several else sets[0]
    if not found.groups:
        raise unusable("No composite group can be used", path, found.faults)
    return replace(found, root=root)


def _announced(entries: Sequence[Entry], progress: Progress) -> Iterator[Entry]:
    for done, entry in enumerate(entries):
        progress(done, len(entries), f"group {entry.number}")
        yield entry


def _checked(entry: Entry) -> CompositeGroup | GroupFault:
    group = group_of(entry)
    if isinstance(group, CompositeGroup) and (reasons := reasons_against(group)):
        return GroupFault(group.id, "; ".join(reasons))
    return group


def _scene_set(scene: Scene, outcomes: Iterator[CompositeGroup | GroupFault]) -> GroupSet:
    """Takes as many outcomes as the scene has entries."""
    groups: dict[str, CompositeGroup] = {}
    faults = list(scene.faults)
    for _, outcome in zip(scene.entries, outcomes, strict=False):
        if isinstance(outcome, GroupFault):
            faults.append(outcome)
        elif outcome.id in groups:
            faults.append(GroupFault(outcome.id, "its id is the id of an earlier group"))
        else:
            groups[outcome.id] = outcome
    return GroupSet(tuple(groups.values()), tuple(faults))


def _joined(scenes: Sequence[Scene], sets: Sequence[GroupSet], passed_over: Iterable[GroupFault]) -> GroupSet:
    ids = [group.id for found in sets for group in found.groups]
    unique = len(set(ids)) == len(ids)
    groups, faults = [], list(passed_over)
    for scene, found in zip(scenes, sets, strict=True):
        groups += [g if unique else replace(g, id=f"{scene.name}/{g.id}") for g in found.groups]
        faults += [replace(f, id=f"{scene.name}/{f.id}") for f in found.faults]
    return GroupSet(tuple(groups), tuple(faults))
