"""Samples as JSON, for manifests, shards and the store: `from_json(to_json(x)) == x`."""

from __future__ import annotations

import dataclasses
from typing import Any

from ..errors import TroupeError
from .sample import (
    Description,
    Feature,
    ImageFile,
    Labels,
    MaskFile,
    Rejection,
    Sample,
    SampleSet,
    Step,
    StylePair,
    SubStyle,
)

FORMAT = 1


def to_json(value: SampleSet) -> dict[str, Any]:
    return {"troupe_samples": FORMAT, **dataclasses.asdict(value)}


def from_json(data: dict[str, Any]) -> SampleSet:
    """Raises `TroupeError` for another format number or missing members."""
    if data.get("troupe_samples") != FORMAT:
        raise TroupeError(
            "Not a sample set of this version",
            item=f"format {data.get('troupe_samples')!r}",
            remedy=f"This version reads format {FORMAT}.",
        )
    try:
        return SampleSet(
            tuple(map(sample_from_json, data["samples"])),
            tuple(map(rejection_from_json, data["rejected"])),
            tuple(map(sample_from_json, data.get("deciding", ()))),
        )
    except (KeyError, TypeError) as error:
        raise TroupeError("A sample set file is damaged", item=str(error), remedy="Make it again.") from error


def sample_from_json(data: dict[str, Any]) -> Sample:
    return Sample(
        id=data["id"],
        character=data["character"],
        image=ImageFile(**data["image"]),
        mask=_maybe(lambda m: MaskFile(**m), data["mask"]),
        features=tuple(Feature(**f) for f in data["features"]),
        description=Description(**{**data["description"], "keywords": tuple(data["description"]["keywords"])}),
        style=_maybe(_style, data["style"]),
        labels=_maybe(_labels, data["labels"]),
        source=_maybe(sample_from_json, data["source"]),
        history=tuple(Step(**s) for s in data["history"]),
    )


def rejection_from_json(data: dict[str, Any]) -> Rejection:
    return Rejection(**{**data, "sample": _maybe(sample_from_json, data["sample"])})


def _maybe(build, data):
    return None if data is None else build(data)


def _style(data: dict[str, Any]) -> StylePair:
    return StylePair(**{**data, "first": sub_style(data["first"]), "second": _maybe(sub_style, data["second"])})


def sub_style(data: dict[str, Any]) -> SubStyle:
    pairs = tuple((name, value) for name, value in data["painterly"])
    return SubStyle(**{**data, "keywords": tuple(data["keywords"]), "painterly": pairs})


def _labels(data: dict[str, Any]) -> Labels:
    return Labels(**{**data, "target": tuple(data["target"]), "non_target": tuple(data["non_target"])})
