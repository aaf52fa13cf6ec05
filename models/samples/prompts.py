"""A sample's styles and description as text for models: prompt, negative prompt, instruction."""

from __future__ import annotations

import re

from ..vocabulary import normal, vocabulary
from .sample import Sample, SubStyle

# A guess about what the character looks like that is likelier wrong than right would be drawn into the picture.
SURE = 0.5


def _styles(sample: Sample) -> tuple[SubStyle, ...]:
    if sample.style is None:
        return ()
    return tuple(s for s in (sample.style.first, sample.style.second) if s is not None)


def style_prompt(sample: Sample) -> str:
    """Style words, then the description, then what else is known of the character: models that start from noise need
    the whole picture told. The trigger word is left out: no model knows it yet."""
    described = sample.description.sentence or ", ".join(sample.description.keywords)
    described = _without_trigger(described.rstrip("."), sample)
    return ", ".join(filter(None, (*(s.prompt for s in _styles(sample)), described, *_character(sample, described))))


def style_negative(sample: Sample) -> str:
    return ", ".join(filter(None, (s.negative for s in _styles(sample))))


def style_instruction(sample: Sample) -> str:
    """What to change and what to keep: edit models see the picture, so it is not told again."""
    return " ".join(filter(None, (s.instruction for s in _styles(sample))))


def _without_trigger(text: str, sample: Sample) -> str:
    trigger = sample.labels.trigger if sample.labels else ""
    if not trigger:
        return text
    return re.sub(rf"(?<!\w){re.escape(trigger)}(?!\w)[\s,]*", "", text).strip(" ,")


def _character(sample: Sample, told: str) -> list[str]:
    """Words for what the character looks like that `told` does not have."""
    static = {slot.id for slot in vocabulary().slots if slot.kind == "static"}
    known = [f for f in sample.features if f.slot in static and f.confidence >= SURE]
    words = filter(None, (vocabulary().word(f.slot, f.value) for f in known))
    said = f" {normal(told)} "
    new = [w.tag for w in words if not any(normal(n) in said for n in (w.tag, w.phrase, *w.words))]
    return list(dict.fromkeys(new))
