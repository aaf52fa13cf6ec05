"""The files of a data set that somebody wrote, listed once and opened only when asked for.

Paths are below the data set's folder, with `/` between the parts. Whatever a configuration file names, nothing outside
of the folder is ever opened.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from ..samples.sample import Rejection
from ..samples.sidecars import LARGEST_TABLE, BadText, parse_json, read_text
from ..samples.walking import files_below, stem_of, suffix_of
from ..tomlreading import toml_reader
from .captions import one_line
from .foreign import stem_name, text_of
from .found import Words
from .manifest import FILE as MANIFEST
from .yamltext import yaml_data

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".avif", ".tif", ".tiff")
# `a.a.a. ...`: the time that such keys take grows with the square of their length.
ENDLESS_KEY = re.compile(r"""(?:\.[\w \t"'-]{0,80}){100}""")


class Tree(NamedTuple):
    """`places`: where each file lies on the disk, by its path, in natural order. `left_out`: links that lead out."""

    name: str
    places: Mapping[str, Path]
    left_out: tuple[Rejection, ...] = ()

    def below(self, folder: str, suffixes: tuple[str, ...], deep: bool = False) -> list[str]:
        """The files in `folder` ("" is the whole data set's), and in those below it when `deep`."""
        prefix = f"{folder}/" if folder else ""
        inside = (f for f in self.places if f.startswith(prefix) and suffix_of(f) in suffixes)
        return [f for f in inside if deep or "/" not in f[len(prefix) :]]

    def pictures(self, folder: str, suffixes: tuple[str, ...] = PICTURES, deep: bool = False) -> list[str]:
        return self.below(folder, suffixes, deep)

    def folders(self, below: str = "") -> list[str]:
        """The folders in `below` that hold files, at any depth."""
        prefix = f"{below}/" if below else ""
        inside = (f[len(prefix) :] for f in self.places if f.startswith(prefix))
        return list(dict.fromkeys(prefix + f.split("/")[0] for f in inside if "/" in f))

    def has(self, folder: str) -> bool:
        return any(f.startswith(f"{folder}/") for f in self.places)

    def stems(self, folder: str) -> dict[str, str]:
        """The pictures in `folder` by their names without suffix."""
        return {stem_name(f): f for f in self.pictures(folder)}

    def masks_of(self, folder: str) -> dict[str, str]:
        """By picture name, the masks that people keep for the pictures in `folder` where nothing says so:
        `masks/<folder>` beside `train/<folder>`, or `<folder>_mask`; for pictures beside no others, `masks`."""
        *above, name = folder.split("/")
        beside = "/".join((*above[:-1], "masks", name))
        places = (beside, *(folder + ending for ending in ("_mask", "_masks", "-masks"))) if name else ("masks",)
        return next((self.stems(place) for place in places if self.has(place)), {})

    def text(self, file: str) -> str:
        """Raises `BadText` for what is no text."""
        return read_text(self.places[file], LARGEST_TABLE)

    def json(self, file: str) -> Any:
        """Raises `BadText` for broken JSON."""
        return parse_json(self.text(file))

    def toml(self, file: str) -> dict[str, Any]:
        """Raises `BadText` for broken TOML, and in a Python that cannot read it."""
        reader = toml_reader()
        if reader is None:
            raise BadText("reading TOML needs Python 3.11 or newer, or the package tomli")
        text = self.text(file)
        if ENDLESS_KEY.search(text):
            raise BadText("a key of more than a hundred parts")
        try:
            return reader.loads(text)
        except (ValueError, RecursionError) as error:
            raise BadText(f"broken TOML ({error})") from error

    def yaml(self, file: str) -> Any:
        """Raises `BadText` for broken YAML, and for what unfolds without end."""
        return yaml_data(self.text(file))

    def configs(self, *suffixes: str) -> Iterator[Any]:
        """The contents of the configuration files in the data set's own folder, those that can be read."""
        parse = {".toml": self.toml, ".json": self.json, ".yaml": self.yaml, ".yml": self.yaml}
        for file in self.below("", suffixes):
            try:
                if file != MANIFEST:
                    yield parse[suffix_of(file)](file)
            except BadText:
                continue  # somebody's notes

    def refused(self, file: str, reason: str) -> Rejection:
        return Rejection(stem_of(file), "load", reason, str(self.places.get(file, "")))

    def folder(self, named: object) -> str | None:
        """The folder that a configuration file means: a path from the data set's own folder ("" for that itself), else,
        because configurations travel, the folder of the same last names; None for one that is not here."""
        if not isinstance(named, str) or not named.strip():
            return None
        parts = PurePosixPath(named.replace("\\", "/")).parts
        if all(part == "." for part in parts):
            return ""
        for first in range(len(parts)):
            path = "/".join(parts[first:])
            if ".." not in parts[first:] and self.has(path):
                return path
        return "" if parts[-1] == self.name else None

    def file(self, named: object) -> str | None:
        """The file that a list means, in the way of `folder`."""
        parts = PurePosixPath(text_of(named).replace("\\", "/")).parts
        paths = ("/".join(parts[first:]) for first in range(len(parts)))
        return next((path for path in paths if path in self.places), None)

    def rows(self, file: str) -> list[dict[str, Any]]:
        """The objects of a file with one JSON object a line; lines that are none are passed over."""
        rows = []
        for line in self.text(file).split("\n"):
            with suppress(BadText):
                rows += [parse_json(line)] if line.strip() else []
        return [row for row in rows if isinstance(row, dict)]

    def caption(self, picture: str, suffixes: tuple[str, ...] = (".txt",)) -> Words | None:
        """The whole text beside `picture` as one line; None where there is none, or none that can be read."""
        found = self.text_beside(picture, suffixes)
        return found and Words(one_line(found.text), found.notes)

    def first_line(self, picture: str, suffixes: tuple[str, ...] = (".txt",)) -> Words | None:
        """The first line that says something; the others are told of."""
        found = self.text_beside(picture, suffixes)
        if not found or not found.text:
            return found
        lines = [line for line in map(one_line, re.split("\r\n|\r|\n", found.text)) if line] or [""]
        more = ("the caption has several lines: only the first is taken",) if len(lines) > 1 else ()
        return Words(lines[0], (*found.notes, *more))

    def text_beside(self, picture: str, suffixes: tuple[str, ...]) -> Words | None:
        for suffix in suffixes:
            file = stem_of(picture) + suffix
            if file in self.places:
                return self._read(file)
        return None

    def _read(self, file: str) -> Words:
        try:
            text = read_text(self.places[file])
        except BadText as error:
            return Words(notes=(f"the caption was not read: {error}",))
        with open(self.places[file], "rb") as opened:
            marked = opened.read(3) == b"\xef\xbb\xbf"
        mark = ("the caption begins with a byte order mark, which trainers take for part of the trigger word",)
        return Words(text, mark if marked else ())


def list_tree(folder: Path) -> Tree:
    """Every file below `folder` but hidden ones and links that lead out."""
    found, left_out = files_below(folder)
    return Tree(folder.name, {f.relative: folder / f.relative for f in found}, tuple(left_out))


def dataset_fingerprint(folder: Path) -> str:
    """Another text when any file below `folder` is another one; "missing" where there is no such folder."""
    if not folder.is_dir():
        return "missing"
    return hashlib.sha256(repr(sorted(files_below(folder)[0])).encode("utf-8", "replace")).hexdigest()
