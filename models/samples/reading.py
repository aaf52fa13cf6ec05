"""Given a folder of pictures, a sample for each that can be read and a reason for each that cannot."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..errors import BadPicture, EmptySet
from ..parallel import ordered_map
from ..progress import Progress, silent
from .attributes import path_features
from .examining import Pixels, examine
from .layout import Place, places
from .listing import Listing, find_pictures, folder_fingerprint, list_folder
from .merging import merged
from .options import CAPTIONS, LAYOUTS, ReadOptions
from .sample import ImageFile, MaskFile, Rejection, Sample, SampleSet
from .sidecars import Table, read_sidecars, read_tables
from .walking import stem_of

__all__ = ["CAPTIONS", "LAYOUTS", "ReadOptions", "find_pictures", "folder_fingerprint", "load_notes", "read_sample_set"]

# The outline of a mask made at another size is off by a rounded pixel; by more, it belongs to another picture.
ASPECT_TOLERANCE = 0.02


def read_sample_set(folder: str | os.PathLike, options: ReadOptions, progress: Progress = silent) -> SampleSet:
    """Read every picture below `folder`, in natural order, on all cores; see `layout.places` for who is who.

    Each file is decoded once, so a damaged one is a `Rejection` here and not a surprise an hour later.
    Raises `TroupeError` for a folder that is not there, `EmptySet` when no picture can be used.
    """
    listed = list_sample_set(folder, options)
    found = read_listed(listed, options, progress)
    if not found.samples:
        raise nothing_to_read(listed.listing, found.rejected)
    return found


class Listed(NamedTuple):
    """Files of a folder that were not opened yet, and whose pictures they are."""

    listing: Listing
    places: tuple[Place, ...]


def list_sample_set(folder: str | os.PathLike, options: ReadOptions) -> Listed:
    """The first half of `read_sample_set`."""
    options.check()
    listing = list_folder(folder)
    return Listed(listing, places(listing.pictures, options.layout, options.character, listing.root.name))


def read_listed(listed: Listed, options: ReadOptions, progress: Progress = silent) -> SampleSet:
    """The second half, for all that was listed or a part of it; may come out empty."""
    listing, plan = listed
    tables = read_tables(listing)
    outcomes = list(ordered_map(lambda p: _read(p, listing, tables, options), _announced(plan, progress)))
    samples = tuple(o for o in outcomes if isinstance(o, Sample))
    return SampleSet(samples, listing.left_out + tuple(o for o in outcomes if isinstance(o, Rejection)))


def load_notes(sample: Sample) -> tuple[str, ...]:
    """What was odd about the files beside the picture: masks and texts that were ignored, with the reason."""
    settings = next((s.settings for s in sample.history if s.stage == "load"), "{}")
    return tuple(json.loads(settings).get("notes", ()))


def _announced(plan: tuple[Place, ...], progress: Progress) -> Iterator[Place]:
    for done, place in enumerate(plan):
        progress(done, len(plan), place.id)
        yield place


def _read(place: Place, listing: Listing, tables: Mapping[str, Table], options: ReadOptions) -> Sample | Rejection:
    path = str(listing.root / place.relative)
    try:
        pixels = examine(path, options.background)
        if pixels.size.short < options.minimum_side:
            raise BadPicture(
                f"{pixels.size.width}x{pixels.size.height} pixels are too small; "
                f"the shorter side must have {options.minimum_side}"
            )
    except BadPicture as error:
        return Rejection(place.id, "load", error.what, path)
    mask, mask_notes = _mask(listing, place, path, pixels)
    said, notes = read_sidecars(listing, place.relative, tables)
    facts = merged(said, path_features(place.names, (place.character,)), options.captions == "as written")
    settings = {"path": place.relative, "notes": mask_notes + notes}
    return Sample(
        place.id,
        facts.character or place.character,
        ImageFile(path, pixels.digest, *pixels.size, options.background),
        mask,
        facts.features,
        facts.description,
    ).after("load", json.dumps({k: v for k, v in settings.items() if v}, ensure_ascii=False))


def _mask(listing: Listing, place: Place, path: str, pixels: Pixels) -> tuple[MaskFile | None, list[str]]:
    found = listing.masks.get(stem_of(place.relative))
    return mask_of(path, pixels, str(listing.root / found) if found else "")


def mask_of(path: str, pixels: Pixels, file: str) -> tuple[MaskFile | None, list[str]]:
    """A mask file, else the picture's own alpha channel, else nothing; and why a mask file was not taken."""
    own = MaskFile(path, pixels.digest, "alpha") if pixels.has_alpha else None
    if not file:
        return own, []
    try:
        mask = examine(file)
    except BadPicture as error:
        return own, [f"mask ignored: {error.what}"]
    ours, theirs = (s.width / s.height for s in (pixels.size, mask.size))
    if abs(theirs / ours - 1) > ASPECT_TOLERANCE:
        sizes = " for ".join(f"{s.width}x{s.height}" for s in (mask.size, pixels.size))
        return own, [f"mask ignored: another aspect ratio ({sizes})"]
    return MaskFile(file, mask.digest, "grey"), []


def nothing_to_read(listing: Listing, rejected: tuple[Rejection, ...]) -> EmptySet:
    """The error that says what was seen instead."""
    remedy = "Put PNG, JPEG or WebP files into it, or one folder per character."
    if rejected:
        more = f" and {len(rejected) - 3} more" if len(rejected) > 3 else ""
        remedy = "Left out: " + "; ".join(f"{r.id}: {r.reason}" for r in rejected[:3]) + f"{more}."
    seen = "1 file was seen" if listing.seen == 1 else f"{listing.seen} files were seen"
    what = f"The folder holds no picture that can be used ({seen})"
    return EmptySet(what, item=str(listing.root), remedy=remedy)
