"""One planned picture as JSON, for who writes a data set in parts: `planned_from_json(planned_to_json(x)) == x`.

`moved` gives samples other paths on the way, there and back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..geometry import Box, Size
from ..samples.sample import Sample
from ..samples.serial import sample_from_json, sample_to_json
from .buckets import Fit
from .captions import Caption
from .entry import require_inside
from .pairing import Control, control_of
from .planned import Files, PlannedPicture, Subset

Moved = Callable[[Sample], Sample]


def unmoved(sample: Sample) -> Sample:
    return sample


def planned_to_json(picture: PlannedPicture, moved: Moved = unmoved) -> dict[str, Any]:
    """Of a new data set: nobody has changed a caption in it yet."""
    return {
        "number": picture.number,
        "sample": sample_to_json(moved(picture.sample)),
        "subset": picture.subset,
        "files": picture.files,
        "fit": picture.fit,
        "caption": picture.caption,
        "paired": picture.control is not None,
    }


def planned_from_json(data: dict[str, Any], moved: Moved = unmoved) -> PlannedPicture:
    """Raises KeyError, TypeError or ValueError for anything else."""
    sample, files = moved(sample_from_json(data["sample"])), Files(*data["files"])
    resized, crop = data["fit"]
    for path in files:
        require_inside(path)
    return PlannedPicture(
        data["number"],
        sample,
        Subset(*data["subset"]),
        files,
        Fit(Size(*resized), Box(*crop)),
        Caption(*data["caption"]),
        control=_control(control_of(sample)) if data["paired"] else None,
    )


def _control(found: Control | str) -> Control:
    if isinstance(found, str):
        raise ValueError(found)
    return found
