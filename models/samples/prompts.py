"""A sample's styles and description as text for models: prompt, negative prompt, instruction."""

from __future__ import annotations

from .sample import Sample, SubStyle


def _styles(sample: Sample) -> tuple[SubStyle, ...]:
    if sample.style is None:
        return ()
    return tuple(s for s in (sample.style.first, sample.style.second) if s is not None)


def style_prompt(sample: Sample) -> str:
    """Style words, then the description: models that start from noise need the whole picture told."""
    described = sample.description.sentence or ", ".join(sample.description.keywords)
    return ", ".join(filter(None, (*(s.prompt for s in _styles(sample)), described.rstrip("."))))


def style_negative(sample: Sample) -> str:
    return ", ".join(filter(None, (s.negative for s in _styles(sample))))


def style_instruction(sample: Sample) -> str:
    """What to change and what to keep: edit models see the picture, so it is not told again."""
    return " ".join(filter(None, (s.instruction for s in _styles(sample))))
