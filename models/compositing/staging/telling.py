"""What is known of a staged picture: the character as before, the scene from its background."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ...geometry import Size
from ...samples.redrawn import still_true
from ...samples.said import said_by_text
from ...samples.sample import Description, Feature, ImageFile, MaskFile, Sample
from ...vocabulary import vocabulary
from ..grid import Frame
from .backdrops import Backdrop
from .cutouts import WHOLE

STAGE = "stage"
# Below this share of the picture's height a whole figure is a long shot, above it a full one: as Describe measures it.
LONG_BELOW = 0.57
LONGEST_WORDS = 3  # of one entry of the vocabulary's
# Nobody measured it; Describe may know better.
ASSUMED = 0.5
BEGINS_WITH_PLACE = re.compile(
    r"^(in|on|at|by|under|near|inside|outside|over|before|behind|beside|against|with|among|between|in front of)\b", re.I
)


def staged_sample(sample: Sample, drop: Backdrop, image: ImageFile, mask: MaskFile, box: Frame) -> Sample:
    """`sample` on its background. What held for the old scene and the old pixels is dropped, labels are too: the
    character's own facts, its style and a person's words about it stay."""
    new = replace(sample, id=f"{sample.id}@{drop.name}", image=image, mask=mask, labels=None, source=sample)
    new = still_true(new, scene_slots())
    seen = (*_scene_facts(drop), *_shot(sample, box, image.size))
    kept = tuple(f for f in new.features if f.slot not in {fact.slot for fact in seen})
    return replace(new, features=kept + seen, description=_told(new.description, drop.caption))


def scene_slots() -> frozenset[str]:
    return frozenset(slot.id for slot in vocabulary().slots if slot.kind == "scene")


def in_scene(caption: str) -> str:
    """As the end of a sentence: `by the sea` stays, `a pier at sunset` becomes `with a pier at sunset behind`."""
    caption = caption.strip().rstrip(".。")
    return caption if BEGINS_WITH_PLACE.match(caption) else f"with {caption} in the background"


def _scene_facts(drop: Backdrop) -> tuple[Feature, ...]:
    told = {}
    for slot, value in _scene_words(drop.caption):
        told.setdefault(slot, value)
    facts = tuple(Feature(slot, value, drop.origin) for slot, value in told.items())
    return facts if "background" in told else (*facts, Feature("background", "scene", "measured", ASSUMED))


def _scene_words(caption: str) -> Iterator[tuple[str, str]]:
    """Every entry of the vocabulary about scenes that the caption names, longer ones first."""
    for fact in said_by_text(caption).told:
        if fact.slot in scene_slots():
            yield fact.slot, fact.value
    words = re.findall(r"[\w'-]+", caption)
    for length in range(LONGEST_WORDS, 0, -1):
        for start in range(len(words) - length + 1):
            word = vocabulary().find(" ".join(words[start : start + length]))
            if word and word.slot in scene_slots():
                yield word.slot, word.value


def _shot(sample: Sample, box: Frame, size: Size) -> tuple[Feature, ...]:
    """A figure that is there as a whole is a full or a long shot, by its height in the new picture."""
    if sample.value("shot") not in WHOLE:
        return ()
    share = box.height / size.height
    return (Feature("shot", "long" if share < LONG_BELOW else "full", "measured", 1.0, round(share, 3)),)


def _told(told: Description, caption: str) -> Description:
    """A person's words go on, without those about the old scene; the caption joins each half that they wrote."""
    parts = [part for part in re.split(r",\s*", told.own_sentence.strip().rstrip(".。")) if not _about_scene(part)]
    sentence = ", ".join(parts)
    keywords = tuple(k for k in told.keywords if not _about_scene(k))
    if not caption:
        return replace(told, sentence=sentence, keywords=keywords)
    if sentence:
        sentence = f"{sentence}, {in_scene(caption)}"
    if keywords or not sentence:
        keywords += said_by_text(caption).tags or (caption.rstrip(".。"),)
    return replace(told, sentence=sentence, keywords=keywords)


def _about_scene(text: str) -> bool:
    word = vocabulary().find(text)
    return word is not None and word.slot in scene_slots()
