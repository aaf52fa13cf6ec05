"""Samples as JSON, for manifests, shards and the store: `from_json(to_json(x)) == x`.

Member by member: `dataclasses.asdict` copies every text and number one by one, which takes 30 times as long (0.6 ms for
a redrawn sample).
"""

from __future__ import annotations

import sys
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
    return {
        "troupe_samples": FORMAT,
        "samples": [sample_to_json(s) for s in value.samples],
        "rejected": [rejection_to_json(r) for r in value.rejected],
        "deciding": [sample_to_json(s) for s in value.deciding],
    }


def sample_to_json(sample: Sample) -> dict[str, Any]:
    style, labels, source = sample.style, sample.labels, sample.source
    return {
        **vars(sample),
        "image": {**vars(sample.image)},
        "mask": sample.mask and {**vars(sample.mask)},
        "features": [{**vars(f)} for f in sample.features],
        "description": {**vars(sample.description)},
        "style": style
        and {**vars(style), "first": {**vars(style.first)}, "second": style.second and {**vars(style.second)}},
        "labels": labels and {**vars(labels)},
        "source": source and sample_to_json(source),
        "history": [{**vars(step)} for step in sample.history],
    }


def rejection_to_json(rejection: Rejection) -> dict[str, Any]:
    return {**vars(rejection), "sample": rejection.sample and sample_to_json(rejection.sample)}


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
        features=tuple(map(_feature, data["features"])),
        description=_description(data["description"]),
        style=_maybe(_style, data["style"]),
        labels=_maybe(_labels, data["labels"]),
        source=_maybe(sample_from_json, data["source"]),
        history=tuple(map(_step, data["history"])),
    )


def rejection_from_json(data: dict[str, Any]) -> Rejection:
    return Rejection(**{**data, "sample": _maybe(sample_from_json, data["sample"])})


def _maybe(build, data):
    return None if data is None else build(data)


# What is the same in thousands of samples is held once: words, settings, styles.
MOST_KNOWN = 256
_known: dict[str, SubStyle] = {}


def _feature(data: dict[str, Any]) -> Feature:
    return Feature(
        **{**data, "slot": _word(data["slot"]), "value": _word(data["value"]), "origin": _word(data["origin"])}
    )


def _description(data: dict[str, Any]) -> Description:
    keywords = tuple(map(_word, data["keywords"]))
    return Description(**{**data, "sentence": _word(data["sentence"]), "keywords": keywords})


def _step(data: dict[str, Any]) -> Step:
    return Step(**{**data, "stage": _word(data["stage"]), "settings": _word(data["settings"])})


def _word(text: Any) -> Any:
    return sys.intern(text) if type(text) is str else text


def _style(data: dict[str, Any]) -> StylePair:
    return StylePair(**{**data, "first": _shared(data["first"]), "second": _maybe(_shared, data["second"])})


def _shared(data: dict[str, Any]) -> SubStyle:
    """Known by its text, because 1 and 1.0 are equal and are not written alike."""
    text = repr(data)
    style = _known.get(text)
    if style is None:
        style = sub_style(data)
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[text] = style
    return style


def sub_style(data: dict[str, Any]) -> SubStyle:
    pairs = tuple((name, value) for name, value in data["painterly"])
    return SubStyle(**{**data, "keywords": tuple(data["keywords"]), "painterly": pairs})


def _labels(data: dict[str, Any]) -> Labels:
    return Labels(**{**data, "target": tuple(data["target"]), "non_target": tuple(data["non_target"])})
