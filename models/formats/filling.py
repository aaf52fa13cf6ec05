"""Planned pictures become files with their captions beside them, each or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ..errors import TroupeError
from ..parallel import ordered_map
from ..progress import Progress, silent
from ..samples.sample import Rejection
from .captions import without_separator
from .catalogue import find_format
from .entry import Entry, entry_of
from .plan import STAGE
from .planned import PlannedPicture
from .rendering import render
from .settings import WriteSettings
from .staging import disk_errors


def write_pictures(
    pictures: Sequence[PlannedPicture], settings: WriteSettings, staging: Path, progress: Progress = silent
) -> Iterator[Entry | Rejection]:
    """In order, on all cores; what a worker holds is gone before its result is handed on."""

    def watched() -> Iterator[PlannedPicture]:
        for done, picture in enumerate(pictures):
            progress(done, len(pictures), picture.sample.id)
            yield picture

    return ordered_map(lambda picture: _write_picture(picture, settings, staging), watched())


def _write_picture(picture: PlannedPicture, settings: WriteSettings, staging: Path) -> Entry | Rejection:
    sample = picture.sample
    with disk_errors(settings.name):
        try:
            made = render(picture, settings, staging)
        except TroupeError as error:
            return Rejection(sample.id, STAGE, str(error), sample.image.path, sample)
        if picture.files.caption:
            text = picture.caption.text
            text = text if find_format(settings.format).knows_head else without_separator(text)
            _write_new(staging / picture.files.caption, text.encode())
    return entry_of(picture, made)


def _write_new(path: Path, data: bytes) -> None:
    """Never over a file that is there: it may be another name of one that an earlier run wrote."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "xb") as file:
        file.write(data)
