"""Which words about a picture a person wrote: they are kept to the letter."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from ..samples.sample import Sample
from ..vocabulary import normal, vocabulary
from .trigger import mentions

# Describe fills the half of a description that a person left empty and leaves the person's name on it.
FILLING_STAGE = "describe"


class OwnWords(NamedTuple):
    sentence: str = ""
    keywords: tuple[str, ...] = ()

    def caption(self, style: str) -> str:
        """In the wanted style if the person wrote that; "" if nothing was written."""
        tags, text = ", ".join(self.keywords), self.sentence
        if style == "tags and sentence":
            return ", ".join(filter(None, (tags, text)))
        return tags or text if style == "tags" else text or tags


def own_words(sample: Sample) -> OwnWords:
    """The halves of the description that are a person's."""
    told = sample.description
    if told.origin != "person":
        return OwnWords()
    if told.sentence and told.keywords and any(step.stage == FILLING_STAGE for step in sample.history):
        # A person's tags make features of the person's own, so a tag of another's feature was filled in.
        filled = _machine_tags(sample) & {normal(k) for k in told.keywords}
        return OwnWords(told.sentence) if filled else OwnWords(keywords=told.keywords)
    return OwnWords(told.sentence, told.keywords)


def own_caption(sample: Sample, style: str) -> str:
    """What a person wrote for this picture, or ""."""
    words, labels = own_words(sample), sample.labels
    forms = {words.caption(s) for s in ("tags", "sentence", "tags and sentence")} - {""}
    edited = labels.caption if labels and labels.origin == "person" else ""
    # A caption that ends in the person's description was made from it by this step, and is made anew.
    if edited and not any(edited.endswith(form) for form in forms):
        return edited
    return words.caption(style)


def with_trigger(text: str, trigger: str) -> str:
    """The text as it is, with the trigger in front if it is nowhere in it."""
    return text if mentions(text, trigger) else f"{trigger}, {text}"


def _machine_tags(sample: Sample) -> set[str]:
    return {_tag(f.slot, f.value) for f in sample.features if f.origin in ("captioner", "measured", "path")}


@lru_cache(maxsize=4096)
def _tag(slot: str, value: str) -> str:
    word = vocabulary().word(slot, value)
    return normal(word.tag if word else value)
