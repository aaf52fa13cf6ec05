"""The originals that a data set of edit pairs names, found beside the pictures that were made of them."""

from __future__ import annotations

from .foreign import stem_name
from .tree import Tree


class Originals:
    """`named`: the folder as a configuration names it, or a list of such, of which the first counts; else nothing."""

    def __init__(self, tree: Tree, named: object) -> None:
        folder = tree.folder(named[0] if isinstance(named, list) and named else named)
        self._declared = bool(named)
        self._files = {} if folder is None else tree.stems(folder)

    def of(self, picture: str) -> str:
        """The file of the picture's name, with `_0` or `_0000` behind it where there are several; "" for none."""
        stem = stem_name(picture)
        return next((self._files[s] for s in (stem, f"{stem}_0", f"{stem}_0000") if s in self._files), "")

    def note(self, control: str) -> tuple[str, ...]:
        return ("no original of its name, so the trainer stops",) if self._declared and not control else ()
