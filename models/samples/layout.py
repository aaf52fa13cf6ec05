"""Whose picture each file is, and the id that it keeps for good, from its path alone."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from ..errors import TroupeError
from ..vocabulary import vocabulary
from .options import LAYOUTS
from .walking import stem_of


class Place(NamedTuple):
    """`names`: the stem of the file, then its folders from the inner to the outer one, without the character's."""

    relative: str
    id: str
    character: str
    names: tuple[str, ...]


def places(pictures: Iterable[str], layout: str, character: str, root_name: str) -> tuple[Place, ...]:
    """`pictures`: paths below the root, `/` between the parts; `layout`: one of `LAYOUTS`.

    "auto" takes sub-folders for characters unless pictures lie beside them, or every one of them is named
    after an angle, an action or a shot (`front/`, `跑步/`): then all of it is one character.
    `character`: of one character its name ("" = the root's), of several those to read, with commas ("" = all).
    Raises `TroupeError` for a character that is not there.
    """
    pictures = tuple(pictures)
    per_folder = layout == LAYOUTS[1] or layout == LAYOUTS[0] and _folders_are_characters(pictures)
    own = _name_of(root_name) or "character"
    if character.strip() and not per_folder:
        own = unicodedata.normalize("NFC", character.strip())
    found = []
    for relative, id in zip(pictures, unique_ids(pictures), strict=True):
        *folders, stem = unicodedata.normalize("NFC", stem_of(relative)).split("/")
        name = _name_of(folders.pop(0)) if per_folder and folders else own
        found.append(Place(relative, id, name, (stem, *reversed(folders))))
    return _chosen(found, character) if per_folder else tuple(found)


def _chosen(found: list[Place], names: str) -> tuple[Place, ...]:
    wanted = {n.strip().casefold(): n.strip() for n in unicodedata.normalize("NFC", names).split(",") if n.strip()}
    there = {p.character.casefold(): p.character for p in found}
    missing = [name for key, name in wanted.items() if key not in there]
    if missing:
        remedy = f"There are: {', '.join(there.values())}." if there else "The folder holds no picture."
        raise TroupeError("There is no folder for this character", item=", ".join(missing), remedy=remedy)
    return tuple(p for p in found if not wanted or p.character.casefold() in wanted)


def unique_ids(pictures: Iterable[str]) -> list[str]:
    """Paths without suffix, NFC; where two would be one (`a.png`, `a.jpg`), both keep their suffix."""
    paths = [unicodedata.normalize("NFC", p) for p in pictures]
    stems = Counter(map(stem_of, paths))
    ids: list[str] = []
    taken: set[str] = set()
    for path in paths:
        wanted = path if stems[stem_of(path)] > 1 else stem_of(path)
        # Two spellings of one accent are two files and one NFC name.
        free = next(i for n in range(1, len(paths) + 2) if (i := wanted if n == 1 else f"{wanted}~{n}") not in taken)
        taken.add(free)
        ids.append(free)
    return ids


def _folders_are_characters(pictures: tuple[str, ...]) -> bool:
    """One folder called `Joy` is a character, rather than a set of happy pictures; `front` beside `back` is none."""
    first = {p.split("/", 1)[0] if "/" in p else "" for p in pictures}
    return "" not in first and (len(first) == 1 or not all(map(_is_attribute, first)))


def _is_attribute(folder: str) -> bool:
    word = vocabulary().find(_name_of(folder))
    return word is not None and word.slot in ("angle", "action", "shot", "expression")


def _name_of(folder: str) -> str:
    """The folder's name without the repeats that kohya's trainers read from it (`12_mira`)."""
    name = unicodedata.normalize("NFC", folder).strip()
    return re.sub(r"^\d+_(?=.)", "", name) or name
