"""Which of a sample's features are static, which are dynamic, and which describe the picture alone."""

from __future__ import annotations

from ..samples.sample import Feature, Sample
from ..vocabulary import Kind, vocabulary

# Measured, but of the character: its colours are part of what it looks like.
LOOKS_LIKE = ("palette",)


def static_features(sample: Sample, scene: bool = True) -> tuple[Feature, ...]:
    """What the character is and looks like; with `scene` also what is around it."""
    kinds = ("static", "scene") if scene else ("static",)
    return tuple(f for f in sample.features if kind_of(f.slot) in kinds or f.slot in LOOKS_LIKE)


def scene_features(sample: Sample) -> tuple[Feature, ...]:
    return tuple(f for f in sample.features if kind_of(f.slot) == "scene")


def dynamic_features(sample: Sample) -> tuple[Feature, ...]:
    """What changes between pictures of one character: angle, action, expression, shot."""
    return tuple(f for f in sample.features if kind_of(f.slot) == "dynamic")


def kind_of(slot: str) -> Kind:
    """A slot that the vocabulary lacks counts as dynamic: what nobody knows to be the character must stay in the
    captions, or the trigger word would absorb it."""
    known = vocabulary().slot(slot)
    return known.kind if known else "dynamic"
