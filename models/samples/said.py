"""What one source (a record, a caption) says about a picture, in the vocabulary's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from ..vocabulary import normal, vocabulary
from .exclusive import first_of_each
from .sample import Feature
from .tagtext import Tag, Text, parse_tag, parse_tags, parse_text

CAPTION_KEYS = ("caption", "sentence", "text", "description")
TAG_KEYS = ("tags", "keywords", "tag")
# What people call a slot beside its id and its labels.
OTHER_NAMES = {
    "view": "angle",
    "camera angle": "angle",
    "framing": "shot",
    "pose": "action",
    "emotion": "expression",
}


class Said(NamedTuple):
    """`stated`: values given slot by slot; `told`: those found in the words of caption and tags."""

    character: str = ""
    stated: tuple[Feature, ...] = ()
    told: tuple[Feature, ...] = ()
    sentence: str = ""
    tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


NOTHING = Said()


def said_by_text(text: str) -> Said:
    """A caption file: a sentence or tags."""
    return _said(parse_text(text))


def said_by_record(record: Mapping[str, Any], own: bool = False) -> Said:
    """A JSON object: slot ids or their names, `caption`, `tags`, `character`.

    `own`: the record was written for this picture alone. Then an unknown key or value is likely a slip or
    a word that the vocabulary lacks, and is told; a table's other columns are not ours to read.
    """
    text, tags = Text(), []
    stated: list[Feature] = []
    notes: list[str] = []
    unknown: list[str] = []
    character = ""
    for key, value in record.items():
        name = normal(key).replace(".", " ")
        if name == "character" and isinstance(value, str):
            character = " ".join(value.split())
        elif name in CAPTION_KEYS and isinstance(value, str):
            text = text if text.sentence or text.tags else parse_text(value)
        elif name in TAG_KEYS:
            tags += _tags_of(value)
        elif slot := slot_named(key):
            values, strange = _values(slot, value)
            stated += values
            if own:
                tags += map(Tag, strange)
                notes += [f"{slot}: {s!r} is not in the vocabulary, kept as a keyword" for s in strange]
        else:
            unknown.append(key)
    if unknown and own:
        notes.append(f"sidecar keys without a meaning here: {', '.join(unknown[:8])}")
    said = _said(Text(text.sentence, parse_tags([*tags, *text.tags])))
    return said._replace(character=character, stated=first_of_each(stated), notes=tuple(notes))


def _said(text: Text) -> Said:
    # "Mira in the rain, full body, from behind." is a sentence whose parts are worth reading all the same.
    parts = [Tag(p.strip(" .。")) for p in re.split("[,，]", text.sentence)] if text.sentence else []
    told = first_of_each(_known([*text.tags, *parts]))
    return Said(told=told, sentence=text.sentence, tags=tuple(t.text for t in text.tags))


def _known(tags: Iterable[Tag]) -> Iterable[Feature]:
    for tag in tags:
        if word := vocabulary().find(tag.text):
            yield Feature(word.slot, word.value, "sidecar", tag.score)


def _tags_of(value: Any) -> list[Tag]:
    """A list, a text with commas, or a tagger's object from tag to score."""
    if isinstance(value, str):
        return list(parse_text(value).tags) or [Tag(value)]
    if isinstance(value, Mapping):
        scores = {t: s for t, s in value.items() if isinstance(s, int | float) and not isinstance(s, bool)}
        return [Tag(t, min(1.0, float(s))) for t, s in scores.items()]
    if isinstance(value, list):
        return [parse_tag(v) for v in value if isinstance(v, str)]
    return []


def _values(slot: str, value: Any) -> tuple[list[Feature], list[str]]:
    """Features of `slot`, and the texts that are no value of it."""
    texts = [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, str) and v.strip()]
    features, strange = [], []
    for text in texts:
        known = _value(slot, text)
        if known:
            features.append(Feature(slot, known, "sidecar"))
        else:
            strange.append(text.strip())
    return features, strange


def _value(slot: str, text: str) -> str:
    wanted = normal(text)
    return next((w.value for w in vocabulary().values(slot) if wanted == normal(w.value) or wanted in w.words), "")


def slot_named(text: str) -> str:
    """The slot that people call so, by its id or its name in English or Chinese; "" for none."""
    return _slot_names().get(normal(text).replace(".", " "), "")


@lru_cache(maxsize=1)
def _slot_names() -> dict[str, str]:
    """`hair.colour`, `hair_color`, `hair colour`, `发色` -> `hair.colour`."""
    names = dict(OTHER_NAMES)
    for slot in vocabulary().slots:
        for name in (slot.id, slot.label, slot.label_zh):
            plain = normal(name).replace(".", " ")
            names[plain] = names[plain.replace("colour", "color")] = slot.id
    return names
