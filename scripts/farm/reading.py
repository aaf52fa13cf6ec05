"""The first two steps: the names of all pictures on one list, then every picture on it looked at."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ...models.progress import Progress
from ...models.samples.layout import Place
from ...models.samples.listing import TEXT_SUFFIXES, Listing
from ...models.samples.reading import Listed, list_sample_set, nothing_to_read, read_listed
from ...models.samples.walking import stem_of
from ...models.sharding.manifest import (
    json_line,
    parsed_lines,
    read_rejected,
    rejection_line,
    write_lines,
    write_manifest,
)
from ...models.sharding.seal import Seal
from ...models.sharding.shard import Shard
from .recipe import FarmRecipe
from .steps import EACH, WHOLE, Step, key_of, manifest_of, sealed


@dataclass(frozen=True)
class ListStep(Step):
    """A line for each picture: its path and id, the files beside it, and the size and time of them all. Where the
    folder is what it was, the list comes out the same."""

    name: str = "list"
    kind: str = WHOLE
    again: bool = True

    def key(self, recipe: FarmRecipe) -> str:
        return key_of(self.name, [recipe.read.layout, recipe.read.character, recipe.input.name], "")

    def fill(self, recipe: FarmRecipe, shard: Shard | None, path: Path, key: str, progress: Progress) -> Seal:
        listed = list_sample_set(recipe.input, recipe.read)
        left_out = listed.listing.left_out
        if not listed.places:
            raise nothing_to_read(listed.listing, left_out)
        pictures = (json_line(_listed(place, listed.listing)) for place in listed.places)
        return write_lines(path, pictures, (rejection_line(r, recipe.roots) for r in left_out), key, ())


@dataclass(frozen=True)
class LoadStep(Step):
    """Every listed picture becomes a sample, or is left out with a reason."""

    before: ListStep
    name: str = "load"
    kind: str = EACH

    def key(self, recipe: FarmRecipe) -> str:
        return key_of(self.name, asdict(recipe.read), sealed(self.before, recipe).digest)

    def part(self, recipe: FarmRecipe, shard: Shard) -> Listed:
        path = manifest_of(self.before, recipe)
        places = shard.places(sealed(self.before, recipe).samples)
        left_out = tuple(read_rejected(path, recipe.roots)) if places.start == 0 else ()
        lines = list(parsed_lines(path, places, dict))
        return Listed(_listing(recipe.input, lines, left_out), tuple(map(_place, lines)))

    def fill(self, recipe: FarmRecipe, shard: Shard, path: Path, key: str, progress: Progress) -> Seal:
        made = read_listed(self.part(recipe, shard), recipe.read, progress)
        return write_manifest(path, made, recipe.roots, key)


def _listed(place: Place, listing: Listing) -> dict[str, Any]:
    stem = stem_of(place.relative)
    mask = listing.masks.get(stem, "")
    texts = {suffix: text for suffix in TEXT_SUFFIXES if (text := listing.texts.get(stem + suffix))}
    tables = [table for table in listing.tables if place.relative.startswith(_folder_of(table))]
    files = (place.relative, *filter(None, (mask,)), *texts.values(), *tables)
    stamps = [_stamp(listing.root / file) for file in files]
    return {**place._asdict(), "mask": mask, "texts": texts, "tables": tables, "stamps": stamps}


def _folder_of(table: str) -> str:
    """With its slash, "" for the root: a table speaks for its folder and those below."""
    folder, slash, _ = table.rpartition("/")
    return folder + slash


def _stamp(path: Path) -> tuple[int, int]:
    try:
        stat = os.stat(path)
    except OSError:
        return 0, 0  # gone again: reading it will say so
    return stat.st_size, stat.st_mtime_ns


def _place(line: dict[str, Any]) -> Place:
    return Place(line["relative"], line["id"], line["character"], tuple(line["names"]))


def _listing(root: Path, lines: Sequence[dict[str, Any]], left_out: tuple) -> Listing:
    """As if the folder held these pictures alone, with what lies beside them."""
    pictures = tuple(line["relative"] for line in lines)
    masks = {stem_of(line["relative"]): line["mask"] for line in lines if line["mask"]}
    texts = dict(_texts(lines))
    tables = tuple(dict.fromkeys(table for line in lines for table in line["tables"]))
    return Listing(root, pictures, masks, texts, tables, left_out, len(lines), "")


def _texts(lines: Sequence[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for line in lines:
        yield from ((stem_of(line["relative"]) + suffix, text) for suffix, text in line["texts"].items())
